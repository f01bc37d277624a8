"""Keeps ready what readers are answered, and drops it in the transaction of any change that shows in it.

A reader who finds nothing builds the answer and keeps it for the next one, unless somebody writes at that moment, or
has written since the building began: what is kept is never older than the last change. No reader waits for a writer.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest
from django.utils import timezone

from claims.choices import Audience
from claims.models import Claim, DisputeMember, Prepared
from claims.services.edition import edition
from claims.services.shown_in import PEOPLE, RULES, TOUCHED_BY_NEW, TOUCHES, claims_showing
from factcheck.audit.access import is_desk
from factcheck.audit.context import WRITER_LOCK, recording
from factcheck.audit.followers import ERASURE, Touched, is_settling, note_touched, settle, touch
from factcheck.base import shared_cache
from factcheck.base.people import Reader
from factcheck.base.replicas import on_primary

MANY = 2_000
"""From so many claims on all that is prepared is dropped, which costs less than to look for theirs."""

BATCH = 500
"""So many rows are removed at a time."""

CLAIM, DISPUTE, SOURCE, REGISTER = "claim", "dispute", "source", "register"
OF_ALL = (SOURCE, REGISTER)
"""What tells of many claims at once: it is dropped with every change of anything."""
LIGHT, PARTS = "light", "parts"
PIECES = (LIGHT, PARTS)
"""The forms of which answers of the API are joined: a row without what hangs on it, cut where that belongs; and that,
cut where each part ends."""
LINE = "line"
"""The line of an export, with addresses in it, cut where its parts begin and where each ends."""
ROWS = (*PIECES, LINE)
"""What tells of one row alone. Others are whole answers."""
WHOLE = f"form NOT IN ({', '.join(repr(form) for form in ROWS)})"
"""The condition that it is a whole answer, in SQL."""
_ROW = '"row"'
"""The column, whose name is a word of SQL."""
_GENERATION: dict[str, Any] = {"noun": "", "row": 0, "audience": Audience.PUBLIC, "form": "generation"}
"""Where the generation is kept: in a row of its own, which is read and written with the others."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form of one row, ready to be kept: its bytes, where its pieces end, what names it, and the day from which it
    says something else, if one does so by itself."""

    row: int
    form: str
    body: bytes
    etag: str
    cuts: tuple[int, ...] = ()
    until: date | None = None


def audience_of(user: Reader) -> Audience | None:
    """With whom `user` reads the same; None where what they may read is their own.

    Who is a member of a restricted dispute reads of it in other disputes too.
    """
    if not user.is_authenticated:
        return Audience.PUBLIC
    if is_desk(user) and not DisputeMember.objects.filter(user_id=user.pk).exists():
        return Audience.DESK
    return None


# --- what is kept ---


class Kept(NamedTuple):
    """The bytes of one form with what names them, where their pieces end and until when they hold; no bytes where only
    their name was asked for."""

    etag: str
    cuts: tuple[int, ...]
    until: date | None = None
    body: bytes | memoryview = b""


def find(
    noun: str, rows: Collection[int], audience: Audience, forms: Collection[str], *, bare: bool = False
) -> dict[tuple[int, str], Kept]:
    """What is kept of these rows, by row and form; `bare` leaves the bytes away.

    In plain SQL: the answer is there already, and putting the question into words would take longer than to ask it.
    """
    if not rows:
        return {}
    query = _FIND.format(
        table=connection.ops.quote_name(Prepared._meta.db_table),
        row=connection.ops.quote_name("row"),
        body="" if bare else ", body",
        rows=", ".join(["%s"] * len(rows)),
        forms=", ".join(["%s"] * len(forms)),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [noun, audience.value, edition(), timezone.localdate(), *rows, *forms])
        return {
            (row, form): Kept(etag, tuple(map(int, cuts.split(","))) if cuts else (), until, *body)
            for row, form, etag, cuts, until, *body in cursor.fetchall()
        }


_FIND = """
SELECT {row}, form, etag, cuts, until{body} FROM {table}
WHERE noun = %s AND audience = %s AND edition = %s AND (until IS NULL OR until > %s) AND {row} IN ({rows})
AND form IN ({forms})
"""


def generation() -> str:
    """Changes with each transaction that changes anything: what is built from now on is no older than this."""
    engine: Any = connection
    found = engine.ask(_BEGUN, _AT)
    return found[0] if found else ""


_BEGUN = f"""
SELECT etag FROM {Prepared._meta.db_table} WHERE noun = %s AND {_ROW} = %s AND audience = %s AND form = %s
"""  # noqa: S608 - our own names
_AT = [*_GENERATION.values()]


def keep(noun: str, audience: Audience, forms: Iterable[Form], since: str) -> bool:
    """Keep these forms for the next reader, if nothing was changed since that generation; says whether it did."""
    if is_settling():
        return False
    made = edition()
    rows = [
        Prepared(
            noun=noun,
            row=form.row,
            audience=audience,
            form=form.form,
            edition=made,
            until=form.until,
            etag=form.etag,
            cuts=",".join(map(str, form.cuts)),
            body=form.body,
        )
        for form in forms
    ]
    engine: Any = connection
    patience = engine.without_waiting() if engine.vendor == "sqlite" else nullcontext()
    try:
        # What was read from a replica is kept too if the primary is at the same generation: nothing was changed since.
        with on_primary(), patience, transaction.atomic():
            if not _nobody_writes() or generation() != since:
                return False
            Prepared.objects.bulk_create(
                rows,
                update_conflicts=True,
                update_fields=["edition", "until", "etag", "cuts", "body"],
                unique_fields=["noun", "row", "audience", "form"],
            )
    except DatabaseError:
        # Somebody writes, the disk is full, or this is a standby: the answer itself does not need it.
        return False
    return True


def _nobody_writes() -> bool:
    """Whether no other transaction is changing rows; none begins to until this one ends. On SQLite the transaction that
    asks is the only one."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [WRITER_LOCK])
        return bool(cursor.fetchone()[0])


