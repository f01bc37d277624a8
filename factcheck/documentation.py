"""What a programmer reads of the API: the OpenAPI document, and the page that shows it.

`collectstatic` makes the document once for a release, in both formats and all codings; without it each process does,
when it is first asked. The page is made once a process.
"""

from __future__ import annotations

import hashlib
import shutil
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.encoding import force_bytes
from drf_spectacular.settings import spectacular_settings
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from factcheck.api.negotiation import PathDecides
from factcheck.api.prepared import Prepared, packed_forms
from factcheck.base.http.compression import CODINGS

_making = Lock()
"""The document takes a second of the processor: those who ask meanwhile wait for it instead of making their own."""
PACKAGES = ("factcheck", "sources", "claims")
"""Whose code the document describes."""
LIBRARIES = ("django", "djangorestframework", "django-filter", "drf-spectacular")
"""What else has a say in it."""
MEDIA_TYPES = ("application/yaml", "application/json")
"""One of each format; those of OpenAPI itself have the same bytes."""


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
    """The document in this format: the kept one, if it is of this release and of these settings."""
    renderer = _renderer_of(media_type)
    kept = kept_forms(renderer.format)
    body = kept.pop("", b"") or render_schema(renderer)
    content_type = f"{media_type}; charset={renderer.charset}" if renderer.charset else media_type
    name = f'inline; filename="{spectacular_settings.TITLE}.{renderer.format}"'
    return Prepared(body, content_type, {"Content-Disposition": name}, kept or None)


def render_schema(renderer: type[BaseRenderer]) -> bytes:
    """The document as this renderer writes it."""
    return force_bytes(renderer().render(make_schema(), renderer.media_type, {}))


def _renderer_of(media_type: str) -> type[BaseRenderer]:
    return next(known for known in SpectacularAPIView.renderer_classes if known.media_type == media_type)


# --- once a release ---


def keep_documents() -> Path:
    """Make the document in both formats and all codings for every process of this release; where they are kept."""
    place = _place()
    folder = place.parent.with_name("openapi-new") / place.name
    shutil.rmtree(folder.parent, ignore_errors=True)
    folder.mkdir(parents=True)
    for media_type in MEDIA_TYPES:
        renderer = _renderer_of(media_type)
        body = render_schema(renderer)
        for coding, packed in {"": body, **packed_forms(body)}.items():
            (folder / _name(renderer.format, coding)).write_bytes(packed)
    # In one step: a process that starts meanwhile finds all of it or none.
    shutil.rmtree(place.parent, ignore_errors=True)
    folder.parent.rename(place.parent)
    return place


def kept_forms(form: str) -> dict[str, bytes]:
    """The kept document of this release in this format, plain (`""`) and in each coding; none where it is not kept."""
    try:
        return {coding: (_place() / _name(form, coding)).read_bytes() for coding in ("", *CODINGS)}
    except OSError:
        return {}


def _name(form: str, coding: str) -> str:
    return f"openapi.{form}.{coding}" if coding else f"openapi.{form}"


@cache
def _place() -> Path:
    """The folder of this release: it is named after the code and the settings from which the document follows."""
    digest = hashlib.sha256(repr(sorted(settings.SPECTACULAR_SETTINGS.items())).encode())
    for package in PACKAGES:
        for path in sorted((Path(settings.BASE_DIR) / package).rglob("*.py")):
            digest.update(f"\n{path.relative_to(settings.BASE_DIR)}\n".encode() + path.read_bytes())
    for library in LIBRARIES:
        digest.update(f"\n{library} {version(library)}".encode())
    return Path(settings.FACTCHECK_DATA_DIR) / "openapi" / digest.hexdigest()[:24]


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
