"""Loads the dossier of a dispute or claim for one reader, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from claims.choices import ClaimStatus, QuestionState
from claims.logic.origins import TOGETHER, Tally, count_pieces
from claims.logic.question_sentence import dispute_sentence
from claims.models import Claim, Dispute, Question
from claims.reports.content.dossier import ClaimContent, ClaimDossier, DisputeContent, DisputeDossier, Dossier, Imprint
from claims.reports.content.rows import NO_TERM, DocumentContent, SourceContent
from claims.reports.load.absent import NotYet
from claims.reports.load.as_of_rows import claim_at, dispute_at
from claims.reports.load.assemble import assemble_claim
from claims.reports.load.changes import find_changes
from claims.reports.load.concerns import find_concerns
from claims.reports.load.fields import content_of, term
from claims.reports.load.fields import moment as moment_content
from claims.reports.load.question import assemble_question
from claims.reports.load.questions import load_states_of, states_in
from claims.reports.load.redact import Redaction
from claims.reports.load.rows import Rows
from claims.reports.load.timeline import assemble_timeline
from claims.rules.question_state import dispute_state
from factcheck.audit.models import AuditEntry
from factcheck.base.errors import RuleViolation
from factcheck.base.people import Reader

# Published claims first, then what only the desk sees.
_ORDER = {ClaimStatus.PUBLISHED: 0, ClaimStatus.IN_REVIEW: 1, ClaimStatus.DRAFT: 2, ClaimStatus.WITHDRAWN: 3}


AnyDossier = TypeVar("AnyDossier", bound=Dossier)


def addressed(rows: QuerySet[Any], key: str) -> QuerySet[Any]:
    """The dispute or claim among these that `key` addresses: an id, or the slug of a dispute."""
    if key.isascii() and key.isdigit():
        return rows.filter(pk=key) if len(key) < 19 else rows.none()
    return rows.filter(slug=key) if rows.model is Dispute else rows.none()


def load_dispute(
    dispute: Dispute, user: Reader, moment: datetime | None = None, since: datetime | None = None
) -> DisputeDossier:
    """The dispute with all its claims that `user` may read, now or as it stood at `moment`; with `since`, also what
    has changed from that moment on.

    Raises Dispute.DoesNotExist when they may not read it, Absent when there was nothing to read at that moment,
    RuleViolation when `since` is not before it.
    """
    return _compared(lambda at: _load_dispute(dispute, user, at), moment, since)


def _load_dispute(dispute: Dispute, user: Reader, moment: datetime | None) -> DisputeDossier:
    redaction = Redaction.of(user)
    if moment is None:
        dispute = Dispute.objects.visible_to(user).get(pk=dispute.pk)
        questions = load_states_of([dispute])[dispute.pk]
        claims = list(Claim.objects.visible_to(user).filter(dispute=dispute).select_related("question"))
        rows = Rows.of([claim.pk for claim in claims], user)
    else:
        dispute, questions, claims, rows = dispute_at(dispute.pk, user, moment)
    claims.sort(key=lambda row: (_ORDER[ClaimStatus(row.status)], row.pk))
    content = _content(claims, rows, redaction, _dispute(dispute, questions), moment)
    views = content["claims"]
    return DisputeDossier(
        **content,
        questions=tuple(assemble_question(question, views, rows, redaction) for question in questions),
        timeline=assemble_timeline(views, rows, redaction),
        concerns=find_concerns(views, rows, questions, moment) if redaction.desk else (),
    )


def load_claim(
    claim: Claim, user: Reader, moment: datetime | None = None, since: datetime | None = None
) -> ClaimDossier:
    """The claim with what `user` may read of it, now or as it stood at `moment`; with `since`, also what has changed
    from that moment on.

    Raises what `load_dispute` raises.
    """
    return _compared(lambda at: _load_claim(claim, user, at), moment, since)


def _load_claim(claim: Claim, user: Reader, moment: datetime | None) -> ClaimDossier:
    if moment is None:
        claim = Claim.objects.visible_to(user).select_related("dispute", "question").get(pk=claim.pk)
        rows = Rows.of([claim.pk], user)
    else:
        claim, rows = claim_at(claim.pk, user, moment)
    dispute = _dispute(claim.dispute) if claim.dispute is not None else None
    return ClaimDossier(**_content([claim], rows, Redaction.of(user), dispute, moment))


def _compared(
    load: Callable[[datetime | None], AnyDossier], moment: datetime | None, since: datetime | None
) -> AnyDossier:
    """The dossier at `moment`, with what has changed in it from `since` on where that is given."""
    dossier = load(moment)
    if since is None:
        return dossier
    if since > (moment or timezone.now()):
        raise RuleViolation(
            "The earlier report (since) must be older than the moment that this one shows.", code="order", field="since"
        )
    earlier = moment_content(since)
    try:
        before = load(since)
    except NotYet as error:
        return replace(dossier, since=earlier, nothing_before=True, readable_since=moment_content(error.later))
    return replace(dossier, since=earlier, changes=find_changes(before, dossier))


def _head(moment: datetime | None) -> tuple[int, str]:
    """Number and hash of the last entry of the audit trail, now or at `moment`."""
    entries = AuditEntry.objects.order_by("-id")
    if moment is not None:
        entries = entries.filter(at__lte=moment).order_by("-at", "-id")
    return entries.values_list("id", "hash").first() or (0, "")


def _content(
    claims: list[Claim], rows: Rows, redaction: Redaction, dispute: DisputeContent | None, shown: datetime | None
) -> dict[str, Any]:
    entry, digest = _head(shown)
    imprint = Imprint(
        newsroom=settings.FACTCHECK_NEWSROOM,
        base_url=settings.FACTCHECK_BASE_URL,
        moment=timezone.localtime(timezone.now()),
        desk=redaction.desk,
        as_of=moment_content(shown),
        head_entry=entry,
        head_hash=digest,
    )
    ids = [claim.pk for claim in claims]
    beside = ids if len(ids) > 1 else ()
    views = tuple(assemble_claim(claim, rows, redaction, imprint, beside) for claim in claims)
    return {
        "imprint": imprint,
        "dispute": dispute,
        "claims": views,
        "sources": tuple(
            replace(row, affiliations=redaction.affiliations(rows.affiliations.get(row.id, ())))
            if not row.withheld or redaction.desk
            else row
            for row in _sources(views)
        ),
        "documents": _documents(views),
        "voices": rows.speakers.voices.count_all(ids),
        "evidence": _evidence(rows),
    }


def _dispute(row: Dispute, questions: Sequence[Question] | None = None) -> DisputeContent:
    """Without its questions, which the dossier of one claim does not tell, it has no state."""
    if questions is None:
        return content_of(DisputeContent, row, state=NO_TERM, state_sentence="")
    state = term(dispute_state(states_in(questions)), QuestionState)
    return content_of(DisputeContent, row, state=state, state_sentence=dispute_sentence(states_in(questions)))


def _evidence(rows: Rows) -> Tally:
    # One piece may bear on several claims; here it is counted once.
    return count_pieces(rows.shown(rows.links), rows.kinship)[TOGETHER]


def _sources(views: Iterable[ClaimContent]) -> tuple[SourceContent, ...]:
    found: dict[int, SourceContent] = {}

    def see(*sources: SourceContent | None) -> None:
        found.update((source.id, source) for source in sources if source is not None and source.id)

    for view in views:
        for row in view.attributions:
            see(row.source, row.on_behalf_of)
        for contradiction in view.contradicted_by:
            see(contradiction.source)
        for review in view.reviews:
            see(review.publisher)
        for inquiry in view.inquiries:
            see(inquiry.source)
        for document in _cited(view):
            see(document.publisher)
    return tuple(
        sorted(
            found.values(),
            key=lambda row: (row.withheld, row.reliability.code, row.reliability_note, row.name.casefold(), row.id),
        )
    )


def _documents(views: Iterable[ClaimContent]) -> tuple[DocumentContent, ...]:
    found = {document.id: document for view in views for document in _cited(view)}
    return tuple(sorted(found.values(), key=lambda row: (row.published_on.text or "9", row.title.casefold(), row.id)))


def _cited(view: ClaimContent) -> list[DocumentContent]:
    said = [row.document for row in view.attributions if row.document is not None]
    return said + [document for row in view.evidence for document in row.documents]
