"""How two administrators open a restricted dispute whose members are gone: one asks, another one opens.

What was asked stands in the trail and nowhere else. Every step names the dispute by its number: what it is about, only
its members read, and the two become members.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from claims.models import Dispute, DisputeMember
from factcheck.audit.access import people_who_may, require
from factcheck.audit.chain import Act, write_entries
from factcheck.audit.context import recording
from factcheck.audit.models import AuditEntry
from factcheck.base.errors import Conflict, Forbidden, RuleViolation
from factcheck.base.people import Reader
from factcheck.base.text import is_blank
from factcheck.mail import send_to

ADMINISTER = "auth.change_user"
"""The right of those who manage accounts."""
ASKED, OPENED = "dispute.opening_asked", "dispute.opened"
VALID = timedelta(days=14)
"""For how long what was asked waits for another administrator."""
NOT_ABANDONED = "There is no restricted dispute with this number whose members are all gone."


@dataclass(frozen=True, slots=True)
class Opening:
    """One step on the way to open a dispute, as the trail has it."""

    dispute: int
    at: datetime
    by: int | None
    name: str
    reason: str
    opened: bool

    @property
    def words(self) -> str:
        """`Ada Adler opened restricted dispute 7, 01 June 2031: Nobody is left.`"""
        act, day = "opened" if self.opened else "asks to open", timezone.localtime(self.at)
        return f"{self.name} {act} restricted dispute {self.dispute}, {day:%d %B %Y}: {self.reason}"


def openings_since(moment: datetime, disputes: Iterable[int] | None = None) -> list[Opening]:
    """What was asked and opened since, of these disputes or of all, the oldest first; for administrators."""
    entries = AuditEntry.objects.filter(object_type="dispute", action__in=(ASKED, OPENED), at__gt=moment)
    if disputes is not None:
        entries = entries.filter(object_id__in=[str(pk) for pk in disputes])
    return [
        Opening(int(row.object_id), row.at, row.actor_id, row.actor_name, row.reason, row.action == OPENED)
        for row in entries.order_by("id")
    ]


def asked_for(disputes: Iterable[int]) -> dict[int, Opening]:
    """Of each of these disputes that somebody asks to open what was asked last, and waits."""
    found: dict[int, Opening] = {}
    for row in openings_since(timezone.now() - VALID, disputes):
        if row.opened:
            found.pop(row.dispute, None)
        else:
            found[row.dispute] = row
    return found


def ask_to_open(*, actor: Reader | None, dispute: int, reason: str) -> None:
    """It is asked, in the trail, that the dispute with this number be opened; another administrator may do it now.

    Raises Forbidden for who does not manage accounts, RuleViolation without a reason, Conflict unless all members of
    the restricted dispute are gone, and when it was asked already.
    """
    require(actor, ADMINISTER, "ask to open a restricted dispute")
    if is_blank(reason):
        raise RuleViolation("Say why the dispute has to be opened.", code="reason_required", field="reason")
    with recording(actor=actor, reason=reason):
        row = _abandoned(dispute)
        if (waiting := asked_for([dispute]).get(dispute)) is not None:
            raise Conflict(
                f"{waiting.name} has asked for this already. Another administrator opens it.", code="asked_already"
            )
        _enter(ASKED, row)


def open_abandoned(*, actor: Reader | None, dispute: int) -> Dispute:
    """The dispute with this number has two members: who asked, and `actor`. Both steps are in the trail, and former
    members and all administrators are told.

    Raises Forbidden for who does not manage accounts, for who asked, and for an account that is younger than what was
    asked; Conflict unless all members are gone and somebody who still manages accounts has asked.
    """
    second = require(actor, ADMINISTER, "open a restricted dispute")
    waiting = asked_for([dispute]).get(dispute)
    with recording(actor=actor, reason=waiting.reason if waiting is not None else ""):
        row = _abandoned(dispute)
        asker = waiting.by if waiting is not None else None
        first = get_user_model().objects.filter(pk=asker).first() if asker is not None else None
        if waiting is None or first is None or not (first.is_active and first.has_perm(ADMINISTER)):
            raise Conflict("No administrator asks to open this dispute: ask for it first.", code="not_asked")
        if first.pk == second.pk:
            raise Forbidden("This takes two people: you asked for it, so another one opens it.", code="two_people")
        if second.date_joined > waiting.at:
            raise Forbidden(
                "Your account is younger than what was asked: whoever asks could have made it.", code="younger_account"
            )
        told = _to_be_told(dispute)
        for user in (first, second):
            if not DisputeMember.objects.filter(dispute=row, user=user).exists():
                DisputeMember(dispute=row, user=user).save()
        _enter(OPENED, row)
        subject = f"Restricted dispute {row.pk} was opened"
        text = (
            f"None of the members of restricted dispute {row.pk} had an active account any more. "
            f"{_name(first)} asked to open it, and {_name(second)} did; the two are its members now. "
            "The reason stands in the audit trail."
        )
        transaction.on_commit(partial(send_to, told, subject, text))
        return row


def _abandoned(dispute: int) -> Dispute:
    row = Dispute.objects.abandoned().filter(pk=dispute).first()
    if row is None:
        raise Conflict(NOT_ABANDONED, code="not_abandoned")
    return row


def _enter(action: str, row: Dispute) -> None:
    write_entries([Act(action, "dispute", str(row.pk), row.audit_label(), dispute_id=row.pk)])


def _to_be_told(dispute: int) -> list[str]:
    """The addresses of whoever was a member, and of all administrators."""
    users: Any = get_user_model().objects
    members = DisputeMember.history.filter(dispute=dispute).values("user")
    found = users.filter(Q(pk__in=members) | Q(pk__in=people_who_may(ADMINISTER).values("pk"))).exclude(email="")
    return sorted(set(found.values_list("email", flat=True)))


def _name(user: User) -> str:
    return user.get_full_name() or user.get_username()
