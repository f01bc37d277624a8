"""The whole register as lines of JSON, from which the same register can be made again."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from claims.choices import ExportKind
from claims.exports.record import describe_error, fail_export, finish_export, read_audit_head, start_export
from claims.register.nouns import LINES, NOUNS, PERSON, PERSON_FIELDS, fields_of, own_references, refers_to_person
from claims.register.upgrades import SCHEMA_VERSION
from factcheck.audit.access import DESK, require
from factcheck.base.steady import steady
from factcheck.models.recorded import RecordedModel

BATCH = 500
QUERY = "register"


class _System:
    """The eyes of the system itself, for labels: it knows every name."""

    is_active = is_authenticated = True

    def has_perm(self, permission: str) -> bool:
        return True


@dataclass(slots=True)
class Register:
    """The register as `user` of the desk may read it, or whole, as the system itself does."""

    user: User | None = None
    counts: Counter[str] = field(default_factory=Counter)
    head: tuple[int, str] = (0, "")

    def __post_init__(self) -> None:
        if self.user is not None:
            # What others read has names left out, and lines from which no register can be made.
            require(self.user, DESK, "take out the register")

    def total(self) -> int:
        """How many lines there would be now."""
        return sum(self._rows(model).count() for model in NOUNS.values()) + len(self._people()) + 2

    def lines(self) -> Generator[bytes, None, None]:
        """The header, a line for every row in the order in which rows refer to each other, and the end.

        All of it is of one moment, and memory does not grow with the number of rows.
        """
        with steady():
            self.head = read_audit_head()
            yield _line(
                "register",
                schema_version=SCHEMA_VERSION,
                # What tells an older file, whose rows lack a column that was added since, from a damaged one.
                columns={noun: [column.name for column in fields_of(noun)] for noun in LINES},
                made_at=timezone.now(),
                newsroom=settings.FACTCHECK_NEWSROOM,
                address=settings.FACTCHECK_BASE_URL,
                read_by=self.user.get_username() if self.user is not None else None,
                head={"entry": self.head[0], "hash": self.head[1]},
            )
            for person in self._people():
                self.counts[PERSON] += 1
                yield _line(PERSON, **{name: getattr(person, name) for name in PERSON_FIELDS})
            for noun, model in NOUNS.items():
                spelling = [
                    (f.name, f.attname, f.is_relation, refers_to_person(f)) for f in model._meta.concrete_fields
                ]
                for row in self._in_order(model):
                    self.counts[noun] += 1
                    yield _line(noun, **self._spelled(row, spelling))
            yield _line("end", rows=dict(self.counts))

    def _rows(self, model: type[RecordedModel]) -> models.QuerySet[Any]:
        manager: Any = model._base_manager if self.user is None else model._default_manager
        rows = manager.all() if self.user is None else manager.visible_to(self.user)
        return rows.order_by("pk")

    def _people(self) -> list[Any]:
        """The accounts that the rows name."""
        named: set[Any] = set()
        for model in NOUNS.values():
            for column in model._meta.concrete_fields:
                if refers_to_person(column):
                    named.update(self._rows(model).order_by().values_list(column.attname, flat=True).distinct())
        accounts = get_user_model()._default_manager
        return sorted(accounts.in_bulk(named - {None}).values(), key=lambda user: user.get_username())

    def _in_order(self, model: type[RecordedModel]) -> Iterator[Any]:
        """The rows by number, but those that refer to a later one of their own noun right after that."""
        rows = self._rows(model).select_related(*_joined(model))
        waiting = self._waiting(model)
        moved = {pk for pks in waiting.values() for pk in pks}
        last = 0
        while batch := list(rows.filter(pk__gt=last)[:BATCH]):
            for row in batch:
                if row.pk not in moved:
                    yield row
                later = waiting.get(row.pk, ())
                found = rows.in_bulk(later) if later else {}
                yield from (found[pk] for pk in later)
            last = batch[-1].pk

    def _waiting(self, model: type[RecordedModel]) -> dict[int, list[int]]:
        """The rows that refer, themselves or by what they refer to, to a later one; by the number of the last of those.

        Numbers only, and of those rows alone that refer to their own noun.
        """
        rows = self._rows(model)
        parents: dict[int, list[int]] = defaultdict(list)
        for reference in own_references(model):
            known = rows.filter(**{f"{reference.name}__in": rows.order_by().values("pk")})
            for pk, parent in known.values_list("pk", reference.attname):
                parents[pk].append(parent)
        places: dict[int, int] = {}
        for pk in parents:
            line = [pk]
            while line:
                further = [one for one in parents[line[-1]] if one in parents and one not in places]
                if further:
                    line += further
                else:
                    at = line.pop()
                    places[at] = max(at, *(places.get(one, one) for one in parents[at]))
        waiting = defaultdict(list)
        for pk, place in places.items():
            if place != pk:
                waiting[place].append(pk)
        return waiting

    def _spelled(self, row: RecordedModel, spelling: list[tuple[str, str, bool, bool]]) -> dict[str, Any]:
        """All columns of a row, as the API writes them: nothing that is stored is left out, nothing derived is in."""
        if self.user is not None:
            row = row.shown_to(self.user)
        values: dict[str, Any] = {}
        for name, column, refers, to_person in spelling:
            value = getattr(row, column)
            if isinstance(value, dict | list):
                # In one order: PostgreSQL does not keep that in which they came.
                values[name] = orjson.Fragment(orjson.dumps(value, option=orjson.OPT_SORT_KEYS))
            elif not refers or value is None:
                values[name] = value
            elif to_person:
                person = getattr(row, name)
                values[name] = {"username": person.get_username(), "label": person.get_full_name() or str(person)}
            else:
                values[name] = _reference(getattr(row, name), self.user or _System())
        return values


def export_register(
    write: Callable[[bytes], object],
    *,
    user: User | None = None,
    progress: Callable[[int], object] | None = None,
) -> Register:
    """Everything is written, line by line, and the export is on record with its fingerprint.

    `progress` is given the number of lines that were written since its last call. Raises Forbidden for who is not of
    the desk.
    """
    register = Register(user)
    record = start_export(
        user=user,
        query=QUERY,
        kind=ExportKind.REGISTER,
        format="ndjson",
        desk=True,
        file_name="register.ndjson",
        schema_version=SCHEMA_VERSION,
    )
    digest, size = hashlib.sha256(), 0
    try:
        # Closed before anything is recorded: while it is open, nothing can be written.
        with closing(register.lines()) as lines:
            for line in lines:
                write(line)
                digest.update(line)
                size += len(line)
                if progress is not None:
                    progress(1)
    except BaseException as error:
        fail_export(record, describe_error(error), done=register.counts.total())
        raise
    entry, entry_hash = register.head
    finish_export(
        record,
        rows=register.counts.total(),
        size=size,
        digest=f"sha256:{digest.hexdigest()}",
        head_entry=entry,
        head_hash=entry_hash,
    )
    return register


def _joined(model: type[RecordedModel]) -> list[str]:
    """What is read with each row: what it refers to, and the source by which an attribution is called."""
    names = [f.name for f in model._meta.concrete_fields if f.is_relation]
    nested = {"relayed_from": "relayed_from__source", "verdict": "verdict__rating", "supersedes": "supersedes__rating"}
    deeper = [nested[name] for name in names if name in nested]
    claims = [f"{name}__claim" for name in names if name in {"verdict", "supersedes"}]
    return [*names, *deeper, *claims]


def _reference(row: models.Model, user: User | _System) -> dict[str, Any]:
    if hasattr(row, "as_reference"):
        reference: dict[str, Any] = row.as_reference(user)
        return reference
    return {"id": row.pk, "label": str(row)}


def _line(noun: str, **values: object) -> bytes:
    return orjson.dumps({"type": noun, **values}, default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME) + b"\n"


def _plain(value: object) -> str:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case models.fields.files.FieldFile():
            return value.name or ""
    raise TypeError(type(value).__name__)
