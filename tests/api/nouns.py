"""The nouns of the API: how a test makes a draft and a published row of each, and what creates one by POST."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from claims import models as claims
from factcheck.audit.models import AuditEntry
from factcheck.router import router
from factcheck.webhooks.models import Webhook
from sources import models as sources
from tests import factories as f

_number = count(1)


@dataclass(frozen=True)
class Noun:
    """`draft` makes a row that only the desk reads, `published` one that everybody reads, given its author."""

    model: Any
    draft: Callable[[Any], Any] | None
    published: Callable[[Any], Any] | None
    body: Callable[[], dict[str, Any]] | None = None
    change: dict[str, Any] = field(default_factory=dict)


def address(noun: str) -> str:
    """The address of the list of a noun."""
    return next(f"/api/v1/{prefix}/" for prefix, _view, name in router.registry if name == noun)


def claim(public: bool) -> Any:
    """A claim as wanted, with nothing on it."""
    return f.make_claim(published=public)


def on_claim(make: Callable[..., Any]) -> dict[str, Any]:
    """The draft and the published maker of a row that hangs on a claim."""
    return {"draft": lambda _author: make(claim(False)), "published": lambda _author: make(claim(True))}


def related(first: Any) -> Any:
    return f.make_relation(first, claim(first.first_published_at is not None))


def assessed() -> dict[str, Any]:
    link = f.make_link(claim(False))
    return {"claim": link.claim_id, "evidence": link.evidence_id, "rating": "C"}


def cited_source(_author: Any) -> Any:
    return f.make_attribution(claim(True)).source


def cited_document(_author: Any) -> Any:
    return f.make_attribution(claim(True), document=f.make_document()).document


NOUNS: dict[str, Noun] = {
    "source": Noun(
        sources.Source,
        lambda _author: f.make_source(),
        cited_source,
        lambda: {"kind": "person", "name": "A person"},
        {"description": "Changed."},
    ),
    "affiliation": Noun(
        sources.Affiliation,
        lambda _author: f.make_affiliation(),
        lambda author: f.make_affiliation(cited_source(author)),
        lambda: {"source": f.make_source().pk, "since": "2010", "until": "2015"},
        {"note": "Changed."},
    ),
    "document": Noun(
        sources.Document,
        lambda _author: f.make_document(),
        cited_document,
        lambda: {"kind": "article", "title": "An article"},
        {"authors": "Changed"},
    ),
    "snapshot": Noun(
        sources.Snapshot,
        lambda _author: f.make_snapshot(),
        lambda author: f.make_snapshot(cited_document(author)),
        lambda: {
            "document": f.make_document().pk,
            "taken_at": "2025-07-01T12:00:00Z",
            "archive_url": "https://archive.example.org/x",
            "media_type": "text/html",
            "size": 1,
            "digest": f.DIGEST,
        },
        {"tool": "changed"},
    ),
    "dispute": Noun(
        claims.Dispute,
        lambda _author: f.make_dispute(),
        lambda _author: f.make_claim(dispute=f.make_dispute(), published=True).dispute,
        lambda: {"title": f"A dispute {next(_number)}", "question": "What happened?"},
        {"summary": "Changed."},
    ),
    "question": Noun(
        claims.Question,
        lambda _author: f.make_question(),
        lambda _author: f.make_claim(question=f.make_question(), published=True).question,
        lambda: {"dispute": f.make_dispute().pk, "text": "Who paid?"},
        {"exhaustive": True},
    ),
    "claim": Noun(
        claims.Claim,
        lambda _author: claim(False),
        lambda _author: claim(True),
        lambda: {"text": "It is so."},
        {"context": "Changed."},
    ),
    "relation": Noun(
        claims.ClaimRelation,
        **on_claim(related),
        body=lambda: {"claim": claim(False).pk, "other": claim(False).pk, "kind": "supports"},
        change={"note": "Changed."},
    ),
    "attribution": Noun(
        claims.Attribution,
        **on_claim(f.make_attribution),
        body=lambda: {"claim": claim(False).pk, "source": f.make_source().pk, "stance": "asserts"},
        change={"quote": "Changed."},
    ),
    "evidence": Noun(
        claims.Evidence,
        lambda _author: f.make_evidence(),
        lambda _author: f.make_link(claim(True)).evidence,
        lambda: {"kind": "forensic", "title": "A finding"},
        {"description": "Changed."},
    ),
    "evidence-link": Noun(
        claims.EvidenceLink,
        **on_claim(f.make_link),
        body=lambda: {"claim": claim(False).pk, "evidence": f.make_evidence().pk, "bearing": "supports"},
        change={"note": "Changed."},
    ),
    "premise": Noun(
        claims.Premise,
        lambda _author: f.make_premise(f.make_link(claim(False)), claim(False)),
        lambda _author: f.make_premise(f.make_link(claim(True)), claim(True)),
        lambda: {"link": f.make_link(claim(False)).pk, "claim": claim(False).pk},
        {"note": "Changed."},
    ),
    "assessment": Noun(
        claims.Assessment,
        lambda author: f.make_assessment(f.make_link(claim(False)), analyst=author),
        None,
        assessed,
        {"note": "Changed."},
    ),
    "rating-scale": Noun(
        claims.RatingScale,
        None,
        lambda _author: f.make_scale(),
        lambda: {"code": f"scale-{next(_number)}-new", "name": "A scale"},
        {"description": "Changed."},
    ),
    "rating": Noun(
        claims.Rating,
        None,
        lambda _author: f.make_rating(),
        lambda: {"scale": f.make_scale().pk, "code": "new", "label": "New", "order": 1, "meaning": "New."},
        {"meaning": "Changed."},
    ),
    "verdict": Noun(
        claims.Verdict,
        lambda author: f.make_verdict(claim(False), author=author),
        lambda author: f.make_published(claim(True), author=author),
        lambda: {"claim": claim(False).pk, "rating": f.rating().pk},
        {"summary": "Changed."},
    ),
    "confirmation": Noun(claims.Confirmation, None, lambda author: f.make_confirmation(f.make_stale(author=author))),
    "correction": Noun(claims.Verdict, None, lambda author: f.make_corrected(claim(True), author=author)),
    "review": Noun(
        claims.Review,
        **on_claim(f.make_review),
        body=lambda: {
            "claim": claim(False).pk,
            "publisher": f.make_source().pk,
            "url": f"https://check.example.org/new-{next(_number)}",
        },
        change={"title": "Changed"},
    ),
    "inquiry": Noun(
        claims.Inquiry,
        **on_claim(f.make_inquiry),
        body=lambda: {
            "claim": claim(False).pk,
            "source": f.make_source().pk,
            "asked_on": "2025-07-01",
            "question": "Is it so?",
        },
        change={"channel": "changed"},
    ),
    "rule-exception": Noun(
        claims.RuleException,
        lambda _author: f.make_ruleexception(),
        None,
        lambda: {"code": "support_gone", "claim": claim(False).pk, "reason": "It was printed again."},
        {"reason": "Changed."},
    ),
    "import": Noun(claims.ImportBatch, lambda _author: f.make_import(), None),
    # Asked for, not entered: what comes back is not what was sent.
    "export": Noun(claims.Export, f.make_export, None),
    "audit": Noun(AuditEntry, lambda _author: AuditEntry.objects.of(f.make_source()).get(), None),
    "webhook": Noun(
        Webhook,
        lambda _author: f.make_webhook(),
        None,
        lambda: {"name": "A receiver", "url": "https://receiver.example.org/new", "actions": ["claim.published"]},
        {"name": "Changed"},
    ),
}
