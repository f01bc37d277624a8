"""What the desk narrows its list of claims by."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from claims.api.claim_filters import ClaimFilterSet
from claims.choices import Bearing, Stance
from claims.models import Claim, EvidenceLink, Rating, Verdict
from factcheck.admin import ChoiceFilter, LabelFilter, VisibleFilter, YesNoFilter
from factcheck.admin.filters import OfferedFilter
from factcheck.api.problem import Problem
from factcheck.base.places import language_name
from factcheck.models.choosing import referred_to
from factcheck.search.find import has_entry
from sources.models import Source


class LanguageFilter(LabelFilter):
    title = parameter_name = field = "language"

    def label(self, value: str) -> str:
        return language_name(value)


LATEST = 300
"""Claims whose tags the list offers; any other tag is searched for."""


class TagFilter(OfferedFilter):
    title, parameter_name = "tag", "tag"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Iterable[tuple[str, str]]:
        """Those of the newest claims, and the one that is asked for."""
        rows = Claim.objects.visible_to(request.user).order_by("-pk").values_list("tags", flat=True)[:LATEST]
        asked = request.GET.get(self.parameter_name, "")
        return [(tag, tag) for tag in sorted({*(tag for tags in rows for tag in tags), *([asked] if asked else [])})]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(has_entry(Claim, "tags", str(self.value()))) if self.value() else queryset


class RatingFilter(VisibleFilter):
    title, parameter_name, field, noun = "current verdict", "rating", "rating", Rating

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        return queryset.filter(referred_to(Claim, Verdict.objects.current().filter(rating=self.value()), "claim"))


CONDITIONS = ("source", "stance", "said_after", "said_before", "bearing")
"""What the list takes of the conditions of the API: each means there and here the same."""


class ConditionFilter(OfferedFilter):
    """One of these conditions; the first that is asked for applies them all, so that they are about one row."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        asked = {name: value for name in CONDITIONS if (value := request.GET.get(name, "").strip())}
        if next(iter(asked), None) != self.parameter_name:
            return queryset
        try:
            found = ClaimFilterSet(asked, queryset=queryset, request=request)
            if found.is_valid():
                return found.qs
        except Problem:
            # Of a source that is not there.
            pass
        raise IncorrectLookupParameters


class SourceFilter(ConditionFilter, VisibleFilter):
    title, parameter_name, noun = "source", "source", Source


class StanceFilter(ConditionFilter, ChoiceFilter):
    title, parameter_name = "what it does", "stance"
    options = tuple((key, str(label).split(": ")[0]) for key, label in Stance.choices)


class BearingFilter(ConditionFilter, ChoiceFilter):
    title, parameter_name = "evidence that", "bearing"
    options = tuple((key, str(label).split(": ")[0]) for key, label in Bearing.choices)


class SaidAfterFilter(ConditionFilter):
    """Shown where an address asks for it."""

    title, parameter_name, words = "said", "said_after", "From {} on"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Iterable[tuple[str, str]]:
        asked = request.GET.get(self.parameter_name, "").strip()
        return [(asked, self.words.format(asked[:20]))] if asked else []

    def has_output(self) -> bool:
        return bool(self.lookup_choices)


class SaidBeforeFilter(SaidAfterFilter):
    title, parameter_name, words = "said by", "said_before", "Up to {}"


class EvidenceFilter(YesNoFilter):
    title, parameter_name = "evidence", "evidence"
    yes, no = "With evidence", "Without evidence"

    def holds(self, request: HttpRequest) -> Exists:
        return Exists(EvidenceLink.objects.counting().filter(claim=OuterRef("pk")))


class VerdictFilter(YesNoFilter):
    title, parameter_name = "verdict", "verdict"
    yes, no = "With a published verdict", "Without one"

    def holds(self, request: HttpRequest) -> Exists:
        return Exists(Verdict.objects.published().filter(claim=OuterRef("pk")))
