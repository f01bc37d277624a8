"""The sentences of a report, so that every format says the same in the same words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from claims.logic.omissions import Caution
from claims.logic.origins import Origins, Tally
from factcheck.base.edtf import day_in_words

METHOD = (
    "Every statement is recorded as one act of one source, with its verbatim words where they are known. Whatever "
    "repeats one statement, or derives from one finding, counts as one origin. Sources and information are graded "
    "separately by the Admiralty code, in which F and 6 mean “cannot be judged” and not “worst”. Likelihood follows "
    "ICD 203 and is kept apart from confidence. A verdict is drafted by one person and published by another; once "
    "published it is never changed, only superseded by a dated correction."
)

# ICD 203: a likelihood and a confidence never stand in one sentence, hence two functions.
_LIKELIHOOD = {
    "almost_no_chance": "The desk sees almost no chance (1–5 %) that the claim is true.",
    "very_unlikely": "The desk considers it very unlikely (5–20 %) that the claim is true.",
    "unlikely": "The desk considers it unlikely (20–45 %) that the claim is true.",
    "roughly_even": "The desk sees a roughly even chance (45–55 %) that the claim is true.",
    "likely": "The desk considers it likely (55–80 %) that the claim is true.",
    "very_likely": "The desk considers it very likely (80–95 %) that the claim is true.",
    "almost_certain": "The desk considers it almost certain (95–99 %) that the claim is true.",
}
SIDES = {"for": "For the claim", "against": "Against the claim", "neither": "Neither for nor against"}
SIDES |= {"back": "Taken back, and no longer counted", "fallen": "Passed on what was taken back, and not counted"}
BEARINGS = {"supports": "Evidence for the claim", "refutes": "Evidence against the claim", "context": "Context"}
# How a relation reads from the other claim's side; the remaining kinds mean the same in both directions.
_INVERSE = {"refines": "is refined by", "supports": "is supported by"}
_RELATION = {"repeats": "repeats", "compatible": "is compatible with"}


def likelihood_sentence(code: str) -> str:
    """How likely the claim is, in a sentence of its own; empty without an estimate."""
    return _LIKELIHOOD.get(code, "")


def confidence_sentence(code: str) -> str:
    """How well founded the judgement is, in a sentence of its own; empty without one."""
    return f"Confidence in this judgement is {code}." if code else ""


def relation_verb(kind: str, *, inverse: bool) -> str:
    """The relation as a verb between this claim and the other one."""
    if inverse and kind in _INVERSE:
        return _INVERSE[kind]
    return _RELATION.get(kind, kind)


def within(text: str) -> str:
    """A text as it is quoted within a sentence: without the stop at its end, after which the sentence goes on."""
    return text.removesuffix(".")


def counted(number: int, one: str, many: str) -> str:
    """`1 origin`, `2 origins`, `no origins`."""
    return f"{number or 'no'} {one if number == 1 else many}"


def voices(said: Tally) -> str:
    """`7 sources (5 only at second hand), 2 origins`, with the number of statements where it differs from that of the
    sources."""
    if not said.total:
        return "nobody on record"
    statements = "" if said.total == said.sources else f"{counted(said.total, 'statement', 'statements')}, "
    relaying = f" ({said.relaying} only at second hand)" if said.relaying else ""
    sources = f"{counted(said.sources, 'source', 'sources')}{relaying}"
    return f"{statements}{sources}, {counted(said.origins, 'origin', 'origins')}"


def contradicting(against: Tally, repeats: Tally, rivals: Tally) -> str:
    """`1 source, 1 origin against it; 2 sources, 1 origin for a rival`: those who deny a claim, those who deny what
    repeats it, and those by whom a rival of it is said, who may be the same."""
    told = ((against, "against it"), (repeats, "against what repeats it"), (rivals, "for a rival"))
    return "; ".join(f"{voices(said)} {side}" for said, side in told if said.total) or voices(against)


OVERTAKEN = "Since this answer a claim or a verdict was published on the question, or a claim withdrawn"
"""What is told with an answer of the desk that is older than what stands on its question."""


UNANSWERED = {"declined": "declined to answer the desk", "silence": "did not answer the desk in time"}
"""What is told of whoever was asked by the desk and gave no answer, by the outcome of the inquiry."""


def holds(*, exclusive: bool, exhaustive: bool, akin: bool, rivals: bool) -> str:
    """What the desk has marked of the claims on a question; `akin` says that two of them are no rivals, `rivals` that
    two are. Of a claim that stands alone, and of claims none of which are rivals, nothing is said."""
    if not rivals:
        return ""
    if exclusive and not akin:
        told = "exactly one of the claims on it holds" if exhaustive else "at most one of the claims on it can hold"
    else:
        least = "at least one of the claims on it holds" if exhaustive else ""
        most = "at most one of those claims on it that are rivals can hold" if exclusive else ""
        told = " and ".join(filter(None, (least, most)))
    return f"In the reading of the desk {told}." if told else ""


def from_to(since: str, until: str) -> str:
    """`, 2010 to 2015`, ` since 2010`, ` until 2015`; empty where neither is known."""
    if since and until:
        return f", {since} to {until}"
    return f" since {since}" if since else f" until {until}" if until else ""


def took_back(on: str) -> str:
    """`took it back on 2 July 2025`, `took it back in 2025`: the predicate of a sentence on the source."""
    return f"took it back {on}" if on else "took it back, on a date that is not known"


def pieces(shown: Tally) -> str:
    """`3 pieces, 2 origins`; the origins are left out where there is only one piece."""
    if shown.total < 2:
        return "1 piece" if shown.total else "none"
    return f"{shown.total} pieces, {counted(shown.origins, 'origin', 'origins')}"


def discounted(code: str, failing: Sequence[tuple[str, str]]) -> str:
    """Why evidence does not count: `undercut, since it depends on “The video is genuine”, which is refuted`.

    `failing` are the claims on which it depends that do not hold, each with "refuted" or "withdrawn", as far as the
    reader may know of them.
    """
    if code == "own_assertion":
        return "the claim’s own assertion"
    if code == "repeats_own":
        return "derived from the claim’s own assertion"
    if code == "repeats_undercut":
        return "derived from what is undercut"
    if code == "broken_set":
        return "incomplete, since a part of its set does not count or was withdrawn"
    if code != "undercut":
        return ""
    if not failing:
        return "undercut, since a claim on which it depends does not hold"
    told = one_after_another(f"“{within(text)}”, which is {fate}" for text, fate in failing)
    return f"undercut, since it depends on {told}"


def discounts(counts: Mapping[str, int]) -> str:
    """How much is shown and does not count, and why: `1 own assertion, 2 undercut`."""
    one, many = "own assertion", "own assertions"
    told = (
        counted(own, one, many) if (own := counts.get("own_assertion", 0)) else "",
        f"{repeats} derived from it" if (repeats := counts.get("repeats_own", 0)) else "",
        f"{undercut} undercut" if (undercut := counts.get("undercut", 0)) else "",
        f"{fallen} derived from what is undercut" if (fallen := counts.get("repeats_undercut", 0)) else "",
        f"{parts} of an incomplete set" if (parts := counts.get("broken_set", 0)) else "",
    )
    return ", ".join(filter(None, told)) or "none"


def origins(figures: Origins) -> tuple[dict[str, str], dict[str, str]]:
    """Who speaks, by side, and what is shown, by bearing."""
    return (
        {side: voices(said) for side, said in figures.voices.items()},
        {bearing: pieces(shown) for bearing, shown in figures.evidence.items()},
    )


def changed_rating(old: str, new: str) -> str:
    """`from “Contested” to “Refuted”`; `still “Contested”` where a correction left the rating as it was."""
    if not old:
        return f"to “{new}”"
    return f"still “{new}”" if old == new else f"from “{old}” to “{new}”"


def changes_sentence(count: int, since: str) -> str:
    """`Nothing has changed since …`, `3 changes since …`."""
    return f"{counted(count, 'change', 'changes')} since {since}." if count else f"Nothing has changed since {since}."


def nothing_then(later: str) -> str:
    """What is said to who asks how something stood before there was anything to read of it."""
    first = (
        f"It first had something at {later}: choose that moment or a later one" if later else "Choose a later moment"
    )
    return f"At that moment the register had nothing of this that you may read. {first}, or leave it out."


def nothing_before(noun: str, since: str, readable: str) -> str:
    """Why a report tells no changes since a moment at which there was nothing to read."""
    first = f" It could first be read at {readable}." if readable else ""
    return f"There is nothing to compare: the register had nothing of this {noun} to read on {since}.{first}"


def moment(at: datetime) -> str:
    """`3 July 2025, 14:05 UTC`, in the zone that the moment has."""
    return f"{day_in_words(at)}, {at:%H:%M} {at.tzname()}"


def number(value: Decimal) -> str:
    """A decimal without trailing zeros or exponent: `12`, `0.5`."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def quantity(least: Decimal | None, most: Decimal | None, unit: str) -> str:
    """`5 to 7 deaths`, `12 deaths`, `at least 5 deaths`, `at most 7 deaths`; empty when no number is stated."""
    if least is None and most is None:
        return ""
    if least is None:
        assert most is not None
        amount = f"at most {number(most)}"
    elif most is None:
        amount = f"at least {number(least)}"
    else:
        amount = number(least) if least == most else f"{number(least)} to {number(most)}"
    return f"{amount} {unit}".strip()


