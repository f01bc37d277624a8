"""The board of the desk: all disputes by their state, with who is on them and what is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Min, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.timesince import timesince
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims.admin.kept import KeptForPeople
from claims.admin.labels import TONES
from claims.choices import Outcome, QuestionState, Visibility
from claims.models import Claim, Dispute, Inquiry, Verdict
from claims.rules.question_state import disputes_in
from factcheck.admin.links import add_url, admin_url, list_url
from factcheck.audit.access import is_desk, name_shown_to
from factcheck.audit.models import AuditEntry
from factcheck.base.people import Reader
from factcheck.teamwork.models import Assignment, Team
from factcheck.teamwork.teams import MINE, chosen, given_to, teams_of, teams_with

COLUMNS = (QuestionState.CONTESTED, QuestionState.OPEN, QuestionState.UNDER_REVIEW, QuestionState.SETTLED)
"""From the left; the first two are what is not decided."""
SHOWN = 12
"""Disputes of a column."""
COUNTED = 200
"""So many of a column are counted."""
LATEST = 500
"""So many of the last acts in the register say which disputes come first."""
NAMED = 3
"""So many people are named on a card."""
TASKS = 500
"""So many open tasks are looked at."""


@dataclass(frozen=True)
class Due:
    """What is due of a dispute first."""

    on: date
    what: str

    @property
    def late(self) -> bool:
        return self.on < timezone.localdate()


@dataclass(frozen=True)
class Card:
    """One dispute on the board."""

    dispute: Dispute
    url: str
    team: str
    changed: datetime
    by: str
    people: Sequence[str]
    more_people: int
    due: Due | None
    restricted: bool

    @property
    def ago(self) -> str:
        """How long ago the last act was, in one word for the number and one for what is counted."""
        lately = timezone.now() - self.changed < timedelta(minutes=1)
        return "just now" if lately else f"{timesince(self.changed, depth=1)} ago"


@dataclass(frozen=True)
class Column:
    """The disputes of one state; `more` says how many there are beside those shown."""

    state: str
    label: str
    tone: str
    cards: Sequence[Card]
    count: str
    more: str
    list_url: str


@never_cache
@require_safe
def board_view(request: HttpRequest) -> HttpResponse:
    """All disputes that the user may read, or those of a team, by their state. Raises PermissionDenied outside the
    desk."""
    user = request.user
    if not (isinstance(user, User) and is_desk(user) and user.has_perm("claims.view_dispute")):
        raise PermissionDenied
    teams = [(str(pk), name) for pk, name in Team.objects.values_list("pk", "name")]
    if teams and teams_of(user).exists():
        teams.insert(0, (MINE, "My team's"))
    team = asked if (asked := request.GET.get("team", "")) in dict(teams) else ""
    context = {
        **admin.site.each_context(request),
        "title": "Board",
        "columns": load_board(user, team),
        "teams": teams,
        "team": team,
        "new": add_url(Dispute) if user.has_perm("claims.add_dispute") else "",
    }
    request.current_app = admin.site.name
    return TemplateResponse(request, "admin/claims/board.html", context)


def load_board(user: User, team: str = "") -> list[Column]:
    """The columns of the board; `team` is the number of one, `MINE`, or empty for all. For a number of queries that
    does not depend on how many disputes there are."""
    given = tuple(sorted(given_to("dispute", chosen(user, team)))) if team else None
    # Tasks are no change of the register: who is on a dispute is looked up each time.
    found = _KEPT.answer(user, lambda: _found(user, given), hash(given))
    facts = _Facts(user, [dispute.pk for disputes, _count in found.values() for dispute in disputes])
    filters = {"team": team} if team else {}
    return [
        Column(
            state=state.value,
            label=str(state.label),
            tone=TONES[state],
            cards=[facts.card(dispute) for dispute in disputes],
            count=f"more than {COUNTED}" if count > COUNTED else str(count),
            more=_more(count, len(disputes)),
            list_url=list_url(Dispute, state=state.value, **filters),
        )
        for state, (disputes, count) in found.items()
    ]


Found = Mapping[QuestionState, tuple[list[Dispute], int]]
"""Of each state the disputes that are shown, and how many there are."""
_KEPT: KeptForPeople[Found] = KeptForPeople(100)


def _found(user: User, given: Collection[int] | None) -> Found:
    """What stands in the columns: of all disputes that `user` may read, or of those `given` to a team."""
    rows = Dispute.objects.visible_to(user)
    if given is not None:
        rows = rows.filter(pk__in=given)
    latest = _latest()
    return {state: _of_state(rows, state, latest) for state in COLUMNS}


def _more(count: int, shown: int) -> str:
    if count <= shown:
        return ""
    if count <= COUNTED:
        return f"and {count - shown} more"
    return f"and more than {COUNTED - shown} more" if shown < COUNTED else "and more"


def _latest() -> dict[int, int]:
    """The disputes of the last acts in the register, each with its place, the last one first."""
    acts = AuditEntry.objects.order_by("-id").values_list("dispute_id", flat=True)[:LATEST]
    return {pk: place for place, pk in enumerate(dict.fromkeys(pk for pk in acts if pk is not None))}


def _of_state(rows: QuerySet[Dispute], state: str, latest: Mapping[int, int]) -> tuple[list[Dispute], int]:
    """The first disputes in this state: those of the last acts, the others by their own last change. And how many there
    are, as far as they are counted."""
    there: Any = disputes_in(rows, state)
    acting = there.filter(pk__in=latest).order_by().values_list("pk", flat=True)
    first = sorted(acting, key=lambda pk: latest[pk])[:SHOWN]
    found = Dispute.objects.in_bulk(first)
    acted = [found[pk] for pk in first]
    others: list[Dispute] = []
    if len(acted) < SHOWN:
        others = list(there.exclude(pk__in=latest).order_by("-updated_at", "-pk")[: SHOWN - len(acted)])
    shown = [*acted, *others]
    return shown, len(shown) if len(shown) < SHOWN else there.order_by()[: COUNTED + 1].count()


class _Facts:
    """What the cards of some disputes tell beside their titles, each kind of it by one query or two."""

    def __init__(self, user: User, disputes: Collection[int]) -> None:
        self.user = user
        self.teams = teams_with("dispute", disputes)
        self.last = _last_acts(disputes)
        self.people: dict[int, list[str]] = defaultdict(list)
        self.due: dict[int, list[Due]] = defaultdict(list)
        for dispute, task in self._tasks(disputes):
            name = f"team {task.team}" if task.assignee is None else name_shown_to(user, task.assignee)
            if name not in self.people[dispute]:
                self.people[dispute].append(name)
            if task.due_on is not None:
                self.due[dispute].append(Due(task.due_on, task.task or "a task"))
        for dispute, due in _awaited(user, disputes):
            self.due[dispute].append(due)

    def _tasks(self, disputes: Collection[int]) -> Iterable[tuple[int, Assignment]]:
        """The open tasks on these disputes and on those of their claims that the user may read."""
        tasks = Assignment.objects.filter(ended_at=None).select_related("assignee", "team").order_by("pk")
        for task in tasks.filter(object_type="dispute", object_id__in=disputes)[:TASKS]:
            yield task.object_id, task
        claims = Claim.objects.visible_to(self.user).filter(dispute__in=disputes)
        on_claims = list(tasks.filter(object_type="claim", object_id__in=claims.order_by().values("pk"))[:TASKS])
        of = dict(Claim.objects.filter(pk__in=[one.object_id for one in on_claims]).values_list("pk", "dispute_id"))
        for task in on_claims:
            yield of[task.object_id], task

    def card(self, dispute: Dispute) -> Card:
        changed, by = self.last.get(dispute.pk, (dispute.updated_at, ""))
        people, team = self.people[dispute.pk], self.teams.get(dispute.pk)
        return Card(
            dispute=dispute,
            url=admin_url(dispute),
            team=str(team or ""),
            changed=changed,
            by=by,
            people=people[:NAMED],
            more_people=max(len(people) - NAMED, 0),
            due=min(self.due[dispute.pk], key=lambda one: one.on, default=None),
            restricted=dispute.visibility == Visibility.RESTRICTED,
        )


def _last_acts(disputes: Collection[int]) -> dict[int, tuple[datetime, str]]:
    """Of each dispute when the last act that the trail files under it was, and whose."""
    filed = AuditEntry.objects.filter(dispute_id__in=disputes).order_by().values("dispute_id")
    last = [one["last"] for one in filed.annotate(last=Max("id"))]
    entries = AuditEntry.objects.filter(id__in=last).values_list("dispute_id", "at", "actor_name")
    return {dispute: (at, name) for dispute, at, name in entries if dispute is not None}


def _awaited(user: Reader, disputes: Collection[int]) -> Iterable[tuple[int, Due]]:
    """The first answer that is awaited, and the first verdict that is to be looked at again, on claims of each."""
    asked = Inquiry.objects.visible_to(user).standing().filter(outcome=Outcome.AWAITING, due_on__isnull=False)
    again = Verdict.objects.visible_to(user).current().filter(review_by__isnull=False)
    for rows, column, what in (
        (asked, "due_on", "an answer is awaited"),
        (again, "review_by", "a verdict is to be looked at again"),
    ):
        of = rows.filter(claim__dispute__in=disputes).order_by().values("claim__dispute").annotate(first=Min(column))
        for one in of:
            yield one["claim__dispute"], Due(one["first"], what)
