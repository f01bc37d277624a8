"""What a programmer reads of the API: the OpenAPI document, and the page that shows it. Each is made once a process."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import Any

from django.http import HttpResponse
from django.utils.encoding import force_bytes
from drf_spectacular.settings import spectacular_settings
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request

from factcheck.api.negotiation import PathDecides
from factcheck.api.prepared import Prepared

_making = Lock()
"""The document takes a second of the processor: those who ask meanwhile wait for it instead of making their own."""


class SchemaView(SpectacularAPIView):
    """The OpenAPI document, as YAML or JSON. It is the same for all: it takes no parameters."""

    media_type = ""
    """That of an address of its own; without one the Accept header decides."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        with _making:
            document = make_document(self.media_type or str(request.accepted_renderer.media_type))
        return document.answer(request)


@cache
def make_schema() -> dict[str, Any]:
    """The document, of which each format is written."""
    return SpectacularAPIView.generator_class().get_schema(public=True)


@cache
def make_document(media_type: str) -> Prepared:
    """The document in this format."""
    renderer = next(known for known in SpectacularAPIView.renderer_classes if known.media_type == media_type)
    schema = make_schema()
    content_type = f"{media_type}; charset={renderer.charset}" if renderer.charset else media_type
    name = f'inline; filename="{spectacular_settings.TITLE}.{renderer.format}"'
    body = force_bytes(renderer().render(schema, media_type, {}))
    return Prepared(body, content_type, {"Content-Disposition": name})


class DocsView(SpectacularSwaggerSplitView):
    """The page that shows the document, and its script at the same address."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET:
            # The script holds the visitor's own token against forged forms.
            return super().get(request, *args, **kwargs)
        if request.path not in _pages:
            _pages[request.path] = self.make_page(request)
        return _pages[request.path].answer(request)

    def make_page(self, request: Request) -> Prepared:
        """The page, in which nothing is about the visitor."""
        response: Any = super().get(request)
        response.accepted_renderer = request.accepted_renderer
        response.accepted_media_type = request.accepted_media_type
        response.renderer_context = self.get_renderer_context()
        response.render()
        return Prepared(response.content, response["Content-Type"])


_pages: dict[str, Prepared] = {}
"""By the path under which the page is seen."""

schema = SchemaView.as_view()
schema_json = SchemaView.as_view(media_type="application/json", content_negotiation_class=PathDecides)
schema_yaml = SchemaView.as_view(media_type="application/yaml", content_negotiation_class=PathDecides)
docs = DocsView.as_view(url_name="schema")
