"""The questions of a dispute as blocks of a report: the desk's answer, state, claims, evidence against each."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.text import capfirst

from claims.logic import wording
from claims.reports.content.dossier import DisputeDossier
from claims.reports.content.question import QuestionContent
from claims.reports.outline.blocks import Block, Heading, Paragraph, Run, Runs, facts, joined, prose, runs
from claims.reports.outline.further import further
from claims.reports.outline.rows import dated
from claims.reports.outline.tables import matrix_section, side_by_side
from claims.reports.outline.weighing import Pictures


def question_sections(dossier: DisputeDossier, pictures: Pictures) -> Iterator[Block]:
    """A section for each question, and one for the circumstances, which answer none."""
    several = len(dossier.questions) > 1
    for place, question in enumerate(dossier.questions, start=1):
        number = f"Question {place}: " if several else None
        yield Heading(2, runs(number, Run(question.text)), f"question-{question.id}")
        yield from _answer(question)
        yield Paragraph(_state(question), "state")
        yield from further(question)
        yield from side_by_side(dossier.claims_on(question))
        yield from matrix_section(question, pictures)
    if circumstances := dossier.claims_on(None):
        yield Heading(2, runs("Circumstances"), "circumstances")
        yield from prose("Claims of the dispute that answer none of its questions.", "intro")
        yield from side_by_side(circumstances)


def _state(question: QuestionContent) -> Runs:
    """The state, and the sentence why; where the sentence begins with the state, it is not said twice."""
    state = capfirst(question.state.words)
    why = question.sentence.removeprefix(f"{state} ")
    holds = f" {question.holds}" if question.holds else ""
    return runs(Run(state, "strong"), f" {why}{holds}")


def _answer(question: QuestionContent) -> Iterator[Block]:
    if question.answer:
        yield from prose(question.answer, "summary")
        names = " / ".join(name for name in (question.answer_author, question.answer_reviewer) if name)
        said = joined([runs("Answer of the desk, ", dated(question.answer_published_at)), runs(Run(names))], ", ")
        yield Paragraph(said, "meta")
        if question.overtaken_on:
            yield Paragraph(runs(f"{wording.OVERTAKEN}, first ", dated(question.overtaken_on), "."), "meta")
    if question.answer_draft:
        by = f" by {question.answer_draft_author}" if question.answer_draft_author else ""
        yield from facts((f"Answer{by} that waits for a second person", runs(Run(question.answer_draft))))
    if question.text_draft:
        yield from facts(("It gives the question a new wording", runs(Run(question.text_draft))))
