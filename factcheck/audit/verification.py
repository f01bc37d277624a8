"""Whether the trail holds: the chain, the history behind it, and the rows as they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

from django.db import connection, models
from django.db.models import Exists, Max, OuterRef

from factcheck.audit.chain import ERASED, GENESIS, digest_of, hash_of
from factcheck.audit.columns import BEFORE
from factcheck.audit.context import recording
from factcheck.audit.history import HistoricalRow
from factcheck.audit.models import AuditEntry
from factcheck.audit.triggers import unguarded_tables

SHOWN = 10
"""How many historical rows without an entry are named for each noun."""

OTHER_HASH = "its hash differs from the head that was kept elsewhere"
CUT_OFF = "the chain ends before this entry, whose hash was kept elsewhere"

Head = tuple[int, str]
"""The id of an entry and its hash."""
HistoryModels = dict[str, type[HistoricalRow]]
Values = dict[str, Any]
"""The columns of a historical row, which are read sooner than an object is made of them."""
Rows = dict[tuple[str, int], Values]


class Numbers:
    """Numbers that were met, in a bit each."""

    BITS = 8_192

    def __init__(self) -> None:
        self.blocks: dict[int, bytearray] = defaultdict(lambda: bytearray(self.BITS // 8))
        self.count = 0

    def add(self, number: int) -> None:
        block, place = divmod(number, self.BITS)
        bits, bit = self.blocks[block], 1 << place % 8
        if not bits[place // 8] & bit:
            bits[place // 8] |= bit
            self.count += 1

    def __contains__(self, number: int) -> bool:
        block, place = divmod(number, self.BITS)
        return block in self.blocks and bool(self.blocks[block][place // 8] & 1 << place % 8)


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the trail does not hold; `entry_id` is None when no single entry can be named."""

    entry_id: int | None
    problem: str


def verify(
    history_models: HistoryModels,
    heads: Iterable[Head] = (),
    batch: int = 1_000,
    *,
    after: Head = (0, GENESIS),
    most: int | None = None,
) -> Iterator[Break | int]:
    """Walk the chain; yields each break found, and after each batch the number of entries read.

    `history_models` maps an object type to its historical model. `heads` are (entry id, hash) pairs that were
    published or kept elsewhere: without one, entries cut from the end leave no sign if their history is cut as well.
    It begins with the first entry, or behind the head `after`, up to which all is known to hold, and reads `most`
    entries at most: history is compared by who comes to the end.
    """
    kept: dict[int, set[str]] = defaultdict(set)
    for number, head in (*heads, *([after] if after[0] else ())):
        kept[number].add(head)
    covered: dict[str, Numbers] = defaultdict(Numbers)
    begun, previous = after
    emptied, expected, read = _emptied(begun), begun + 1, 0
    yield from _heads_before(begun, kept)
    entries = AuditEntry.objects.order_by("id").values()
    left = batch if most is None else min(batch, most)
    while chunk := [cast(AuditEntry, SimpleNamespace(**row)) for row in entries.filter(id__gt=expected - 1)[:left]]:
        rows = _historical_rows(chunk, history_models)
        for noun, number in rows:
            covered[noun].add(number)
        for entry in chunk:
            if entry.id != expected:
                # What it should follow is gone: of its own hash nothing can be told.
                yield Break(entry.id, f"entries {expected} to {entry.id - 1} are missing before it")
            if entry.id == expected and hash_of(entry, previous) != entry.hash:
                yield Break(entry.id, "it does not follow the entry before it, or was altered after it was written")
            elif not entry.salt:
                emptied[entry.id] = (entry.object_type, entry.object_id)
            elif problem := _digest_problem(entry, rows):
                yield Break(entry.id, problem)
            elif entry.action == ERASED:
                _cover(emptied, entry)
            if kept.pop(entry.id, set()) - {entry.hash}:
                yield Break(entry.id, OTHER_HASH)
            previous, expected = entry.hash, entry.id + 1
        read += len(chunk)
        yield read
        left = batch if most is None else min(batch, most - read)
    # Who read all that they wanted may have come to the end with it.
    if most is None or read < most or not AuditEntry.objects.filter(id__gte=expected).exists():
        for number in sorted(kept):
            yield Break(number, CUT_OFF)
        yield from _unsaid(emptied)
        yield from _of_history(history_models, covered if not begun else None, batch)


