"""How a content class says of each field what a reader calls it, in which column it stands and how it is compared.

    method: Annotated[str, Shown("how it was obtained", column="method")]

That is all: the field is compared, told among the changes, stands in the tables and in JSON, and appears among the
facts of its row in every prose format unless a report places it by hand.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Protocol, TypeAlias, get_type_hints, runtime_checkable

from claims.logic.wording import number
from factcheck.base.edtf import on_in_words


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a fixed vocabulary: its code for programs, its words for people. Empty is false."""

    code: str
    words: str

    def __bool__(self) -> bool:
        return bool(self.code)

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True, slots=True)
class When:
    """A date as exact as it is known, or a moment: ISO 8601 text, and in words. Empty is false."""

    text: str
    words: str

    def __bool__(self) -> bool:
        return bool(self.text)

    def __str__(self) -> str:
        return self.words

    @property
    def on(self) -> str:
        """`on 3 July 2025`, `in July 2025`; what is no such date comes as it is written."""
        try:
            return on_in_words(self.text)
        except ValueError:
            return f"on {self.words}"


NO_TERM = Term("", "")
NEVER = When("", "")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a field, or a property derived from the fields of its row, is to a reader; it annotates the type."""

    label: str
    """What a reader calls it, as it stands in the middle of a sentence."""
    column: str = ""
    """Its column in the flat table; "" for none, or for one that the table fills by hand."""
    words: bool = False
    """Whether the column holds the words of a term, and not its code."""
    compared: bool = True
    """Whether two reports that differ in it say so."""
    name: str = ""
    """The code of the field among the changes, where that is not its name here."""
    skip: int = 0
    """How many entries at the beginning of a list are the row itself, and so no news of it."""
    part: str = ""
    """The part of the row that it belongs to, where one content class shows two rows of the register."""


@runtime_checkable
class Numbered(Protocol):
    """Content of a row of the register."""

    @property
    def id(self) -> int: ...


@runtime_checkable
class Labelled(Numbered, Protocol):
    """Content that has a label under which other content refers to it."""

    @property
    def label(self) -> str: ...


Plain: TypeAlias = "str | bool | int | dict[str, Any] | list[Plain] | None"
"""A value as it is compared and told: text in words, and what is referred to by id and label."""


_DECLARED: dict[type, Mapping[str, Shown]] = {}


def declared(content: type) -> Mapping[str, Shown]:
    """What the class declares, by the name of the field or property: fields first, in their order."""
    if content not in _DECLARED:
        _DECLARED[content] = _read(content)
    return _DECLARED[content]


def _read(content: type) -> Mapping[str, Shown]:
    found = {
        name: hint for name, hint in get_type_hints(content, include_extras=True).items() if name in _names(content)
    }
    for name, value in vars(content).items():
        if isinstance(value, property) and value.fget is not None:
            found[name] = get_type_hints(value.fget, include_extras=True).get("return")
    shown = {name: _shown(hint) for name, hint in found.items()}
    return {name: entry for name, entry in shown.items() if entry is not None}


def derived(content: type) -> tuple[str, ...]:
    """The declared properties of the class: what JSON adds to its fields."""
    return tuple(name for name in declared(content) if name not in _names(content))


def _names(content: type) -> list[str]:
    return [field.name for field in fields(content)]


def _shown(hint: object) -> Shown | None:
    return next((entry for entry in getattr(hint, "__metadata__", ()) if isinstance(entry, Shown)), None)


def compared(row: object, part: str = "") -> dict[str, Plain]:
    """What of a row is compared, by the code of the field; of the part of this name, where a class shows two rows."""
    return {
        entry.name or name: _plain(row, name, entry)
        for name, entry in declared(type(row)).items()
        if entry.compared and entry.part == part
    }


def labels(content: type) -> Mapping[str, str]:
    """What a reader calls the fields that are compared, by their code."""
    return {entry.name or name: entry.label for name, entry in declared(content).items() if entry.compared}


def facts(row: object, placed: Collection[str] = ()) -> tuple[tuple[str, str], ...]:
    """Label and text of each declared field that holds something, but for those that are placed by hand."""
    said = (
        (entry.label, text(_plain(row, name, entry)))
        for name, entry in declared(type(row)).items()
        # What does not hold is no fact worth a line.
        if name not in placed and getattr(row, name) is not False
    )
    return tuple((f"{label[:1].upper()}{label[1:]}", words) for label, words in said if words)


def cells(row: object) -> dict[str, Any]:
    """What the flat table says of a row, by column; what is referred to is handed on as it is."""
    return {
        entry.column: _cell(getattr(row, name), words=entry.words)
        for name, entry in declared(type(row)).items()
        if entry.column
    }


def _cell(value: object, *, words: bool) -> object:
    match value:
        case None:
            return ""
        case Term():
            return value.words if words else value.code
        case When():
            return value.text
        case Decimal():
            return number(value)
        case tuple() if all(isinstance(entry, str) for entry in value):
            return "; ".join(value)
    return value


def _plain(row: object, name: str, entry: Shown) -> Plain:
    value = getattr(row, name)
    return plain(value[entry.skip :] if entry.skip else value)


def plain(value: object) -> Plain:
    """A value as it is compared: in words, and what it refers to by id and label."""
    match value:
        case None | bool() | str() | int():
            return value
        case Term() | When():
            return value.words
        case Decimal():
            return number(value)
        case tuple() if all(isinstance(entry, str) for entry in value):
            return ", ".join(value)
        case tuple():
            return [plain(entry) for entry in value]
        case Labelled():
            return {"id": value.id, "label": value.label}
    raise TypeError(f"There are no words for {type(value).__name__}: give it an id and a label.")


def text(value: Plain) -> str:
    """A plain value as a reader sees it; empty for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return str(value["label"])
    if isinstance(value, list):
        return "; ".join(map(text, value))
    return str(value)
