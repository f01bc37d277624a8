"""Lists over REST as files: all rows of a list, with its own filters and rights; the address names the format."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.http import HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.views import APIView

from claims.api.dossier import PathDecides
from claims.exporting.listing import listing
from claims.exporting.nouns import NOT_TAKEN_OUT
from claims.exporting.stream import stream_response
from claims.exports.lists import LIST_FORMATS, ListFormat
from factcheck.base.rest.filters import PlainSearchBackend, StrictFilterBackend
from factcheck.base.rest.permissions import ModelRolePermissions
from factcheck.base.rest.refusals import Problem

INCLUDE = OpenApiParameter(
    "include",
    str,
    description="Parts to add to each row, separated by commas, as in the list; without it the format decides.",
)


class ListExportView(APIView):
    """Every row of one list, streamed in order of the ids; what it may be asked is the list's own to say."""

    permission_classes = (ModelRolePermissions,)
    http_method_names = ("get", "head", "options")
    content_negotiation_class = PathDecides
    filter_backends = (StrictFilterBackend, PlainSearchBackend)
    noun: ClassVar[str] = ""

    def get(self, request: Any, format_name: str) -> Any:
        entry = self.entry(format_name)
        address = f"/api/v1/{self.noun}/"
        if query := request.META.get("QUERY_STRING"):
            address += f"?{query}"
        rows = listing(address, request.user)
        if entry.write is None:
            raise Problem(
                400,
                "made_by_a_job",
                f"A file of this format cannot be streamed. Send "
                f'{{"kind": "list", "format": "{entry.name}", "query": "{address[:500]}"}} to /api/v1/exports/, '
                "which makes it and tells where it is.",
            )
        # What is refused or breaks at once is still answered as a problem; later only the connection can be broken.
        rows.total()
        return stream_response(entry, rows, address, empty=request.method == "HEAD")

    def entry(self, name: str) -> ListFormat:
        """The format of this name. Raises Problem where there is none for this noun."""
        found = LIST_FORMATS.get(name)
        if found is None or not found.fits(self.noun):
            listed = ", ".join(key for key, entry in LIST_FORMATS.items() if entry.fits(self.noun))
            raise Problem(404, "unknown_format", f"There is no list format {name[:40]!r} here. Choose from: {listed}.")
        return found


def export_paths(registry: Iterable[tuple[str, Any, str]]) -> list[URLPattern]:
    """An address for the export of each noun of the router."""
    return [
        path(f"{prefix}/export/<str:format_name>/", _view(prefix, view, name).as_view(), name=f"{name}-export")
        for prefix, view, name in registry
        if prefix not in NOT_TAKEN_OUT
    ]


def _view(prefix: str, view: Any, name: str) -> type[ListExportView]:
    """The view of one noun, which is described with the filters of its list."""
    fitting = {key: entry for key, entry in LIST_FORMATS.items() if entry.fits(prefix)}
    described = extend_schema(
        operation_id=f"{name.replace('-', '_')}_export",
        summary=f"{prefix.replace('-', ' ').capitalize()} as a file",
        description=(
            "All rows of the list in order of their ids, as far as the caller may read them, with the list's own "
            "filters; it takes no `cursor`, `page_size` or `ordering`. A fault on the way breaks the connection, so "
            "that a file that came whole is whole. `xlsx` is a 400 (`made_by_a_job`): ask for it at `exports/`."
        ),
        parameters=[
            OpenApiParameter(
                "format_name",
                str,
                OpenApiParameter.PATH,
                enum=list(fitting),
                description=" ".join(f"`{entry.name}`: {entry.description}" for entry in fitting.values()),
            ),
            *([INCLUDE] if getattr(view, "include_fields", ()) else []),
        ],
        filters=True,
        responses={
            (200, entry.media_type): OpenApiTypes.OBJECT if entry.name == "jsonld" else OpenApiTypes.STR
            for entry in fitting.values()
            if entry.streams
        },
        tags=["exports"],
    )

    class NounExportView(ListExportView):
        noun = prefix
        queryset = view.queryset
        filterset_class = view.filterset_class
        search_fields = getattr(view, "search_fields", None)
        include_fields = getattr(view, "include_fields", ())

        @described
        def get(self, request: Any, format_name: str) -> HttpResponse | StreamingHttpResponse:
            return super().get(request, format_name)

    return NounExportView
