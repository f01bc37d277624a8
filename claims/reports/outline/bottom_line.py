"""What a report says first: how far its questions are decided, claim by claim, and what to know before believing it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from django.utils.text import capfirst

from claims.choices import RelationKind
from claims.logic import wording
from claims.logic.verbs import ASSERTS, VERBS, in_words_of
from claims.reports.content.caveats import NO_ORIGINAL, ONE_DOCUMENT, caveats_of, publisher_of
from claims.reports.content.claim import ClaimContent
from claims.reports.content.contradiction import Contradiction
from claims.reports.content.dossier import DisputeDossier, Dossier
from claims.reports.content.rows import DocumentContent, VerdictContent
from claims.reports.outline.blocks import (
    Block,
    Paragraph,
    Run,
    Runs,
    Table,
    joined,
    listed,
    plain,
    runs,
)
from claims.reports.outline.contradiction import contradicting, named, speaking_for
from claims.reports.outline.further import further
from claims.reports.outline.numbers import Numbers, claim_link
from claims.reports.outline.question import answer, question_heading, state
from claims.reports.outline.rows import rated

_WIDE, _CLOSE = (2.8, 1.7, 1.6, 2.2), (2.5, 2.0, 2.4, 1.4)
"""How wide the columns are beside each other; where lines are crowded the last one only says where a rival stands."""
SAME = (RelationKind.REPEATS, RelationKind.REFINES)
"""The relations of claims of which one says the other, in other words or more exactly."""
CROWDED = 1150
"""Letters: more than that in the lines of all claims do not fit on a first screen."""


def bottom_line(dossier: DisputeDossier) -> Iterator[Block]:
    """Each of several questions with its state; of each what the desk answers, and its claims, a line each; then what
    only says one of them again, and the circumstances."""
    several = len(dossier.questions) > 1
    again = [claim for question in dossier.questions for claim in _said_again(dossier.claims_on(question))]
    listed = [claim for claim in dossier.claims if claim.question_id and claim not in again]
    # Who says what has no line of its own is named: nothing else on the first page says it.
    crowded = sum(map(_letters, listed)) > CROWDED
    reasons: set[str] = set()  # a reason that names no claim may be that of several: it is told once
    named: set[str] = set()
    for question in dossier.questions:
        claims = [claim for claim in listed if claim.question_id == question.id]
        beside = [claim.id for claim in claims] if crowded else []
        lines = [_line(claim, beside) for claim in claims]
        named |= {run.link for line in lines for cell in line for run in cell}
        if several:
            why = state(question, dossier.claims, why=question.sentence not in reasons)
            reasons.add(question.sentence)
            named |= {run.link for run in why.runs}
            yield from (question_heading(question), why)
        yield from answer(question)
        yield from further(question)
        yield from _table(lines, _CLOSE if crowded else _WIDE)
    if again:
        which = "says one of these" if len(again) == 1 else "say some of these"
        yield _in_a_row("Besides", f", which {which} again, more or less exactly: ", again, named)
    if circumstances := dossier.claims_on(None):
        which = "answers" if len(circumstances) == 1 else "answer"
        yield _in_a_row("Circumstances", f", which {which} no question: ", circumstances, named)


def _in_a_row(title: str, which: str, claims: Sequence[ClaimContent], named: Collection[str]) -> Paragraph:
    """Claims without a line of their own by their numbers, those that are `named` above in their words too."""
    told = []
    for claim in claims:
        link = claim_link(claim.id, claim.text)
        words = (Run(" “"), Run(wording.within(claim.text), lang=claim.language.code), Run("”"))
        told.append((link, *words) if link.link in named else (link,))
    return Paragraph(runs(Run(title, "strong"), which, *joined(told, ", ")), "counts")


def _said_again(claims: Sequence[ClaimContent]) -> list[ClaimContent]:
    """Those without a verdict that repeat another of these claims, or are tied to it as the more exact or the less
    exact: their line would say again what that one's does."""
    lines = {claim.id for claim in claims if claim.verdict}
    found = []
    for claim in claims:
        told = claim.id in lines or not claim.is_published
        if not told and any(row.kind.code in SAME and row.other_id in lines for row in claim.relations):
            found.append(claim)
        else:
            lines.add(claim.id)
    return found


def _table(lines: Sequence[tuple[Runs, ...]], widths: tuple[float, ...]) -> Iterator[Block]:
    """The claims beside each other; nothing where there are none, which the sentence of the question says."""
    if lines:
        yield Table(
            caption="",
            head=(runs("Claim"), runs("Verdict"), runs("Said by"), runs("Contradicted by")),
            rows=tuple(lines),
            widths=widths,
            role="claims",
        )


def _line(claim: ClaimContent, beside: Sequence[int]) -> tuple[Runs, ...]:
    """What is said first of one claim; who says another of those in the lines `beside` each other is not named here."""
    return (
        _named(claim),
        verdict_in_short(claim),
        joined(_names(claim), "; "),
        _contradicted_in_short(claim, beside),
    )


def _letters(claim: ClaimContent) -> int:
    return sum(len(plain(cell)) for cell in _line(claim, ()))


def _named(claim: ClaimContent) -> Runs:
    state = Run(f"\n{claim.status}, not published", "flag") if not claim.is_published else None
    text = Run(claim.text, lang=claim.language.code)
    return runs(replace(claim_link(claim.id, capital=True), style="strong"), Run(" "), text, state)


