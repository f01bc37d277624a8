"""Texts that are read from right to left, in sentences and in the lines of a drawing."""

from __future__ import annotations

from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from claims.logic.direction import turns
from claims.reports.formats.docx_blocks import Writer
from claims.reports.formats.docx_styles import set_styles
from claims.reports.outline.blocks import Paragraph, Run, Runs, Table, apart, plain, runs
from claims.reports.pictures.lettering import short

HEBREW, MIXED = "משרד הפנים", "Police of حيفا"


@pytest.mark.parametrize(
    ("text", "turned"), [(HEBREW, True), (MIXED, True), ("Bakı, ş", False), ("Plain.", False), ("", False)]
)
def test_what_turns_has_a_letter_that_is_read_to_the_left(text: str, turned: bool) -> None:
    assert turns(text) == turned


def test_what_stands_between_two_names_from_right_to_left_is_not_read_with_them() -> None:
    said = runs(Run(HEBREW, "strong"), "; ", Run(MIXED, "strong"), " said so.")
    assert plain(apart(said)) == f"{HEBREW}\u200e; {MIXED}\u200e said so."


@pytest.mark.parametrize("content", [runs(Run(HEBREW)), runs("Nobody ", Run("said so.", "strong"))])
def test_a_text_alone_and_a_sentence_without_such_names_stay_as_they_are(content: Runs) -> None:
    assert apart(content) is content


def test_the_stop_of_a_text_in_a_sentence_of_a_docx_stands_at_its_left() -> None:
    made: Any = docx.Document()
    set_styles(made, "en")
    Writer(made).block(Paragraph(runs("Claim 3 ", Run(f"{HEBREW}."))))
    (written,) = made.paragraphs
    assert written.text == f"Claim 3 {HEBREW}.\u200f\u200e"
    turned = [run.text for run in written.runs if run._r.find(f".//{qn('w:rtl')}") is not None]
    assert turned == [f"{HEBREW}.\u200f"]


def test_the_cells_of_a_table_keep_the_directions_of_their_texts() -> None:
    made: Any = docx.Document()
    set_styles(made, "en")
    alone, sentence = runs(Run(HEBREW)), runs("Said by ", Run(HEBREW, "strong"), " in 2024")
    Writer(made).block(Table("", (runs("Who"), runs("What")), ((alone, sentence),), widths=(1, 1)))
    first, second = made.tables[0].rows[1].cells
    assert first.paragraphs[0]._p.find(f".//{qn('w:bidi')}") is not None
    assert second.paragraphs[0]._p.find(f".//{qn('w:bidi')}") is None
    assert second.text == f"Said by {HEBREW}\u200f\u200e in 2024"


def test_each_line_of_a_drawing_runs_as_its_text_does() -> None:
    lines = short(f"{HEBREW} (12/2025) and {HEBREW} (draft)", 20, 3)
    assert len(lines) == 3
    assert all(line.startswith("\u202b") and line.endswith("\u202c") for line in lines)
    assert not any("\u202b" in line for line in short(f"{MIXED} and {MIXED} (draft)", 20, 3))
