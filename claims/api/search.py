"""One search over all nouns: what is found in any of them, the best first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Model
from django.http import QueryDict
from django.urls import path, reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from claims.api.registry import NOUNS, Noun
from claims.models import Claim
from claims.services.prepared import audience_of
from factcheck.api.choices import NamedChoiceField
from factcheck.api.conditional import TOLD_TO, ConditionalMixin
from factcheck.api.parameters import check_parameters, listed, number_in
from factcheck.api.permissions import ModelRolePermissions
from factcheck.api.problem import bad_parameter
from factcheck.api.search import DESCRIPTION, read_search
from factcheck.base.http.address import public_url
from factcheck.base.people import Reader
from factcheck.search.marks import found_ranges
from factcheck.search.nouns import searched_noun
from factcheck.search.query import MAX_LENGTH, SearchQuery
from factcheck.search.rank import ranked

SEARCHED = {noun.prefix: noun for noun in NOUNS if noun.viewset.searchable}
"""The nouns whose lists can be searched, by their place in addresses; of two that are found alike the first counts."""
MOST, USUAL = 50, 20
AROUND, LONGEST = 60, 300
"""How many characters are shown before and behind what was found, and how many at most."""


class MatchSerializer(serializers.Serializer):
    field = serializers.CharField(help_text="The field of the row in which something was found.")
    excerpt = serializers.CharField(help_text="The text around the first of it, cut where it is long.")
    words = serializers.ListField(
        child=serializers.CharField(), help_text="What was found, as it is written there, each once."
    )


class FoundSerializer(serializers.Serializer):
    noun = NamedChoiceField(
        choices=[(prefix, prefix) for prefix in SEARCHED], help_text="The list in which the row stands."
    )
    id: Any = serializers.IntegerField(help_text="The id of the row.")
    label: Any = serializers.CharField(help_text="The row in words.")
    address = serializers.URLField(help_text="Where the row is read by programs.")
    score = serializers.IntegerField(
        help_text="How well the words stand in it: more for whole words than for beginnings and parts of words."
    )
    matches = MatchSerializer(many=True, help_text="Where in the row what was found.")


class SearchSerializer(serializers.Serializer):
    more = serializers.BooleanField(help_text="Whether more rows were found than `limit`.")
    results = FoundSerializer(many=True, help_text="What was found, the best first.")


PARAMETERS = [
    OpenApiParameter(
        "q", {"type": "string", "minLength": 1, "maxLength": MAX_LENGTH}, required=True, description=DESCRIPTION
    ),
    OpenApiParameter(
        "noun",
        {"type": "array", "items": {"type": "string", "enum": list(SEARCHED)}, "minItems": 1},
        style="form",
        explode=False,
        description="Only in these nouns; by default in all.",
    ),
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
        description="How many rows.",
    ),
]


class SearchView(ConditionalMixin, APIView):
    """What is found in any noun, as its own list would find it for the same reader."""

    permission_classes = (ModelRolePermissions,)
    http_method_names = ("get", "head", "options")
    queryset = Claim.objects.all()

    @extend_schema(
        summary="Search of all nouns",
        description="The rows of all nouns in which every word occurs, the best first: whole words before beginnings "
        "of words before parts of words, the newest among equals. Of each noun the newest thousand are ranked.",
        parameters=PARAMETERS,
        responses={200: SearchSerializer, 304: None},
        tags=["search"],
    )
    def get(self, request: Request) -> Response:
        check_parameters(request, {"q", "noun", "limit"})
        if "q" not in request.query_params:
            raise bad_parameter("q", "Say what to search for, such as q=flight.", "required")
        query, limit = read_search(request.query_params["q"], "q"), number_in(request, "limit", USUAL, MOST)
        nouns = nouns_in(request)
        found = find_rows(nouns, query, request.query_params["q"], request.user, limit + 1) if query else []
        results = [represent(noun, row, score, query, request.user) for score, noun, row in found[:limit]]
        response = Response({"more": len(found) > limit, "results": results})
        if (audience := audience_of(request.user)) is not None:
            setattr(response, TOLD_TO, audience.value)
        return response


def nouns_in(request: Request) -> list[Noun]:
    """The nouns that the caller names; all of them where none is named, and a 400 for another."""
    names = listed("noun", request.query_params.get("noun", ",".join(SEARCHED)))
    for name in names:
        if name not in SEARCHED:
            raise bad_parameter("noun", f"Choose from: {', '.join(SEARCHED)}.", "invalid_choice")
    return [SEARCHED[name] for name in dict.fromkeys(names)]


def find_rows(
    nouns: list[Noun], query: SearchQuery, text: str, reader: Reader, most: int
) -> list[tuple[int, Noun, Model]]:
    """The best of these nouns with how well the words stand in each: what their lists would find for `reader`."""
    asked = QueryDict(mutable=True)
    asked["search"] = text
    found = [
        (score, noun, row)
        for noun in nouns
        for score, row in ranked(noun.viewset.for_export(reader, asked).select_rows(), query, most)
    ]
    # Equals of one noun stand in their own order, and the nouns in theirs.
    return sorted(found, key=lambda entry: -entry[0])[:most]


def represent(noun: Noun, row: Any, score: int, query: SearchQuery, reader: Reader) -> dict[str, Any]:
    """What is told of a row that was found."""
    reference = row.as_reference(reader) if hasattr(row, "as_reference") else {"label": str(row)}
    return {
        "noun": noun.prefix,
        "id": row.pk,
        "label": reference["label"],
        "address": public_url(reverse(f"{noun.basename}-detail", args=[row.pk])),
        "score": score,
        "matches": list(matches_in(row.shown_to(reader), query)),
    }


def matches_in(row: Any, query: SearchQuery) -> Iterator[dict[str, Any]]:
    """Where in the fields by which the row is found what stands."""
    noun = searched_noun(type(row))
    assert noun is not None
    for name in noun.fields:
        value = getattr(row, name)
        text = ", ".join(value) if isinstance(value, list) else str(value)
        ranges = list(found_ranges(text, query))
        if ranges:
            begin = max(0, ranges[0][0] - AROUND)
            end = min(len(text), max(ranges[0][1] + AROUND, begin + LONGEST))
            cut = "…" * (begin > 0) + text[begin:end] + "…" * (end < len(text))
            yield {
                "field": name,
                "excerpt": cut,
                "words": list(dict.fromkeys(text[start:stop] for start, stop in ranges)),
            }


urlpatterns = [path("search/", SearchView.as_view(), name="search")]
