"""Lines of a register file with every kind of JSON in every place: each is read, or named as a problem."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from typing import Any

import pytest

from claims.register.nouns import NOUNS, PERSON, PERSON_FIELDS
from claims.register.read import END, HEADER, ORDER, Problem, RegisterFile, Row
from claims.register.values import readers
from tests.api import odd

FIRST = {"type": HEADER, "schema_version": 1}
KINDS = [
    *(value for value in odd.JSON if not isinstance(value, str) or len(value) < 1_000),
    {"id": [1]},
    {"id": {}},
    {"id": True},
    {"username": [1]},
    {"username": None},
    "2025-07-01T::::::Z",
    "2025-07-01T14:05:00+99:99",
    "2025-02-30",
]


def names_of(kind: str) -> Iterable[str]:
    """The places in a line of this type."""
    if kind in NOUNS:
        return readers(NOUNS[kind])
    return {PERSON: PERSON_FIELDS, HEADER: ("schema_version", "made_at"), END: ("rows",)}[kind]


def read(*lines: Any) -> list[Row | Problem]:
    return list(RegisterFile(io.BytesIO(b"".join(json.dumps(line).encode() + b"\n" for line in lines))))


@pytest.mark.parametrize("kind", [HEADER, *ORDER, END])
def test_every_kind_of_value_in_every_place_of_a_line_is_read_or_named(kind: str) -> None:
    names = [*names_of(kind)]
    for name in (*names, "type", "zq"):
        for value in KINDS:
            line = {"type": kind, **(FIRST if kind == HEADER else dict.fromkeys(names)), name: value}
            found = read(line) if kind == HEADER else read(FIRST, line)
            # Its last line is missing, if nothing else.
            assert any(isinstance(entry, Problem) and str(entry) for entry in found) or kind == END, line


def test_every_kind_of_line_is_read_or_named() -> None:
    for value in KINDS:
        assert [str(found) for found in read(value) if isinstance(found, Problem)], value
        assert [str(found) for found in read(FIRST, value) if isinstance(found, Problem)], value


@pytest.mark.parametrize("version", [[1], {"1": 1}, "1", True, 2, None, []])
def test_another_version_is_refused_by_name(version: Any) -> None:
    (problem,) = read({**FIRST, "schema_version": version})
    assert isinstance(problem, Problem)
    assert (problem.line, problem.field) == (1, "schema_version")
