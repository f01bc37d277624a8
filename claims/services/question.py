"""The questions of a dispute: its first one, which of them a claim answers, and the desk's answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from claims.models import Claim, ClaimRelation, Dispute, Question
from claims.rules.rivalry import rivalry_around
from claims.services.question_state import refresh_states
from factcheck.audit.access import require
from factcheck.audit.context import acting, current, recording
from factcheck.audit.history import record_rows
from factcheck.base.errors import Conflict, Forbidden, RuleViolation
from factcheck.base.people import Reader
from factcheck.base.text import is_blank

UPGRADE = "Questions were brought in: what the dispute asked is its first one."


def ask_first_question(dispute: Dispute, *, exclusive: bool = False, exhaustive: bool = False) -> Question:
    """A dispute that asks one thing has it as its first question."""
    with recording():
        question = Question(dispute=dispute, text=dispute.question, exclusive=exclusive, exhaustive=exhaustive)
        question.save()
        return question


def only_question(dispute: Dispute | None) -> Question | None:
    """The question of a dispute that has exactly one: what a claim answers of which nobody says anything else."""
    questions = list(Question.objects.filter(dispute=dispute).order_by()[:2]) if dispute is not None else []
    return questions[0] if len(questions) == 1 else None


# --- the desk's answer ---


def draft_answer(*, actor: Reader, question: Question, text: str, question_text: str = "") -> Question:
    """The text waits as the answer of `actor` for a second person; what is published stands until then.

    `question_text` is the new wording of the question, if any, to which the text is the answer.

    Raises Forbidden, RuleViolation without a text, Conflict while the answer of somebody else waits.
    """
    author = require(actor, "claims.draft_answer", "draft answers")
    if is_blank(text):
        raise RuleViolation("Say in words what the answer is.", code="answer_required", field="text")
    with recording(actor=actor):
        question = Question.objects.get(pk=question.pk)
        if question.answer_draft and question.answer_draft_author_id != author.pk:
            raise Conflict(
                "An answer of somebody else waits to be published. Publish or return it first.", code="answer_waits"
            )
        question.answer_draft, question.answer_draft_author = text, author
        question.text_draft = question_text if question_text != question.text else ""
        return _step(question, "answer_drafted", "An answer was drafted.")


def publish_answer(*, actor: Reader, question: Question) -> Question:
    """The answer that waits is public, `actor` its reviewer; a question that it rewords says what it answers.

    Raises Forbidden for its author, Conflict without one.
    """
    with recording(actor=actor):
        question = Question.objects.get(pk=question.pk)
        if not question.answer_draft:
            raise Conflict("No answer waits to be published: draft one first.", code="no_answer")
        # Before the role: whoever wrote it is told the rule, not sent to look for the right to break it.
        if question.answer_draft_author_id == actor.pk:
            raise Forbidden(
                "An answer takes two people: you wrote it, so somebody else has to publish it.", code="two_people"
            )
        reviewer = require(actor, "claims.publish_answer", "publish answers")
        question.answer, question.answer_author = question.answer_draft, question.answer_draft_author
        question.answer_reviewer, question.answer_published_at = reviewer, timezone.now()
        question.answer_draft, question.answer_draft_author = "", None
        old, new = question.text, question.text_draft or question.text
        question.text_draft = ""
        if new != old:
            question.text, question.reworded_at = new, question.answer_published_at
        question = _step(question, "answer_published", "The answer was published.")
        if new != old and question.dispute.question == old:
            question.dispute.question = new
            with acting(reason=current().reason or "Two people gave its question another wording."):
                question.dispute.save(past_tense="reworded")
        return question


def return_answer(*, actor: Reader, question: Question, note: str) -> Question:
    """No answer waits any more; the note says why, in the history. Raises Forbidden, RuleViolation, Conflict."""
    require(actor, "claims.draft_answer", "return answers")
    if is_blank(note):
        raise RuleViolation("Say why the answer is not published.", code="note_required", field="note")
    with recording(actor=actor, reason=note):
        question = Question.objects.get(pk=question.pk)
        if not question.answer_draft:
            raise Conflict("No answer waits to be published.", code="no_answer")
        question.answer_draft, question.answer_draft_author, question.text_draft = "", None, ""
        return _step(question, "answer_returned", note)


def _step(question: Question, past_tense: str, reason: str) -> Question:
    with acting(reason=current().reason or reason):
        question.save(past_tense=past_tense)
    return question


# --- what an editor may make questions of ---


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Claims of a dispute that compete with each other and answer no question yet."""

    claims: tuple[Claim, ...]

    @property
    def ids(self) -> str:
        return ",".join(str(claim.pk) for claim in self.claims)


