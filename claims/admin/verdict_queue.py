"""The queue of verdicts that wait for one reviewer: which comes next, and how many there are."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest

from claims.models import Verdict
from factcheck.admin.links import admin_url, with_query
from factcheck.admin.lists import COUNTED, MOST_AT_ONCE
from factcheck.base.people import Reader

CHOSEN = "of"
"""The parameter of a review page that has the numbers of the verdicts that were chosen in the list."""


@dataclass(frozen=True)
class Waiting:
    """The verdicts that somebody may decide, but for one in hand: the next of them, and their number. Where some were
    chosen in the list, these alone."""

    next: Verdict | None
    number: int
    chosen: tuple[int, ...] = ()

    @property
    def words(self) -> str:
        """`Nothing else waits for your review.`, `2 more wait for your review.`"""
        what = " of those that you chose" if self.chosen else ""
        if not self.number:
            return f"Nothing else{what} waits for your review."
        if self.number > COUNTED:
            return f"More than {COUNTED:,} more wait for your review."
        return f"{self.number} more{what} wait{'s' if self.number == 1 else ''} for your review."

    @property
    def url(self) -> str:
        """The review page of the next; empty where there is none."""
        return review_url(self.next, self.chosen) if self.next is not None else ""


def review_url(verdict: Verdict, chosen: tuple[int, ...] = ()) -> str:
    """The review page of `verdict`, as one of those that were chosen in the list."""
    query = {CHOSEN: ",".join(map(str, chosen))} if chosen else {}
    return with_query(admin_url(verdict, "review"), query)


def chosen_in(request: HttpRequest) -> tuple[int, ...]:
    """The verdicts that were chosen in the list, by the address of the page; none where it names none."""
    given = request.GET.get(CHOSEN, "").split(",")[:MOST_AT_ONCE]
    return tuple(int(one) for one in given if one.isascii() and one.isdecimal() and len(one) <= 18)


def waiting_beside(verdict: Verdict, user: Reader, chosen: tuple[int, ...] = ()) -> Waiting:
    """What waits for `user` beside `verdict`: the next is the one that was submitted after it, and at the end of the
    queue the first."""
    others = Verdict.objects.awaiting(user).exclude(pk=verdict.pk)
    if chosen:
        others = others.filter(pk__in=chosen)
    later = Q(submitted_at__gt=verdict.submitted_at) | Q(submitted_at=verdict.submitted_at, pk__gt=verdict.pk)
    following = others.filter(later).first() if verdict.submitted_at is not None else None
    return Waiting(following or others.first(), others.order_by()[: COUNTED + 1].count(), chosen)