def place_in_work(selector: Mapping[str, Any] | None, quote: str = "") -> str:
    """Where in the work it stands: a page, a time, or the words that mark the place, unless they are the quote."""
    kind = (selector or {}).get("type")
    if selector is None or kind not in {"PageSelector", "TimeSelector", "TextQuoteSelector"}:
        return ""
    if kind == "PageSelector":
        return f"page {selector.get('page', '')}"
    if kind == "TimeSelector":
        end = selector.get("end")
        return f"at {selector.get('start', '')}" + (f" to {end}" if end else "")
    exact = str(selector.get("exact", ""))
    return "" if exact in quote else f"at the words “{exact}”"


QUOTE_STATES = {
    "verified": "Quote verified against the cited document",
    "elided": "Quote found in the cited document around what it leaves out",
    "not_found": "Quote not found in the cited document",
}
"""What a reader is told; where there is no text to look into, there is nothing to tell."""
QUOTE_WARNINGS = {
    "negation": "what it leaves out holds a negation (“{}”)",
    "speaker": "what it leaves out may hold the words of another speaker (“{}”)",
    "long": "it leaves out {} characters",
    "symbol": "what it leaves out holds a symbol (“{}”)",
    "negation_beside": "a negation (“{}”) stands right beside it",
    "negation_unknown": "negations were not looked for in its language or script ({})",
    "insertion": "it holds words in brackets that do not stand there ({})",
}