def _heads_before(begun: int, kept: dict[int, set[str]]) -> Iterator[Break]:
    """The `kept` heads up to that behind which the walk begins; they are taken out."""
    behind = {number: kept.pop(number) for number in sorted(kept) if number <= begun}
    stored = dict(AuditEntry.objects.filter(id__in=behind).values_list("id", "hash"))
    for number, heads in behind.items():
        if heads != {stored.get(number)}:
            yield Break(number, OTHER_HASH if number in stored else CUT_OFF)


def _emptied(last: int) -> dict[int, tuple[str, str]]:
    """The entries up to this one whose salt is gone, and of which none up to it says why."""
    entries = AuditEntry.objects.filter(id__lte=last)
    found = {entry.id: (entry.object_type, entry.object_id) for entry in entries.filter(salt="")} if last else {}
    for erasure in entries.filter(action=ERASED).order_by("id") if found else ():
        _cover(found, erasure)
    return found


def _unsaid(emptied: dict[int, tuple[str, str]]) -> Iterator[Break]:
    for number in sorted(emptied):
        yield Break(number, f"its salt is gone, and no later entry {ERASED} says why")


def _of_history(history_models: HistoryModels, covered: Mapping[str, Numbers] | None, batch: int) -> Iterator[Break]:
    """What the history and the rows tell. `covered` are the historical rows for which an entry was read; None where
    not all entries were."""
    for table in unguarded_tables():
        yield Break(
            None, f"the database does not keep the rows of {table}: a trigger is gone, which migrate makes anew"
        )
    for name, history in history_models.items():
        yield from _uncovered(name, history, covered[name] if covered is not None else _covered(name, history))
        yield from _unrecorded(name, history, batch)
        yield from _vanished(name, history)


def _covered(name: str, history: type[HistoricalRow]) -> Numbers:
    """The historical rows of this noun for which there is an entry."""
    found = Numbers()
    entries = AuditEntry.objects.filter(object_type=name, history_id__in=history._base_manager.values("pk"))
    for number in entries.order_by().values_list("history_id", flat=True).iterator():
        found.add(cast(int, number))
    return found


def _cover(emptied: dict[int, tuple[str, str]], erasure: AuditEntry) -> None:
    for number in erasure.changes:
        if emptied.get(int(number)) == (erasure.object_type, erasure.object_id):
            del emptied[int(number)]


def _historical_rows(chunk: list[AuditEntry], history_models: HistoryModels) -> Rows:
    wanted: dict[str, list[int]] = {}
    for entry in chunk:
        if entry.history_id is not None and entry.object_type in history_models:
            wanted.setdefault(entry.object_type, []).append(entry.history_id)
    found: Rows = {}
    for name, ids in wanted.items():
        rows: Any = history_models[name]._base_manager.filter(pk__in=ids).order_by()
        found |= {(name, row["history_id"]): row for row in rows.values()}
    return found


def _digest_problem(entry: AuditEntry, rows: Rows) -> str | None:
    row = None
    if entry.history_id is not None:
        row = rows.get((entry.object_type, entry.history_id))
        if row is None:
            return "the historical row it stands for is gone"
    if digest_of(entry, row) != entry.digest and not _holds_for_older_columns(entry, row):
        return "its historical row, label, reason, actor name or changes were altered after it was written"
    return None


def _holds_for_older_columns(entry: AuditEntry, row: Values | None) -> bool:
    """Whether the digest is that of the row without columns that a later release added."""
    older = [columns[entry.object_type] for columns in BEFORE if entry.object_type in columns]
    return any(digest_of(entry, row, columns) == entry.digest for columns in older)


