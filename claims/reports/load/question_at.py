"""The questions of a dispute as they stood at one moment, and how far they were decided then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from claims.choices import RIVALRY, ClaimStatus, Leaning, QuestionState
from claims.models import Claim, Dispute, Question, Verdict
from claims.reports.load.as_of import Past, under
from claims.reports.load.questions import STANDS_OR_FELL, found_in
from claims.reports.load.rows import Rows
from claims.reports.load.staleness import why_stale
from claims.rules.answers import first_after
from claims.rules.counting import withdrawn_until
from claims.rules.current_verdict import current_verdict
from claims.rules.question_state import question_state, required_confidence
from claims.rules.rivalry import Rivalry, Tie
from claims.services.question_state import is_open, settled_day, side_of
from factcheck.models.versions import join


def questions_at(past: Past, dispute: Dispute) -> list[Question]:
    """The questions of the dispute in their order; each claim that `past` has loaded is joined to its own."""
    own = [row for row in past.questions.values() if row.dispute_id == dispute.pk]
    questions = sorted(own, key=lambda row: (row.order, row.pk)) or _before_questions(past, dispute)
    join(questions, "dispute", {dispute.pk: dispute})
    return questions


def find_states_at(past: Past, questions: list[Question], rows: Rows) -> None:
    """Load beside each question how far it was decided from all claims that were published then, whoever may read them
    now. `rows` are what hung on the claims, with what was withdrawn."""
    known = _binding(past)
    rivalry = rivalry_at(past, known)
    verdicts = under("claim_id", past.verdicts.values())
    decided = {pk: verdict for pk in past.claims | known if (verdict := current_verdict(verdicts.get(pk, [])))}
    for question in questions:
        _find_state(question, past, rivalry, decided, rows)


def rivalry_at(past: Past, known: Mapping[int, Claim]) -> Rivalry:
    """Who was whose rival, by the relations and questions of the `known` claims."""
    ties = {
        Tie(row.kind, row.claim_id, row.other_id)
        for row in past.all_relations.values()
        if row.withdrawn_at is None and {row.claim_id, row.other_id} <= known.keys()
    }
    exclusive = {
        pk: claim.question.pk for pk, claim in known.items() if claim.question is not None and claim.question.exclusive
    }
    return Rivalry(ties, exclusive)


def _binding(past: Past) -> dict[int, Claim]:
    """The claims whose relations bore on the states, as `claims.services.question_state.binding` says of now."""
    known = past.claims | {pk: row for pk, row in past.others.items() if is_open(row)}
    return {pk: known[pk] for pk in _published(known)}


def _published(claims: Mapping[int, object]) -> set[int]:
    return {pk for pk, claim in claims.items() if getattr(claim, "status", "") == ClaimStatus.PUBLISHED}


def _find_state(question: Question, past: Past, rivalry: Rivalry, decided: Mapping[int, Verdict], rows: Rows) -> None:
    own = {pk: claim for pk, claim in past.claims.items() if claim.question_id == question.pk}
    claims = _published(own)
    links = (row for row in past.all_links.values() if row.withdrawn_at is None and not row.discounted)
    bearings = under("claim_id", links)
    sides = [side_of(pk, decided.get(pk), {row.bearing for row in bearings.get(pk, [])}) for pk in claims]
    refuted = {pk for pk, verdict in decided.items() if verdict.rating.leaning == Leaning.REFUTED} & rivalry.claims
    finding = question_state(
        *(sides, rivalry.between, rivalry.akin, rivalry.follows, required_confidence()), refuted_beyond=refuted - claims
    )
    settling = (*finding.supported, *finding.against) if finding.state == QuestionState.SETTLED else ()
    moments = [decided[pk].published_at for pk in settling]
    stale = [reason.at for pk in settling for reason in why_stale(past.claims[pk], decided[pk], rows)]
    settled_on = settled_day([at for at in moments if at is not None])
    since = timezone.localdate(min(stale)) if stale else None
    question.found = found_in(
        finding.state,
        finding.reason,
        settled_on,
        max(since, settled_on) if since is not None and settled_on is not None else since,
        {pk: claim.text for pk, claim in past.claims.items()},
        waiting=question.exhaustive and any(claim.status not in STANDS_OR_FELL for claim in own.values()),
        overtaken_on=_overtaken_on(question, past, own),
    )


def _overtaken_on(question: Question, past: Past, own: Mapping[int, Claim]) -> datetime | None:
    """As `claims.rules.answers` says of now; `own` are all claims of the question then."""
    if not question.answer:
        return None
    published = _published(own)
    gone = {pk for pk, claim in own.items() if claim.status == ClaimStatus.WITHDRAWN and claim.first_published_at}
    return first_after(
        question.answer_published_at,
        [
            *(own[pk].first_published_at for pk in published),
            *(withdrawn_until(gone, past.moment).values() if gone else ()),
            *(verdict.published_at for verdict in past.verdicts.values() if verdict.claim_id in published),
        ],
    )


def _before_questions(past: Past, dispute: Dispute) -> list[Question]:
    """At a moment before there were questions a dispute has the one that it asked. Its claims answer it where it was
    exclusive or none had a rival in it, else those that had one."""
    first = Question._base_manager.filter(dispute=dispute.pk).order_by("order").values_list("pk", flat=True).first()
    question = Question(pk=first or 0, dispute=dispute, order=1, text=dispute.question, exclusive=dispute.exclusive)
    linked = {
        end
        for row in past.all_relations.values()
        if row.withdrawn_at is None and row.kind in RIVALRY and {row.claim_id, row.other_id} <= past.claims.keys()
        for end in (row.claim_id, row.other_id)
    }
    answering = linked if linked and not dispute.exclusive else past.claims.keys()
    for pk in answering:
        past.claims[pk].question = question
    return [question]
