"""The table of docs/asvs.md: the tests that it names are there, and its figures are those of its rows."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "asvs.md").read_text()
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
NUMBER = re.compile(r"\b\d+\.\d+\.\d+\b")
TESTS = re.compile(r"`tests/[\w/]+\.py::test_\w+`(, `tests/[\w/]+\.py::test_\w+`)*")
WHOLE_CHAPTERS = re.compile(r"^\* All (\d+) of chapter V(\d+):", re.MULTILINE)
LINK = re.compile(r"\[[^\]]+\]\(([\w./-]+\.md)(?:#([\w-]+))?\)")
ALL, APART = 253, ("5.0.0",)
"""Requirements of the levels 1 and 2 of the standard, and what looks like a number of one."""


class Row(NamedTuple):
    number: str
    level: str
    asked: str
    here: str
    shown: str

    @property
    def order(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.number.split("."))

    @property
    def kind(self) -> str:
        return next((word for word in ("open", "operator") if self.shown.startswith(f"{word}: ")), "test")


TABLE, APPENDIX = PAGE.split("## What does not apply")
ROWS = [Row(*found.groups()) for found in ROW.finditer(TABLE)]


@cache
def functions_of(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_row_is_read() -> None:
    assert len(ROWS) == len(re.findall(r"^\| \d", TABLE, re.MULTILINE))


def test_every_row_is_shown_by_tests_or_says_who_has_to_meet_it_or_that_it_is_open() -> None:
    for row in ROWS:
        if row.kind == "test":
            assert TESTS.fullmatch(row.shown), row
        else:
            assert len(row.shown) > len(f"{row.kind}: ") + 3, row
        if row.kind == "operator":
            assert LINK.search(row.shown), row


def test_every_named_test_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)
    assert len(named) > len(ROWS) / 2
    gone = [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / file).exists() or (name and name not in functions_of(file))
    ]
    assert not gone


def test_numbers_are_in_order_and_come_once() -> None:
    order = [row.order for row in ROWS]
    assert order == sorted(set(order))
    apart = [number for number in NUMBER.findall(APPENDIX) if number not in APART]
    assert len(apart) == len(set(apart))
    assert not set(apart) & {row.number for row in ROWS}
    chapters = re.split(r"^## V(\d+) ", TABLE, flags=re.MULTILINE)[1:]
    for chapter, text in zip(chapters[::2], chapters[1::2], strict=True):
        assert {found[1].split(".")[0] for found in ROW.finditer(text)} == {chapter}


def test_the_figures_at_the_head_are_those_of_the_table() -> None:
    kinds = [row.kind for row in ROWS]
    shown, operator, open_ = (kinds.count(kind) for kind in ("test", "operator", "open"))
    assert (
        f"{len(ROWS)} apply: {shown} are shown by a test, {operator} are met by the operator, and {open_} are open."
        in PAGE
    )
    whole = sum(int(count) for count, _chapter in WHOLE_CHAPTERS.findall(APPENDIX))
    apart = len(NUMBER.findall(APPENDIX)) + whole
    assert len(ROWS) + apart == ALL
    assert f"has {ALL} requirements" in PAGE
    assert f"{apart}\ndo not apply." in PAGE


def test_the_papers_lead_to_what_is_there() -> None:
    for page in (
        ROOT / "docs" / "asvs.md",
        ROOT / "docs" / "threats.md",
        ROOT / "docs" / "security.md",
        ROOT / "SECURITY.md",
    ):
        for file, anchor in LINK.findall(page.read_text()):
            target = page.parent / file
            assert target.exists(), f"{page.name}: {file}"
            heads = re.findall(r"^#+ (.+)$", target.read_text(), re.MULTILINE)
            anchors = {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}
            assert not anchor or anchor in anchors, f"{page.name}: {file}#{anchor}"


def test_what_the_threats_name_is_there() -> None:
    text = (ROOT / "docs" / "threats.md").read_text()
    for file, name in re.findall(r"`((?:tests|factcheck|claims|sources)/[\w/]+\.py)(?:::(\w+))?`", text):
        assert (ROOT / file).exists(), file
        assert not name or name in functions_of(file), name