def suggest_questions(dispute: Dispute) -> list[Suggestion]:
    """The connected sets of the rivals among the claims of the dispute that answer no question."""
    claims = {claim.pk: claim for claim in dispute.claims.filter(question=None).order_by("pk")}
    if not claims:
        return []
    sets = connected(claims, rivalry_around([*claims]).among(claims))
    return [Suggestion(tuple(claims[pk] for pk in found)) for found in sets if len(found) > 1]


def connected(claims: Iterable[int], pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The sets of claims that the pairs connect, those with the lowest numbers first."""
    sets = {claim: {claim} for claim in claims}
    for one, other in pairs:
        if sets[one] is not sets[other]:
            sets[one] |= sets[other]
            for member in sets[other]:
                sets[member] = sets[one]
    return sorted({frozenset(found): sorted(found) for found in sets.values()}.values())


def ask_question(*, actor: Reader, dispute: Dispute, text: str, claims: Collection[int]) -> Question:
    """A new question of the dispute stands, and these of its claims answer it.

    Raises Forbidden, and RuleViolation for a claim that is not of this dispute.
    """
    require(actor, "claims.add_question", "add questions")
    require(actor, "claims.change_claim", "say which question a claim answers")
    with recording(actor=actor):
        found = list(Claim.objects.visible_to(actor).filter(dispute=dispute, pk__in=claims))
        if len(found) != len(set(claims)):
            raise RuleViolation("Choose claims of this dispute.", code="other_dispute", field="claims")
        question = Question(dispute=dispute, text=text)
        question.save()
        with acting(reason=current().reason or f"It answers the new question “{text}”."):
            for claim in found:
                claim.question = question
                claim.save()
        return question


# --- disputes of older releases ---


def ask_missing_questions(*, using: str = "default", **kwargs: Any) -> None:
    """After a migration: each dispute of an older release has its first question, and every question its state.

    Not part of the migration itself: what it changes is entered in the trail, by the code that does so today.
    """
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return  # taken to an older migration, whose tables this code does not know
    ask_questions_of_old_disputes()
    refresh_states([*Question.objects.filter(stored=None).values_list("pk", flat=True)])


def ask_questions_of_old_disputes() -> int:
    """Each dispute without a question has one: what it asks. Which of its claims answer it follows from what older
    releases knew of it (`answering`); the others are circumstances. Returns how many questions were added."""
    rows = Dispute._base_manager.filter(~Exists(Question._base_manager.filter(dispute=OuterRef("pk"))))
    added = 0
    with recording(actor=None, reason=UPGRADE):
        for dispute in rows.order_by("pk").iterator(chunk_size=500):
            question = Question(dispute=dispute, text=dispute.question, exclusive=dispute.exclusive)
            question.save()
            _assign(question, answering(dispute))
            added += 1
    return added


def answering(dispute: Dispute) -> QuerySet[Claim]:
    """The claims that competed on a dispute without questions: all of them where it is exclusive or none has a rival in
    it, else those that have one."""
    claims = Claim._base_manager.filter(dispute=dispute)
    rivalries = ClaimRelation.objects.rivalries().filter(claim__dispute=dispute, other__dispute=dispute)
    linked = {end for pair in rivalries.values_list("claim_id", "other_id") for end in pair}
    return claims.filter(pk__in=linked) if linked and not dispute.exclusive else claims


def _assign(question: Question, claims: QuerySet[Claim]) -> None:
    """Past the guards of the desk, since nobody decides anything here; the trail has it all the same."""
    before = {claim.pk: claim for claim in claims}
    for batch in _batches([*before]):
        QuerySet(Claim).filter(pk__in=batch).update(question=question)
        after = list(Claim._base_manager.filter(pk__in=batch))
        for claim in after:
            claim._before = before[claim.pk]
        record_rows(after, "~", dict(before))


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), 500):
        yield ids[start : start + 500]