def _uncovered(name: str, history: type[HistoricalRow], covered: Numbers) -> Iterator[Break]:
    """Historical rows without an entry: inserted past every door, or their entries were cut from the end. `covered` are
    those that the entries stand for which were read."""
    if history._base_manager.count() == covered.count:
        return
    key = history.instance_type._meta.pk.attname
    shown = 0
    for pk, row in history._base_manager.order_by("pk").values_list("pk", key).iterator():
        # What came since the last entry was read has its own.
        if pk not in covered and not _entries_of(name, row).filter(history_id=pk).exists():
            yield Break(None, f"historical row {pk} of {name} has no entry")
            if (shown := shown + 1) == SHOWN:
                return


def _entries_of(name: str, row: int) -> models.QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(object_type=name, object_id=str(row))


def _unrecorded(name: str, history: type[HistoricalRow], batch: int) -> Iterator[Break]:
    """Rows that differ from the last that history knows of them: written past every door."""
    suspects = _suspects(history)
    for start in range(0, len(suspects), batch):
        # Somebody may have written between the two looks; nobody writes while this lock is held.
        with recording():
            differing = _differing(history, suspects[start : start + batch])
        for pk in differing:
            yield Break(None, f"{name} {pk} is not as its history has it: it was changed past every door")


def _suspects(history: type[HistoricalRow]) -> list[int]:
    """Rows of which a column is not stored as the last row of their history has it. The database compares: of the whole
    register nothing else is read. What says the same in other words is among them, such as JSON with more spaces."""
    quote = connection.ops.quote_name
    key = quote(str(history.instance_type._meta.pk.column))
    differs = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
    columns = [quote(str(f.column)) for f in history.tracked_fields]
    with connection.cursor() as cursor:
        cursor.execute(
            _SUSPECTS.format(
                key=key,
                rows=quote(history.instance_type._meta.db_table),
                history=quote(history._meta.db_table),
                differing=" OR ".join(f"stored.{column} {differs} known.{column}" for column in columns),
            )
        )
        return [pk for (pk,) in cursor.fetchall()]


_SUSPECTS = """
SELECT stored.{key} FROM {rows} stored LEFT JOIN {history} known ON known.history_id = (
    SELECT max(version.history_id) FROM {history} version WHERE version.{key} = stored.{key}
)
WHERE known.history_id IS NULL OR known.history_type = '-' OR {differing}
ORDER BY 1
"""


def _differing(history: type[HistoricalRow], pks: list[int]) -> list[int]:
    key = history.instance_type._meta.pk.attname
    columns = [f.attname for f in history.tracked_fields]
    rows = history.instance_type._base_manager.filter(pk__in=pks).values_list("pk", *columns)
    versions = history._base_manager.filter(**{f"{key}__in": pks}).order_by()
    newest = versions.values(key).annotate(newest=Max("pk")).values_list("newest", flat=True)
    last: models.QuerySet[Any] = history._base_manager.filter(pk__in=list(newest))
    known = last.exclude(history_type="-").values_list(key, *columns)
    recorded = {row[0]: row for row in known}
    return [row[0] for row in rows if row != recorded.get(row[0])]


def _vanished(name: str, history: type[HistoricalRow]) -> Iterator[Break]:
    """Rows that history knows and that are gone, without a deletion: removed past every door."""
    key = history.instance_type._meta.pk.attname
    there = history.instance_type._base_manager.filter(pk=OuterRef(key))
    later = history._base_manager.filter(**{key: OuterRef(key)}, pk__gt=OuterRef("pk"))
    gone: models.QuerySet[Any] = history._base_manager.filter(~Exists(there), ~Exists(later))
    for pk in gone.exclude(history_type="-").values_list(key, flat=True)[:SHOWN]:
        yield Break(None, f"{name} {pk} is gone without a deletion: it was removed past every door")
