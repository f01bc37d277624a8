"""What a report says of its questions: what came of all of them, and of each its state, the answer of the desk and how
many of its claims can hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from django.utils.text import capfirst

from claims.logic import wording
from claims.logic.question_sentence import quoted_in_state
from claims.reports.content.claim import ClaimContent
from claims.reports.content.dossier import DisputeDossier
from claims.reports.content.question import QuestionContent
from claims.reports.outline.blocks import Block, Heading, Paragraph, Run, facts, prose, quoting, runs
from claims.reports.outline.numbers import claim_link
from claims.reports.outline.rows import dated


def found(dossier: DisputeDossier) -> Iterator[Block]:
    """What came of it all, in a sentence: the state of the one question, or how many of several are in which."""
    if len(dossier.questions) != 1:
        yield Paragraph(runs(dossier.dispute.state_sentence), "state")
        return
    (question,) = dossier.questions
    if question.text != dossier.dispute.question:
        yield question_heading(question)
    # Its claims are named by their words, since the caveat stands between it and their lines.
    yield state(question)


def question_heading(question: QuestionContent) -> Heading:
    """What stands above all that is said first of one question."""
    return Heading(2, runs(Run(question.text)), f"question-{question.id}", role="question")


def state(question: QuestionContent, claims: Sequence[ClaimContent] = (), *, why: bool = True) -> Paragraph:
    """The state, and the sentence why, in which these claims have their numbers and others their words; where the
    sentence begins with the state, it is not said twice."""
    name = capfirst(question.state.words)
    told = (Run(" "), *_numbered(question.sentence.removeprefix(f"{name} "), claims)) if why else ()
    return Paragraph(runs(Run(name, "strong"), *told), "state")


def _numbered(sentence: str, claims: Sequence[ClaimContent]) -> Iterator[Run]:
    of = {quoted_in_state(claim.text): claim for claim in reversed(claims)}
    if not of:
        yield from quoting(sentence)
        return
    before = ""
    for part in re.split("|".join(f"({re.escape(text)})" for text in of), sentence):
        if claim := of.get(part or ""):
            yield claim_link(claim.id, claim.text, capital=not before or before.endswith(". "))
        elif part:
            yield from quoting(part)
        before = part or before


def answer(question: QuestionContent) -> Iterator[Block]:
    """What the desk answers, who signed it and when; for the desk also what waits for a second person."""
    if question.answer:
        *first, last = prose(question.answer, "summary")
        yield from first
        names = " / ".join(name for name in (question.answer_author, question.answer_reviewer) if name)
        said = f", {names}" if names else ""
        on = Run(
            question.answer_published_at.words.partition(",")[0], "quiet", datetime=question.answer_published_at.text
        )
        signed = (Run(" The desk, ", "quiet"), on)
        yield Paragraph(runs(*last.runs, *signed, Run(said, "quiet")), "summary")
        if question.overtaken_on:
            yield Paragraph(runs(f"{wording.OVERTAKEN}, first ", dated(question.overtaken_on), "."), "meta")
    if question.answer_draft:
        by = f" by {question.answer_draft_author}" if question.answer_draft_author else ""
        yield from facts((f"Answer{by} that waits for a second person", runs(Run(question.answer_draft))))
    if question.text_draft:
        yield from facts(("It gives the question a new wording", runs(Run(question.text_draft))))


def readings(dossier: DisputeDossier) -> Iterator[Block]:
    """What the desk has marked of the claims on each question: how many of them can hold."""
    marked = [question for question in dossier.questions if question.holds]
    if len(dossier.questions) == 1:
        yield from (Paragraph(runs(question.holds), "counts") for question in marked)
    else:
        yield from facts(*((Run(question.text), runs(question.holds)) for question in marked))
