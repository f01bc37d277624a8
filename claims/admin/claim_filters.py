"""What the desk narrows its list of claims by."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from claims.models import Claim, EvidenceLink, Rating, Verdict
from factcheck.admin import LabelFilter, VisibleFilter, YesNoFilter
from factcheck.admin.filters import OfferedFilter
from factcheck.base.places import language_name


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
        return queryset.filter(tags__has=self.value()) if self.value() else queryset


class RatingFilter(VisibleFilter):
    title, parameter_name, field, noun = "current verdict", "rating", "rating", Rating

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        return queryset.filter(pk__in=Verdict.objects.current().filter(rating=self.value()).values("claim"))


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
