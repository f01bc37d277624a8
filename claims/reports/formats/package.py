"""Writes a dossier as a data package: tidy tables as CSV in a ZIP file, with a description of every column in
`datapackage.json`, as https://specs.frictionlessdata.io has it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import orjson

from claims.reports import SCHEMA_VERSION
from claims.reports.content.caveats import caveats_of
from claims.reports.content.dossier import Dossier
from claims.reports.formats import csv
from claims.reports.formats.tidy import Table, tables

DESCRIPTION = "datapackage.json"
GUARD = (
    "Tables are UTF-8 with commas. A text that a spreadsheet would take for a formula begins with an apostrophe that "
    "is not part of it."
)


def write(dossier: Dossier) -> bytes:
    """The ZIP file; the same dossier gives the same bytes."""
    moment = dossier.imprint.moment.astimezone(UTC)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body, _count in files(dossier, tables(dossier)):
            entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, body, compress_type=zipfile.ZIP_DEFLATED)
    return target.getvalue()


def files(dossier: Dossier, chosen: Iterable[Table]) -> Iterator[tuple[str, bytes, int | None]]:
    """The chosen tables of the dossier and their description: name and bytes of each file, and how many rows it has."""
    found = list(chosen)
    described = orjson.dumps(describe(dossier, found), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    yield DESCRIPTION, described, None
    yield from ((f"{table.name}.csv", _rows(table), len(table.rows)) for table in found)


def describe(dossier: Dossier, found: list[Table]) -> dict[str, Any]:
    """What `datapackage.json` says of the tables."""
    ids = {table.name: {row.get("id") for row in table.rows} for table in found}
    caveats = caveats_of(dossier).told
    described = {
        "profile": "tabular-data-package",
        "name": dossier.stem.lower(),
        "id": dossier.query,
        "title": dossier.title,
        "description": " ".join(filter(None, [dossier.confidential, *(row.words for row in caveats), GUARD])),
        "homepage": dossier.address,
        "version": dossier.version,
        "created": dossier.imprint.moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "contributors": [{"title": dossier.imprint.newsroom, "role": "publisher"}],
        "schema_version": SCHEMA_VERSION,
        "caveats": [
            {"code": row.code, "words": row.words, **({"document_id": row.document.id} if row.document else {})}
            for row in caveats
        ],
    }
    return described | {"resources": [_resource(table, ids) for table in found]}


def _resource(table: Table, ids: Mapping[str, set[Any]]) -> dict[str, Any]:
    # A report on one claim names others that stand in no table of it.
    keys = [
        {"fields": column, "reference": {"resource": _named(noun), "fields": "id"}}
        for column, noun in table.refers.items()
        if {row.get(column) for row in table.rows} - {None} <= ids.get(noun, set())
    ]
    return {
        "profile": "tabular-data-resource",
        "name": _named(table.name),
        "title": table.title,
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\r\n", "header": True},
        "schema": {
            "fields": [
                {
                    "name": column.name,
                    "type": column.type,
                    **({"description": column.meaning} if column.meaning else {}),
                }
                for column in table.columns
            ],
            "missingValues": [""],
            **_key(table),
            **({"foreignKeys": keys} if keys else {}),
        },
    }


def _named(table: str) -> str:
    return table.replace("_", "-")


def _key(table: Table) -> dict[str, list[str]]:
    """What names a row: its number, with that of the claim where it stands under two."""
    if not any(column.name == "id" for column in table.columns):
        return {}
    numbers = [row["id"] for row in table.rows]
    return {"primaryKey": ["id"] if len(set(numbers)) == len(numbers) else ["claim_id", "id"]}


def _rows(table: Table) -> bytes:
    columns = [column.name for column in table.columns]
    rows = ({name: _plain(row.get(name)) for name in columns} for row in table.rows)
    # Programs read it, and no spreadsheet has to guess: without a byte order mark.
    return csv.table(columns, rows).removeprefix(csv.BYTE_ORDER_MARK.encode())


def _plain(value: Any) -> Any:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat(timespec="seconds").replace("+00:00", "Z")
        case date():
            return value.isoformat()
    return value
