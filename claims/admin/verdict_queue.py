"""The queue of verdicts that wait for one reviewer: which comes next, and how many there are."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from claims.models import Verdict
from factcheck.admin.lists import COUNTED
from factcheck.base.people import Reader


@dataclass(frozen=True)
class Waiting:
    """The verdicts that somebody may decide, but for one in hand: the next of them, and their number."""

    next: Verdict | None
    number: int

    @property
    def words(self) -> str:
        """`Nothing else waits for your review.`, `2 more wait for your review.`"""
        if not self.number:
            return "Nothing else waits for your review."
        if self.number > COUNTED:
            return f"More than {COUNTED:,} more wait for your review."
        return f"{self.number} more wait{'s' if self.number == 1 else ''} for your review."


def waiting_beside(verdict: Verdict, user: Reader) -> Waiting:
    """What waits for `user` beside `verdict`: the next is the one that was submitted after it, and at the end of the
    queue the first."""
    others = Verdict.objects.awaiting(user).exclude(pk=verdict.pk)
    later = Q(submitted_at__gt=verdict.submitted_at) | Q(submitted_at=verdict.submitted_at, pk__gt=verdict.pk)
    following = others.filter(later).first() if verdict.submitted_at is not None else None
    return Waiting(following or others.first(), others.order_by()[: COUNTED + 1].count())