def verdict_in_short(claim: ClaimContent) -> Runs:
    """The rating, how likely, how sure, and what it corrected."""
    verdict = claim.verdict
    if verdict is None:
        return (Run("No verdict yet", "quiet"),)
    likelihood, confidence = verdict.likelihood.words, verdict.confidence.words
    told = [
        (rated(verdict.rating),),
        runs(Run(likelihood, "quiet")),
        runs(Run(f"{confidence} confidence", "quiet") if confidence else None),
        _corrected(claim, verdict) if verdict.supersedes else (),
    ]
    return joined(told, "; ")


def _corrected(claim: ClaimContent, verdict: VerdictContent) -> Runs:
    """`Retraction of 3 July 2025, before “Contested”`: the rating that it brought stands beside it."""
    kind = Run(capfirst(verdict.correction_severity.words or "correction"), "flag")
    published = verdict.published_at
    day = (" of ", Run(published.words.partition(",")[0], datetime=published.text)) if published else ()
    return runs(kind, *day, Run(f", before “{claim.rating_before(verdict)}”"))


def said_by(claim: ClaimContent) -> Runs:
    """Who stands at the origin of what is said for it, each on a line; who took it back as well."""
    return joined([*_names(claim), *(runs(Run(name), f" {did}") for name, did in claim.taken_back_told)], "\n")


def _names(claim: ClaimContent) -> list[Runs]:
    named = [
        runs(
            Run(row.name, "strong"),
            *(runs(" for ", Run(row.body, "strong")) if row.body else ()),
            f" ({row.how})" if row.how else None,
        )
        for row in claim.said_by_name
    ]
    return named or [(Run(capfirst(claim.said_count), "quiet"),)]


def _contradicted_in_short(claim: ClaimContent, beside: Sequence[int]) -> Runs:
    """Each source that contradicts it, with the verb where it denies, else with the claims that it says instead; of
    what is said in lines `beside` this one, in which."""
    told = [(rows, {row.claim for row in rows} & set(beside)) for rows in claim.contradicted_by_source]
    names = [
        (Run(rows[0].source.name, "strong"), *speaking_for(rows[0]), *_how(rows)) for rows, others in told if not others
    ]
    others = {pk for _rows, others in told for pk in others if pk is not None}
    lines = [runs(where(claim.id, [pk for pk in beside if pk in others], beside)), *names]
    return joined(lines, "; ") or _nobody(claim)


def where(claim: int, others: Sequence[int], beside: Sequence[int]) -> str:
    """Where the lines of `others` stand: `the claim below`, `the other claims`; by number where that does not tell."""
    if len(others) > 1 and len(others) == len(beside) - 1:
        return "the other claims"
    place = beside.index(claim) if others else 0
    near = {place - 1: "the claim above", place + 1: "the claim below"}
    return "; ".join(near.get(beside.index(other), f"claim {other}") for other in others)


def _how(rows: Sequence[Contradiction]) -> Runs:
    """`(denied it, claim 8, speaker not named)`: at the end what holds of all of it."""
    shared = [remark for remark in rows[0].remarks if all(remark in row.remarks for row in rows)]
    verbs = dict.fromkeys(row.did_it(shared) for row in rows if row.claim is None)
    others: dict[int, list[Contradiction]] = {}
    for row in rows:
        if row.claim is not None:
            others.setdefault(row.claim, []).append(row)
    claims = [(*_unless_asserted(found), *named(found[0]), *_remarks(found, shared)) for found in others.values()]
    told = [*((Run(verb),) for verb in verbs), *claims, *((Run(remark),) for remark in shared)]
    return (Run(" ("), *joined(told, ", "), Run(")"))


def _unless_asserted(rows: Sequence[Contradiction]) -> Runs:
    """`suggested and alleged `; nothing of who asserted it as well."""
    told = dict.fromkeys(in_words_of(row.stance.code, row.passed_on) for row in rows)
    return () if VERBS[ASSERTS].did_so in told else (Run(f"{' and '.join(told)} "),)


def _remarks(rows: Sequence[Contradiction], shared: Collection[str]) -> Runs:
    """` (in a retracted work)`: what held whatever the source did with the claim, and is not told of all."""
    known = [remark for remark in rows[0].remarks if all(remark in row.remarks for row in rows)]
    told = ", ".join(remark for remark in known if remark not in shared)
    return (Run(f" ({told})"),) if told else ()


def _nobody(claim: ClaimContent) -> Runs:
    """What stands where nobody contradicts it: who took no side when it was about them, or gave no answer."""
    told = [
        (*listed([(Run(name, "strong"),) for name in names]), Run(f" {did}")) for did, names in claim.left_open.items()
    ]
    return joined([(Run(capfirst(claim.contradicted_count), "quiet"),), *told], "; ")


def contradicted_by(claim: ClaimContent, numbers: Numbers) -> Runs:
    """Who denies it and who says a rival, each source on a line with which."""
    lines = [contradicting(rows, numbers) for rows in claim.contradicted_by_source]
    return joined(lines or [_nobody(claim)], "\n")


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
            found.nobody_asked or None,
        )
        yield Paragraph(told, "caveat")


def _only(work: DocumentContent, numbers: Numbers) -> Runs:
    """The document by its number, and by whom it is; where it stands in no list, by its title."""
    by = (", by ", Run(publisher)) if (publisher := publisher_of(work)) else ()
    return runs(Run(ONE_DOCUMENT, "strong"), *by, " ", *numbers.work(work), ". ")
