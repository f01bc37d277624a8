"""What the desk's work together has to know of these nouns: whose verdicts, who speaks, what is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from claims.choices import Outcome
from claims.models import Attribution, Inquiry, Verdict
from factcheck.teamwork.calendar import Due, tell_due
from factcheck.teamwork.models import Kind
from factcheck.teamwork.news import belongs, tell_owner
from factcheck.teamwork.rows import Named, shown_on

DAYS = 366
"""How far a calendar looks ahead."""


def tell_teamwork() -> None:
    """Say so, once, when the app is loaded."""
    tell_owner("verdict.returned", Kind.RETURNED, _authors)
    tell_owner("verdict.published", Kind.PUBLISHED, _authors)
    tell_owner("verdict.corrected", Kind.PUBLISHED, _authors)
    belongs("attribution", _speakers)
    tell_due(_due)
    for noun in ("attribution", "evidencelink", "inquiry", "review"):
        shown_on(noun, "claim")


def _authors(numbers: Sequence[int]) -> dict[int, int]:
    return dict(Verdict.objects.filter(pk__in=numbers).values_list("pk", "author_id"))


def _speakers(numbers: Sequence[int]) -> dict[int, Iterable[Named]]:
    rows = Attribution.objects.filter(pk__in=numbers).values_list("pk", "source_id", "on_behalf_of_id")
    return {pk: [("source", one) for one in (speaker, body) if one is not None] for pk, speaker, body in rows}


def _due(user: User) -> Iterable[Due]:
    awaited = Inquiry.objects.visible_to(user).standing().filter(outcome=Outcome.AWAITING, due_on__isnull=False)
    for pk, on in awaited.order_by("due_on", "pk").values_list("pk", "due_on")[:DAYS]:
        yield Due("inquiry", pk, on, "an answer is awaited")
    again = (
        Verdict.objects.visible_to(user)
        .current()
        .filter(review_by__isnull=False, review_by__lte=timezone.localdate() + timedelta(days=DAYS))
    )
    for pk, on in again.order_by("review_by", "pk").values_list("pk", "review_by")[:DAYS]:
        yield Due("verdict", pk, on, "to be looked at again")
