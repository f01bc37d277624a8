"""Which rows the public gains and loses with an entry of the trail, beside the row that the entry is about.

A claim is published, and with it its dispute, who speaks about it and what bears on it come before the public; one is
withdrawn, and whatever only it led to goes. What was read before and after an entry is taken from the rows as they
stood then, so that it does not matter when somebody asks, and told only as far as it holds now: of what the public
never read nothing is said, and of what it reads again not that it is gone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from claims.rules.announcement import ROUTES, public_address
from claims.rules.reach import AT_ONCE, NOUNS, Histories, Key, Row, View, reach
from factcheck.audit.models import AuditEntry
from factcheck.models.queryset import public_rows
from factcheck.webhooks.announcement import Announced

MOST = {"document": 500, "source": 500}
"""So many rows that cite one are looked at for some that led the public to it."""
CITING = {
    "document": (("attribution", "document_id"), ("evidencedocument", "document_id")),
    "source": (
        ("attribution", "source_id"),
        ("attribution", "on_behalf_of_id"),
        ("review", "publisher_id"),
        ("inquiry", "source_id"),
        ("document", "publisher_id"),
        ("source", "part_of_id"),
    ),
    "evidence": (("evidencelink", "evidence_id"),),
    "dispute": (("claim", "dispute_id"),),
}
"""By what the public is led to a row: the noun, and its column."""
ONLY_LED_TO = {"evidencedocument": "evidence", "affiliation": "source", "question": "dispute"}
"""What is read wherever this other row is, by its column."""

NEW_TO_ALL = {*CITING, "affiliation", "question"}


@dataclass(frozen=True, slots=True)
class Appearance:
    """One row that the public reads since an entry, or does not read any more."""

    noun: str
    pk: int
    gone: bool
    claim: int | None
    dispute: int | None


def appearances(entries: Sequence[AuditEntry]) -> list[list[Appearance]]:
    """Of each of some entries what came and went with it, in an order that stays; of what it is about itself only that
    it is gone. For about as many statements as of one entry."""
    histories = Histories()
    sides = _views(histories, entries)
    reach(histories, _beginnings(histories, [pair for pair in sides if pair]))
    changed: list[list[tuple[Key, View, bool]]] = []
    for pair in sides:
        rows: list[tuple[Key, View, bool]] = []
        if pair:
            before, after = pair
            # What was told while it stood in another dispute falls silent when that is closed, so it is told again.
            old = set() if "dispute" in after.entry.changes else before.reached
            rows += [(key, after, False) for key in after.reached - old - {after.key}]
            rows += [(key, before, True) for key in before.reached - after.reached]
        changed.append(sorted(rows, key=lambda row: (ORDER[row[0][0]], row[0][1])))
    public = _public_now(histories, (key for rows in changed for key, _view, _gone in rows))
    return [
        [_appearance(view, key, gone) for key, view, gone in rows if key[0] in TOLD and gone != (key in public)]
        for rows in changed
    ]


def announced(entry: AuditEntry) -> Announced | None:
    """Where the row that an entry tells of is read, as far as the public may be told of it. Of a dispute that was
    closed to it, and is closed still, only that it is gone: of no other entry about it anything is told then."""
    if (path := public_address(entry)) is not None:
        return Announced(path)
    if entry.object_type != "dispute" or "visibility" not in entry.changes:
        return None
    key = ("dispute", int(entry.object_id))
    if any(row.gone and (row.noun, row.pk) == key for row in appearances([entry])[0]):
        return Announced(reverse(f"{ROUTES['dispute']}-detail", args=[key[1]]), gone=True)
    return None


ORDER = {noun: place for place, noun in enumerate(NOUNS)}
TOLD = ROUTES.keys() - {"evidencedocument"}


def _views(histories: Histories, entries: Sequence[AuditEntry]) -> list[list[View]]:
    """Of each entry that may decide what is read the register before and after it; of the others nothing."""
    deciding = [entry for entry in entries if _decides(entry)]
    for noun in {entry.object_type for entry in deciding}:
        histories.load(noun, {int(entry.object_id) for entry in deciding if entry.object_type == noun})
    found: list[list[View]] = []
    for entry in entries:
        key = (entry.object_type, int(entry.object_id) if _decides(entry) else 0)
        versions = histories.rows[key[0]].get(key[1], [])
        place = next((i for i, row in enumerate(versions) if row["history_id"] == entry.history_id), None)
        if place is None or not _decides(entry):
            found.append([])
            continue
        then: Row | None = versions[place]
        was = versions[place - 1] if place else None
        if versions[place]["history_type"] == "-":
            then = None
        found.append([View(histories, entry, key, was), View(histories, entry, key, then)])
    return found


def _decides(entry: AuditEntry) -> bool:
    noun = NOUNS.get(entry.object_type)
    if noun is None or entry.history_id is None:
        return False
    # Of what was entered or deleted no fields are named.
    return not entry.changes or bool({column.removesuffix("_id") for column in noun.columns} & {*entry.changes})


def _beginnings(histories: Histories, pairs: Sequence[list[View]]) -> list[tuple[View, list[Key]]]:
    """From where the public is led on before and after these entries, because of the row that each is about."""
    about = defaultdict(set)
    for before, _after in pairs:
        about[before.key[0]].add(before.key[1])
    histories.hanging("claim", "dispute_id", about["dispute"])
    gathered = histories.hanging("evidence", "dispute_id", about["dispute"])
    carried = {row["evidence_id"] for pk in about["evidencedocument"] for row in histories.rows["evidencedocument"][pk]}
    evidence = {pk for dispute in about["dispute"] for pk in gathered[dispute]} | about["evidence"] | carried
    histories.hanging("evidencelink", "evidence_id", evidence)
    found: list[tuple[View, list[Key]]] = []
    for before, after in pairs:
        # What was entered just now nothing leads to yet.
        if before.as_it_was is not None or before.key[0] not in NEW_TO_ALL:
            found += [(view, _beginning(histories, view)) for view in (before, after)]
    return found


def _beginning(histories: Histories, view: View) -> list[Key]:
    noun, pk = view.key
    if noun == "dispute":
        pieces = histories.hanging("evidence", "dispute_id", [pk])[pk]
        return [
            *(("claim", claim) for claim in histories.hanging("claim", "dispute_id", [pk])[pk]),
            *(link for piece in pieces for link in _links(histories, piece)),
        ]
    if noun == "evidence":
        return _links(histories, pk)
    if noun in CITING or noun in ONLY_LED_TO:
        begins = [view.key] if was_read(view, noun, pk) else []
        if noun == "source" and "withheld" in view.entry.changes:
            # For whom it speaks is read as long as its name is.
            begins += [("attribution", row) for row in histories.hanging("attribution", "source_id", [pk], AT_ONCE)[pk]]
        return begins
    return [view.key]


def _links(histories: Histories, evidence: int) -> list[Key]:
    return [("evidencelink", link) for link in histories.hanging("evidencelink", "evidence_id", [evidence])[evidence]]


def was_read(view: View, noun: str, pk: int, *, of_a_part: bool = False) -> bool:
    """Whether something led the public to the row then. Of what is cited by many some alone are looked at."""
    view.histories.load(noun, [pk])
    row = view.row(noun, pk)
    if row is None:
        return False
    if noun in ONLY_LED_TO:
        above = row[f"{ONLY_LED_TO[noun]}_id"]
        led = view.hangs(noun, pk, f"{ONLY_LED_TO[noun]}_id", above)
        return led and was_read(view, ONLY_LED_TO[noun], above)
    if noun not in CITING:
        return view.shows(noun, pk)
    for citing, column in CITING[noun]:
        if citing == "source" and of_a_part:
            continue
        for other in sorted(view.histories.hanging(citing, column, [pk], MOST.get(noun))[pk]):
            if view.hangs(citing, other, column, pk) and was_read(view, citing, other, of_a_part=citing == "source"):
                return True
    return False


def _public_now(histories: Histories, keys: Iterable[Key]) -> set[Key]:
    found: set[Key] = set()
    wanted: dict[str, set[int]] = defaultdict(set)
    for noun, pk in keys:
        wanted[noun].add(pk)
    for noun in wanted.keys() & TOLD:
        pks = sorted(wanted[noun])
        for start in range(0, len(pks), AT_ONCE):
            rows = public_rows(histories.models[noun]).filter(pk__in=pks[start : start + AT_ONCE])
            found |= {(noun, pk) for pk in rows.order_by().values_list("pk", flat=True)}
    return found


def _appearance(view: View, key: Key, gone: bool) -> Appearance:
    noun, pk = key
    row = view.row(noun, pk)
    claim = pk if noun == "claim" else None
    while row is not None and claim is None and ({"link_id", "verdict_id", "claim_id"} & row.keys()):
        column = next(name for name in ("link_id", "verdict_id", "claim_id") if name in row)
        above = {"link_id": "evidencelink", "verdict_id": "verdict"}.get(column)
        claim, row = (None, view.row(above, row[column])) if above else (row[column], row)
    stood = view.row("claim", claim) if claim is not None else row
    dispute = pk if noun == "dispute" else (stood or {}).get("dispute_id")
    return Appearance(noun, pk, gone, claim, dispute)
