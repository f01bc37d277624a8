"""Where the public is led from a row that it reads: what hangs on it, and what it refers to, as it was at a moment.

The queries of the nouns (`visible_to`) say the same of today, and `claims.rules.appearance` asks them in the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from claims.choices import ClaimStatus, VerdictStatus, Visibility
from factcheck.audit.differences import recorded_models
from factcheck.audit.models import AuditEntry

Row = Mapping[str, Any]
Key = tuple[str, int]
AT_ONCE = 5_000


def _stands(row: Row) -> bool:
    return row["withdrawn_at"] is None


@dataclass(frozen=True)
class Noun:
    """When the public reads a row of a noun, and what it reads because of it."""

    stands: Callable[[Row], bool] = lambda _row: True
    of: Mapping[str, str] = field(default_factory=dict)
    """Columns that lead to what has to be read as well: a claim in a dispute, a relation between two claims."""
    up: Mapping[str, str] = field(default_factory=dict)
    """Columns that lead to what is read because something refers to it."""
    down: tuple[tuple[str, str], ...] = ()
    """What is read because it hangs on the row: the noun, and the column by which it does."""
    own: tuple[str, ...] = ()
    """Further columns that decide."""

    @property
    def columns(self) -> set[str]:
        return {*self.of, *self.up, *self.own}


_OF_CLAIM = {"claim_id": "claim"}
_HANGING = ("attribution", "evidencelink", "claimrelation", "review", "inquiry", "verdict", "premise")
NOUNS: dict[str, Noun] = {
    "claim": Noun(
        stands=lambda row: row["status"] == ClaimStatus.PUBLISHED,
        of={"dispute_id": "dispute"},
        up={"dispute_id": "dispute"},
        down=(*((noun, "claim_id") for noun in _HANGING), ("claimrelation", "other_id")),
        own=("status",),
    ),
    "dispute": Noun(
        stands=lambda row: row["visibility"] == Visibility.PUBLIC,
        down=(("question", "dispute_id"),),
        own=("visibility",),
    ),
    "question": Noun(of={"dispute_id": "dispute"}),
    "verdict": Noun(
        stands=lambda row: row["status"] == VerdictStatus.PUBLISHED,
        of=_OF_CLAIM,
        down=(("confirmation", "verdict_id"),),
        own=("status",),
    ),
    "confirmation": Noun(of={"verdict_id": "verdict"}),
    "attribution": Noun(
        stands=_stands,
        of=_OF_CLAIM,
        up={"source_id": "source", "on_behalf_of_id": "source", "document_id": "document"},
        own=("withdrawn_at",),
    ),
    "claimrelation": Noun(stands=_stands, of={**_OF_CLAIM, "other_id": "claim"}, own=("withdrawn_at",)),
    "review": Noun(stands=_stands, of=_OF_CLAIM, up={"publisher_id": "source"}, own=("withdrawn_at",)),
    "inquiry": Noun(stands=_stands, of=_OF_CLAIM, up={"source_id": "source"}, own=("withdrawn_at",)),
    "evidencelink": Noun(
        stands=_stands,
        of={**_OF_CLAIM, "evidence_id": "evidence"},
        up={"evidence_id": "evidence"},
        down=(("premise", "link_id"),),
        own=("withdrawn_at",),
    ),
    "premise": Noun(stands=_stands, of={**_OF_CLAIM, "link_id": "evidencelink"}, own=("withdrawn_at",)),
    "evidence": Noun(of={"dispute_id": "dispute"}, down=(("evidencedocument", "evidence_id"),)),
    "evidencedocument": Noun(up={"document_id": "document"}, own=("evidence_id",)),
    "document": Noun(up={"publisher_id": "source"}, down=(("snapshot", "document_id"),)),
    "snapshot": Noun(own=("document_id",)),
    "source": Noun(up={"part_of_id": "source"}, down=(("affiliation", "source_id"),), own=("withheld",)),
    "affiliation": Noun(own=("source_id",)),
}
"""In an order in which each leads to those behind it only, but for a source to the body that it is part of."""


class Histories:
    """The versions of rows, asked for once for as many as possible."""

    def __init__(self) -> None:
        self.models = recorded_models()
        self.rows: dict[str, dict[int, list[Row]]] = defaultdict(dict)
        self.children: dict[tuple[str, str, int | None], dict[int, set[int]]] = defaultdict(dict)

    def load(self, noun: str, pks: Iterable[int | None]) -> None:
        """The versions of these rows are there, and those of whatever decides whether they are read."""
        known = self.rows[noun]
        wanted = sorted({pk for pk in pks if pk is not None} - known.keys())
        columns = ("id", "history_id", "history_date", "history_type", *sorted(NOUNS[noun].columns))
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            known.update((pk, []) for pk in some)
            versions = self.models[noun].history.filter(id__in=some).order_by("id", "history_id")
            for row in versions.values(*columns):
                known[row["id"]].append(row)
        targets: dict[str, set[int]] = defaultdict(set)
        for column, target in NOUNS[noun].of.items():
            targets[target] |= {row[column] for pk in wanted for row in known[pk] if row[column] is not None}
        if noun == "attribution":
            targets["source"] |= {row["source_id"] for pk in wanted for row in known[pk]}
        for target, found in targets.items():
            self.load(target, found)

    def hanging(self, noun: str, column: str, pks: Iterable[int], most: int | None = None) -> dict[int, set[int]]:
        """The rows that hang on these by this column, or did, by the id on which they hang; their versions are there.

        What the public could read never changes on what it hangs, so it is found by what it hangs on now, unless it
        may be deleted or moved: then its history has an index for it. `most` bounds how many are looked for.
        """
        found = self.children[noun, column, most]
        model = self.models[noun]
        rows = model.history if column.removesuffix("_id") in model.past_by else model._base_manager
        wanted = sorted(set(pks) - found.keys())
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            found.update((pk, set()) for pk in some)
            for parent, pk in rows.filter(**{f"{column}__in": some}).order_by().values_list(column, "id")[:most]:
                found[parent].add(pk)
        self.load(noun, {pk for parent in wanted for pk in found[parent]})
        return found


@dataclass(eq=False)
class View:
    """The register right before or after an entry."""

    histories: Histories
    entry: AuditEntry
    key: Key
    """The row that the entry is about."""
    as_it_was: Row | None
    """That row, then; None before it was entered and after it was deleted."""
    reached: set[Key] = field(default_factory=set)
    """What the public then read because of it."""

    def row(self, noun: str, pk: int) -> Row | None:
        if (noun, pk) == self.key:
            return self.as_it_was
        found = None
        for version in self.histories.rows[noun].get(pk, ()):
            if version["history_date"] > self.entry.at:
                break
            found = version
        return found if found is not None and found["history_type"] != "-" else None

    def shows(self, noun: str, pk: int) -> bool:
        """Whether the public then read the row, if something leads it there."""
        row = self.row(noun, pk)
        if row is None or not NOUNS[noun].stands(row):
            return False
        return all(row[column] is None or self.shows(of, row[column]) for column, of in NOUNS[noun].of.items())

    def hangs(self, noun: str, pk: int, column: str, parent: int) -> bool:
        """Whether the row then hung on that one by this column, or referred to it, as far as the public was told."""
        row = self.row(noun, pk)
        if row is None or row[column] != parent:
            return False
        if column == "on_behalf_of_id":
            return self.names(row["source_id"])
        if column == "part_of_id":
            return self.names(pk)
        if noun == "affiliation":
            source = self.row("source", parent)
            return source is not None and not source["withheld"]
        return True

    def names(self, source: int) -> bool:
        """Whether the public knew who the source is, and still does: else nothing leads from it to a body."""
        then, versions = self.row("source", source), self.histories.rows["source"].get(source, [])
        return then is not None and not then["withheld"] and not any(row["withheld"] for row in versions[-1:])

    def leads_up(self, noun: str, pk: int) -> Iterator[Key]:
        row = self.row(noun, pk)
        for column, target in NOUNS[noun].up.items():
            if row is not None and row[column] is not None and self.hangs(noun, pk, column, row[column]):
                yield target, row[column]


def reach(histories: Histories, views: Iterable[tuple[View, Iterable[Key]]]) -> None:
    """Fill `reached` of each view with what the public then read from its beginnings on."""
    waiting: dict[str, set[tuple[View, int]]] = defaultdict(set)
    for view, beginnings in views:
        for noun, pk in beginnings:
            waiting[noun].add((view, pk))
    for noun in (*NOUNS, "source", "affiliation"):
        # The second time these are the bodies to which the others belong, from which nothing leads on to a third.
        here, waiting[noun] = waiting[noun], set()
        if not here:
            continue
        histories.load(noun, {pk for _view, pk in here})
        shown = [(view, pk) for view, pk in here if (noun, pk) not in view.reached and view.shows(noun, pk)]
        for view, pk in shown:
            view.reached.add((noun, pk))
            for target, up in view.leads_up(noun, pk):
                waiting[target].add((view, up))
        for below, column in NOUNS[noun].down:
            found = histories.hanging(below, column, {pk for _view, pk in shown})
            for view, pk in shown:
                for child in found.get(pk, ()):
                    if view.hangs(below, child, column, pk):
                        waiting[below].add((view, child))
