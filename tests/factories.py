"""Rows for tests, made the way the desk makes them: in business words, through the services."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from claims.models import (
    Assessment,
    Attribution,
    Claim,
    ClaimRelation,
    Confirmation,
    Dispute,
    DisputeMember,
    Evidence,
    EvidenceDocument,
    EvidenceLink,
    Export,
    ImportBatch,
    Inquiry,
    Premise,
    Question,
    Rating,
    RatingScale,
    Review,
    RuleException,
    RuleSetting,
    Verdict,
)
from claims.services import (
    confirm_verdict,
    correct_verdict,
    draft_verdict,
    publish_claim,
    publish_verdict,
    submit_verdict,
)
from claims.services.question import only_question
from factcheck.audit.context import acting
from factcheck.audit.triggers import unguarded
from factcheck.webhooks.models import Webhook
from sources.models import Affiliation, Document, Snapshot, Source

_number = count(1)
DIGEST = "sha256:" + "0" * 64


def load_vocabularies() -> None:
    """The roles and the rating scale that every installation has, unless they are there."""
    # A test whose transactions are real empties the tables when it ends.
    if not Group.objects.exists():
        call_command("loaddata", "roles", "rating_scales", verbosity=0)


def saved(row: Any, **how: Any) -> Any:
    row.save(**how)
    return row


def make_user(name: str, *roles: str, **fields: Any) -> Any:
    """A user with the given roles; all but readers may log in to the admin."""
    staff = bool(roles) and "Reader" not in roles
    user = get_user_model().objects.create(username=name, is_staff=staff, **fields)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def make_source(name: str = "", **fields: Any) -> Source:
    return saved(Source(name=name or f"Source {next(_number)}", **{"kind": "organisation", **fields}))


def make_document(title: str = "", **fields: Any) -> Document:
    return saved(Document(title=title or f"Document {next(_number)}", **{"kind": "article", **fields}))


def make_snapshot(document: Document | None = None, **fields: Any) -> Snapshot:
    defaults = {
        "document": document or make_document(),
        "taken_at": timezone.now(),
        "archive_url": f"https://archive.example.org/{next(_number)}",
        "media_type": "text/html",
        "size": 1_000,
        "digest": DIGEST,
    }
    return saved(Snapshot(**{**defaults, **fields}))


def make_dispute(
    title: str = "", *, members: Any = (), exclusive: bool = False, exhaustive: bool = False, **fields: Any
) -> Dispute:
    """A dispute that asks one question, of which at most one claim can hold where it is `exclusive`, and at least one
    where it is `exhaustive`."""
    dispute = saved(Dispute(title=title or f"Dispute {next(_number)}", **{"question": "What happened?", **fields}))
    make_question(dispute, text=dispute.question, exclusive=exclusive, exhaustive=exhaustive)
    for user in members:
        if not DisputeMember.objects.filter(dispute=dispute, user=user).exists():
            saved(DisputeMember(dispute=dispute, user=user))
    return dispute


def make_question(dispute: Dispute | None = None, **fields: Any) -> Question:
    """A question of the dispute, or the only one of a new dispute."""
    if dispute is None:
        return make_dispute(**fields).questions.get()
    return saved(Question(dispute=dispute, **{"text": f"Question {next(_number)}?", **fields}))


def make_claim(text: str = "", *, published: bool = False, **fields: Any) -> Claim:
    """A draft claim, or one that an editor has published; of a dispute with one question it answers that, unless
    another one is named, or None."""
    if isinstance(fields.get("question"), Question):
        fields.setdefault("dispute", fields["question"].dispute)
    fields.setdefault("question", only_question(fields.get("dispute")))
    claim = saved(Claim(text=text or f"Claim {next(_number)} holds.", **fields))
    return publish_claim(actor=someone("Editor"), claim=claim) if published else claim


def make_affiliation(source: Source | None = None, **fields: Any) -> Affiliation:
    given = {"part_of": make_source(), "since": "2010", "until": "2015", **fields}
    return added(Affiliation(source=source or make_source(), **given))


def make_attribution(claim: Claim | None = None, **fields: Any) -> Attribution:
    defaults = {"claim": claim or make_claim(), "stance": "asserts"}
    return added(Attribution(**{**defaults, **fields, "source": fields.get("source") or make_source()}))


def make_older_attribution(claim: Claim | None = None, *, stance: str = "hedges", **fields: Any) -> Attribution:
    """An attribution as a release before the verbs stored it, with its history."""
    row = make_attribution(claim, **fields)
    history = Attribution.history.model
    with transaction.atomic(), unguarded(history):
        for model in (Attribution, history):
            # Past the model, which takes no such verb any more.
            QuerySet(model).filter(id=row.pk).update(stance=stance)
    return Attribution.objects.get(pk=row.pk)


def make_evidence(title: str = "", *, documents: Any = (), **fields: Any) -> Evidence:
    evidence = saved(Evidence(title=title or f"Evidence {next(_number)}", **{"kind": "document", **fields}))
    for document in documents:
        saved(EvidenceDocument(evidence=evidence, document=document))
    return evidence


def make_link(claim: Claim | None = None, bearing: str = "supports", **fields: Any) -> EvidenceLink:
    defaults = {"claim": claim or make_claim(), "bearing": bearing}
    return added(EvidenceLink(**{**defaults, **fields, "evidence": fields.get("evidence") or make_evidence()}))


def make_premise(link: EvidenceLink | None = None, claim: Claim | None = None, **fields: Any) -> Premise:
    """The bearing depends on the claim, such as: the video is genuine."""
    return added(Premise(link=link or make_link(), claim=claim or make_claim("The video is genuine."), **fields))


def make_relation(claim: Claim | None = None, other: Claim | None = None, **fields: Any) -> ClaimRelation:
    defaults = {"claim": claim or make_claim(), "other": other or make_claim(), "kind": "contradicts"}
    return added(ClaimRelation(**{**defaults, **fields}))


def make_scale(code: str = "", **fields: Any) -> RatingScale:
    code = code or f"scale-{next(_number)}"
    return saved(RatingScale(code=code, name=code, **fields))


def make_rating(code: str = "", **fields: Any) -> Rating:
    defaults = {
        "scale": fields.pop("scale", None) or make_scale(),
        "label": "A word",
        "order": 1,
        "meaning": "A meaning.",
    }
    return saved(Rating(code=code or f"word-{next(_number)}", **{**defaults, **fields}))


def rating(code: str = "contested") -> Rating:
    """A rating of the default scale."""
    return Rating.objects.get(scale__code="default", code=code)


def make_verdict(claim: Claim | None = None, *, author: Any = None, code: str = "contested", **fields: Any) -> Verdict:
    """A draft verdict."""
    defaults = {"summary": "In short.", "rationale": "Because the evidence says so."}
    return draft_verdict(
        actor=author or someone("Researcher"),
        claim=claim or make_claim(),
        **{**defaults, "rating": rating(code), **fields},
    )


def make_submitted(claim: Claim | None = None, *, author: Any = None, **fields: Any) -> Verdict:
    """A verdict in review, on a claim that has evidence both ways."""
    author = author or someone("Researcher")
    claim = claim or make_claim()
    if not claim.evidence_links.exists():
        make_link(claim, "supports")
        make_link(claim, "refutes")
    return submit_verdict(actor=author, verdict=make_verdict(claim, author=author, **fields))


def make_published(claim: Claim | None = None, *, author: Any = None, reviewer: Any = None, **fields: Any) -> Verdict:
    """A published verdict, on a published claim."""
    verdict = make_submitted(claim, author=author, **fields)
    return publish_verdict(actor=reviewer or someone("Reviewer"), verdict=verdict)


def make_corrected(
    claim: Claim | None = None,
    before: str = "contested",
    after: str = "unproven",
    *,
    verdict: Verdict | None = None,
    author: Any = None,
    reason: str = "New findings.",
    severity: str = "correction",
    **content: Any,
) -> Verdict:
    """A published verdict that replaces an earlier one, or `verdict`."""
    author = author or someone("Researcher")
    first = verdict or make_published(claim, author=author, code=before)
    draft = correct_verdict(
        actor=author, verdict=first, reason=reason, severity=severity, **{"rating": rating(after), **content}
    )
    return publish_verdict(actor=someone("Reviewer"), verdict=submit_verdict(actor=author, verdict=draft))


def make_stale(claim: Claim | None = None, *, author: Any = None, **fields: Any) -> Verdict:
    """A published verdict after whose publication somebody else has spoken on its claim."""
    verdict = make_published(claim, author=author, **fields)
    make_attribution(verdict.claim, stance="denies")
    return verdict


def make_confirmation(verdict: Verdict | None = None, *, reviewer: Any = None, reason: str = "") -> Confirmation:
    """A reviewer's word that a verdict which had become stale still holds."""
    return confirm_verdict(
        actor=reviewer or someone("Reviewer"), verdict=verdict or make_stale(), reason=reason or "It changes nothing."
    )


