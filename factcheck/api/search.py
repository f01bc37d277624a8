"""Plain search: every word has to occur in one of the view's `search_fields`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Q, QuerySet
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.views import APIView

from factcheck.api.problem import bad_parameter

MAX_LENGTH = 200
MAX_TERMS = 8


def terms_of(text: str) -> list[str]:
    """The words of a search; 400 for a text that would make a query without end."""
    if len(text) > MAX_LENGTH:
        raise bad_parameter("search", f"Search for at most {MAX_LENGTH} characters.")
    terms = text.split()
    if len(terms) > MAX_TERMS:
        raise bad_parameter("search", f"Search for at most {MAX_TERMS} words.")
    return terms


def matching(fields: Iterable[str], terms: list[str]) -> Q:
    """Each term in at least one of the fields; Django escapes `%` and `_`."""
    return reduce(and_, (reduce(or_, (Q(**{f"{name}__icontains": term}) for name in fields)) for term in terms), Q())


class PlainSearchBackend(BaseFilterBackend):
    """`?search=` over `view.search_fields`, which may reach over relations."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        fields: Any = getattr(view, "search_fields", None)
        terms = terms_of(request.query_params.get("search", "")) if fields else []
        if not terms:
            return queryset
        condition = matching(fields, terms)
        if any("__" in name for name in fields):
            # A row that matches through several related rows must still come once.
            model = queryset.model
            return queryset.filter(pk__in=model._base_manager.filter(condition).order_by().values("pk"))
        return queryset.filter(condition)

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        if not getattr(view, "search_fields", None) or getattr(view, "action", "list") != "list":
            return []
        return [
            {
                "name": "search",
                "required": False,
                "in": "query",
                "description": f"At most {MAX_TERMS} words that all occur in the text.",
                "schema": {"type": "string", "maxLength": MAX_LENGTH},
            }
        ]
