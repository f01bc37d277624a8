"""What disputes can be filtered by over REST."""

from __future__ import annotations

from claims.choices import QuestionState, Visibility
from claims.models import Dispute
from claims.models.dispute import DisputeQuerySet
from claims.rules.question_state import disputes_in
from factcheck.api import filters


class DisputeFilterSet(filters.StrictFilterSet):
    slug = filters.TextFilter()
    visibility = filters.ChoiceFilter(choices=Visibility)
    state = filters.ChoiceFilter(choices=QuestionState, method="by_state")
    occurred_after, occurred_before = filters.edtf_range("occurred_on")
    created_after = filters.DateTimeFilter(field_name="created_at", lookup_expr="gte")
    created_before = filters.DateTimeFilter(field_name="created_at", lookup_expr="lt")

    class Meta:
        model = Dispute
        fields: tuple[str, ...] = ()

    def by_state(self, queryset: DisputeQuerySet, name: str, value: str) -> DisputeQuerySet:
        return disputes_in(queryset, value)
