"""What the desk said and does about rows, as one person is shown it: the section of a row, and the talk at a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.urls import reverse

from factcheck.audit.access import name_shown_to
from factcheck.base.desk_address import url_of
from factcheck.models.recorded import RecordedModel
from factcheck.teamwork import talk, work
from factcheck.teamwork.forms import TEAM
from factcheck.teamwork.models import Comment, Team
from factcheck.teamwork.rows import Named, name_of
from factcheck.teamwork.teams import teams_of


@dataclass(frozen=True)
class Line:
    """What was said at one line of a page: about a row, or with `about` about one field of it."""

    noun: str
    number: int
    about: str = ""
    threads: Sequence[dict[str, Any]] = ()

    @property
    def id(self) -> str:
        return "-".join(filter(None, ("talk", self.noun, str(self.number), self.about)))

    @property
    def page(self) -> str:
        """Where it is said without scripts."""
        return reverse("together", args=[self.noun, self.number])

    @property
    def address(self) -> str:
        """Where scripts send what is said here, and what they show of the answer."""
        return f"{self.page}?{urlencode({'line': 1} | ({'about': self.about} if self.about else {}))}"

    @property
    def count(self) -> int:
        """The comments, without those that were taken back."""
        said = [one for thread in self.threads for one in (thread["comment"], *thread["answers"])]
        return sum(one["row"].removed_at is None for one in said)

    @property
    def open(self) -> int:
        """The threads that nobody has called resolved."""
        return sum(not thread["resolved"] for thread in self.threads)


def lines_on(user: User, named: Iterable[Named]) -> Mapping[Named, Line]:
    """What was said about each of these rows, all of which `user` may see: two queries."""
    named = list(named)
    found = talk.threads_on(named)
    return {name: Line(*name, threads=[shown_thread(user, one) for one in found.get(name, ())]) for name in named}


def at_fields(line: Line, fields: Iterable[str]) -> dict[str, Line]:
    """What was said about these fields of the row, each by itself."""
    return {
        name: Line(line.noun, line.number, name, [one for one in line.threads if one["comment"]["row"].about == name])
        for name in fields
    }


def line_of(user: User, row: RecordedModel, about: str = "") -> Line:
    """What was said about `row`, or about one field of it."""
    line = lines_on(user, [name_of(row)])[name_of(row)]
    return at_fields(line, [about])[about] if about else line


def section_of(user: User, row: RecordedModel, *, without: Sequence[str] = ()) -> dict[str, Any]:
    """What the section of `row` shows `user`; `without` are fields of which the page tells at their own lines."""
    said = talk.threads_of(row)
    threads = [one for one in said if not one.about or one.about not in without]
    people = [(person, name_shown_to(user, person)) for person in work.desk_people()]
    assignments = list(work.assignments_of(row))
    teams = list(Team.objects.all())
    own_teams = set(teams_of(user).values_list("pk", flat=True)) if teams else set()
    return {
        "row": row,
        "noun": row._meta.verbose_name,
        "page": url_of(type(row), row.pk),
        "threads": [shown_thread(user, thread) for thread in threads],
        "elsewhere": len(said) - len(threads),
        "open_threads": sum(thread.resolved_at is None for thread in threads),
        "assignments": [
            {
                "row": one,
                "who": name_shown_to(user, one.assignee) if one.assignee is not None else f"Team {one.team}",
                "by": name_shown_to(user, one.assigner) if one.assigner_id != one.assignee_id else "",
                "may_end": user.pk in {one.assignee_id, one.assigner_id} or one.team_id in own_teams,
            }
            for one in assignments
        ],
        "mine": any(one.assignee_id == user.pk for one in assignments),
        "follows": work.follows(user, row),
        "people": people,
        "teams": [(f"{TEAM}{team.pk}", f"Team {team}") for team in teams],
        "me": user,
    }


def shown_thread(user: User, thread: Comment) -> dict[str, Any]:
    """A comment with its answers."""
    return {
        "comment": _comment(user, thread),
        "answers": [_comment(user, answer) for answer in thread.answers],  # type: ignore[attr-defined]
        "resolved": thread.resolved_at,
        "resolved_by": name_shown_to(user, thread.resolved_by) if thread.resolved_by else "",
    }


def _comment(user: User, comment: Comment) -> dict[str, Any]:
    return {
        "row": comment,
        "who": name_shown_to(user, comment.author),
        "own": comment.author_id == user.pk and comment.removed_at is None,
        "may_erase": comment.author_id != user.pk and comment.removed_at is None and user.has_perm(talk.ERASE),
        "about": comment.about.replace("_", " "),
        "earlier": list(comment.earlier.all()),
    }
