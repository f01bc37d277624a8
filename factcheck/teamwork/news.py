"""News from the audit trail: who follows a row, or whose work it is, is told what was done.

Writers do not wait for it: `tell_news` reads on from where it stopped, which a worker does every few seconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F, Q

from factcheck.audit.context import take_writer_lock
from factcheck.audit.models import AuditEntry
from factcheck.teamwork.models import Follow, Kind, Notice, ReadUpTo
from factcheck.teamwork.rows import Named, find_rows

BATCH = 500

Concerned = Callable[[Sequence[int]], dict[int, int]]
"""For rows of a noun by their ids: whose work each is, by the id of the person."""

_owners: dict[str, tuple[Kind, Concerned]] = {}
_belonging: dict[str, Callable[[Sequence[int]], dict[int, Iterable[Named]]]] = {}


def tell_owner(action: str, kind: Kind, owners: Concerned) -> None:
    """Of each act with this name, as `verdict.returned`, whose work the row is shall be told. Said once by the app that
    knows the noun, when it is loaded."""
    _owners[action] = kind, owners


def belongs(noun: str, to: Callable[[Sequence[int]], dict[int, Iterable[Named]]]) -> None:
    """Who follows what rows of `noun` belong to, beside their claim and dispute, is told of them, too."""
    _belonging[noun] = to


def tell_news() -> int:
    """Tell what the trail holds beyond what was read before; how many entries that were. The first time nothing is
    told: what is past is past."""
    last = AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0
    read = ReadUpTo.objects.values_list("entry_id", flat=True).first()
    if read is not None and read >= last:
        return 0
    with transaction.atomic():
        take_writer_lock()
        mark = ReadUpTo.objects.select_for_update().first()
        if mark is None:
            ReadUpTo.objects.create(entry_id=last)
            return 0
        entries = list(AuditEntry.objects.filter(id__gt=mark.entry_id).order_by("id")[:BATCH])
        if entries:
            mark.entry_id = entries[-1].id
            mark.save()
            _tell_owners(entries)
            _tell_followers(entries)
    return len(entries)


def _tell_owners(entries: Sequence[AuditEntry]) -> None:
    acts: dict[str, list[AuditEntry]] = defaultdict(list)
    for entry in entries:
        if entry.action in _owners:
            acts[entry.action].append(entry)
    for action, told in acts.items():
        kind, owners = _owners[action]
        people = owners([int(entry.object_id) for entry in told])
        for entry in told:
            owner = people.get(int(entry.object_id))
            if owner is not None and owner != entry.actor_id:
                Notice.objects.create(
                    user_id=owner,
                    kind=kind,
                    object_type=entry.object_type,
                    object_id=int(entry.object_id),
                    actor_name=entry.actor_name,
                    action=entry.action,
                    at=entry.at,
                )


def _tell_followers(entries: Sequence[AuditEntry]) -> None:
    """One notice for each followed row and person, until it is read."""
    about = {entry.id: _about(entry) for entry in entries}
    for noun, to in _belonging.items():
        numbers = [int(entry.object_id) for entry in entries if entry.object_type == noun]
        found = to(numbers) if numbers else {}
        for entry in entries:
            if entry.object_type == noun:
                about[entry.id] |= {*found.get(int(entry.object_id), ())}
    named = {one for each in about.values() for one in each}
    conditions = [
        Q(object_type=noun, object_id__in=[number for kind, number in named if kind == noun])
        for noun in sorted({noun for noun, _number in named})
    ]
    if not conditions:
        return
    following: dict[Named, list[int]] = defaultdict(list)
    for noun, number, user in Follow.objects.filter(Q(*conditions, _connector=Q.OR)).values_list(
        "object_type", "object_id", "user_id"
    ):
        following[noun, number].append(user)
    wanted: dict[tuple[int, Named], list[AuditEntry]] = defaultdict(list)
    for entry in entries:
        for one in about[entry.id]:
            for user in following.get(one, ()):
                if user != entry.actor_id:
                    wanted[user, one].append(entry)
    _store(wanted)


def _store(wanted: dict[tuple[int, Named], list[AuditEntry]]) -> None:
    people = get_user_model().objects.in_bulk({user for user, _named in wanted})
    able: dict[int, Any] = {
        user: find_rows(person, [named for one, named in wanted if one == user]) for user, person in people.items()
    }
    for (user, (noun, number)), entries in wanted.items():
        if (noun, number) not in able.get(user, {}):
            continue
        last = entries[-1]
        said = {"actor_name": last.actor_name, "action": last.action, "at": last.at}
        unread = Notice.objects.filter(
            user_id=user, kind=Kind.CHANGED, object_type=noun, object_id=number, read_at=None
        )
        if not unread.update(times=F("times") + len(entries), **said):
            Notice.objects.create(
                user_id=user, kind=Kind.CHANGED, object_type=noun, object_id=number, times=len(entries), **said
            )


def _about(entry: AuditEntry) -> set[Named]:
    found = {(entry.object_type, int(entry.object_id))} if entry.object_id.isdecimal() else set()
    found |= {("claim", entry.claim_id)} if entry.claim_id is not None else set()
    return found | ({("dispute", entry.dispute_id)} if entry.dispute_id is not None else set())
