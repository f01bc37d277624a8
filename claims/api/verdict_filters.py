"""What verdicts can be filtered by over REST."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from claims.api.child import ClaimChildFilterSet
from claims.api.stale import for_the_desk
from claims.choices import Confidence, Leaning, Likelihood, Severity, VerdictStatus
from claims.models import Rating, RatingScale, Verdict
from claims.models.verdict import VerdictQuerySet
from factcheck.api import filters


class VerdictFilterSet(ClaimChildFilterSet):
    status = filters.ChoiceFilter(choices=VerdictStatus)
    rating = filters.ReferenceFilter(queryset=Rating.objects.all(), slug_field="code")
    leaning = filters.ChoiceFilter(choices=Leaning, field_name="rating__leaning")
    scale = filters.ReferenceFilter(field_name="rating__scale", queryset=RatingScale.objects.all(), slug_field="code")
    likelihood = filters.ChoiceFilter(choices=Likelihood)
    confidence = filters.ChoiceFilter(choices=Confidence)
    severity = filters.ChoiceFilter(choices=Severity, field_name="correction_severity")
    current = filters.BooleanFilter(method="by_currency")
    stale = filters.BooleanFilter(method="by_staleness")
    correction = filters.PresenceFilter(field_name="supersedes")
    review_by, review_by_after, review_by_before = filters.days("review_by")
    published_at, published_after, published_before = filters.moments("published_at")

    class Meta:
        model = Verdict
        fields: tuple[str, ...] = ()

    def by_currency(self, queryset: VerdictQuerySet, name: str, value: bool) -> VerdictQuerySet:
        return queryset.current() if value else queryset.not_current()

    def by_staleness(self, queryset: VerdictQuerySet, name: str, value: bool) -> VerdictQuerySet:
        user = self.request.user
        for_the_desk(user)
        if value:
            return queryset.stale(user)
        return queryset.filter(~Exists(Verdict.objects.stale(user).filter(pk=OuterRef("pk"))))
