"""Analysts' ratings of evidence against claims over REST; the desk's alone."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer

from claims.api.child import ClaimChildFilterSet
from claims.choices import Consistency
from claims.models import Assessment, Evidence
from factcheck.api import filters
from factcheck.api.shown import BOOKKEEPING, PersonField, ShownSerializer
from factcheck.api.viewset import RecordedViewSet
from factcheck.audit.access import is_desk
from factcheck.base.errors import Forbidden


class AssessmentSerializer(ShownSerializer):
    analyst = PersonField(help_text="Who rates it: whoever is logged in.")

    class Meta:
        model = Assessment
        fields = ("id", "evidence", "claim", "analyst", "rating", "note", *BOOKKEEPING)
        read_only_fields = BOOKKEEPING

    def candidate(self, attrs: dict[str, Any]) -> Assessment:
        row: Any = super().candidate(attrs)
        if row.analyst_id is None:
            row.analyst = self.reader()
        return row


def _analysts(request: Request) -> QuerySet[User]:
    """Whom the desk may ask for; to everybody else nobody exists."""
    people = get_user_model().objects
    return people.all() if is_desk(request.user) else people.none()


class AssessmentFilterSet(ClaimChildFilterSet):
    evidence = filters.ReferenceFilter(queryset=Evidence.objects.all())
    rating = filters.ChoiceFilter(choices=Consistency)
    analyst = filters.ReferenceFilter(queryset=_analysts, slug_field="username")
    mine = filters.BooleanFilter(method="by_analyst")

    class Meta:
        model = Assessment
        fields: tuple[str, ...] = ()

    def by_analyst(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        own = {"analyst_id": self.request.user.pk}
        return queryset.filter(**own) if value else queryset.exclude(**own)


class AssessmentViewSet(RecordedViewSet):
    """One analyst's consistency rating of one piece of evidence against one claim; each analyst their own."""

    queryset = Assessment.objects.select_related("evidence", "claim", "analyst")
    serializer_class = AssessmentSerializer
    filterset_class = AssessmentFilterSet
    ordering_fields = ("created_at", "updated_at")

    def perform_create(self, serializer: BaseSerializer) -> None:
        serializer.save(analyst=self.request.user)

    def guard_row(self, row: Assessment) -> None:
        if row.analyst_id != self.request.user.pk:
            raise Forbidden("Only the analyst who made a rating changes it.")
        super().guard_row(row)
