"""Teams of the desk: who belongs to one, and what was given to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone

from factcheck.audit.access import is_desk, name_shown_to
from factcheck.audit.context import recording
from factcheck.audit.followers import note_touched
from factcheck.base.errors import RuleViolation
from factcheck.base.people import Reader
from factcheck.models.recorded import RecordedModel
from factcheck.teamwork.models import Charge, Kind, Notice, Team
from factcheck.teamwork.rows import Named, name_of, who_may_see

MINE = "mine"
"""How a filter asks for the rows of all teams to which one belongs."""


def teams_of(user: Reader) -> QuerySet[Team]:
    """The teams to which `user` belongs; nobody outside the desk belongs to one."""
    return Team.objects.filter(members=user.pk) if is_desk(user) else Team.objects.none()


def people_of(team: Team) -> list[User]:
    """Those of the team who have an account that is active and work on the desk."""
    return [person for person in team.members.filter(is_active=True).order_by("username") if is_desk(person)]


def give(*, actor: User, row: RecordedModel, team: Team | None) -> None:
    """`row` is the team's from now on, and no other's; None takes it from whichever has it. Its people who may see it
    are told, unless they gave it themselves. Nobody may see more by it.

    Raises RuleViolation where none of its people may see the row: it would be nobody's.
    """
    noun, number = name_of(row)
    told = who_may_see(people_of(team), noun, number) if team is not None else []
    if team is not None and not told:
        raise RuleViolation(
            f"Nobody of {team} may see this. Choose another team, or have its people added to those who may.",
            code="nobody_sees",
            field="team",
        )
    now = timezone.now()
    with recording(alone=False):
        had = Charge.objects.filter(object_type=noun, object_id=number).first()
        if (had.team_id if had is not None else None) == (team.pk if team is not None else None):
            return
        Charge.objects.filter(object_type=noun, object_id=number).delete()
        if team is not None:
            Charge.objects.create(object_type=noun, object_id=number, team=team, given_at=now)
        # What is kept ready for the desk tells of it.
        note_touched([(noun, number)])
        tell_team(actor, told, (noun, number))


def tell_team(actor: User, people: Iterable[User], named: Named) -> None:
    """Tell these people that something was given to their team, unless they did it themselves."""
    noun, number = named
    name, now = name_shown_to(actor, actor), timezone.now()
    Notice.objects.bulk_create(
        Notice(user=person, kind=Kind.GIVEN, object_type=noun, object_id=number, actor_name=name, at=now)
        for person in people
        if person != actor
    )


def teams_with(noun: str, numbers: Collection[int]) -> Mapping[int, Team]:
    """The team of each of these rows that has one: one query."""
    given = Charge.objects.filter(object_type=noun, object_id__in=numbers).select_related("team")
    return {one.object_id: one.team for one in given}


def given_to(noun: str, teams: Any) -> QuerySet[Any]:
    """The numbers of the rows of a noun that were given to these teams, for a condition."""
    given = Charge.objects.filter(object_type=noun, team__in=teams)
    return given.order_by().values_list("object_id", flat=True)


def chosen(user: Reader, value: str) -> Any:
    """The teams that a filter asks for: one by its number, or all to which `user` belongs."""
    return teams_of(user).values("pk") if value == MINE else [int(value)]
