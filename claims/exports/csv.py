"""Writes a dossier as one flat table: a row for each dispute, claim, statement, piece of evidence, verdict and so on.

UTF-8 with a byte order mark, since Excel takes the file for the local code page without one; lines end in CR LF and
every cell is quoted (RFC 4180). Nothing is cut: a spreadsheet that takes at most 32,767 characters in a cell shows
a longer rationale shortened, the file has it whole.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from claims.exports.table import COLUMNS, rows
from claims.logic.dossier import Dossier

_FORMULA = "=+\\-@＝＋－＠"
_STARTS_FORMULA = re.compile(rf"\s*[{_FORMULA}]|[\t\r\n]")
# Where the local separator is a semicolon, a cell of ours can fall apart at one, or at a line end.
_INNER_FORMULA = re.compile(rf"(?<=[;\t\n])([\"']*)(?=[{_FORMULA}])")
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def cell(value: Any) -> str:
    """The value as text that no spreadsheet runs: what looks like a formula begins with an apostrophe.

    That holds for negative numbers too, which so stay text. What cannot be shown is marked by U+FFFD.
    """
    if value is None:
        return ""
    text = _NO_TEXT.sub("\ufffd", str(value).replace("\r\n", "\n").replace("\r", "\n"))
    text = _INNER_FORMULA.sub(r" \1", text)
    return f"'{text}" if _STARTS_FORMULA.match(text) else text


def table(columns: Sequence[str], found: Iterable[Mapping[str, Any]]) -> bytes:
    """The rows under their columns, with a heading row."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    for row in found:
        writer.writerow([cell(row.get(column)) for column in columns])
    return buffer.getvalue().encode("utf-8-sig")


def write(dossier: Dossier) -> bytes:
    """The table with its heading row."""
    return table(COLUMNS, rows(dossier))
