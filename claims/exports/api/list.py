"""Lists over REST as files: all rows of a list, with its own filters and rights; the address names the format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from claims.api.registry import Noun
from claims.exports.lists.formats import LIST_FORMATS, ListFormat
from claims.exports.lists.listing import Listing
from claims.exports.lists.nouns import EXPORTABLE
from claims.exports.lists.stream import stream_list
from factcheck.api.filters import PlainSearchBackend, StrictFilterBackend
from factcheck.api.negotiation import PathDecides
from factcheck.api.permissions import ModelRolePermissions
from factcheck.api.problem import Problem
from factcheck.api.schema import names_parameter

INCLUDE = "Parts to add to each row, separated by commas, as in the list; without it the format decides."


class ListExportView(APIView):
    """Every row of one list, streamed in order of the ids; what it may be asked is the list's own to say."""

    permission_classes = (ModelRolePermissions,)
    http_method_names = ("get", "head", "options")
    expensive = frozenset({"get"})
    content_negotiation_class = PathDecides
    # For the OpenAPI document alone, which so names the parameters of the list.
    filter_backends = (StrictFilterBackend, PlainSearchBackend)
    noun: ClassVar[Noun]
    formats: ClassVar[Mapping[str, ListFormat]] = {}
    """Those that are answered at once."""
    shapes: ClassVar[Mapping[str, Any]] = {"jsonld": {"type": "object", "additionalProperties": True}}
    """What the formats for programs hold."""

    def get(self, request: Request, format_name: str) -> HttpResponse | StreamingHttpResponse:
        entry = self.get_format(format_name)
        address = f"/api/v1/{self.noun.prefix}/"
        if query := request.META.get("QUERY_STRING"):
            address += f"?{query}"
        view = self.noun.viewset.for_export(request.user, request.query_params)
        listing = Listing(self.noun, view, view.select_rows(), address)
        if entry.write is None:
            raise Problem(
                400,
                "made_by_a_job",
                f"A file of this format cannot be streamed. Send "
                f'{{"kind": "list", "format": "{entry.name}", "query": "{address[:500]}"}} to /api/v1/exports/, '
                "which makes it and tells where it is.",
            )
        # What is refused or breaks at once is still answered as a problem; later only the connection can be broken.
        listing.count()
        return stream_list(entry, listing, address, empty=request.method == "HEAD")

    def get_format(self, name: str) -> ListFormat:
        """The format of this name. Raises Problem where there is none for this noun."""
        found, noun = LIST_FORMATS.get(name), self.noun.prefix
        if found is None or not found.fits(noun):
            listed = ", ".join(key for key, entry in LIST_FORMATS.items() if entry.fits(noun))
            raise Problem(404, "unknown_format", f"There is no list format {name[:40]!r} here. Choose from: {listed}.")
        return found


def make_path(of: Noun) -> URLPattern:
    """The address under which the list of a noun is exported, described with the filters of the list."""
    prefix, viewset, name = of
    streamed = {key: entry for key, entry in LIST_FORMATS.items() if entry.fits(prefix) and entry.streams}
    described = extend_schema(
        summary=f"{prefix.replace('-', ' ').capitalize()} as a file",
        description=(
            "All rows of the list in order of their ids, as far as the caller may read them, with the list's own "
            "filters; it takes no `cursor`, `page_size` or `ordering`. A fault on the way breaks the connection, so "
            "that a file that came whole is whole. `xlsx` is a 400 (`made_by_a_job`): ask for it at `exports/`."
        ),
        parameters=[names_parameter("include", viewset.include_fields, INCLUDE)] if viewset.include_fields else [],
        filters=True,
    )

    class NounExportView(ListExportView):
        noun = of
        formats = streamed
        queryset = viewset.queryset
        filterset_class = viewset.filterset_class
        searchable = viewset.searchable
        include_fields = viewset.include_fields

        @described
        def get(self, request: Request, format_name: str) -> HttpResponse | StreamingHttpResponse:
            return super().get(request, format_name)

    return path(f"{prefix}/export/<str:format_name>/", NounExportView.as_view(), name=f"{name}-export")


urlpatterns = [make_path(noun) for noun in EXPORTABLE.values()]
