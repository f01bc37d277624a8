"""Loads how far questions are decided: their stored state, whether it is under review, and the sentence of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from django.db.models import Q
from django.utils import timezone

from claims.choices import ClaimStatus, QuestionState
from claims.logic.question_sentence import Case, question_sentence
from claims.models import (
    Attribution,
    Claim,
    ClaimRelation,
    Confirmation,
    Dispute,
    EvidenceDocument,
    EvidenceLink,
    Premise,
    Question,
    StoredState,
    Verdict,
)
from claims.models.claim import Withdrawable
from claims.models.parts import QuestionFound
from claims.reports.load.rows import carried_at, on_either_claim, under
from claims.reports.load.staleness import Grounds, why_stale
from claims.rules.answers import find_overtaken
from claims.rules.question_state import dispute_state, find_under_review, required_confidence
from factcheck.base.edtf import day_in_words
from sources.models import Document, Snapshot

STANDS_OR_FELL = (ClaimStatus.PUBLISHED, ClaimStatus.WITHDRAWN)
_ROLES = ("supported", "against", "others")


def load_states(questions: Sequence[Question]) -> None:
    """Load beside each question how far it is decided, whoever asks; at most eight queries, and ten more where one is
    under review."""
    waiting = [row for row in questions if row.found is None]
    if not waiting:
        return
    stored = StoredState.objects.in_bulk([row.pk for row in waiting])
    settled = [pk for pk, row in stored.items() if row.state == QuestionState.SETTLED]
    since = _reviewed_since(settled) if settled else {}
    named = {claim for row in stored.values() for role in _ROLES for claim in row.finding.get(role, ())}
    texts = dict(Claim._base_manager.filter(pk__in=named).values_list("pk", "text")) if named else {}
    bounded = [row.pk for row in waiting if row.exhaustive]
    drafts = Claim._base_manager.filter(question__in=bounded).exclude(status__in=STANDS_OR_FELL) if bounded else None
    unfinished = set(drafts.values_list("question", flat=True)) if drafts is not None else set()
    overtaken = find_overtaken(waiting)
    for question in waiting:
        row = stored.get(question.pk) or StoredState(finding={"code": "no_claim"})
        reviewed = since.get(question.pk)
        if reviewed is not None and row.settled_on is not None:
            # What a verdict rests on may have changed before the last of the others settled the question.
            reviewed = max(reviewed, row.settled_on)
        beside = {"waiting": question.pk in unfinished, "overtaken_on": overtaken.get(question.pk)}
        question.found = found_in(row.state, row.finding, row.settled_on, reviewed, texts, **beside)


def load_states_of(disputes: Sequence[Dispute]) -> dict[int, list[Question]]:
    """The questions of each of these disputes in their order, with how far they are decided; that of the dispute is
    loaded beside it."""
    questions = list(Question._base_manager.filter(dispute__in=disputes).order_by("order", "pk"))
    load_states(questions)
    found: dict[int, list[Question]] = {dispute.pk: [] for dispute in disputes}
    for question in questions:
        found[question.dispute_id].append(question)
    for dispute in disputes:
        dispute.state = dispute_state(states_in(found[dispute.pk]))
    return found


def states_in(questions: Iterable[Question]) -> list[str]:
    """The states of these questions, where they were loaded."""
    return [row.found.state for row in questions if row.found is not None]


def found_in(
    state: str,
    finding: Mapping[str, Any],
    settled_on: date | None,
    since: date | None,
    texts: Mapping[int, str],
    **beside: Any,
) -> QuestionFound:
    """The state with its sentence; `since` is the day from which a settled question is under review, `beside` what else
    `QuestionFound` tells."""
    case = Case(
        code=str(finding["code"]),
        **{role: tuple(finding.get(role, ())) for role in _ROLES},
        settled_on=day_in_words(settled_on) if settled_on else "",
        review_since=day_in_words(since) if since else "",
        required=required_confidence(),
    )
    reviewed = state == QuestionState.SETTLED and since is not None
    return QuestionFound(
        QuestionState.UNDER_REVIEW if reviewed else state,
        question_sentence(case, lambda pk: texts.get(pk, f"claim {pk}")),
        **beside,
    )


def _reviewed_since(questions: Collection[int]) -> dict[int, date]:
    """From which day on those of these settled questions are under review that are."""
    ids = find_under_review(questions)
    if not ids:
        return {}
    through = StoredState.settled_by.through._default_manager.filter(storedstate__in=ids)
    pairs: dict[int, list[int]] = defaultdict(list)
    for question, verdict in through.values_list("storedstate", "verdict"):
        pairs[question].append(verdict)
    verdicts = Verdict.objects.stale().filter(pk__in={pk for found in pairs.values() for pk in found})
    days = _stale_since(list(verdicts.select_related("claim__question")))
    return {
        question: min((days[pk] for pk in found if pk in days), default=timezone.localdate())
        for question, found in pairs.items()
    }


def _stale_since(verdicts: Sequence[Verdict]) -> dict[int, date]:
    """The day on which each of these verdicts became stale, whoever may know of what made it so."""
    grounds = _everything([row.claim_id for row in verdicts])
    found = {row.pk: [reason.at for reason in why_stale(row.claim, row, grounds)] for row in verdicts}
    return {pk: timezone.localdate(min(moments)) for pk, moments in found.items() if moments}


def _everything(claims: Collection[int]) -> Grounds:
    on_claim = Q(claim__in=claims)
    either = on_claim | Q(other__in=claims)
    said = list(Attribution._base_manager.filter(on_claim).select_related("source", "document"))
    links = list(EvidenceLink.objects.filter(on_claim).select_related("evidence").with_discount())
    relations = list(ClaimRelation._base_manager.filter(either).select_related("claim", "other"))
    evidence = {row.evidence_id for row in links}
    carriers: dict[int, list[Document]] = defaultdict(list)
    for carrier in EvidenceDocument._base_manager.filter(evidence__in=evidence).select_related("document"):
        carriers[carrier.evidence_id].append(carrier.document)
    documents = {row.document_id for row in said} | {row.pk for found in carriers.values() for row in found}
    withdrawn = under("claim_id", [*_split(said)[1], *_split(links)[1]])
    for pk, found in on_either_claim(_split(relations)[1]).items():
        withdrawn.setdefault(pk, []).extend(found)
    confirmations = Confirmation._base_manager.filter(verdict__claim__in=claims)
    premises = Premise.objects.filter(link__claim__in=claims, link__withdrawn_at=None).with_fate()
    resting, dropped = _split(list(premises.select_related("claim", "link__evidence")))
    for premise in dropped:
        withdrawn.setdefault(premise.link.claim_id, []).append(premise)
    return Grounds(
        premises=under("link_id", resting),
        attributions=under("claim_id", _split(said)[0]),
        links=under("claim_id", _split(links)[0]),
        relations=on_either_claim(_split(relations)[0]),
        withdrawn=withdrawn,
        carriers=carriers,
        carried=carried_at(evidence),
        snapshots=under("document_id", Snapshot._base_manager.filter(document__in=documents - {None})),
        confirmations=under("verdict_id", confirmations),
    )


Row = TypeVar("Row", bound=Withdrawable)


def _split(rows: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """The rows that stand, and those that were withdrawn."""
    sides: tuple[list[Row], list[Row]] = ([], [])
    for row in rows:
        sides[row.withdrawn_at is not None].append(row)
    return sides
