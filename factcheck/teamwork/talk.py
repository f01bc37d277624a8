"""Comments: who says what about a row, to whom, and whether that is settled."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from factcheck.audit.access import is_desk, name_shown_to
from factcheck.base.errors import Conflict, Forbidden, RuleViolation
from factcheck.models.recorded import RecordedModel
from factcheck.teamwork.models import Comment, EarlierText, Kind, Notice
from factcheck.teamwork.rows import Named, name_of, who_may_see
from factcheck.teamwork.work import follow, followers

ERASE = "audit.erase_history"
MENTION = re.compile(r"(?<![\w.@/-])@([\w.+-]{1,150})")
"""A name to log in with, after @ and not inside an address."""


@dataclass(frozen=True)
class Told:
    """Who was told by a mention, and who was not: `unknown` is nobody's name, the others may not see the row."""

    people: tuple[User, ...] = ()
    may_not_see: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def names_in(text: str) -> list[str]:
    """What is mentioned in `text`, in small letters, each once, without the full stop of a sentence."""
    return list(dict.fromkeys(name.rstrip(".+-").lower() for name in MENTION.findall(text)))


def mentioned(text: str, row: RecordedModel, *, author: User, before: str = "") -> Told:
    """Whom `text`, said about `row` by `author`, mentions: neither themselves nor whom the text mentioned `before`."""
    known = {author.get_username().lower(), *names_in(before)}
    names = [name for name in names_in(text) if name not in known]
    if not names:
        return Told()
    found = get_user_model().objects.annotate(small=Lower("username")).filter(small__in=names, is_active=True)
    people = {person.get_username().lower(): person for person in found if is_desk(person)}
    able = who_may_see(list(people.values()), *name_of(row))
    return Told(
        tuple(able),
        tuple(name for name, person in people.items() if person not in able),
        tuple(name for name in names if name not in people),
    )


@transaction.atomic
def say(
    *, actor: User, row: RecordedModel, text: str, parent: Comment | None = None, about: str = ""
) -> tuple[Comment, Told]:
    """A comment on `row`, which `actor` may see. Whom it mentions, whom it answers and who follows the row is told;
    the author follows it from now on. Raises RuleViolation for an empty or longer text."""
    if parent is not None and (parent.object_type, parent.object_id) != name_of(row):
        raise RuleViolation("The comment that you answer is about another row. Load the page again.", field="parent")
    # An answer to an answer stands below the same comment.
    parent = parent.parent or parent if parent is not None else None
    comment = Comment(
        parent=parent, about="" if parent else about, author=actor, said_at=timezone.now(), text=text.strip()
    )
    comment.object_type, comment.object_id = name_of(row)
    _check(comment)
    comment.save()
    told = mentioned(comment.text, row, author=actor)
    _tell(comment, row, told.people)
    follow(user=actor, row=row)
    return comment, told


@transaction.atomic
def edit(*, actor: User, comment: Comment, row: RecordedModel, text: str) -> Told:
    """The author changes what the comment says; what it said is kept beside it. Who is newly mentioned is told."""
    _require_author(actor, comment)
    if comment.removed_at is not None:
        raise Conflict("This comment was taken back. Write a new one.", code="comment_removed")
    before = comment.text
    comment.text = text.strip()
    _check(comment)
    if comment.text == before:
        return Told()
    now = timezone.now()
    EarlierText.objects.create(comment=comment, text=before, until=now)
    comment.edited_at = now
    comment.save()
    told = mentioned(comment.text, row, author=actor, before=before)
    _notify(comment, Kind.MENTIONED, told.people, set())
    return told


@transaction.atomic
def take_back(*, actor: User, comment: Comment) -> None:
    """The author takes the comment back, or who may erase history does: its words are gone for good, that there was
    one stays."""
    if not actor.has_perm(ERASE):
        _require_author(actor, comment)
    comment.earlier.all().delete()
    comment.text, comment.removed_at = "", comment.removed_at or timezone.now()
    comment.save()


def settle_thread(*, actor: User, comment: Comment, resolved: bool) -> None:
    """The thread is called resolved, or open again."""
    if comment.parent_id is not None:
        raise RuleViolation("Only a whole thread is resolved.", field="comment")
    comment.resolved_at, comment.resolved_by = (timezone.now(), actor) if resolved else (None, None)
    comment.save(update_fields=["resolved_at", "resolved_by"])


def threads_of(row: RecordedModel) -> list[Comment]:
    """The comments on `row`, each with its `answers`, oldest first: open threads, then resolved ones."""
    return threads_on([name_of(row)]).get(name_of(row), [])


def threads_on(named: Iterable[Named]) -> dict[Named, list[Comment]]:
    """The same of each of these rows of which something was said: two queries for any number of them."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for noun, number in named:
        numbers[noun].append(number)
    if not numbers:
        return {}
    wanted = Q()
    for noun, those in numbers.items():
        wanted |= Q(object_type=noun, object_id__in=those)
    comments = Comment.objects.filter(wanted).select_related("author", "resolved_by").prefetch_related("earlier")
    answers: dict[int, list[Comment]] = defaultdict(list)
    threads: dict[Named, list[Comment]] = defaultdict(list)
    for comment in comments:
        if comment.parent_id is None:
            threads[comment.object_type, comment.object_id].append(comment)
        else:
            answers[comment.parent_id].append(comment)
    for found in threads.values():
        for thread in found:
            thread.answers = answers.get(thread.pk, [])  # type: ignore[attr-defined]
        found.sort(key=lambda thread: thread.resolved_at is not None)
    return dict(threads)


def _check(comment: Comment) -> None:
    if not comment.text:
        raise RuleViolation("Write what you want to say.", field="text")
    comment.full_clean(exclude=("author", "parent", "resolved_by"), validate_unique=False, validate_constraints=False)


def _require_author(actor: User, comment: Comment) -> None:
    if comment.author_id != actor.pk:
        raise Forbidden("Only who wrote a comment changes it or takes it back.", code="permission_denied")


def _tell(comment: Comment, row: RecordedModel, mentions: Sequence[User]) -> None:
    """Tell each person once: of a mention, else of an answer, else of a comment on what they follow."""
    told = {comment.author_id}
    _notify(comment, Kind.MENTIONED, mentions, told)
    if comment.parent is not None:
        thread = [comment.parent.author, *(answer.author for answer in comment.parent.replies.select_related("author"))]
        _notify(comment, Kind.ANSWERED, who_may_see({*thread}, *name_of(row)), told)
    _notify(comment, Kind.COMMENTED, followers(row), told)


def _notify(comment: Comment, kind: Kind, people: Iterable[Any], told: set[int]) -> None:
    author = name_shown_to(comment.author, comment.author)
    for person in people:
        if person.pk in told or person.pk == comment.author_id:
            continue
        told.add(person.pk)
        Notice.objects.create(
            user=person,
            kind=kind,
            object_type=comment.object_type,
            object_id=comment.object_id,
            comment=comment,
            actor_name=author,
            at=comment.edited_at or comment.said_at,
        )
