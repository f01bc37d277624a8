"""`?search=` of lists: words, phrases and exclusions, looked up in the index of the noun."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.views import APIView

from factcheck.api.problem import bad_parameter
from factcheck.search.find import search_rows
from factcheck.search.query import MAX_LENGTH, MAX_TERMS, LongSearch, SearchQuery, read_query

DESCRIPTION = (
    f"At most {MAX_TERMS} words that all occur in the row, also as parts of words; case, accents and points do not "
    'count. "Words in quotes" occur so one after another; with a leading minus they do not occur.'
)


def read_search(text: str, parameter: str = "search") -> SearchQuery:
    """What the parameter asks for; 400 for a text that would make a query without end."""
    try:
        return read_query(text)
    except LongSearch as error:
        raise bad_parameter(parameter, str(error)) from None


class PlainSearchBackend(BaseFilterBackend):
    """`?search=` over the rows of a view that is `searchable`, by the fields that their noun names."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        if not getattr(view, "searchable", False):
            return queryset
        return search_rows(queryset, read_search(request.query_params.get("search", "")))

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        if not getattr(view, "searchable", False) or getattr(view, "action", "list") != "list":
            return []
        return [
            {
                "name": "search",
                "required": False,
                "in": "query",
                "description": DESCRIPTION,
                "schema": {"type": "string", "maxLength": MAX_LENGTH},
            }
        ]
