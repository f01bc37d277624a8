"""What makes twins of two sources or two documents, and what keeps them apart."""

from __future__ import annotations

from collections.abc import Iterator

from factcheck.models.merged import guard_twins
from sources.models import Document, Source
from sources.services.merging import Merging, merges, refuse_merging


def _of_sources(twin: Source, into: Source) -> Iterator[str]:
    if twin.withheld != into.withheld:
        yield "The name of one of them is withheld, that of the other is not: settle that first, the same for both."
    if into.pk == twin.part_of_id:
        yield "One of them is part of the other, so they are two. Change that first (part_of)."


def _of_documents(twin: Document, into: Document) -> Iterator[str]:
    withheld = [row.publisher is not None and row.publisher.withheld for row in (twin, into)]
    if withheld[0] != withheld[1]:
        yield "One of them is the work of a withheld source: settle first who published them (publisher)."
    if bool(twin.retracted_on) != bool(into.retracted_on):
        yield "One of them is retracted, the other is not: settle that first (retracted_on), the same for both."


def merge_sources_and_documents() -> None:
    """Say how these nouns are merged, once, when the app is loaded."""
    merges(
        Source,
        Merging(
            permission="sources.change_source",
            shown=("name", "kind", "country", "part_of", "description", "aliases", "website", "wikidata_id"),
            takes_over=("country", "website", "wikidata_id", "description"),
            held_once=("wikidata_id",),
            names="aliases",
        ),
    )
    merges(
        Document,
        Merging(
            permission="sources.change_document",
            shown=("title", "kind", "publisher", "authors", "published_on", "language", "url"),
            takes_over=("url", "publisher", "authors", "published_on", "language", "text"),
            held_once=("url",),
        ),
    )
    refuse_merging(Source, _of_sources)
    refuse_merging(Document, _of_documents)
    guard_twins(Source, Document)
