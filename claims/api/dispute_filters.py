"""What disputes can be filtered by over REST."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from claims.api.changed_since import disputes_changed
from claims.api.claim_conditions import ClaimConditions, meeting
from claims.choices import QuestionState, Visibility
from claims.models import Claim, Dispute
from claims.rules.question_state import dispute_in
from factcheck.api import filters
from factcheck.api.filters import About
from factcheck.audit.access import is_desk
from factcheck.models.choosing import referred_to
from factcheck.teamwork.models import Team
from factcheck.teamwork.teams import given_to


class DisputeFilterSet(ClaimConditions):
    """Conditions about attributions, evidence and verdicts are those of one claim of the dispute."""

    slug = filters.TextFilter()
    visibility = filters.ChoiceFilter(choices=Visibility)
    state = filters.ChoiceFilter(choices=QuestionState, where=filters.any_of(dispute_in))
    team = filters.TextFilter(
        where=lambda _asked, names: Q(pk__in=given_to("dispute", Team.objects.filter(name__in=names).values("pk"))),
        told=lambda request: Q() if is_desk(request.user) else Q(pk__in=[]),
        help_text="The team of the desk that looks after it, by its name; for the desk alone.",
    )
    updated_after = filters.DateTimeFilter(
        lookup_expr="gte",
        where=lambda asked, moments: disputes_changed(moments[0], asked.request.user),
        help_text="Anything shown of the dispute or its claims was entered, changed or withdrawn then or later.",
    )
    occurred_on, occurred_after, occurred_before = filters.edtf_range("occurred_on")

    class Meta:
        model = Dispute
        fields: tuple[str, ...] = ()

    def filter_about(self, rows: QuerySet[Any], about: Mapping[About, list[Q]]) -> QuerySet[Any]:
        claims = meeting(Claim.objects.visible_to(self.request.user), about, self.request.user)
        # Of each dispute all claims may have to be looked at.
        return rows.filter(referred_to(Dispute, claims, "dispute", glance=100))
