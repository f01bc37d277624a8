"""Writes tables as a workbook for spreadsheets, a row at a time, whatever their length.

Every text is stored as text: what begins with `=` is no formula, what looks like an address is no link, and a long
number keeps its digits. A cell that is longer than a spreadsheet takes is cut, and says so.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import chain, count, islice
from textwrap import wrap
from typing import IO, Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from claims.reports.formats.csv import readable

ROWS_OF_SHEET = 1_048_576
LONGEST_CELL = 32_767
"""In units of UTF-16, as spreadsheets count."""
CUT = (
    f"{{count}} cells were longer than the {LONGEST_CELL:,} characters that a spreadsheet takes. They end in "
    "[cut: …] with their whole length; CSV and NDJSON have them whole."
)
EXACT = 10**15
"""Spreadsheets keep 15 digits of a number; a greater one is stored as text."""
LINKS_OF_SHEET, LONGEST_LINK = 65_530, 2_079
FIRST_YEAR = 1900
"""Spreadsheets have no earlier dates; those are text."""
LOOKED_AT = 50
NARROW, WIDE = 8, 60
TELL_EVERY = 500
SETTINGS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "use_zip64": True,
}

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its rows are read once, in order. `meanings` says what a column holds, by its name."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Mapping[str, Any]]
    meanings: Mapping[str, str] = field(default_factory=dict)
    links: frozenset[str] = frozenset()
    """The columns whose web addresses lead there; elsewhere they are text."""
    wrapped: bool = False
    """Whether long texts are broken into lines, for a sheet that is read and not reckoned with."""


def write_workbook(
    target: str | IO[bytes],
    sheets: Iterable[Sheet],
    about: Mapping[str, Any],
    progress: Progress | None = None,
    moment: datetime | None = None,
) -> int:
    """Write the sheets and, last, the sheet "About" with the names and values of `about` and the meanings of columns.

    `progress` is told now and then how many rows are written, `moment` is the date inside the file. Returns how many
    rows were written. Raises OSError and whatever the reading of rows raises; the target then holds no workbook.
    """
    # A folder of our own: what is left of a workbook that failed goes with it.
    with tempfile.TemporaryDirectory(prefix="workbook-") as folder:
        book = _Book(xlsxwriter.Workbook(target, {**SETTINGS, "tmpdir": folder}), progress)
        try:
            book.describe(about, moment)
            told = [book.add(sheet) for sheet in sheets]
            book.add_about(about, told)
            book.workbook.close()
        except FileCreateError as error:
            # Its own word for what befell the file, such as a full disk.
            raise error.args[0] from None
        finally:
            for sheet in book.workbook.worksheets():
                with suppress(OSError):
                    sheet._opt_close()
    return book.rows


_MEANING = 100
"""How wide the column of what columns mean is, in letters."""
_LINE, _HIGHEST = 15, 409
"""The height of a line, and of the highest row that spreadsheets take, in points."""


class _Book:
    """A workbook that is being written."""

    def __init__(self, workbook: Workbook, progress: Progress | None) -> None:
        self.workbook, self.progress = workbook, progress
        self.rows = self.cut = 0
        self.heading = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.text = workbook.add_format({"num_format": "@", "valign": "top"})
        self.wrapped = workbook.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        self.link = workbook.add_format({"num_format": "@", "valign": "top", "font_color": "#1f4e79", "underline": 1})
        self.date = workbook.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})
        self.moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "valign": "top", "align": "left"})
        self.names: set[str] = set()
        self.linked = 0

    def describe(self, about: Mapping[str, Any], moment: datetime | None) -> None:
        """What the file says of itself, for programs that never open its sheets."""
        made = moment.astimezone(UTC).replace(tzinfo=None) if moment else None
        comments = "\n".join(f"{name}: {readable(value)}" for name, value in about.items())
        self.workbook.set_properties({"comments": comments[:2_000], **({"created": made} if made else {})})

    def add(self, sheet: Sheet) -> Sheet:
        """Write one table, on as many sheets as it needs; returns what is still to be said of it."""
        rows = iter(sheet.rows)
        for part in count(1):
            first = list(islice(rows, min(LOOKED_AT, ROWS_OF_SHEET - 1)))
            if part > 1 and not first:
                break
            name = sheet.name if part == 1 else f"{sheet.name[:24]} ({part})"
            self.fill(name, sheet, first, islice(rows, ROWS_OF_SHEET - 1 - len(first)))
        return replace(sheet, rows=())

    def fill(
        self, name: str, sheet: Sheet, first: Sequence[Mapping[str, Any]], rest: Iterator[Mapping[str, Any]]
    ) -> None:
        """Write one sheet. The widths of its columns are those of the first rows: none can be set after a row."""
        columns, style = sheet.columns, self.wrapped if sheet.wrapped else None
        self.linked = 0
        page = self.workbook.add_worksheet(self.free(name))
        page.freeze_panes(1, 0)
        # On paper as wide as the sheet, with the heading on every page.
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        widths = []
        for place, column in enumerate(columns):
            longest = max((len(readable(row.get(column))) for row in first), default=0)
            widths.append(min(max(len(column) + 3, longest + 1, NARROW), WIDE))
            page.set_column(place, place, widths[-1], self.text)
        page.write_row(0, 0, list(columns), self.heading)
        line = 0
        for line, row in enumerate(chain(first, rest), start=1):
            if sheet.wrapped:
                page.set_row(line, _high(zip((row.get(column) for column in columns), widths, strict=True)))
            for place, column in enumerate(columns):
                value = row.get(column)
                if column in sheet.links and self.leads(value):
                    page.write_url(line, place, value, self.link, value)
                else:
                    self.cell(page, line, place, value, style)
            self.rows += 1
            if self.progress and self.rows % TELL_EVERY == 0:
                self.progress(self.rows)
        if columns:
            page.autofilter(0, 0, line, len(columns) - 1)

    def cell(self, page: Worksheet, line: int, place: int, value: object, style: Format | None = None) -> None:
        """Write one value: a number as a number while all of its digits are kept, all else as text."""
        if value is None or value == "":
            return
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < EXACT:
            page.write_number(line, place, value, style)
            return
        if isinstance(value, bool):
            page.write_boolean(line, place, value, style)
            return
        if isinstance(value, date) and value.year >= FIRST_YEAR:
            known = value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value
            page.write_datetime(line, place, known, self.moment if isinstance(value, datetime) else self.date)
            return
        page.write_string(line, place, self.whole(readable(value)), style)

    def leads(self, value: object) -> bool:
        """Whether the value becomes a link: a sheet takes so many of them, each of a certain length."""
        web = isinstance(value, str) and value.startswith(("https://", "http://")) and len(value) <= LONGEST_LINK
        self.linked += web
        return web and self.linked <= LINKS_OF_SHEET

    def whole(self, text: str) -> str:
        """The text as it fits into a cell, with a mark where it was cut."""
        if len(text) > LONGEST_CELL // 2 and _units(text) > LONGEST_CELL:
            self.cut += 1
            text = shortened(text)
        # The writer takes a text with these ends for its own markup, and would store it as it is.
        return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text

    def free(self, name: str) -> str:
        """A name for a sheet that spreadsheets take, and that none has yet."""
        # No apostrophe may stand at an end, the cut one neither.
        plain = re.sub(r"[\[\]:*?/\\\s]", " ", readable(name)).strip(" '")[:31].strip(" '") or "Rows"
        for number in count(2):
            if plain.casefold() not in self.names | {"history"}:
                break
            plain = f"{plain[:26]} {number}"
        self.names.add(plain.casefold())
        return plain

    def add_about(self, about: Mapping[str, Any], told: Iterable[Sheet]) -> None:
        """Write the sheet that says what the others are."""
        page = self.workbook.add_worksheet(self.free("About"))
        page.set_column(0, 0, 28, self.text)
        page.set_column(1, 1, 28, self.text)
        page.set_column(2, 2, _MEANING, self.wrapped)
        lines: list[tuple[Any, Any, Any]] = [(name, "", value) for name, value in about.items()]
        lines.append(("Rows", "", str(self.rows)))
        if self.cut:
            lines.append(("Cut", "", CUT.format(count=self.cut)))
        meant = [
            (sheet.name, column, sheet.meanings[column])
            for sheet in told
            for column in sheet.columns
            if sheet.meanings.get(column)
        ]
        if meant:
            lines += [("", "", ""), ("Sheet", "Column", "Meaning"), *meant]
        for line, values in enumerate(lines):
            style = self.heading if values == ("Sheet", "Column", "Meaning") else None
            page.set_row(line, _high([(values[2], _MEANING)]))
            for place, value in enumerate(values):
                self.cell(page, line, place, value if isinstance(value, str) else readable(value), style)


def shortened(text: str) -> str:
    """The beginning of a text that is too long for a cell, and how long it is."""
    mark = f" [cut: {len(text):,} characters]"
    room = LONGEST_CELL - len(mark)
    kept = text.encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore")
    return kept + mark


def _high(cells: Iterable[tuple[Any, int]]) -> float:
    """How high a row of values is whose long texts are broken in columns of these widths: some programs do not see to
    it themselves, and write one row over the other."""
    lines = (len(wrap(part, width)) or 1 for value, width in cells for part in [readable(value)])
    return min(_LINE * max(lines, default=1), _HIGHEST)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
