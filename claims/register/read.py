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

from claims.register.columns import Columns, columns_of
from claims.register.header import Header, read_header
from claims.register.nouns import LINES, PERSON
from claims.register.problem import Problem, Wrong, visible
from claims.register.values import InvalidValue, Person, Reference
from factcheck.api.parsers import parse_json
from factcheck.api.problem import Problem as Refusal

FORMAT = "register-ndjson"
END = "end"
LINE_LIMIT = 8_000_000
"""Bytes: a work of 500,000 characters fits in, each escaped in the longest way of its plane."""
SHOWN = 20
"""How many problems are named before the rest of the file is left unread."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line that holds: its number, its noun, and the values of its columns; references are numbers or names."""

    line: int
    noun: str
    values: dict[str, Any]


@dataclass(slots=True)
class RegisterFile:
    """A file that is read once, line by line. What it says of itself is complete when all lines are read.

    `filled` names for each noun the fields that the file never had and whose default its rows got; `left_out` what it
    holds and nothing here does any more, as "evidence.method".
    """

    stream: BinaryIO
    header: Header | None = None
    counts: Counter[str] = field(default_factory=Counter)
    read: int = 0
    filled: dict[str, list[str]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    _hash: Any = field(default_factory=hashlib.sha256)
    _lines_of: Counter[str] = field(default_factory=Counter)
    _columns: dict[str, Columns | None] = field(default_factory=dict)
    _seen: dict[str, set[object]] = field(default_factory=lambda: {name: set() for name in LINES})
    _last: str = PERSON
    _ended: bool = False

    @property
    def digest(self) -> str:
        """The fingerprint of what was read so far: sha256: and 64 hexadecimal digits."""
        return f"sha256:{self._hash.hexdigest()}"

    def __iter__(self) -> Iterator[Row | Problem]:
        problems = 0
        for found in self._found():
            yield found
            problems += isinstance(found, Problem)
            if problems == SHOWN:
                yield Problem(found.line, "", f"The rest is not read: these are the first {SHOWN} problems.")
                return

    def _found(self) -> Iterator[Row | Problem]:
        number = 0
        for number, line in enumerate(self._lines(), 1):
            try:
                if len(line) > LINE_LIMIT:
                    raise Wrong(("", f"The line is longer than {LINE_LIMIT:,} bytes; nothing after it is read."))
                values = parse_json(line)
                if not line.strip() or not isinstance(values, dict):
                    raise Wrong(("", "Each line is one JSON object."))
                row = self._take(number, values)
            except Refusal as refusal:
                place = next((str(error["field"]) for error in refusal.errors or () if error.get("field")), "")
                yield Problem(number, place, str(refusal.detail).replace("The body", "The line"))
            except Wrong as wrong:
                for place, message in wrong.found:
                    yield Problem(number, place, message)
            else:
                if row is not None:
                    yield row
            if self.header is None:
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

    def _take(self, number: int, values: dict[str, object]) -> Row | None:
        """What the line says; raises Wrong. None for the header, the end, and rows that are not kept any more."""
        noun = values.pop("type", None)
        if self.header is None:
            self.header = read_header(noun, values)
            return None
        if self._ended:
            raise Wrong(("", f'Nothing comes after the line of the type "{END}".'))
        if noun == END:
            self._take_end(values)
            return None
        if not isinstance(noun, str):
            raise Wrong(("type", f"Choose one of: {', '.join(LINES)}."))
        self._lines_of[noun] += 1
        columns = None
        try:
            columns = self._columns_of(self.header, noun, values)
        finally:
            if columns is None:
                self._remember(noun, values)
        return None if columns is None else self._take_row(number, columns, values)

    def _take_end(self, values: dict[str, object]) -> None:
        self._ended = True
        if values.get("rows") != dict(self._lines_of):
            read = dict(self._lines_of)
            raise Wrong(("rows", f"The file does not have as many rows as it says: {read} were read."))

    def _columns_of(self, header: Header, noun: str, values: dict[str, object]) -> Columns | None:
        """How the rows of this type are read, decided with the first of them; None for those that are not."""
        if noun in self._columns:
            return self._columns[noun]
        # Said once: rows of a type that cannot be read are only counted after that.
        self._columns[noun] = None
        # A version that lists no columns has those of its first row: one that lacks some of them is noticed even so.
        names = values.keys() if header.columns is None else header.columns.get(noun)
        if names is None:
            raise Wrong(("type", f"The first line lists no columns of this type; choose one of: {', '.join(LINES)}."))
        columns = self._columns[noun] = columns_of(header.version, noun, names)
        if columns is None:
            self.left_out.append(visible(noun))
            return None
        self.filled[columns.noun] = columns.filled
        self.left_out += [f"{columns.noun}.{name}" for name in columns.left_out]
        return columns

    def _take_row(self, number: int, columns: Columns, values: dict[str, object]) -> Row:
        noun = columns.noun
        if LINES.index(noun) < LINES.index(self._last):
            raise Wrong(("type", f"Rows of the type {noun} come before those of the type {self._last}."))
        self._last = noun
        self.counts[noun] += 1
        name, key = _key(noun, values)
        if key is not None and key in self._seen[noun]:
            raise Wrong((name, "Another line has it already."))
        try:
            return Row(number, noun, columns.read(values, self._key_of))
        finally:
            # After it, since a row cannot refer to itself.
            self._remember(noun, values)

    def _remember(self, noun: str, values: dict[str, object]) -> None:
        """Also a row that is refused: those that refer to it have nothing wrong with them."""
        _name, key = _key(noun, values)
        if key is not None:
            self._seen.setdefault(noun, set()).add(key)

    def _key_of(self, value: object) -> object:
        """What stands for a reference: the number or name of a row that came before. Raises InvalidValue for others."""
        match value:
            case Reference(noun, key) if key not in self._seen[noun]:
                raise InvalidValue(f"No line before this one is the {noun} {key}.")
            case Person(username) if username not in self._seen[PERSON]:
                raise InvalidValue(f"No line before this one is the {PERSON} {visible(username)!r}.")
            case Reference(_, key) | Person(key):
                return key
        return value


def _key(noun: str, values: dict[str, object]) -> tuple[str, int | str | None]:
    """The field by which others refer to a row, and its value if it can be one."""
    name = "username" if noun == PERSON else "id"
    value = values.get(name)
    # True is an int to Python, and equal to 1.
    return name, value if isinstance(value, int | str) and not isinstance(value, bool) else None
