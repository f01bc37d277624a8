"""Writes a dossier as a workbook: a sheet for each kind of row, under the columns of the CSV report."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from claims.reports import SCHEMA_VERSION
from claims.reports.content.dossier import Dossier
from claims.reports.formats.table import COLUMNS, rows
from claims.reports.formats.xlsx import Sheet, write_workbook

SHEETS = {
    "dispute": "Dispute",
    "question": "Questions",
    "claim": "Claims",
    "verdict": "Verdicts",
    "attribution": "Statements",
    "evidence": "Evidence",
    "relation": "Relations",
    "review": "Reviews",
    "inquiry": "Right of reply",
    "position": "Timeline",
    "matrix_claim": "Matrix, claims",
    "matrix_cell": "Matrix, cells",
    "change": "Changes",
    "source": "Sources",
    "document": "Documents",
}
"""What the sheet of each kind of row is called, in the order of the sheets; a kind that is not named comes last."""


def write(dossier: Dossier) -> bytes:
    """The workbook; columns in which a sheet holds nothing are left out of it."""
    target = io.BytesIO()
    write_workbook(target, sheets(dossier), about(dossier), moment=dossier.imprint.moment)
    return target.getvalue()


def sheets(dossier: Dossier) -> Iterator[Sheet]:
    """A sheet for each kind of row that there is."""
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in SHEETS}
    for row in rows(dossier):
        found.setdefault(row["row_type"], []).append(row)
    for kind, listed in found.items():
        if listed:
            used = {name for row in listed for name, value in row.items() if value not in ("", None)}
            yield Sheet(
                SHEETS.get(kind, kind.replace("_", " ").capitalize()),
                [name for name in COLUMNS if name in used and name != "row_type"],
                listed,
            )


def about(dossier: Dossier) -> dict[str, str]:
    """What the sheet "About" says of the report."""
    said = {
        "Report": dossier.title,
        "Newsroom": dossier.imprint.newsroom,
        "From": dossier.query,
        "Made on": dossier.imprint.made,
        "Version": dossier.version,
        "Schema version": str(SCHEMA_VERSION),
        "Warning": dossier.confidential,
    }
    return {name: value for name, value in said.items() if value}
