"""Whether the answer of the desk to a question is older than what stands on the question now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils import timezone

from claims.choices import ClaimStatus
from claims.models import Claim, Question, Verdict
from claims.rules.counting import withdrawn_until
from claims.rules.registry import Broken, Row

OLDER = " is older than a claim or a verdict that was published on it, or than the withdrawal of one."


def first_after(answered: datetime | None, moments: Iterable[datetime | None]) -> datetime | None:
    """The first of the moments that is after the answer; None where there is none, or no answer."""
    return min((at for at in moments if at is not None and answered is not None and at > answered), default=None)


def find_overtaken(questions: Iterable[Question]) -> dict[int, datetime]:
    """For each of these questions whose answer is older than a verdict on a claim of it, than the publication of a
    claim, or than the withdrawal of one: when the first of these was. At most three queries."""
    answered = {row.pk: row.answer_published_at for row in questions if row.answer}
    if not answered:
        return {}
    moments: dict[int, list[datetime | None]] = defaultdict(list)
    gone: dict[int, int] = {}
    entered = Claim._base_manager.filter(question__in=answered).exclude(first_published_at=None)
    for pk, question, status, at in entered.values_list("pk", "question", "status", "first_published_at"):
        if status == ClaimStatus.WITHDRAWN:
            gone[pk] = question
        else:
            moments[question].append(at)
    for pk, at in withdrawn_until(gone, timezone.now()).items() if gone else ():
        moments[gone[pk]].append(at)
    decided = Verdict._base_manager.filter(claim__question__in=answered, claim__status=ClaimStatus.PUBLISHED)
    for question, at in decided.values_list("claim__question", "published_at"):
        moments[question].append(at)
    found = {pk: first_after(at, moments[pk]) for pk, at in answered.items()}
    return {pk: at for pk, at in found.items() if at is not None}


def answers_overtaken(questions: Iterable[Question]) -> Iterator[Broken]:
    """The answers among these that are so."""
    for pk in find_overtaken(questions):
        row = Row("question", pk)
        yield Broken((row,), ("The answer to ", row, OLDER))
