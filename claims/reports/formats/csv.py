"""Writes a dossier as one flat table: a row for each dispute, claim, statement, piece of evidence, verdict and so on.

UTF-8 with a byte order mark, since Excel takes the file for the local code page without one; lines end in CR LF and
every cell is quoted (RFC 4180). Nothing is cut: a spreadsheet that takes at most 32,767 characters in a cell shows
a longer rationale shortened, the file has it whole.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from claims.reports.content.dossier import Dossier
from claims.reports.formats.table import COLUMNS, rows

BYTE_ORDER_MARK = "\ufeff"
PIECE = 65_536
_FORMULA = "=+\\-@＝＋－＠"
_STARTS_FORMULA = re.compile(rf"\s*[{_FORMULA}]|[\t\r\n]")
# Where the local separator is a semicolon, a cell of ours can fall apart at one, or at a line end.
_INNER_FORMULA = re.compile(rf"(?<=[;\t\n])([\"']*)(?=[{_FORMULA}])")
# A spreadsheet reads it as the number that it is.
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?", re.ASCII)
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def readable(value: object) -> str:
    """The value as text: lines end in LF, what cannot be shown is marked by U+FFFD, nothing is empty."""
    if value is None:
        return ""
    return _NO_TEXT.sub("\ufffd", str(value).replace("\r\n", "\n").replace("\r", "\n"))


def cell(value: object) -> str:
    """The value as text that no spreadsheet runs: what looks like a formula begins with an apostrophe, unless it is a
    number. What cannot be shown is marked by U+FFFD.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, int | float | Decimal):
        # A program reads it as what it is, and a spreadsheet cannot run it.
        return str(value)
    if _NUMBER.fullmatch(text := str(value)):
        return text
    text = _INNER_FORMULA.sub(r" \1", readable(value))
    return f"'{text}" if _STARTS_FORMULA.match(text) else text


def stream(columns: Sequence[str], found: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The rows under their columns, with a heading row, in pieces of some thousand characters."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow(columns)
    for row in found:
        writer.writerow([cell(row.get(column)) for column in columns])
        if buffer.tell() >= PIECE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def table(columns: Sequence[str], found: Iterable[Mapping[str, Any]]) -> bytes:
    """The rows under their columns, with a heading row."""
    return b"".join(stream(columns, found))


def write(dossier: Dossier) -> bytes:
    """The table with its heading row."""
    return table(COLUMNS, rows(dossier))
