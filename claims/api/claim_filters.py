"""What claims can be filtered by over REST."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.api.changed_since import claims_changed
from claims.api.claim_conditions import ATTRIBUTION, EVIDENCE, VERDICT, ClaimConditions, meeting
from claims.api.stale import for_the_desk
from claims.choices import ClaimStatus, QuestionState
from claims.models import Claim, Dispute, Question, Verdict
from claims.models.claim import ClaimQuerySet
from factcheck.api import filters
from factcheck.api.filters import About
from factcheck.audit.access import is_desk
from factcheck.base.errors import Forbidden


def called_elsewhere(asked: Any, names: tuple[str, ...]) -> Q:
    """The condition that a claim has any of these ids of another system, which the desk alone reads."""
    if not is_desk(asked.request.user):
        raise Forbidden("What claims are called in other systems is for the desk alone.", code="permission_denied")
    return Q(external_id__in=names)


class ClaimFilterSet(ClaimConditions):
    dispute = filters.ReferenceFilter(queryset=Dispute.objects.all(), slug_field="slug")
    question = filters.ReferenceFilter(queryset=Question.objects.all())
    circumstance = filters.BooleanFilter(where=lambda _asked, values: Q(question__isnull=values[0]))
    status = filters.ChoiceFilter(choices=ClaimStatus)
    language = filters.LanguageFilter()
    tag = filters.TagFilter(field_name="tags")
    has_attribution = filters.BooleanFilter(field_name=ATTRIBUTION, method="by_presence")
    has_evidence = filters.BooleanFilter(field_name=EVIDENCE, method="by_presence")
    has_verdict = filters.BooleanFilter(field_name=VERDICT, method="by_presence")
    external_id = filters.TextFilter(
        where=called_elsewhere, help_text="What it is called in another system; for the desk."
    )
    stale = filters.BooleanFilter(method="by_staleness")
    contested = filters.BooleanFilter(method="by_contest")
    updated_after = filters.DateTimeFilter(
        lookup_expr="gte",
        where=lambda asked, moments: claims_changed(moments[0], asked.request.user),
        help_text="Anything shown of the claim was entered, changed or withdrawn then or later.",
    )
    first_published_at, published_after, published_before = filters.moments("first_published_at")

    class Meta:
        model = Claim
        fields: tuple[str, ...] = ()

    def filter_about(self, rows: QuerySet[Any], about: Mapping[About, list[Q]]) -> QuerySet[Any]:
        return meeting(rows, about, self.request.user)

    def by_presence(self, queryset: ClaimQuerySet, name: str, value: bool) -> QuerySet[Any]:
        return meeting(queryset, {About(name, absent=not value): []}, self.request.user)

    def by_staleness(self, queryset: ClaimQuerySet, name: str, value: bool) -> ClaimQuerySet:
        user = self.request.user
        for_the_desk(user)
        stale = Exists(Verdict.objects.stale(user).filter(claim=OuterRef("pk")))
        return queryset.filter(stale if value else ~stale)

    def by_contest(self, queryset: ClaimQuerySet, name: str, value: bool) -> ClaimQuerySet:
        contested = Q(question__stored__state=QuestionState.CONTESTED)
        return queryset.filter(contested) if value else queryset.exclude(contested)
