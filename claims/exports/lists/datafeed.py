"""Writes rows as a schema.org DataFeed in JSON-LD: one valid document, handed out while it is made.

It is meant for the public, and names nobody who is withheld, whoever asks for it. Published verdicts are ClaimReviews;
a claim without one is a Claim, what a source asserted is a Claim by that source and all else that it said a Statement,
evidence a CreativeWork that cites its documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from claims.reports.content.claim import ClaimContent
from claims.reports.content.dossier import Imprint
from claims.reports.content.rows import DocumentContent, ReviewContent, SourceContent, Term, When
from claims.reports.formats import claimreview

FEED_NOUNS = ("claims", "verdicts", "corrections", "reviews", "attributions", "evidence", "sources", "documents")
PIECE = 65_536


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the feed: where it is read, its moments, and what it is in the words of schema.org."""

    address: str
    created: str
    modified: str
    item: dict[str, Any]
    deleted: str = ""
    """When it ceased to stand: withdrawn, or superseded by another verdict."""


@dataclass(frozen=True, slots=True)
class About:
    """The claim that a row is about, as far as the row repeats it."""

    id: int
    text: str
    language: str
    dispute: claimreview.Titled | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """What one source did with a claim; the source is without a name where that is withheld."""

    about: About
    source: SourceContent
    capacity: str
    on_behalf_of: SourceContent | None
    stance: Term
    asserts: bool
    """Whether the source asserts the claim by it, itself and in its present wording, and did not take it back."""
    said_on: When
    quote: str
    language: str
    document: DocumentContent | None
    relayed_from: int | None


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence with the documents that carry it."""

    title: str
    description: str
    kind: Term
    observed_on: When
    documents: tuple[DocumentContent, ...]
    derived_from: int | None


def write_feed(entries: Iterable[Entry], imprint: Imprint, query: str, noun: str) -> Iterator[bytes]:
    """The feed in pieces of some thousand bytes; it is no valid document until its end is there."""
    head = {
        "@context": claimreview.CONTEXT,
        "@type": "DataFeed",
        "name": f"{imprint.newsroom}: {noun}",
        "url": query,
        "dateModified": imprint.moment.isoformat(timespec="seconds"),
        "publisher": {"@type": "Organization", "name": imprint.newsroom, "url": f"{imprint.base_url}/"},
    }
    piece = bytearray(orjson.dumps(head)[:-1] + b',"dataFeedElement":[')
    between = b"\n"
    for entry in entries:
        piece += between + orjson.dumps(_describe_entry(entry))
        between = b",\n"
        if len(piece) >= PIECE:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece + b"\n]}\n")


def _describe_entry(entry: Entry) -> dict[str, Any]:
    item = {name: value for name, value in entry.item.items() if name != "@context"}
    return claimreview.without_empty(
        {
            "@type": "DataFeedItem",
            "url": entry.address,
            "dateCreated": entry.created,
            "dateModified": entry.modified,
            "dateDeleted": entry.deleted,
            "item": [item],
        }
    )


def describe_decision(
    claim: ClaimContent, imprint: Imprint, dispute: claimreview.Titled | None = None
) -> dict[str, Any]:
    """The ClaimReview of a claim's verdict or, where none is published, the claim itself with how far it is."""
    review = claimreview.claim_review(claim, imprint, dispute)
    if review is not None:
        return review
    # What is no longer published is no claim of the page that it had.
    standing = "" if claim.is_published else claim.status.code
    page = imprint.page("claims", claim.id)
    return {
        **claimreview.claim_of(claim, page),
        "isPartOf": claimreview.whole_of(dispute, imprint),
        "inLanguage": claim.language.code,
        "creativeWorkStatus": standing,
    }


def describe_statement(said: Statement, address: str, imprint: Imprint) -> dict[str, Any]:
    """What a source said about our claim: a Claim of its own where it asserts it, else a Statement.

    Who denies a claim, passes it on, suggests it or took it back does not make it, nor who asserted an earlier wording.
    """
    return {
        "@type": "Claim" if said.asserts else "Statement",
        "@id": address,
        "text": said.quote or (said.about.text if said.asserts else ""),
        "inLanguage": said.language if said.quote else said.about.language if said.asserts else "",
        "description": said.stance.words,
        "author": claimreview.person_or_body(said.source, said.capacity, said.on_behalf_of),
        "datePublished": said.said_on.text,
        "appearance": claimreview.work_of(said.document) if said.document else None,
        "about": refer_to(said.about, imprint),
        "isBasedOn": imprint.address("attributions", said.relayed_from),
    }


def refer_to(claim: About, imprint: Imprint) -> dict[str, Any]:
    """Our claim, where another row is about it."""
    page = imprint.page("claims", claim.id)
    return {
        "@type": "Claim",
        "@id": f"{page}#claim",
        "text": claim.text,
        "isPartOf": claimreview.whole_of(claim.dispute, imprint),
        "inLanguage": claim.language,
    }


def describe_review(row: ReviewContent, claim: About, imprint: Imprint) -> dict[str, Any]:
    """What another publisher decided, under that publisher's name."""
    rating = {"ratingValue": row.rating_value, "bestRating": row.rating_best, "worstRating": row.rating_worst}
    return {
        "@type": "ClaimReview",
        "url": row.url,
        "name": row.title,
        "claimReviewed": claim.text,
        "author": claimreview.person_or_body(row.publisher),
        "datePublished": row.reviewed_on.text,
        "inLanguage": row.language.code,
        "itemReviewed": refer_to(claim, imprint),
        "reviewRating": {
            "@type": "Rating",
            "alternateName": row.rating_text,
            **{name: float(value) for name, value in rating.items() if value is not None},
        },
    }


def describe_evidence(piece: Piece, address: str, imprint: Imprint) -> dict[str, Any]:
    """A piece of evidence, which cites the documents that carry it."""
    return {
        "@type": "CreativeWork",
        "@id": address,
        "name": piece.title,
        "description": piece.description,
        "genre": piece.kind.words,
        "temporalCoverage": piece.observed_on.text,
        "citation": [work for row in piece.documents if (work := claimreview.work_of(row))],
        "isBasedOn": imprint.address("evidence", piece.derived_from),
    }


def describe_source(row: SourceContent, address: str) -> dict[str, Any]:
    """A source; one that is withheld is a thing without a name."""
    named = claimreview.person_or_body(row) or {"@type": "Thing", "name": row.name}
    return {**named, "@id": address, "description": row.description}


def describe_document(row: DocumentContent, address: str) -> dict[str, Any]:
    """A work, with who published it."""
    return {
        "@type": "CreativeWork",
        "name": row.title,
        "datePublished": row.published_on.text,
        **(claimreview.work_of(row) or {}),
        "@id": address,
        "author": row.authors,
        "publisher": claimreview.person_or_body(row.publisher) if row.publisher else None,
        "inLanguage": row.language.code,
    }