def make_review(claim: Claim | None = None, **fields: Any) -> Review:
    defaults = {"claim": claim or make_claim(), "url": f"https://check.example.org/{next(_number)}"}
    return added(Review(**{**defaults, **fields, "publisher": fields.get("publisher") or make_source()}))


def make_inquiry(claim: Claim | None = None, **fields: Any) -> Inquiry:
    defaults = {"claim": claim or make_claim(), "asked_on": "2025-07-02", "question": "Is it so?"}
    return added(Inquiry(**{**defaults, **fields, "source": fields.get("source") or make_source()}))


def make_assessment(link: EvidenceLink | None = None, *, analyst: Any = None, **fields: Any) -> Assessment:
    link = link or make_link()
    defaults = {"evidence": link.evidence, "claim": link.claim, "rating": "C"}
    return saved(Assessment(**{**defaults, **fields}, analyst=analyst or someone("Researcher")))


def make_import(**fields: Any) -> ImportBatch:
    return saved(ImportBatch(**{"origin": "rows.json", "digest": DIGEST, "format": "json", **fields}))


def make_export(user: Any = None, **fields: Any) -> Export:
    """A list that `user` has taken out, and that was not kept."""
    defaults = {
        "kind": "list",
        "query": "/api/v1/claims/",
        "format": "csv",
        "status": "done",
        "made_by": user,
        "maker": (user.get_full_name() or user.get_username()) if user else "system",
        "desk": user is not None,
        "rows": 1,
        "size": 1_000,
        "digest": DIGEST,
        "schema_version": 1,
    }
    return saved(Export(**{**defaults, **fields}))


