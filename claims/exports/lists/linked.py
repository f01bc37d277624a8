"""What the rows of a list are as linked data: loaded a batch at a time, and seen with the eyes of the public.

Who works on the desk gets more rows, such as drafts, but no name that is withheld: a feed is made to be passed on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import AnonymousUser

from claims.choices import ClaimStatus, EvidenceKind, VerdictStatus
from claims.exports.lists import datafeed
from claims.exports.lists.datafeed import About, Entry, Piece, Statement
from claims.logic import wording
from claims.models import Claim, Verdict
from claims.reports.content.claim import ClaimContent
from claims.reports.content.dossier import Imprint
from claims.reports.content.rows import Term
from claims.reports.load.assemble import assemble_claim
from claims.reports.load.fields import moment, term, when
from claims.reports.load.redact import Redaction
from claims.reports.load.rows import Rows
from sources.models import Snapshot

RELATED = {
    "verdicts": ("rating__scale",),
    "corrections": ("rating__scale",),
    "reviews": ("publisher__part_of",),
    "attributions": ("source__part_of", "on_behalf_of__part_of", "document__publisher__part_of"),
    "documents": ("publisher__part_of",),
}
"""What the views of rows need beside what their lists load."""


def entries_of(noun: str, rows: list[Any], user: Any, imprint: Imprint) -> Iterator[Entry]:
    """The rows of one batch as entries of a feed."""
    items = _LOADERS[noun](rows, user, imprint)
    ended = _superseded(rows) if noun in {"verdicts", "corrections"} else {}
    for row, item in zip(rows, items, strict=True):
        yield Entry(
            address=imprint.address(noun, row.pk),
            created=moment(row.created_at).text,
            modified=moment(row.updated_at).text,
            deleted=moment(getattr(row, "withdrawn_at", None) or ended.get(row.pk)).text,
            item=item,
        )


def _public() -> Redaction:
    """What anybody may know, for one batch."""
    return Redaction.of(AnonymousUser())


def _claims(rows: list[Any], user: Any, imprint: Imprint) -> Iterator[dict[str, Any]]:
    views = _views(rows, user, imprint)
    return (datafeed.decided(views[row.pk], imprint) for row in rows)


def _verdicts(rows: list[Any], user: Any, imprint: Imprint) -> Iterator[dict[str, Any]]:
    redaction = _public()
    views = _views(list({row.claim_id: row.claim for row in rows}.values()), user, imprint)
    for row in rows:
        view = views[row.claim_id]
        published = row.status == VerdictStatus.PUBLISHED
        if published:
            yield datafeed.decided(replace(view, verdict=redaction.verdict(row)), imprint)
        else:
            # A draft is no review: what it would be about, and how far it is.
            bare = replace(view, verdict=None, status=term(ClaimStatus.DRAFT, ClaimStatus))
            yield {**datafeed.decided(bare, imprint), "creativeWorkStatus": row.status}


def _views(claims: list[Claim], user: Any, imprint: Imprint) -> dict[int, ClaimContent]:
    """The claims as the dossier has them, with what this user may read of them but no withheld name."""
    redaction = _public()
    rows = Rows.of([claim.pk for claim in claims], user)
    return {claim.pk: assemble_claim(0, claim, rows, redaction, imprint) for claim in claims}


def _superseded(rows: list[Any]) -> dict[Any, Any]:
    """When which of these verdicts was superseded by a published one."""
    later = Verdict.objects.published().filter(supersedes__in=[row.pk for row in rows])
    return dict(later.values_list("supersedes", "published_at"))


def _reviews(rows: list[Any], user: Any, imprint: Imprint) -> Iterator[dict[str, Any]]:
    redaction = _public()
    return (datafeed.review(redaction.review(row), _about(row.claim), imprint) for row in rows)


def _attributions(rows: list[Any], user: Any, imprint: Imprint) -> Iterator[dict[str, Any]]:
    redaction = _public()
    copies = _copies(row.document for row in rows)
    for full in rows:
        row = full.shown_to(redaction.reader)
        said = Statement(
            about=_about(row.claim),
            source=redaction.source(row.source),
            capacity=row.capacity,
            on_behalf_of=redaction.source_or_none(row.on_behalf_of),
            stance=Term(row.stance, wording.stance_words(row.stance)),
            said_on=when(row.said_on),
            quote=row.quote,
            language=row.quote_language,
            document=redaction.document(row.document, copies.get(row.document_id, [])) if row.document else None,
            relayed_from=row.relayed_from.pk if row.relayed_from else None,
        )
        yield datafeed.statement(said, imprint.address("attributions", row.pk), imprint)


def _evidence(rows: list[Any], user: Any, imprint: Imprint) -> Iterator[dict[str, Any]]:
    redaction = _public()
    copies = _copies(work for row in rows for work in row.documents)
    for row in rows:
        shown = row.shown_to(user)
        piece = Piece(
            title=row.title,
            description=row.description,
            kind=term(row.kind, EvidenceKind),
            observed_on=when(row.observed_on),
            documents=tuple(redaction.document(work, copies.get(work.pk, [])) for work in row.documents),
            derived_from=shown.derived_from.pk if shown.derived_from else None,
        )
        yield datafeed.evidence(piece, imprint.address("evidence", row.pk), imprint)


def _sources(rows: list[Any], user: Any, imprint: Imprint) -> Iterator[dict[str, Any]]:
    redaction = _public()
    return (datafeed.source(redaction.source(row), imprint.address("sources", row.pk)) for row in rows)


def _documents(rows: list[Any], user: Any, imprint: Imprint) -> Iterator[dict[str, Any]]:
    redaction = _public()
    copies = _copies(rows)
    for row in rows:
        view = redaction.document(row, copies.get(row.pk, []))
        yield datafeed.document(view, imprint.address("documents", row.pk))


def _about(claim: Claim) -> About:
    return About(claim.pk, claim.text, claim.language)


def _copies(works: Any) -> dict[int, list[Snapshot]]:
    """The kept copies of these documents; whoever may read a document may read of its copies."""
    found: dict[int, list[Snapshot]] = {}
    ids = {work.pk for work in works if work is not None}
    for copy in Snapshot.objects.filter(document__in=ids).defer("text").order_by("-taken_at", "-id"):
        found.setdefault(copy.document_id, []).append(copy)
    return found


Loader = Callable[[list[Any], Any, Imprint], Iterator[dict[str, Any]]]

_LOADERS: dict[str, Loader] = {
    "claims": _claims,
    "verdicts": _verdicts,
    "corrections": _verdicts,
    "reviews": _reviews,
    "attributions": _attributions,
    "evidence": _evidence,
    "sources": _sources,
    "documents": _documents,
}
