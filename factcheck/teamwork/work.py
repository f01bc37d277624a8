"""Who does what until when, who follows what, and who is here."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from factcheck.audit.access import DESK, name_shown_to, people_who_may
from factcheck.base.errors import Conflict, Forbidden, RuleViolation
from factcheck.models.recorded import RecordedModel
from factcheck.teamwork.models import Assignment, Comment, Follow, Kind, Notice, Presence, Team
from factcheck.teamwork.rows import Named, find_rows, name_of, who_may_see
from factcheck.teamwork.teams import people_of, tell_team

HERE = timedelta(seconds=75)
"""Whose browser was silent for longer has left."""


def desk_people() -> list[User]:
    """All who work on the desk, by their names."""
    return list(people_who_may(DESK).order_by("first_name", "last_name", "username"))


def _of(model: Any, row: RecordedModel) -> QuerySet[Any]:
    noun, number = name_of(row)
    return model.objects.filter(object_type=noun, object_id=number)


@transaction.atomic
def assign(
    *, actor: User, row: RecordedModel, assignee: User | Team, task: str = "", due_on: date | None = None
) -> Assignment:
    """`assignee`, who may see `row`, has something to do about it, follows it, and is told unless they said it
    themselves; of a team those who may see it are told, and nobody follows. Raises RuleViolation for who may not see
    it, or a team of which nobody may, Conflict where they have it already."""
    if isinstance(assignee, Team):
        return _assign_to_team(actor, row, assignee, task, due_on)
    if not who_may_see([assignee], *name_of(row)):
        raise RuleViolation(
            f"{name_shown_to(actor, assignee)} may not see this. Choose somebody else.", field="assignee"
        )
    if _of(Assignment, row).filter(assignee=assignee, ended_at=None).exists():
        raise Conflict(f"{name_shown_to(actor, assignee)} has this already.", code="assigned_already")
    noun, number = name_of(row)
    now = timezone.now()
    given = Assignment(
        object_type=noun,
        object_id=number,
        assignee=assignee,
        assigner=actor,
        task=task,
        due_on=due_on,
        assigned_at=now,
    )
    given.full_clean(exclude=("assignee", "assigner"), validate_constraints=False)
    given.save()
    follow(user=assignee, row=row)
    if assignee != actor:
        Notice.objects.create(
            user=assignee,
            kind=Kind.ASSIGNED,
            object_type=noun,
            object_id=number,
            actor_name=name_shown_to(actor, actor),
            at=now,
        )
    return given


def _assign_to_team(actor: User, row: RecordedModel, team: Team, task: str, due_on: date | None) -> Assignment:
    told = who_may_see(people_of(team), *name_of(row))
    if not told:
        raise RuleViolation(f"Nobody of {team} may see this. Choose somebody else.", field="assignee")
    if _of(Assignment, row).filter(team=team, ended_at=None).exists():
        raise Conflict(f"{team} has this already.", code="assigned_already")
    noun, number = name_of(row)
    given = Assignment(
        object_type=noun,
        object_id=number,
        team=team,
        assigner=actor,
        task=task,
        due_on=due_on,
        assigned_at=timezone.now(),
    )
    given.full_clean(exclude=("assigner", "team"), validate_constraints=False)
    given.save()
    tell_team(actor, told, (noun, number))
    return given


def of_person(user: User) -> Q:
    """The condition that a task is this person's, or one of a team to which they belong."""
    return Q(assignee=user) | Q(team__in=Team.objects.filter(members=user))


def end_assignment(*, actor: User, assignment: Assignment) -> None:
    """It is done, or given up, says who has it, alone or in a team, or who gave it. Raises Forbidden for anybody
    else."""
    team = assignment.team
    theirs = team is not None and team.members.filter(pk=actor.pk).exists()
    if not theirs and actor.pk not in {assignment.assignee_id, assignment.assigner_id}:
        raise Forbidden("Only who does it, or who assigned it, ends it.", code="permission_denied")
    Assignment.objects.filter(pk=assignment.pk, ended_at=None).update(ended_at=timezone.now())


def assignments_of(row: RecordedModel) -> QuerySet[Assignment]:
    """What is to be done about `row`, what is due first before the rest."""
    tasks = _of(Assignment, row).filter(ended_at=None).select_related("assignee", "assigner", "team")
    return tasks.order_by(F("due_on").asc(nulls_last=True), "pk")


def tasks_of(user: User, most: int = 100) -> list[tuple[Assignment, RecordedModel]]:
    """What `user` has to do, what is due first before the rest, each with its row, which they may see."""
    tasks = Assignment.objects.filter(of_person(user), ended_at=None).select_related("assigner", "team")
    found = list(tasks.order_by(F("due_on").asc(nulls_last=True), "pk")[:most])
    rows = find_rows(user, {(one.object_type, one.object_id) for one in found})
    return [(one, rows[key]) for one in found if (key := (one.object_type, one.object_id)) in rows]


def follow(*, user: User, row: RecordedModel) -> None:
    """`user` is told what happens to `row`."""
    noun, number = name_of(row)
    Follow.objects.get_or_create(user=user, object_type=noun, object_id=number)


def unfollow(*, user: User, row: RecordedModel) -> None:
    _of(Follow, row).filter(user=user).delete()


def follows(user: User, row: RecordedModel) -> bool:
    return _of(Follow, row).filter(user=user).exists()


def carry_over(old: Named, new: Named) -> None:
    """What was said, is to be done and is followed of one row is of another one from now on; who had both has one."""
    own, noun = {"object_type": old[0], "object_id": old[1]}, {"object_type": new[0], "object_id": new[1]}
    Comment.objects.filter(**own).update(**noun)
    open_there = Assignment.objects.filter(**noun, ended_at=None, assignee__isnull=False).values("assignee")
    tasks = Assignment.objects.filter(**own, ended_at=None)
    teams_there = Assignment.objects.filter(**noun, ended_at=None, team__isnull=False).values("team")
    tasks.filter(Q(assignee__in=open_there) | Q(team__in=teams_there)).update(ended_at=timezone.now())
    tasks.update(**noun)
    following = Follow.objects.filter(**own)
    following.filter(user__in=Follow.objects.filter(**noun).values("user")).delete()
    following.update(**noun)


def followers(row: RecordedModel) -> list[User]:
    """Who follows `row` and may see it."""
    return who_may_see([one.user for one in _of(Follow, row).select_related("user")], *name_of(row))


def note_presence(user: User, row: RecordedModel) -> list[User]:
    """`user` has the page of `row` open; who else has. Whoever tells it waits for nobody: where somebody writes just
    then, it is noted next time."""
    noun, number = name_of(row)
    engine: Any = connection
    now = timezone.now()
    try:
        with engine.without_waiting() if engine.vendor == "sqlite" else nullcontext():
            Presence.objects.update_or_create(user=user, object_type=noun, object_id=number, defaults={"seen_at": now})
    except DatabaseError:
        pass
    others = _of(Presence, row).filter(seen_at__gt=now - HERE).exclude(user=user).select_related("user")
    return [one.user for one in others.order_by("user__first_name", "user__username")]


def forget_presence() -> None:
    """Nothing stays of who looked at what."""
    Presence.objects.filter(seen_at__lt=timezone.now() - HERE).delete()
