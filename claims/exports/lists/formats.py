"""The one list of formats in which the rows of a list leave the register."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from claims.exports.lists import datafeed, ndjson
from claims.exports.lists.datafeed import Entry
from claims.exports.lists.flat import flat_of
from claims.reports import SCHEMA_VERSION
from claims.reports.content.dossier import Imprint
from claims.reports.formats import csv
from claims.reports.formats.xlsx import Progress, Sheet, write_workbook

PARTS_IN_TABLES = ("verdict", "origins")
"""What of a claim's parts stands beside it in a table; the others have tables of their own."""


class Rows(Protocol):
    """What a writer asks of a list: it reads rows once, from beginning to end, and never asks the database itself."""

    imprint: Imprint
    query: str
    maker: str

    @property
    def type(self) -> str: ...
    @property
    def noun(self) -> Any: ...
    def include(self, wanted: Collection[str] | None = None) -> None: ...
    def serializer(self) -> Any: ...
    def rows(self) -> Iterator[dict[str, Any]]: ...
    def entries(self) -> Iterator[Entry]: ...


@dataclass(frozen=True, slots=True)
class ListFormat:
    """One form in which rows leave the register: as a stream, or where the form does not allow that, in a file."""

    name: str
    label: str
    media_type: str
    ending: str
    description: str
    write: Callable[[Rows], Iterator[bytes]] | None = None
    write_file: Callable[[Rows, Path, Progress], None] | None = None
    charset: str = "; charset=utf-8"
    nouns: frozenset[str] | None = None
    """The nouns that it has words for; all of them, for None."""

    @property
    def streams(self) -> bool:
        """Whether it is handed out while it is made; what is not is made by a job."""
        return self.write is not None

    def fits(self, noun: str) -> bool:
        """Whether the rows of this noun can be written so."""
        return self.nouns is None or noun in self.nouns


def _csv(rows: Rows) -> Iterator[bytes]:
    rows.include(PARTS_IN_TABLES)
    flat = flat_of(rows.serializer())
    return csv.stream(flat.columns, map(flat.flatten, rows.rows()))


def _ndjson(rows: Rows) -> Iterator[bytes]:
    rows.include(None)
    return ndjson.stream(rows.type, rows.rows())


def _jsonld(rows: Rows) -> Iterator[bytes]:
    return datafeed.stream(rows.entries(), rows.imprint, rows.query, rows.noun.prefix)


def _xlsx(rows: Rows, path: Path, progress: Progress) -> None:
    rows.include(PARTS_IN_TABLES)
    flat = flat_of(rows.serializer())
    sheet = Sheet(rows.noun.prefix, flat.columns, map(flat.flatten, rows.rows()), flat.meanings)
    write_workbook(str(path), [sheet], about(rows), progress, rows.imprint.moment)


def about(rows: Rows) -> Mapping[str, str]:
    """What a file of rows says of itself."""
    imprint = rows.imprint
    told = {
        "Rows of": rows.query,
        "Register": imprint.base_url,
        "Newsroom": imprint.newsroom,
        "Made": imprint.made,
        "Made by": rows.maker,
        "Schema version": str(SCHEMA_VERSION),
        "For": "Desk copy: it may hold drafts and names that are withheld. Not for publication."
        if imprint.desk
        else "",
    }
    return {name: value for name, value in told.items() if value}


LIST_FORMATS = {
    entry.name: entry
    for entry in (
        ListFormat(
            "csv",
            "CSV",
            "text/csv",
            "csv",
            "A table for spreadsheets: UTF-8 with a byte order mark, cells safe against formulas.",
            write=_csv,
        ),
        ListFormat(
            "ndjson",
            "NDJSON",
            "application/x-ndjson",
            "ndjson",
            "One JSON object to a line, as the API has them, with all their parts.",
            write=_ndjson,
            charset="",
        ),
        ListFormat(
            "jsonld",
            "JSON-LD DataFeed",
            "application/ld+json",
            "jsonld",
            "A schema.org DataFeed, with what the public may know of each row.",
            write=_jsonld,
            charset="",
            nouns=frozenset(datafeed.NOUNS),
        ),
        ListFormat(
            "xlsx",
            "Excel workbook",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx",
            "The table as a workbook, with a sheet that says what its columns mean; made by a job.",
            write_file=_xlsx,
            charset="",
        ),
    )
}