def make_kept_export(user: Any, content: bytes = b"It is so.", **fields: Any) -> Export:
    """An export whose file is kept."""
    folder = Path(settings.MEDIA_ROOT) / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"kept-{next(_number)}.csv"
    path.write_bytes(content)
    kept = {
        "file": f"exports/{path.name}",
        "file_name": "claims.csv",
        "size": len(content),
        "digest": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "expires_at": timezone.now() + timedelta(days=7),
    }
    return make_export(user, **{**kept, **fields})


def make_rulesetting(code: str = "said_before_event", level: str = "hint", **fields: Any) -> RuleSetting:
    return saved(RuleSetting(code=code, level=level, **{"reason": "We forecast much.", **fields}))


def make_ruleexception(code: str = "said_before_event", **fields: Any) -> RuleException:
    if not fields.keys() & {"claim", "attribution", "document", "source"}:
        fields["attribution"] = make_attribution()
    return saved(RuleException(code=code, **{"reason": "It was announced.", **fields}))


def make_webhook(url: str = "https://receiver.example.org/hook", **fields: Any) -> Webhook:
    return saved(Webhook(url=url, **{"name": f"Receiver {next(_number)}", "actions": ["*"], **fields}))


def added(row: Any) -> Any:
    """Save as the system, with a reason in case that the public sees it at once."""
    with acting(reason="Added for a test."):
        return saved(row)


def someone(role: str) -> Any:
    """A user with this role whom no test is about."""
    return get_user_model().objects.filter(username=f"some-{role.lower()}").first() or make_user(
        f"some-{role.lower()}", role
    )
