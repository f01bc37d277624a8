"""What is said where nothing could be read of a dispute or claim at some moment: from when on there is something."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from claims.choices import ClaimStatus
from claims.logic import wording
from claims.models import Claim, Dispute
from claims.reports.load.as_of import Past
from claims.reports.load.fields import moment as in_words
from factcheck.audit.access import is_desk
from factcheck.base.errors import Absent
from factcheck.base.people import Reader

EVER = datetime(1, 1, 1, tzinfo=UTC)
TRIES = 8
"""So many moments are looked at; where none of them has anything, none is told."""


class NotYet(Absent):
    """There was nothing to read at that moment; from `later` on there is, None where no such moment was found."""

    def __init__(self, later: datetime | None, field: str) -> None:
        super().__init__(wording.nothing_then(in_words(later).words), field=field)
        self.later = later


def absent(model: type[Dispute | Claim], pk: int, user: Reader, moment: datetime, field: str = "as_of") -> NotYet:
    """The error of who asks for the row as it stood at a moment at which there was nothing of it that `user` could
    read, or may read now; `field` is the parameter that gave the moment."""
    return NotYet(readable_after(model, pk, user, moment), field)


def readable_after(model: type[Dispute | Claim], pk: int, user: Reader, moment: datetime = EVER) -> datetime | None:
    """The first moment after this one at which `user` could read the row, if it is among those that are looked at."""
    later = _when_it_may_have_come(model, pk, user, moment)[:TRIES]
    return next((at for at in later if _could_read(Past(at, user), model, pk)), None)


def _could_read(past: Past, model: type[Dispute | Claim], pk: int) -> bool:
    if model is Claim:
        return past.claim(pk) is not None
    dispute = past.dispute(pk)
    return dispute is not None and (past.desk or bool(past.readable(past.claims_of(dispute))))


def _when_it_may_have_come(model: type[Dispute | Claim], pk: int, user: Reader, moment: datetime) -> list[datetime]:
    """The moments after this one at which the dispute was changed, or a claim that others read: of a claim itself, of
    a dispute any of its own."""
    dispute = pk if model is Dispute else Claim._base_manager.filter(pk=pk).values_list("dispute", flat=True).first()
    claims = Claim.history.filter(**({"dispute": pk} if model is Dispute else {"id": pk}))
    if not is_desk(user):
        claims = claims.filter(status=ClaimStatus.PUBLISHED)
    found: set[Any] = set()
    for versions in (claims, Dispute.history.filter(id=dispute)):
        later = versions.filter(history_date__gt=moment).order_by("history_date", "history_id")
        found |= set(later.values_list("history_date", flat=True)[:TRIES])
    return sorted(found)
