"""The one list of formats in which the rows of a list leave the register."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from claims.exports.lists import datafeed
from claims.exports.lists.flat import make_flat
from claims.exports.lists.listing import Listing
from claims.reports import SCHEMA_VERSION
from claims.reports.formats import csv

if TYPE_CHECKING:
    from claims.reports.formats.xlsx import Progress

PARTS_IN_TABLES = ("verdict", "origins", "contradicted_by", "taken_back")
"""What of a claim's parts stands beside it in a table; the others have tables of their own."""


@dataclass(frozen=True, slots=True)
class ListFormat:
    """One form in which rows leave the register: as a stream, or where the form does not allow that, in a file.

    A writer reads the rows of a listing once, from beginning to end, and never asks the database itself.
    """

    name: str
    label: str
    media_type: str
    suffix: str
    description: str
    write: Callable[[Listing], Iterator[bytes]] | None = None
    write_file: Callable[[Listing, Path, Progress], None] | None = None
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


def _write_csv(listing: Listing) -> Iterator[bytes]:
    listing.include(PARTS_IN_TABLES)
    flat = make_flat(listing.get_serializer())
    return csv.stream(flat.columns, map(flat.flatten, listing.represent_rows()))


def _write_ndjson(listing: Listing) -> Iterator[bytes]:
    listing.include(None)
    return listing.write_lines()


def _write_jsonld(listing: Listing) -> Iterator[bytes]:
    return datafeed.write_feed(listing.make_entries(), listing.imprint, listing.query, listing.noun.prefix)


def _write_xlsx(listing: Listing, path: Path, progress: Progress) -> None:
    # Only now: few who import the formats write a workbook.
    from claims.reports.formats.xlsx import Sheet, write_workbook  # noqa: PLC0415

    listing.include(PARTS_IN_TABLES)
    flat = make_flat(listing.get_serializer())
    sheet = Sheet(listing.noun.prefix, flat.columns, map(flat.flatten, listing.represent_rows()), flat.meanings)
    write_workbook(str(path), [sheet], _describe(listing), progress, listing.imprint.moment)


def _describe(listing: Listing) -> Mapping[str, str]:
    """What a file of rows says of itself."""
    imprint = listing.imprint
    lines = {
        "Rows of": listing.query,
        "Register": imprint.base_url,
        "Newsroom": imprint.newsroom,
        "Made": imprint.made,
        "Made by": listing.maker,
        "Schema version": str(SCHEMA_VERSION),
        "For": "Desk copy: it may hold drafts and names that are withheld. Not for publication."
        if imprint.desk
        else "",
    }
    return {name: value for name, value in lines.items() if value}


LIST_FORMATS = {
    entry.name: entry
    for entry in (
        ListFormat(
            "csv",
            "CSV",
            "text/csv",
            "csv",
            "A table for spreadsheets: UTF-8 with a byte order mark, cells safe against formulas.",
            write=_write_csv,
        ),
        ListFormat(
            "ndjson",
            "NDJSON",
            "application/x-ndjson",
            "ndjson",
            "One JSON object to a line, as the API has them, with all their parts.",
            write=_write_ndjson,
            charset="",
        ),
        ListFormat(
            "jsonld",
            "JSON-LD DataFeed",
            "application/ld+json",
            "jsonld",
            "A schema.org DataFeed, with what the public may know of each row.",
            write=_write_jsonld,
            charset="",
            nouns=frozenset(datafeed.FEED_NOUNS),
        ),
        ListFormat(
            "xlsx",
            "Excel workbook",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx",
            "The table as a workbook, with a sheet that says what its columns mean; made by a job.",
            write_file=_write_xlsx,
            charset="",
        ),
    )
}
