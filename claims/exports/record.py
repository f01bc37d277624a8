"""The record of what is taken out: who, when, from which query, how many rows, and the fingerprint of what came out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeGuard

from django.utils import timezone
from drf_standardized_errors.formatter import flatten_errors
from rest_framework.exceptions import APIException, ValidationError

from claims.choices import ExportStatus
from claims.models import Export
from claims.reports import SCHEMA_VERSION
from factcheck.api.exceptions import dotted, without_root
from factcheck.audit.chain import SYSTEM
from factcheck.audit.doors import enter_door
from factcheck.audit.models import AuditEntry
from factcheck.base.http.problem_details import problem_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from factcheck.base.people import Reader

Progress = Callable[[int, int | None], None]
"""Is called with how many rows are written, and of how many, if that is known."""

LONGEST_QUERY, LONGEST_PROBLEM = 10_000, 2_000
BUG = "Something went wrong on our side. The fault has been logged; ask again, or tell who runs the register."
BROKEN_OFF = "The download was broken off before its end."


@dataclass(slots=True)
class RowCounter:
    """How many rows came out so far; whoever writes them adds to it."""

    done: int = 0


def record_stream(
    stream: Iterable[bytes],
    *,
    user: Reader,
    counter: RowCounter,
    **fields: Any,
) -> Generator[bytes]:
    """The same stream; what a signed-in `user` takes out of it is on record when it ends, and how it ended.

    `counter` is what the writer adds its rows to, `fields` are those of the record. Reading the public is not tracked:
    without a user nothing is written. A fault on the way is recorded with its words and goes on to who reads the
    stream.
    """
    if not is_signed_in(user):
        yield from stream
        return
    export = start_export(user=user, **fields)
    digest, size = hashlib.sha256(), 0
    try:
        for chunk in stream:
            digest.update(chunk)
            size += len(chunk)
            yield chunk
    except GeneratorExit:
        fail_export(export, BROKEN_OFF, done=counter.done)
        raise
    except BaseException as error:
        fail_export(export, describe_error(error), done=counter.done)
        raise
    finish_export(export, rows=counter.done, size=size, digest=f"sha256:{digest.hexdigest()}")


def record_export(body: bytes, *, user: Reader, rows: int, **fields: Any) -> Export | None:
    """The record, with these fields, of something that was made at once; None where nobody is signed in."""
    if not is_signed_in(user):
        return None
    export = start_export(user=user, **fields)
    return finish_export(export, rows=rows, size=len(body), digest=f"sha256:{hashlib.sha256(body).hexdigest()}")


def start_export(*, user: Reader | None, query: str, **fields: Any) -> Export:
    """A new record of an export that starts now, by `user` or, for None, by the system itself; the trail says so."""
    now = timezone.now()
    entry, entry_hash = read_audit_head()
    made = Export.objects.create(
        **{
            "made_by": user if is_signed_in(user) else None,
            "maker": get_maker(user),
            "query": query[:LONGEST_QUERY],
            "desk": is_signed_in(user),
            "status": ExportStatus.RUNNING,
            "requested_at": now,
            "started_at": now,
            "schema_version": SCHEMA_VERSION,
            "head_entry": entry,
            "head_hash": entry_hash,
            **fields,
        }
    )
    actor = user if is_signed_in(user) else None
    enter_door("export.asked", actor=actor, object_id=made.pk, label=f"{made.format} of {made.query[:300]}")
    return made


def finish_export(export: Export, *, rows: int, size: int, digest: str, **fields: Any) -> Export:
    """The export came out whole."""
    return _end_export(export, status=ExportStatus.DONE, rows=rows, done=rows, size=size, digest=digest, **fields)


def fail_export(export: Export, problem: str, **fields: Any) -> Export:
    """The export did not come out, or not whole; `problem` says why."""
    return _end_export(export, status=ExportStatus.FAILED, problem=problem[:LONGEST_PROBLEM], **fields)


def _end_export(export: Export, **fields: Any) -> Export:
    fields["finished_at"] = timezone.now()
    for name, value in fields.items():
        setattr(export, name, value)
    # These alone: a worker writes its progress into the same row.
    export.save(update_fields=list(fields))
    return export


def read_audit_head() -> tuple[int, str]:
    """Number and hash of the last entry of the audit trail: what an export can be held against later."""
    last = AuditEntry.objects.order_by("-id").values_list("id", "hash").first()
    return last or (0, "")


def is_signed_in(user: Reader | None) -> TypeGuard[User]:
    """Whether somebody is signed in, so that what they take out is recorded."""
    return user is not None and user.is_authenticated


def get_maker(user: Reader | None) -> str:
    """The name under which a record keeps who made an export."""
    return (user.get_full_name() or user.get_username())[:200] if is_signed_in(user) else SYSTEM


def describe_error(error: BaseException) -> str:
    """Why an export failed, for who asked for it: the words of a refusal, and nothing of the inside of a fault."""
    if isinstance(error, ValidationError):
        entries = flatten_errors(without_root(error.detail))
        return " ".join(f"{at}: {one.detail}" if (at := dotted(one.attr)) else one.detail for one in entries)
    if isinstance(error, APIException):
        return str(error.detail)
    if isinstance(error, OSError):
        return f"The file could not be written: {error.strerror or 'unknown fault'}."
    fault = problem_of(error, client_made=False)
    return fault.detail if fault is not None else BUG