def prune() -> int:
    """Remove what is not handed out any more: of other editions, and of days that are over; returns how much it was."""
    over = Q(until__lte=timezone.localdate()) | ~Q(edition=edition())
    removed = 0
    while rows := list(Prepared.objects.exclude(noun="").filter(over).values_list("row", flat=True)[:BATCH]):
        # A short transaction each: whoever writes meanwhile waits for one of them only.
        removed += Prepared.objects.exclude(noun="").filter(over, row__in=rows).delete()[0]
    return removed


# --- what drops it ---


def follow_prepared() -> None:
    """Have every change of a row drop, before its transaction ends, whatever shows it."""
    for model, touching in TOUCHES.items():
        touch(model, touching, TOUCHED_BY_NEW.get(model))
    settle(drop_touched)
    post_save.connect(_account_changed, sender=User, dispatch_uid="prepared")
    post_delete.connect(_account_changed, sender=User, dispatch_uid="prepared")


def drop_touched(touched: Collection[Touched]) -> None:
    """Drop all in which one of these things shows, and begin another generation."""
    if not _begin_generation() and not shared_cache.is_on():
        return
    claims = claims_showing(touched, MANY)
    if claims is None or {PEOPLE, ERASURE} & {*touched}:
        _drop("noun <> ''")
        shared_cache.forget([shared_cache.EVERYTHING])
        return
    disputes = {dispute for dispute in claims.values() if dispute is not None}
    disputes |= {number for kind, number in touched if kind in {"dispute", "dispute_of_claim"}}
    _drop("noun IN", OF_ALL)
    _drop(f"noun = '{CLAIM}' AND {_ROW} IN", claims)
    _drop(f"noun = '{DISPUTE}' AND {_ROW} IN", disputes)
    # The page of a claim tells how it stands beside the others of its dispute.
    beside = f"noun = '{CLAIM}' AND {_ROW} IN (SELECT id FROM {Claim._meta.db_table} WHERE dispute_id IN"  # noqa: S608 - our own
    _drop(beside, disputes, f") AND {WHOLE}")
    if RULES in touched:
        # Only whole answers tell of concerns.
        _drop(f"noun <> '' AND {WHOLE}")
    shared_cache.forget(list(_tags_of(claims, disputes, everywhere=RULES in touched)))


def _drop(condition: str, of: Collection[Any] | None = None, more: str = "") -> None:
    """Drop what is kept under this condition, which may end in some values. In plain SQL, since every change asks."""
    if of is not None and not of:
        return
    among = f" ({', '.join(['%s'] * len(of))})" if of is not None else ""
    statement = f"DELETE FROM {Prepared._meta.db_table} WHERE {condition}{among}{more}"  # noqa: S608 - our own
    with connection.cursor() as cursor:
        cursor.execute(statement, list(of or ()))


# --- what a shared cache keeps of it ---


def tag_pieces(request: HttpRequest, noun: str, row: int) -> None:
    """Say that the answer to this request is joined of the pieces of this row."""
    shared_cache.tag(request, f"{noun}-{row}")


def tag_whole(request: HttpRequest, noun: str, row: int) -> None:
    """Say that the answer to this request is a whole answer about this row."""
    if noun not in OF_ALL:
        shared_cache.tag(request, f"{noun}-{row}", f"{noun}-{row}-whole", "whole")


def _tags_of(claims: Collection[int], disputes: Collection[int], *, everywhere: bool) -> Iterator[str]:
    """What a cache has to forget: as `drop_touched`."""
    yield from (f"{CLAIM}-{claim}" for claim in claims)
    yield from (f"{DISPUTE}-{dispute}" for dispute in disputes)
    if everywhere:
        yield "whole"
    elif disputes and shared_cache.is_on():
        beside = Claim.objects.filter(dispute__in=disputes).values_list("pk", flat=True)
        yield from (f"{CLAIM}-{claim}-whole" for claim in beside)


def _begin_generation() -> bool:
    """Begin another generation; says whether anything is kept. In plain SQL, since every change asks."""
    quote = connection.ops.quote_name
    table, row = quote(Prepared._meta.db_table), quote("row")
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN.format(table=table, row=row), [*_GENERATION.values(), secrets.token_hex(8), b""])
        return bool(cursor.fetchone()[0])


_BEGIN = """
INSERT INTO {table} (noun, {row}, audience, form, etag, body, edition, cuts) VALUES (%s, %s, %s, %s, %s, %s, '', '')
ON CONFLICT (noun, {row}, audience, form) DO UPDATE SET etag = excluded.etag
RETURNING EXISTS(SELECT 1 FROM {table} kept WHERE kept.noun <> '')
"""


def _account_changed(instance: User, update_fields: Collection[str] | None = None, **_kwargs: Any) -> None:
    # Each log-in stores when it was.
    if update_fields is None or not {*update_fields} <= {"last_login", "password"}:
        with recording():
            note_touched([PEOPLE])
