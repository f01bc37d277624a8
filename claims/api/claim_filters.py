"""What claims can be filtered by over REST."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from claims.api.rating import ratings_with_code
from claims.api.stale import for_the_desk
from claims.choices import Bearing, ClaimStatus, Leaning, QuestionState, Stance
from claims.models import Attribution, Claim, Dispute, EvidenceLink, Question, RatingScale, Verdict
from claims.models.claim import ClaimQuerySet
from claims.models.evidence import EvidenceLinkQuerySet
from factcheck.api import filters
from factcheck.audit.access import is_desk
from factcheck.base import edtf
from sources.models import Source


class ClaimFilterSet(filters.StrictFilterSet):
    dispute = filters.ReferenceFilter(queryset=Dispute.objects.all(), slug_field="slug")
    question = filters.ReferenceFilter(queryset=Question.objects.all())
    circumstance = filters.BooleanFilter(field_name="question", lookup_expr="isnull")
    status = filters.ChoicesFilter(choices=ClaimStatus)
    language = filters.TextFilter()
    tag = filters.TagFilter(field_name="tags")
    source = filters.ReferenceFilter(
        queryset=lambda request: Source.objects.visible_to(request.user).named_to(request.user),
        slug_field="slug",
        method="by_source",
    )
    country = filters.TextFilter(method="by_country")
    stance = filters.ChoicesFilter(choices=Stance, method="by_stance")
    said_after, said_before = (
        filters.EdtfAfterFilter(method="by_said_after"),
        filters.EdtfBeforeFilter(method="by_said_before"),
    )
    bearing = filters.ChoicesFilter(choices=Bearing, method="by_bearing")
    rating = filters.TextFilter(method="by_rating")
    leaning = filters.ChoiceFilter(choices=Leaning, method="by_leaning")
    scale = filters.ReferenceFilter(queryset=RatingScale.objects.all(), slug_field="code", method="by_scale")
    has_evidence = filters.BooleanFilter(method="by_evidence")
    has_verdict = filters.BooleanFilter(method="by_verdict")
    stale = filters.BooleanFilter(method="by_staleness")
    review_by_after = filters.DateFilter(method="by_review_after")
    review_by_before = filters.DateFilter(method="by_review_before")
    contested = filters.BooleanFilter(method="by_contest")
    published_after = filters.DateTimeFilter(field_name="first_published_at", lookup_expr="gte")
    published_before = filters.DateTimeFilter(field_name="first_published_at", lookup_expr="lt")
    updated_after = filters.DateTimeFilter(field_name="updated_at", lookup_expr="gte")
    updated_before = filters.DateTimeFilter(field_name="updated_at", lookup_expr="lt")

    class Meta:
        model = Claim
        fields: tuple[str, ...] = ()

    def attributed(self, queryset: ClaimQuerySet, **conditions: Any) -> ClaimQuerySet:
        """Claims with an attribution that the caller may read and that meets the conditions."""
        rows = Attribution.objects.standing().filter(claim=OuterRef("pk"), **conditions)
        return queryset.filter(Exists(rows))

    def decided(self, queryset: ClaimQuerySet, **conditions: Any) -> ClaimQuerySet:
        """Claims whose current verdict meets the conditions."""
        return queryset.filter(Exists(Verdict.objects.current().filter(claim=OuterRef("pk"), **conditions)))

    def links(self) -> EvidenceLinkQuerySet:
        """The links of a claim, read by the caller, that count and of whose evidence they may know: that may belong
        to a restricted dispute."""
        return EvidenceLink.objects.counting().known_to(self.request.user).filter(claim=OuterRef("pk"))

    def by_source(self, queryset: ClaimQuerySet, name: str, value: str) -> ClaimQuerySet:
        return self.attributed(queryset, source=self.pk_of("source", value))

    def by_country(self, queryset: ClaimQuerySet, name: str, value: str) -> ClaimQuerySet:
        known = {} if is_desk(self.request.user) else {"source__withheld": False}
        return self.attributed(queryset, source__country=value, **known)

    def by_stance(self, queryset: ClaimQuerySet, name: str, value: list[str]) -> ClaimQuerySet:
        return self.attributed(queryset, stance__in=value) if value else queryset

    def by_said_after(self, queryset: ClaimQuerySet, name: str, value: str) -> ClaimQuerySet:
        return self.attributed(queryset, said_on__gte=value)

    def by_said_before(self, queryset: ClaimQuerySet, name: str, value: str) -> ClaimQuerySet:
        return self.attributed(queryset, said_on__gt="", said_on__lt=edtf.following(value))

    def by_bearing(self, queryset: ClaimQuerySet, name: str, value: list[str]) -> ClaimQuerySet:
        return queryset.filter(Exists(self.links().filter(bearing__in=value))) if value else queryset

    def by_rating(self, queryset: ClaimQuerySet, name: str, value: str) -> ClaimQuerySet:
        return self.decided(queryset, rating__in=ratings_with_code(value))

    def by_leaning(self, queryset: ClaimQuerySet, name: str, value: str) -> ClaimQuerySet:
        return self.decided(queryset, rating__leaning=value)

    def by_scale(self, queryset: ClaimQuerySet, name: str, value: str) -> ClaimQuerySet:
        return self.decided(queryset, rating__scale=self.pk_of("scale", value))

    def by_evidence(self, queryset: ClaimQuerySet, name: str, value: bool) -> ClaimQuerySet:
        linked = Exists(self.links())
        return queryset.filter(linked if value else ~linked)

    def by_verdict(self, queryset: ClaimQuerySet, name: str, value: bool) -> ClaimQuerySet:
        decided = Exists(Verdict.objects.current().filter(claim=OuterRef("pk")))
        return queryset.filter(decided if value else ~decided)

    def by_staleness(self, queryset: ClaimQuerySet, name: str, value: bool) -> ClaimQuerySet:
        user = self.request.user
        for_the_desk(user)
        stale = Exists(Verdict.objects.stale(user).filter(claim=OuterRef("pk")))
        return queryset.filter(stale if value else ~stale)

    def by_review_after(self, queryset: ClaimQuerySet, name: str, value: date) -> ClaimQuerySet:
        return self.decided(queryset, review_by__gte=value)

    def by_review_before(self, queryset: ClaimQuerySet, name: str, value: date) -> ClaimQuerySet:
        return self.decided(queryset, review_by__lte=value)

    def by_contest(self, queryset: ClaimQuerySet, name: str, value: bool) -> ClaimQuerySet:
        contested = Q(question__stored__state=QuestionState.CONTESTED)
        return queryset.filter(contested) if value else queryset.exclude(contested)
