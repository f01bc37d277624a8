"""What the rows of a list are as linked data: loaded a batch at a time, and told as the public may know them.

Who works on the desk gets more rows, such as drafts, but no name that is withheld: a feed is made to be passed on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser

from claims.choices import ClaimStatus, EvidenceKind, Stance, VerdictStatus
from claims.exports.lists import datafeed
from claims.exports.lists.datafeed import About, Entry, Piece, Statement
from claims.models import Attribution, Claim, Evidence, Review, Verdict
from claims.reports.content.claim import ClaimContent
from claims.reports.content.dossier import Imprint
from claims.reports.load.assemble import assemble_claim
from claims.reports.load.fields import moment, term, when
from claims.reports.load.redact import Redaction
from claims.reports.load.rows import Rows, confirmations_on, under
from claims.reports.load.speakers import load_said
from claims.reports.load.stance import did
from factcheck.base.people import Reader
from sources.models import Document, Snapshot, Source

RELATED = {
    "claims": ("dispute",),
    "verdicts": ("rating__scale", "claim__dispute"),
    "corrections": ("rating__scale", "claim__dispute"),
    "reviews": ("publisher__part_of", "claim__dispute"),
    "attributions": ("claim__dispute", "source__part_of", "on_behalf_of__part_of", "document__publisher__part_of"),
    "documents": ("publisher__part_of",),
}
"""What describing the rows needs beside what their lists load."""


def make_entries(noun: str, rows: list[Any], reader: Reader, imprint: Imprint) -> Iterator[Entry]:
    """The rows of one batch as entries of a feed."""
    items = _DESCRIBERS[noun](rows, reader, imprint)
    ended = _load_superseded(rows) if noun in {"verdicts", "corrections"} else {}
    for row, item in zip(rows, items, strict=True):
        yield Entry(
            address=imprint.address(noun, row.pk),
            created=moment(row.created_at).text,
            modified=moment(row.updated_at).text,
            deleted=moment(getattr(row, "withdrawn_at", None) or ended.get(row.pk)).text,
            item=item,
        )


def _redact_for_public() -> Redaction:
    """What anybody may know, for one batch."""
    return Redaction.of(AnonymousUser())


def _describe_claims(rows: list[Claim], reader: Reader, imprint: Imprint) -> Iterator[dict[str, Any]]:
    contents = _load_contents(rows, reader, imprint)
    return (datafeed.describe_decision(contents[row.pk], imprint, row.dispute) for row in rows)


def _describe_verdicts(rows: list[Verdict], reader: Reader, imprint: Imprint) -> Iterator[dict[str, Any]]:
    redaction = _redact_for_public()
    contents = _load_contents(list({row.claim_id: row.claim for row in rows}.values()), reader, imprint)
    confirmed = under("verdict_id", confirmations_on(contents))
    for row in rows:
        content = contents[row.claim_id]
        published = row.status == VerdictStatus.PUBLISHED
        if published:
            verdict = redaction.verdict(row, row.claim.text, confirmed.get(row.pk, ()))
            yield datafeed.describe_decision(replace(content, verdict=verdict), imprint, row.claim.dispute)
        else:
            # A draft is no review: what it would be about, and how far it is.
            bare = replace(content, verdict=None, status=term(ClaimStatus.DRAFT, ClaimStatus))
            yield {**datafeed.describe_decision(bare, imprint, row.claim.dispute), "creativeWorkStatus": row.status}


def _load_contents(claims: list[Claim], reader: Reader, imprint: Imprint) -> dict[int, ClaimContent]:
    """The claims as the dossier has them, with what this user may read of them but no withheld name."""
    redaction = _redact_for_public()
    rows = Rows.of([claim.pk for claim in claims], reader)
    return {claim.pk: assemble_claim(claim, rows, redaction, imprint) for claim in claims}


def _load_superseded(rows: list[Verdict]) -> dict[int, datetime]:
    """When which of these verdicts was superseded by a published one."""
    later = Verdict.objects.published().filter(supersedes__in=[row.pk for row in rows])
    return {old: at for old, at in later.values_list("supersedes", "published_at") if old and at}


def _describe_reviews(rows: list[Review], reader: Reader, imprint: Imprint) -> Iterator[dict[str, Any]]:
    redaction = _redact_for_public()
    return (datafeed.describe_review(redaction.review(row), _refer_to(row.claim), imprint) for row in rows)


def _describe_attributions(rows: list[Attribution], reader: Reader, imprint: Imprint) -> Iterator[dict[str, Any]]:
    redaction = _redact_for_public()
    copies = _load_copies(row.document for row in rows)
    spoken = load_said({row.claim_id for row in rows})
    for full in rows:
        row = full.shown_to(redaction.reader)
        counted = spoken.voices.rows[row.pk]
        said = Statement(
            about=_refer_to(row.claim),
            source=redaction.source(row.source),
            capacity=row.capacity,
            on_behalf_of=redaction.body(row.on_behalf_of),
            stance=did(row.pk, row.stance, spoken, redaction),
            asserts=row.stance == Stance.ASSERTS and spoken.voices.counts(counted) and not counted.earlier_wording,
            said_on=when(row.said_on),
            quote=row.quote,
            language=row.quote_language,
            document=redaction.document(row.document, copies.get(row.document.pk, [])) if row.document else None,
            relayed_from=row.relayed_from.pk if row.relayed_from else None,
        )
        yield datafeed.describe_statement(said, imprint.address("attributions", row.pk), imprint)


def _describe_evidence(rows: list[Evidence], reader: Reader, imprint: Imprint) -> Iterator[dict[str, Any]]:
    redaction = _redact_for_public()
    copies = _load_copies(work for row in rows for work in row.documents)
    for row in rows:
        shown = row.shown_to(reader)
        piece = Piece(
            title=row.title,
            description=row.description,
            kind=term(row.kind, EvidenceKind),
            observed_on=when(row.observed_on),
            documents=tuple(redaction.document(work, copies.get(work.pk, [])) for work in row.documents),
            derived_from=shown.derived_from.pk if shown.derived_from else None,
        )
        yield datafeed.describe_evidence(piece, imprint.address("evidence", row.pk), imprint)


def _describe_sources(rows: list[Source], reader: Reader, imprint: Imprint) -> Iterator[dict[str, Any]]:
    redaction = _redact_for_public()
    return (datafeed.describe_source(redaction.source(row), imprint.address("sources", row.pk)) for row in rows)


def _describe_documents(rows: list[Document], reader: Reader, imprint: Imprint) -> Iterator[dict[str, Any]]:
    redaction = _redact_for_public()
    copies = _load_copies(rows)
    for row in rows:
        content = redaction.document(row, copies.get(row.pk, []))
        yield datafeed.describe_document(content, imprint.address("documents", row.pk))


def _refer_to(claim: Claim) -> About:
    return About(claim.pk, claim.text, claim.language, claim.dispute)


def _load_copies(works: Iterable[Document | None]) -> dict[int, list[Snapshot]]:
    """The kept copies of these documents; whoever may read a document may read of its copies."""
    found: dict[int, list[Snapshot]] = {}
    ids = {work.pk for work in works if work is not None}
    for copy in Snapshot.objects.filter(document__in=ids).defer("text").order_by("-taken_at", "-id"):
        found.setdefault(copy.document_id, []).append(copy)
    return found


Describer = Callable[[list[Any], Reader, Imprint], Iterator[dict[str, Any]]]

_DESCRIBERS: dict[str, Describer] = {
    "claims": _describe_claims,
    "verdicts": _describe_verdicts,
    "corrections": _describe_verdicts,
    "reviews": _describe_reviews,
    "attributions": _describe_attributions,
    "evidence": _describe_evidence,
    "sources": _describe_sources,
    "documents": _describe_documents,
}
