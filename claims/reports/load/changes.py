"""Finds what changed between two dossiers of one dispute or claim: both are masked for their reader already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from claims.choices import Severity
from claims.logic import diff
from claims.reports.content.changes import BY, KINDS, NOUNS, ChangeContent, Difference
from claims.reports.content.declare import Plain, compared, labels, text
from claims.reports.content.dossier import ClaimContent, DisputeDossier, Dossier
from claims.reports.content.evidence import EvidenceContent
from claims.reports.content.question import QuestionContent
from claims.reports.content.rows import (
    AttributionContent,
    DisputeContent,
    DocumentContent,
    InquiryContent,
    RelationContent,
    ReviewContent,
    SourceContent,
    Term,
    VerdictContent,
)
from claims.reports.load.representation import representation_of

_ORDER = {noun: place for place, noun in enumerate(NOUNS)}
_CONTENT: dict[str, type] = {
    "dispute": DisputeContent,
    "question": QuestionContent,
    "claim": ClaimContent,
    "verdict": VerdictContent,
    "attribution": AttributionContent,
    "evidence-link": EvidenceContent,
    "evidence": EvidenceContent,
    "relation": RelationContent,
    "review": ReviewContent,
    "inquiry": InquiryContent,
    "source": SourceContent,
    "document": DocumentContent,
}
"""Where the fields of each kind of row are declared."""
_SELF_EVIDENT = {"claim", "other"}
"""The two ends of a relation: they never change, and a claim in other words is told as such."""
_DECISION = ("rating", "likelihood", "confidence", "summary", "rationale")


def find_changes(before: Dossier, after: Dossier) -> tuple[ChangeContent, ...]:
    """What tells `after` from `before`: first on the whole, then by claims in the order of the report, at last on
    sources and documents.

    What is new or gone with a claim is told by the claim alone.
    """
    found = [*_rows(before, after), *_verdicts(before, after), *_cells(before, after), *_cited(before, after)]
    numbers = {claim.id: claim.number for claim in after.claims} if isinstance(after, DisputeDossier) else {}
    placed = (replace(row, number=numbers.get(row.claim) if row.claim else None) for row in found)
    return tuple(sorted(placed, key=_place))


def _place(row: ChangeContent) -> tuple[int, int, int, int]:
    last = row.noun.code in {"source", "document"}
    return (2 if last else 1 if row.claim else 0), row.number or 0, _ORDER[row.noun.code], row.id


def _rows(before: Dossier, after: Dossier) -> Iterator[ChangeContent]:
    """The dispute, the claims and all that hangs on them, but for the verdicts in force."""
    found = diff.changes(after.noun, representation_of(before), representation_of(after))
    told = {row.id for row in found if row.noun == "claim" and row.change != "changed"}
    decided = {claim.verdict.id for dossier in (before, after) for claim in dossier.claims if claim.verdict}
    for row in found:
        if (row.noun != "claim" and row.claim in told) or (row.noun == "verdict" and row.id in decided):
            continue
        if row.noun == "evidence" and row.change != "changed":
            continue  # told by what links it to a claim
        differences = _differences(row.noun, row.fields)
        if row.change != "changed" or differences:
            yield _view(row.change, row.noun, row.id, row.claim, row.label, differences)


def _verdicts(before: Dossier, after: Dossier) -> Iterator[ChangeContent]:
    """The verdicts in force: a claim has one at most, so that another one replaced it."""
    earlier = {claim.id: claim for claim in before.claims}
    for claim in after.claims:
        if claim.id not in earlier:
            continue
        old, new = earlier[claim.id].verdict, claim.verdict
        if new is None and old is None:
            continue
        if new is None or old is None:
            shown: Any = new or old
            yield _view("added" if new else "removed", "verdict", shown.id, claim.id, shown.rating.label)
            continue
        differences = _differences("verdict", _decision(old, new))
        if differences or old.id != new.id:
            kind = "changed" if old.id == new.id else "replaced"
            change = _view(kind, "verdict", new.id, claim.id, new.rating.label, differences)
            by = _gravest(earlier[claim.id], claim)
            told = Term(kind, f"{KINDS[kind]} by {by}") if kind == "replaced" and by else change.change
            yield replace(change, change=told, reason=_reasons(earlier[claim.id], claim))


def _decision(old: VerdictContent, new: VerdictContent) -> dict[str, tuple[Any, Any]]:
    was, now = compared(old), compared(new)
    return {name: (was[name], now[name]) for name in _DECISION if was[name] != now[name]}


def _reasons(before: ClaimContent, after: ClaimContent) -> str:
    """Why the verdicts that came since were corrections, the earliest first."""
    known = {row.id for row in before.decided}
    return " ".join(row.correction_reason for row in after.decided if row.id not in known and row.correction_reason)


def _gravest(before: ClaimContent, after: ClaimContent) -> str:
    """`a retraction`: the gravest kind of the corrections that came since; empty where there was none."""
    known = {row.id for row in before.decided}
    came = {row.correction_severity.code for row in after.decided if row.id not in known}
    return next((BY[code] for code in reversed(Severity.values) if code in came), "")


def _cells(before: Dossier, after: Dossier) -> Iterator[ChangeContent]:
    """What the analysts' ratings come to, where it is another than it was."""
    if not isinstance(before, DisputeDossier) or not isinstance(after, DisputeDossier):
        return
    was, now = _consensus(before), _consensus(after)
    for key in sorted({*was, *now}):
        (title, old), (new_title, new) = was.get(key, ("", "")), now.get(key, ("", ""))
        if old != new:
            kind = "changed" if old and new else "added" if new else "removed"
            differences = (Difference("rating", "consistency with the claim", old, new),)
            yield _view(kind, "cell", key[0], key[1], new_title or title, differences)


def _consensus(dossier: DisputeDossier) -> dict[tuple[int, int], tuple[str, str]]:
    return {
        (row.evidence, cell.claim): (row.title, cell.words)
        for question in dossier.questions
        for row in question.matrix.rows
        for cell in row.cells
        if cell.rated
    }


def _cited(before: Dossier, after: Dossier) -> Iterator[ChangeContent]:
    """Sources and documents that are cited in both and are not what they were; what is new comes with what cites it."""
    for noun, old, new in (
        ("source", before.sources, after.sources),
        ("document", before.documents, after.documents),
    ):
        was = {row.id: compared(row) for row in old}
        for row in new:
            now = compared(row)
            fields = {name: (was[row.id][name], now[name]) for name in now} if row.id in was else {}
            if differences := _differences(noun, fields):
                yield _view("changed", noun, row.id, None, row.label, differences)


def _differences(noun: str, fields: Mapping[str, tuple[Any, Any]]) -> tuple[Difference, ...]:
    words = labels(_CONTENT[noun])
    return tuple(
        # What only links one row to another (the evidence of a bearing) is no field of a content class.
        Difference(name, words.get(name, name), text(old), text(new))
        for name, (old, new) in fields.items()
        if name not in _SELF_EVIDENT and _ids(old) != _ids(new)
    )


def _ids(value: Plain) -> Plain:
    """What is compared: of what is referred to its id alone, since a new name is told where it was given."""
    if isinstance(value, Mapping):
        return value["id"]
    if isinstance(value, list):
        return [_ids(entry) for entry in value]
    return value


def _view(
    change: str, noun: str, pk: int, claim: int | None, label: str, differences: Iterable[Difference] = ()
) -> ChangeContent:
    return ChangeContent(
        change=Term(change, KINDS[change]),
        noun=Term(noun, NOUNS[noun]),
        id=pk,
        claim=claim,
        number=None,
        label=label,
        differences=tuple(differences),
    )
