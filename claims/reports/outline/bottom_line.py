"""What a report says first: how far its questions are decided, claim by claim, and what to know before believing it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.utils.text import capfirst

from claims.logic import wording
from claims.reports.content.caveats import NO_ORIGINAL, NOBODY_ASKED, caveats_of
from claims.reports.content.claim import ClaimContent
from claims.reports.content.dossier import DisputeDossier, Dossier
from claims.reports.content.question import QuestionContent
from claims.reports.content.rows import DocumentContent
from claims.reports.outline.blocks import Block, Heading, Paragraph, Run, Runs, Table, facts, joined, prose, runs
from claims.reports.outline.contradiction import contradicting
from claims.reports.outline.further import further
from claims.reports.outline.numbers import Numbers, claim_link
from claims.reports.outline.rows import corrected, dated, rated


def bottom_line(dossier: DisputeDossier, numbers: Numbers) -> Iterator[Block]:
    """Each question with its state and its claims, a line each."""
    several = len(dossier.questions) > 1
    for place, question in enumerate(dossier.questions, start=1):
        if several or question.text != dossier.dispute.question:
            number = f"Question {place}: " if several else None
            yield Heading(2, runs(number, Run(question.text)), f"question-{question.id}", role="question")
        yield from _answer(question)
        yield Paragraph(_state(question), "state")
        yield from further(question)
        yield from _claims(dossier.claims_on(question), numbers)
    if circumstances := dossier.claims_on(None):
        links = [(claim_link(claim.id, claim.text),) for claim in circumstances]
        which = "answers" if len(links) == 1 else "answer"
        yield Paragraph(
            runs(Run("Circumstances", "strong"), f", which {which} no question: ", *joined(links, ", ")), "counts"
        )


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


def _claims(claims: Sequence[ClaimContent], numbers: Numbers) -> Iterator[Block]:
    """The claims beside each other, a line for each; nothing where there are none, which the sentence of the question
    says."""
    if claims:
        yield Table(
            caption="",
            head=(runs("Claim"), runs("Verdict"), runs("Said by"), runs("Contradicted by")),
            rows=tuple(
                (_named(claim), verdict_in_short(claim), said_by(claim), contradicted_by(claim, numbers))
                for claim in claims
            ),
            widths=(2.8, 1.7, 1.6, 2.2),
            role="claims",
        )


def _named(claim: ClaimContent) -> Runs:
    state = Run(f"\n{claim.status}, not published", "flag") if not claim.is_published else None
    text = Run(claim.text, lang=claim.language.code)
    return runs(replace(claim_link(claim.id, capital=True), style="strong"), Run(" "), text, state)


def verdict_in_short(claim: ClaimContent) -> Runs:
    """The rating, how likely, how sure, and what it corrected, each on a line."""
    verdict = claim.verdict
    if verdict is None:
        return (Run("None yet", "quiet"),)
    likelihood, confidence = verdict.likelihood.words, verdict.confidence.words
    return joined(
        [
            (rated(verdict.rating),),
            runs(Run(capfirst(likelihood), "quiet")),
            runs(Run(f"{capfirst(confidence)} confidence", "quiet") if confidence else None),
            corrected(verdict, claim.rating_before(verdict)) if verdict.supersedes else (),
        ],
        "\n",
    )


def said_by(claim: ClaimContent) -> Runs:
    """Who stands at the origin of what is said for it, each on a line; who took it back as well."""
    names: list[Runs] = [(Run(name, "strong"),) for name in claim.said_by] or [
        (Run(capfirst(claim.said_count), "quiet"),)
    ]
    return joined([*names, *(runs(Run(words)) for words in claim.taken_back_words)], "\n")


def contradicted_by(claim: ClaimContent, numbers: Numbers) -> Runs:
    """Who denies it and who says a rival, each source on a line with which."""
    lines = [contradicting(rows, numbers) for rows in claim.contradicted_by_source]
    return joined(lines or [(Run(capfirst(claim.contradicted_count), "quiet"),)], "\n")


def contradicted_in_full(claim: ClaimContent, numbers: Numbers) -> Runs:
    """The same, above how many they are."""
    count = runs(Run(capfirst(claim.contradicted_count), "quiet")) if claim.contradicted_by else ()
    return joined([contradicted_by(claim, numbers), count], "\n")


def caveat(dossier: Dossier, numbers: Numbers) -> Iterator[Block]:
    """What to know before anything is believed, the gravest first."""
    found = caveats_of(dossier)
    if found:
        work = found.work
        told = runs(
            *(_only(work, numbers) if work else ()),
            f"{NO_ORIGINAL} " if found.no_original else None,
            NOBODY_ASKED if found.nobody_asked else None,
        )
        yield Paragraph(told, "caveat")


def _only(work: DocumentContent, numbers: Numbers) -> Runs:
    title = Run(work.title, lang=work.language.code)
    return runs(Run("All of it rests on one document", "strong"), ": “", title, "” ", *numbers.work(work), ". ")
