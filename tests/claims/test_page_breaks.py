"""Where the pages of a PDF end: never between a heading and what it heads, and in no small table."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PdfReader

from claims.reports.formats.catalogue import FORMATS
from tests.claims import content_case as case

SMALL, LONG = 4, 26
WRITTEN_LINES = range(0, 60, 3)
"""So many lines stand before: a page is about 60 lines high, and each begins at another place of it."""


def report(lines: int) -> Any:
    decided = case.claim(
        1, verdict=replace(case.verdict(), rationale="\n\n".join(["One line of the reasons."] * lines))
    )
    open_one = case.claim(
        2,
        context="What the second claim means.",
        check_reason="Asked for by readers.",
        origins=(case.group("for", case.statement(quote="So it was said.")),),
        evidence=tuple(case.evidence(title=f"Piece {n}", note=f"It bears thus: {n}.") for n in range(SMALL)),
    )
    matrix = case.matrix(*["I C"] * LONG, titles=tuple(f"Rated piece {n}." for n in range(LONG)))
    return case.report(decided, open_one, matrix=matrix)


def pages_of(dossier: Any) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(FORMATS["pdf"].write(dossier))).pages]


def page_with(pages: list[str], text: str) -> int:
    (found,) = (number for number, page in enumerate(pages) if text in page)
    return found


@pytest.mark.parametrize("lines", WRITTEN_LINES)
def test_no_page_ends_after_what_heads_something(lines: int) -> None:
    pages = pages_of(report(lines))
    # The head of a claim stands with what it means, and with the first that is said on it.
    meant = page_with(pages, "What the second claim means.")
    assert "Claim 2 Claim 2 holds." in " ".join(pages[meant].split())
    assert meant == page_with(pages, "So it was said.")
    # A small table is whole, and under its heading.
    (whole,) = {page_with(pages, f"It bears thus: {n}.") for n in range(SMALL)}
    assert "Evidence · for 4 pieces" in " ".join(pages[whole].replace("\u00a0", " ").split())
    # A long one has two rows at least with its heading, its sentence and its head.
    begins = page_with(pages, "Of what was rated")
    matrix = [page_with(pages, f"Rated piece {n}.") for n in range(LONG)]
    assert matrix.count(begins) >= 2, (begins, matrix)
    assert "Tells apart" in pages[begins]
    # The last page has the method with the imprint, and no line of facts is parted from what it belongs to.
    assert page_with(pages, "Every statement is recorded as one act of one source") == len(pages) - 1
    assert "Published by" in pages[-1]
    assert meant == page_with(pages, "Asked for by readers.") == page_with(pages, "Why the desk checks it")


def test_pages_do_end_within_long_tables() -> None:
    """Else the first test would hold by itself."""
    found = [
        len({page_with(pages, f"Rated piece {n}.") for n in range(LONG)})
        for pages in map(pages_of, map(report, WRITTEN_LINES))
    ]
    assert max(found) > 1
