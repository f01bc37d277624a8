"""Loads what lists of public pages show, for one reader, with the same number of queries for any number of rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, F, OuterRef, Window
from django.db.models.functions import RowNumber

from claims.choices import QuestionState, Visibility
from claims.logic.question_sentence import dispute_sentence
from claims.models import Claim, Dispute, Question, Verdict
from claims.models.verdict import VerdictQuerySet
from claims.reports.content.cards import ClaimCard, Decision, DisputeCard, QuestionCard
from claims.reports.load.fields import moment, term, when
from claims.reports.load.questions import load_states_of, states_in
from claims.reports.load.rows import under
from claims.rules.question_state import dispute_state
from factcheck.base.people import Reader
from factcheck.models.choosing import has_any

CLAIMS = 3
"""How many claims of a dispute a list shows."""
ANSWERS_FIRST = (F("question__order").asc(nulls_last=True), F("pk").asc())
"""The answers to its first question before those to the next, and before circumstances: rivals stand together."""


def dispute_cards(disputes: Sequence[Dispute]) -> tuple[DisputeCard, ...]:
    """The disputes, which the reader may read, each with its state and its first published claims:
    the answers to its first question before others.

    No more of its claims is read than is shown: a dispute may have thousands.
    """
    questions = load_states_of(disputes)
    claims = Claim.objects.published().filter(dispute__in=[row.pk for row in disputes])
    claims = claims.annotate(
        place=Window(RowNumber(), partition_by=F("dispute"), order_by=ANSWERS_FIRST),
        among=Window(Count("*"), partition_by=F("dispute")),
    )
    first = under("dispute_id", claims.filter(place__lte=CLAIMS).order_by("place"))
    decided = _verdicts([claim.pk for found in first.values() for claim in found])
    return tuple(_dispute(row, questions[row.pk], first.get(row.pk, []), decided) for row in disputes)


def claim_cards(claims: Sequence[Claim]) -> tuple[ClaimCard, ...]:
    """The claims, which the reader may read and which come with their disputes, each with its current verdict."""
    decided = _verdicts([row.pk for row in claims])
    return tuple(_claim(row, decided.get(row.pk), row.dispute) for row in claims)


def verdict_cards(verdicts: Iterable[Verdict]) -> tuple[ClaimCard, ...]:
    """The claims of these verdicts, which come with rating, claim and dispute, each with this verdict."""
    return tuple(_claim(row.claim, row, row.claim.dispute) for row in verdicts)


def newest_verdicts(user: Reader) -> VerdictQuerySet:
    """The verdicts that stand now on published claims which `user` may read, the newest first."""
    published = Claim.objects.published().visible_to(user).filter(pk=OuterRef("claim"))
    rows = Verdict.objects.current().filter(has_any(published))
    return rows.select_related("rating", "claim__dispute").order_by("-published_at", "-id")


def _verdicts(claims: Sequence[int]) -> dict[int, Verdict]:
    """The current verdict of each of these claims that has one."""
    rows = Verdict.objects.current().filter(claim__in=claims).select_related("rating")
    return {row.claim_id: row for row in rows}


def _dispute(
    row: Dispute, questions: Sequence[Question], claims: Sequence[Any], decided: Mapping[int, Verdict]
) -> DisputeCard:
    states = states_in(questions)
    return DisputeCard(
        id=row.pk,
        slug=row.slug,
        title=row.title,
        question=row.question,
        occurred_on=when(row.occurred_on),
        place=row.place,
        visibility=term(row.visibility, Visibility),
        state=term(dispute_state(states), QuestionState),
        state_sentence=dispute_sentence(states),
        questions=tuple(_question(question) for question in questions),
        claims=tuple(_claim(claim, decided.get(claim.pk)) for claim in claims),
        more=claims[0].among - len(claims) if claims else 0,
    )


def _question(row: Question) -> QuestionCard:
    state = term(row.found.state if row.found is not None else "", QuestionState)
    return QuestionCard(row.pk, row.text, state, row.answer)


def _claim(row: Claim, verdict: Verdict | None, dispute: Dispute | None = None) -> ClaimCard:
    title, slug = (dispute.title, dispute.slug) if dispute is not None else ("", "")
    return ClaimCard(row.pk, row.text, row.language, title, slug, _decision(verdict) if verdict is not None else None)


def _decision(row: Verdict) -> Decision:
    return Decision(row.pk, row.rating.label, row.rating.colour, row.summary, moment(row.published_at))
