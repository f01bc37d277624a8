"""The columns of tidy tables as they follow from content classes, and what a row says in each.

A vocabulary's word is its code; what a row refers to is its number and its name; a date that is known to the month
stands as it is known (`2025-07`) and as the first and the last day that it can mean; a count is as many columns as it
has numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin, get_type_hints

from claims.logic.origins import Tally
from claims.reports.content.claim import ClaimContent, Said
from claims.reports.content.contradiction import Contradiction
from claims.reports.content.declare import Term, When, declared
from claims.reports.content.evidence import EvidenceContent
from claims.reports.content.rows import (
    AttributionContent,
    DocumentContent,
    RatingContent,
    RelationContent,
    SourceContent,
    VerdictContent,
)
from claims.reports.formats.tidy_meanings import meaning_of
from factcheck.base.edtf import precision, span

Type = Literal["integer", "number", "string", "boolean", "date", "datetime"]
Row = dict[str, Any]
Getter = Callable[[Any], Any]
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what its values are (as Frictionless Table Schema calls it), and what they mean."""

    name: str
    type: Type
    meaning: str


ALWAYS = frozenset({"claims", "verdicts", "attributions", "said_by", "contradictions"})
"""The tables of which questions are asked: a program finds them where nothing was decided or contradicted, too."""
FIRST_LAST = ("first", "last")
NUMBER = "The number of the row in the register."
_RENAMED: Mapping[type, Mapping[str, str]] = {
    EvidenceContent: {"id": "evidence_id", "link_id": "id", "origin": "origin_evidence_id"},
    AttributionContent: {
        "origin": "origin_attribution_id",
        "relayed_from": "relayed_from_id",
        "joint_with": "joint_with_id",
        "taken_back_by": "taken_back_by_id",
    },
    VerdictContent: {"supersedes": "supersedes_id"},
    Contradiction: {
        "attribution": "attribution_id",
        "claim": "other_claim_id",
        "text": "other_claim",
        **dict.fromkeys(("number", "language", "address"), ""),
    },
    Said: {"name": "source", "attribution": "attribution_id"},
    ClaimContent: {"number": "number_in_report"},
    RelationContent: {"other_id": "other_claim_id", "other_text": "other_claim", "other_address": "other_page"},
}
"""What a field is called here, where its own name would mislead; "" for one that is left out."""


def row_of(row: Any) -> Row:
    """The row under its columns."""
    return {column.name: get(row) for column, get in cells_of(type(row))}


_CELLS: dict[type, tuple[tuple[Column, Getter], ...]] = {}


def cells_of(content: type) -> tuple[tuple[Column, Getter], ...]:
    """The columns of a content class, each with how its value is found in a row."""
    if content not in _CELLS:
        _CELLS[content] = tuple(_find_cells(content))
    return _CELLS[content]


def _find_cells(content: type) -> Iterator[tuple[Column, Getter]]:
    hints, shown, renamed = get_type_hints(content), declared(content), _RENAMED.get(content, {})
    for field in fields(content):
        name = renamed.get(field.name, field.name)
        if not name:
            continue
        entry = shown.get(field.name)
        label = entry.label if entry else field.name.replace("_", " ")
        meaning = NUMBER if name == "id" else meaning_of(content, field.name) or f"{label[:1].upper()}{label[1:]}."
        for column, get in _of_kind(name, meaning, _kind(hints[field.name])):
            yield column, _within(field.name, get)


def _within(name: str, get: Getter) -> Getter:
    def value(row: Any) -> Any:
        held = getattr(row, name)
        return None if held is None else get(held)

    return value


def _kind(hint: Any) -> Any:
    """The type of a field without `| None`."""
    options = [option for option in get_args(hint) if option is not type(None)]
    return options[0] if get_origin(hint) is not tuple and len(options) == 1 else hint


_COUNTED = {
    "total": "How many.",
    "sources": "By how many sources.",
    "origins": "From how many origins.",
    "relaying": "How many of these sources only passed it on.",
}


def _of_kind(name: str, meaning: str, kind: Any) -> Iterator[tuple[Column, Getter]]:
    plain: dict[Any, Type] = {int: "integer", bool: "boolean", str: "string", Decimal: "number"}
    if kind in plain:
        yield Column(name, plain[kind], meaning), lambda value: value
    elif kind is Term:
        yield Column(name, "string", meaning), lambda value: value.code
    elif kind is When and name.endswith("_at"):
        yield Column(name, "datetime", meaning), moment_of
    elif kind is When:
        yield from zip(date_columns(name, meaning), _DATE, strict=True)
    elif kind in {SourceContent, DocumentContent}:
        yield Column(f"{name}_id", "integer", f"{meaning} Its number."), lambda value: value.id or None
        yield Column(name, "string", f"{meaning} Its name."), lambda value: value.label
    elif kind is RatingContent:
        yield Column(f"{name}_code", "string", meaning), lambda value: value.code
        yield Column(name, "string", f"{meaning} In words."), lambda value: value.label
        yield Column(f"{name}_number", "integer", f"{meaning} As a number."), lambda value: value.number
    elif kind is Tally:
        spoken = not name.startswith("evidence")
        for part in _COUNTED if spoken else ("total", "origins"):
            yield Column(f"{name}_{part}", "integer", f"{meaning} {_COUNTED[part]}"), _part(part)
    elif kind == tuple[str, ...]:
        yield Column(name, "string", f"{meaning} One after another, with semicolons between them."), "; ".join


def _part(name: str) -> Getter:
    return lambda value: getattr(value, name)


def date_columns(name: str, meaning: str) -> tuple[Column, ...]:
    """The columns of a date: as it is known, how exactly that is, and what it can mean."""
    exact = "How exactly it is known: year, month, day or minute. Days are reckoned from what is known to the day."
    last = "The last day that it can mean: of a year its last, also where what followed from it came sooner."
    return (
        Column(name, "string", f"{meaning} As exact as it is known."),
        Column(f"{name}_precision", "string", f"{meaning} {exact}"),
        Column(f"{name}_earliest", "date", f"{meaning} The first day that it can mean."),
        Column(f"{name}_latest", "date", f"{meaning} {last}"),
    )


def date_of(name: str, value: When) -> Row:
    """A date under these columns."""
    return {column.name: get(value) for column, get in zip(date_columns(name, ""), _DATE, strict=True)}


def _days(value: When) -> tuple[date | None, date | None]:
    """The first and the last day that a date can mean."""
    found = span(value.text)
    return (found[0].date(), (found[1] - timedelta(microseconds=1)).date()) if found else (None, None)


_DATE: tuple[Getter, ...] = (
    lambda value: value.text,
    lambda value: precision(value.text),
    lambda value: _days(value)[0],
    lambda value: _days(value)[1],
)


def moment_of(value: When) -> datetime | None:
    """A moment in UTC; None for none."""
    return datetime.fromisoformat(value.text).astimezone(UTC) if value else None
