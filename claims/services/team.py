"""Disputes that teams look after."""

from __future__ import annotations

from django.contrib.auth.models import User

from claims.choices import Visibility
from claims.models import Dispute, DisputeMember
from factcheck.audit.access import require
from factcheck.audit.context import recording
from factcheck.base.errors import RuleViolation
from factcheck.base.people import Reader
from factcheck.teamwork.models import Team
from factcheck.teamwork.teams import give, people_of


def give_dispute(*, actor: Reader, dispute: Dispute, team: Team | None) -> None:
    """The team looks after the dispute, and no other one; None: nobody's team does. Raises Forbidden, RuleViolation
    where none of its people may see it."""
    user = require(actor, "claims.change_dispute", "give disputes to teams")
    give(actor=user, row=dispute, team=team)


def add_people_of(*, actor: Reader, dispute: Dispute, team: Team) -> list[User]:
    """Each of the team becomes a member of the restricted dispute, by name; those who were not yet are returned. Who
    joins the team later does not become one by that.

    Raises Forbidden, and RuleViolation where the dispute is not restricted: then the whole desk may see it.
    """
    require(actor, "claims.add_disputemember", "add members to disputes")
    if dispute.visibility != Visibility.RESTRICTED:
        raise RuleViolation(
            "Only a restricted dispute has members: the whole desk may see this one. Leave it unticked.",
            code="not_restricted",
            field="add_people",
        )
    with recording(actor=actor, reason=f"Opened to team {team}."):
        known = set(DisputeMember.objects.filter(dispute=dispute).values_list("user_id", flat=True))
        added = [person for person in people_of(team) if person.pk not in known]
        for person in added:
            DisputeMember(dispute=dispute, user=person).save()
        return added