def quote_warnings(warnings: Iterable[Caution]) -> tuple[str, ...]:
    """`what it leaves out holds a negation (“not”)`, for each."""
    return tuple(QUOTE_WARNINGS[row["code"]].format(row["found"]) for row in warnings)


def quote_words(state: str, warnings: Sequence[str]) -> str:
    """`Quote verified against the cited document; but a negation (“not”) stands right beside it`."""
    told = QUOTE_STATES.get(state, "")
    return f"{told}; but {one_after_another(warnings)}" if told and warnings else told


def one_after_another(parts: Iterable[str]) -> str:
    """`1`, `1 and 2`, `1, 2 and 3`."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def score(value: float) -> str:
    """A score of the matrix with up to two decimals: `5.25`, `0.11`, `4`."""
    return f"{value + 0.0:.2f}".rstrip("0").rstrip(".") if abs(value) >= 0.005 else "0"


def analysts(count: int) -> str:
    """`1 analyst`, `3 analysts`."""
    return f"{count} analyst{'' if count == 1 else 's'}"


MATRIX_READING = (
    "Were the claim true, how consistent would the evidence be with it? A claim is judged by what speaks against it; "
    "evidence that fits all claims alike tells nothing apart."
)
MATRIX = (
    f"{MATRIX_READING} VI very inconsistent, I inconsistent, N neutral, C consistent, VC very consistent, NA not "
    "applicable."
)

COUNTING = (
    "What derives from one finding, or stands in one document, counts as one "
    "origin, unless the desk says why it is independent, or it is that something is absent; what shows something only "
    "together counts as one piece. The claim’s own assertion, what derives from "
    "that, what depends on a claim that does not hold, and the parts of an incomplete set do not count."
)
HISTORY = (
    "Each verdict stands until another one replaces it. None is ever changed or deleted after its publication: what "
    "was said before stays on record, with the reason of the correction."
)
