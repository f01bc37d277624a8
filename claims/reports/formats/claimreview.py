"""Writes published verdicts as schema.org ClaimReview in JSON-LD."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Protocol

import orjson

from claims.logic.chains import Spoken, asserting, carrying
from claims.publisher import publisher
from claims.reports.content.dossier import ClaimContent, ClaimDossier, Dossier, Imprint
from claims.reports.content.rows import AttributionContent, DocumentContent, SourceContent, VerdictContent
from factcheck.base.ancestry import furthest
from factcheck.base.errors import DomainError

CONTEXT = "https://schema.org"
WORST, BEST = 1, 5


class Titled(Protocol):
    """A dispute, as a row or as its reader may know it."""

    @property
    def title(self) -> str: ...

    @property
    def slug(self) -> str: ...


class NoPublishedVerdict(DomainError):
    """There is nothing that could be said as a ClaimReview."""

    status = 404
    code = "no_published_verdict"


def can_be_written(dossier: Dossier) -> bool:
    """Whether anything of the dossier can be said as a ClaimReview."""
    return any(claim_review(claim, dossier.imprint, dossier.dispute) for claim in dossier.claims)


def write(dossier: Dossier) -> bytes:
    """One object for a claim, an array with one for each decided claim of a dispute.

    Raises NoPublishedVerdict for a claim without one.
    """
    reviews = [review for claim in dossier.claims if (review := claim_review(claim, dossier.imprint, dossier.dispute))]
    if isinstance(dossier, ClaimDossier) and not reviews:
        raise NoPublishedVerdict("This claim has no published verdict, and only those are given as ClaimReview.")
    content = reviews[0] if isinstance(dossier, ClaimDossier) else reviews
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def claim_review(claim: ClaimContent, imprint: Imprint, dispute: Titled | None = None) -> dict[str, Any] | None:
    """The ClaimReview of a published claim's published verdict, or None; the claim is part of `dispute`.

    It is meant for the public: a withheld source stays unnamed even when the desk asks. Who drafted and who reviewed
    the verdict is told to whoever may know it outside the desk; what the desk reads may be a login.
    """
    verdict = claim.verdict
    if verdict is None or not claim.is_published:
        return None
    page = imprint.page("claims", claim.id)
    return without_empty(
        {
            "@context": CONTEXT,
            "@type": "ClaimReview",
            "url": page,
            "claimReviewed": verdict.claim_text or claim.text,
            "inLanguage": claim.language.code,
            "datePublished": verdict.published_at.text[:10],
            "expires": verdict.review_by.text,
            "author": {
                "@type": "Organization",
                "name": imprint.newsroom,
                "url": f"{imprint.base_url}/",
                **publisher().as_organization(),
            },
            **({} if imprint.desk else {"contributor": _person(verdict.author), "editor": _person(verdict.reviewer)}),
            "itemReviewed": {**_judged(claim, verdict, page), "isPartOf": whole_of(dispute, imprint)},
            "reviewRating": _rating(verdict),
            "correction": _correction(verdict),
        }
    )


def _judged(claim: ClaimContent, verdict: VerdictContent, page: str) -> dict[str, Any]:
    """The claim in the words that the verdict judged.

    Where they are not those of today it is not the claim of the page: who said it in those words nobody knows.
    """
    if not verdict.claim_text:
        return claim_of(claim, page)
    return {"@type": "Claim", "text": verdict.claim_text}


def claim_of(claim: ClaimContent, page: str) -> dict[str, Any]:
    """The claim itself, with who asserted it first, and where it was asserted or an assertion of it passed on.

    The authors of a joint statement are all who made it, as a list. Nobody is its author who denied, alleged,
    suggested or joked, passed on what another said or took it back, nor who said so of an earlier wording. A withheld
    source, which cannot be named, is passed over.
    """
    rows = {row.id: row for row in claim.attributions}
    said = [_spoken(row) for row in rows.values()]
    passed_on = {one.id: other.id for row in rows.values() for one, other in pairwise(row.chain)}
    makers = [row for made in asserting(said, passed_on) if not (row := rows[made.id]).source.withheld]
    makers = [row for row in makers if not row.earlier_wording]
    first = makers[0] if makers else None
    acts = {row.id: row.joint_with for row in rows.values()}
    together = [row for row in makers if furthest(row.id, acts) == furthest(makers[0].id, acts)]
    authors = [person_or_body(row.source, row.capacity, row.on_behalf_of) for row in _by_source(together)]
    carriers = [rows[pk] for pk in sorted(carrying(said, passed_on))]
    documents = _appearances([row for row in carriers if not row.earlier_wording])
    return {
        "@type": "Claim",
        "@id": f"{page}#claim",
        "text": claim.text,
        "datePublished": first.said_on.text if first else "",
        "author": authors if len(authors) > 1 else next(iter(authors), None),
        "firstAppearance": documents[0] if documents else None,
        "appearance": documents[1:],
    }


def _spoken(row: AttributionContent) -> Spoken:
    body = row.speakers[-1].id if len(row.speakers) > 1 else None
    return Spoken(row.id, row.source.id, row.stance.code, row.said_on.text, on_behalf_of=body)


def whole_of(dispute: Titled | None, imprint: Imprint) -> dict[str, Any] | None:
    """The dispute of which a claim is part; None for a claim of its own."""
    if dispute is None:
        return None
    return {"@type": "CreativeWork", "name": dispute.title, "url": imprint.page("disputes", dispute.slug)}


def _by_source(rows: list[AttributionContent]) -> list[AttributionContent]:
    """The first statement of each source."""
    found: dict[int, AttributionContent] = {}
    for row in rows:
        found.setdefault(row.source.id, row)
    return list(found.values())


def person_or_body(
    source: SourceContent, capacity: str = "", on_behalf_of: SourceContent | None = None
) -> dict[str, Any] | None:
    """Who a source is, in its role where that tells of nobody who is withheld; None for one that is."""
    if source.withheld:
        return None
    person = source.kind.code in {"person", "witness"}
    return {
        "@type": "Person" if person else "Organization",
        "name": source.name,
        "jobTitle": capacity if person and not _hidden(on_behalf_of) else "",
        "sameAs": [f"https://www.wikidata.org/wiki/{source.wikidata}"] if source.wikidata else [],
        "url": source.website,
    }


def _person(name: str) -> dict[str, Any] | None:
    return {"@type": "Person", "name": name} if name else None


def _hidden(source: SourceContent | None) -> bool:
    return source is not None and source.withheld


def _appearances(said: list[AttributionContent]) -> list[dict[str, Any]]:
    """The works in which the claim was made or passed on, the earliest first."""
    rows = {row.document.id: row.document for row in said if row.document is not None}
    works = sorted(rows.values(), key=lambda work: (not work.published_on, work.published_on.text, work.id))
    return [entry for work in works if (entry := work_of(work))]


def work_of(work: DocumentContent) -> dict[str, Any] | None:
    """A work that can be read; None for one without an address, or whose publisher is withheld."""
    if not work.url or _hidden(work.publisher):
        return None
    return {
        "@type": "CreativeWork",
        "url": work.url,
        "name": work.title,
        "datePublished": work.published_on.text,
        "archivedAt": work.snapshots[0].archive_url if work.snapshots else "",
    }


def _rating(verdict: VerdictContent) -> dict[str, Any]:
    rating = verdict.rating
    number = {"ratingValue": rating.number, "worstRating": WORST, "bestRating": BEST} if rating.number else {}
    return {
        "@type": "Rating",
        **number,
        "alternateName": rating.label,
        "ratingExplanation": verdict.summary,
    }


def _correction(verdict: VerdictContent) -> dict[str, Any] | None:
    if not verdict.supersedes:
        return None
    return {
        "@type": "CorrectionComment",
        "text": verdict.correction_reason,
        "datePublished": verdict.published_at.text[:10],
    }


def without_empty(value: object) -> Any:
    """The same without empty texts, lists and objects: schema.org has no use for them."""
    if isinstance(value, dict):
        cleaned = {key: without_empty(entry) for key, entry in value.items()}
        return {key: entry for key, entry in cleaned.items() if entry not in ("", None, [], {})}
    if isinstance(value, list):
        return [without_empty(entry) for entry in value]
    return value
