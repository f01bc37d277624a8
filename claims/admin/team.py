"""Giving a dispute to a team from its page."""

from __future__ import annotations

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldBooleanWidget

from claims.models import Dispute
from claims.services.team import add_people_of, give_dispute
from factcheck.admin import Step, StepForm
from factcheck.base.people import Reader
from factcheck.teamwork.models import Team
from factcheck.teamwork.teams import teams_with


class TeamStepForm(StepForm):
    team = forms.ModelChoiceField(
        Team.objects.all(),
        required=False,
        empty_label="No team",
        widget=UnfoldAdminSelectWidget(),
        help_text="Its people find the dispute on their front page and on the board. Nobody may see more by it.",
    )
    add_people = forms.BooleanField(
        label="Add the people of the team to its members",
        required=False,
        widget=UnfoldBooleanWidget(),
        help_text="For a restricted dispute: those who belong to the team now may see it from then on, each by name. "
        "Who joins the team later may not, and who leaves it stays a member until somebody takes them out.",
    )


def _run(*, actor: Any, row: Dispute, team: Team | None, add_people: bool) -> Dispute:
    if team is not None and add_people:
        add_people_of(actor=actor, dispute=row, team=team)
    give_dispute(actor=actor, dispute=row, team=team)
    return row


def _has(row: Dispute) -> list[tuple[str, Any]]:
    team = teams_with("dispute", [row.pk]).get(row.pk)
    return [("Dispute", row.title), ("Team now", team or "none")]


def _offered(user: Reader, row: Dispute) -> bool:
    return user.has_perm("claims.change_dispute") and Team.objects.exists()


GIVE = Step(
    name="team",
    label="Give to a team",
    says="The team looks after the dispute from then on. Readers are not told, and no export has it.",
    run=_run,
    done="Given:",
    offered=_offered,
    form=TeamStepForm,
    icon="groups",
    context=_has,
)
