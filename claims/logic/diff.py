"""What changed between two representations of the same claim or dispute, row by row and field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

NOUNS = {
    "questions": "question",
    "claims": "claim",
    "attributions": "attribution",
    "evidence": "evidence-link",
    "relations": "relation",
    "verdict": "verdict",
    "reviews": "review",
    "inquiries": "inquiry",
}
"""The nouns of the rows that hang on a claim or dispute, by the field that holds them."""
BOOKKEEPING = {"version", "created_at", "updated_at"}
DERIVED = {"origins", "contradicted_by", "taken_back", "earlier_wording", "state_sentence", "sentence", "matrix"}
"""Follows from the rows that hang on it, which are listed themselves."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One row that was added, changed or removed; `fields` maps a changed field to its values before and after."""

    noun: str
    id: int
    claim: int | None
    change: str
    label: str
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)


def changes(noun: str, before: Row | None, after: Row | None) -> list[Change]:
    """What tells `after` from `before`, two representations of one row with all that hangs on it.

    None stands for a moment at which it was not there. Rows are known by noun and id; a verdict that another one
    superseded is removed, the other one added. Bookkeeping is no change.
    """
    old, new = dict(_rows(noun, before)), dict(_rows(noun, after))
    found = []
    for key in [*old, *(key for key in new if key not in old)]:
        was, now = old.get(key), new.get(key)
        fields = _fields(was, now)
        if was is not None and now is not None and not fields:
            continue
        shown: Row = now or was or {}
        change = "added" if was is None else "removed" if now is None else "changed"
        found.append(Change(key[0], key[1], shown.get("_claim"), change, _label(key[0], shown), fields))
    return found


def _rows(noun: str, row: Row | None, claim: int | None = None) -> Iterator[tuple[tuple[str, int], Row]]:
    """Every row in the representation with its own fields, under its noun and id."""
    if row is None:
        return
    claim = row["id"] if noun == "claim" else claim
    own: dict[str, Any] = {"_claim": claim}
    within: list[tuple[str, Row]] = []
    for name, value in row.items():
        if noun == "evidence-link" and name == "evidence":
            within.append(("evidence", value))
            own[name] = {"id": value["id"], "label": value["title"]}
        elif name in NOUNS and noun in {"claim", "dispute"}:
            held = value if isinstance(value, list) else [value] if value else []
            within += [(NOUNS[name], entry) for entry in held]
        elif name not in BOOKKEEPING | DERIVED:
            own[name] = value
    yield (noun, row["id"]), own
    for inner, entry in within:
        # A piece of evidence may bear on several claims.
        yield from _rows(inner, entry, None if inner == "evidence" else claim)


def _fields(was: Row | None, now: Row | None) -> dict[str, tuple[Any, Any]]:
    if was is None or now is None:
        return {}
    names = [*now, *(name for name in was if name not in now)]
    return {
        name: (was.get(name), now.get(name))
        for name in names
        if not name.startswith("_") and was.get(name) != now.get(name)
    }


def _label(noun: str, row: Row) -> str:
    """The row in a few words."""

    def of(name: str) -> str:
        value = row.get(name)
        return str(value.get("label", "") if isinstance(value, Mapping) else value or "")

    words = {
        "dispute": of("title"),
        "question": of("text"),
        "claim": of("text"),
        "attribution": f"{of('source')} {of('stance')}",
        "evidence": of("title"),
        "evidence-link": f"{of('evidence')} {of('bearing')}",
        "relation": f"{of('claim')} {of('kind')} {of('other')}",
        "verdict": of("rating"),
        "review": of("publisher"),
        "inquiry": of("source"),
    }[noun]
    return words if len(words) <= 300 else f"{words[:297]}..."
