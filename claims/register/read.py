"""Reads a whole register from lines of JSON: bytes become rows and problems, and no database is asked.

The first line is a header, the last one counts the rows before it, so that a file that was cut short is noticed. Every
row comes after the rows that it refers to; nothing can therefore lead back to itself.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from claims.register.nouns import NOUNS, PERSON, PERSON_FIELDS
from claims.register.values import Person, Reference, Unreadable, readers
from factcheck.api.parsers import parse_json
from factcheck.api.refusals import Problem as Refusal

FORMAT = "register-ndjson"
READABLE = frozenset({1})
"""The versions of the form of rows that are understood here."""
HEADER, END = "register", "end"
LINE_LIMIT = 8_000_000
"""Bytes: a work of 500,000 characters fits in, each escaped in the longest way of its plane."""
SHOWN = 20
"""How many problems are told before the rest of the file is left unread."""

ORDER = {name: place for place, name in enumerate((PERSON, *NOUNS))}


@dataclass(frozen=True, slots=True)
class Row:
    """One line that holds: its number, its noun, and the values of its columns; references are numbers or names."""

    line: int
    noun: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one line, and with which field of it, if with one."""

    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"Line {self.line}{f', {self.field}' if self.field else ''}: {self.message}"


@dataclass(slots=True)
class RegisterFile:
    """A file that is read once, line by line. `header`, `digest` and `counts` are complete when all lines are read."""

    stream: BinaryIO
    header: dict[str, Any] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    read: int = 0
    _hash: Any = field(default_factory=hashlib.sha256)
    _seen: dict[str, set[Any]] = field(default_factory=lambda: {name: set() for name in ORDER})
    _last: str = PERSON
    _ended: bool = False

    @property
    def digest(self) -> str:
        """The fingerprint of what was read so far: sha256: and 64 hexadecimal digits."""
        return f"sha256:{self._hash.hexdigest()}"

    def __iter__(self) -> Iterator[Row | Problem]:
        told = 0
        for found in self._found():
            yield found
            told += isinstance(found, Problem)
            if told == SHOWN:
                yield Problem(found.line, "", f"The rest is not read: these are the first {SHOWN} problems.")
                return

    def _found(self) -> Iterator[Row | Problem]:
        number = 0
        for number, line in enumerate(self._lines(), 1):
            try:
                if len(line) > LINE_LIMIT:
                    raise _Wrong("", f"The line is longer than {LINE_LIMIT:,} bytes; nothing after it is read.")
                values = parse_json(line)
                if not line.strip() or not isinstance(values, dict):
                    raise _Wrong("", "Each line is one JSON object.")
                row = self._take(number, values)
            except Refusal as refusal:
                place = next((str(error["field"]) for error in refusal.errors or () if error.get("field")), "")
                yield Problem(number, place, str(refusal.detail).replace("The body", "The line"))
            except _Wrong as wrong:
                for place, message in wrong.found:
                    yield Problem(number, place, message)
            else:
                if row is not None:
                    yield row
            if not self.header:
                # Whatever it is, it is no register, and each of its lines would be wrong.
                return
        if not self._ended:
            yield Problem(number, "", f'The file was cut short: its last line is of the type "{END}".')

    def _lines(self) -> Iterator[bytes]:
        while line := self.stream.readline(LINE_LIMIT + 1):
            self._hash.update(line)
            self.read += len(line)
            yield line
            if len(line) > LINE_LIMIT:
                return

    def _take(self, number: int, values: dict[str, Any]) -> Row | None:
        """What the line says; raises _Wrong. None for the header and the end."""
        noun = values.pop("type", None)
        if number == 1:
            self._take_header(noun, values)
            return None
        if self._ended:
            raise _Wrong("", f'Nothing comes after the line of the type "{END}".')
        if noun == END:
            self._take_end(values)
            return None
        if not isinstance(noun, str) or noun not in ORDER:
            raise _Wrong("type", f"Choose one of: {', '.join(ORDER)}.")
        if ORDER[noun] < ORDER[self._last]:
            raise _Wrong("type", f"Rows of the type {noun} come before those of the type {self._last}.")
        self._last = noun
        self.counts[noun] += 1
        name = "username" if noun == PERSON else "id"
        key = values.get(name)
        if type(key) in {int, str} and key in self._seen[noun]:
            raise _Wrong(name, "Another line has it already.")
        try:
            return Row(number, noun, _person(values) if noun == PERSON else self._columns(noun, values))
        finally:
            # After it, since a row cannot refer to itself; also when it is refused, or those that refer to it would be.
            if type(key) in {int, str}:
                self._seen[noun].add(key)

    def _take_header(self, noun: Any, values: dict[str, Any]) -> None:
        if noun != HEADER:
            raise _Wrong("type", f'This is no register: its first line has the type "{HEADER}".')
        version = values.get("schema_version")
        if isinstance(version, bool) or version not in READABLE:
            known = ", ".join(map(str, sorted(READABLE)))
            raise _Wrong("schema_version", f"This program reads the version {known} of registers.")
        self.header = values

    def _take_end(self, values: dict[str, Any]) -> None:
        self._ended = True
        if values.get("rows") != dict(self.counts):
            raise _Wrong("rows", f"The file does not have as many rows as it says: {dict(self.counts)} were read.")

    def _columns(self, noun: str, values: dict[str, Any]) -> dict[str, Any]:
        """The values of a row by the names of its columns."""
        columns: dict[str, Any] = {}
        expected = readers(NOUNS[noun])
        unknown = f"There is no such field of the type {noun}."
        wrong = [(_visible(name), unknown) for name in values.keys() - expected.keys()]
        for name, (column, read) in expected.items():
            if name not in values:
                wrong.append((name, "The field is missing."))
                continue
            try:
                value = read(values[name])
            except Unreadable as error:
                wrong.append((name, str(error)))
                continue
            match value:
                case Reference(target, key) if key not in self._seen[target]:
                    wrong.append((name, f"No line before this one is the {target} {key}."))
                case Person(username) if username not in self._seen[PERSON]:
                    wrong.append((name, f"No line before this one is the {PERSON} {_visible(username)!r}."))
                case Reference(_, key) | Person(key):
                    columns[column] = key
                case _:
                    columns[column] = value
        if wrong:
            raise _Wrong.several(wrong)
        return columns


def _person(values: dict[str, Any]) -> dict[str, Any]:
    for name in values.keys() ^ set(PERSON_FIELDS):
        raise _Wrong(_visible(name), f"A {PERSON} has {', '.join(PERSON_FIELDS)}, and nothing else.")
    for name in PERSON_FIELDS:
        if not isinstance(values[name], str) or (name == "username" and not values[name]):
            raise _Wrong(name, "Give a text.")
    return values


def _visible(name: str) -> str:
    return name[:100].encode("ascii", "backslashreplace").decode() if not name.isprintable() else name[:100]


class _Wrong(Exception):
    """A line that is refused: for each fault its field and what is wrong."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(message)
        self.found = [(place, message)]

    @classmethod
    def several(cls, found: list[tuple[str, str]]) -> _Wrong:
        wrong = cls(*found[0])
        wrong.found = sorted(found)
        return wrong
