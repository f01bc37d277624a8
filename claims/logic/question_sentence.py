"""The sentence of the state of a question: what is true in this case, with the claims by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from claims.logic.wording import one_after_another, within

LONGEST = 120
"""Characters of a claim by which it is named."""
NAMED = 4
"""How many claims a sentence names before it counts the others."""


def state_meanings(required: str) -> dict[str, str]:
    """What each state means, for the page of the method; `required` is the least confidence of a verdict that settles,
    or "none"."""
    asked = required != "none"
    sure = f", each of these verdicts has {required} confidence or higher," if asked else ""
    unsure = ", a verdict that would settle it has too little confidence" if asked else ""
    return {
        "open": "It is neither settled nor contested: no claim on it is published, there is no verdict, or none "
        "supports a claim fully; or one does, but a rival (where there is none, another claim that may not hold "
        "together with it) is not fully refuted, another claim is fully supported that may not hold together with "
        f"it{unsure}, or a verdict speaks against what has to hold with it.",
        "contested": "It is not settled, and evidence that counts supports two rivals, or both supports and refutes "
        "one claim. Claims whose verdict leans to “refuted”, be it only mostly, are not among these.",
        "settled": "One claim is fully supported, or several that can hold together, and all rivals are fully refuted "
        "(where there are none, all other claims on it of which nothing on record says that they can hold together "
        f"with these){sure} and no verdict speaks against what has to hold with them. “Mostly” settles nothing.",
        "under_review": "It was settled, and one of the verdicts that settled it is stale: something that it rests on "
        "has changed since, or the day has come on which it was to be looked at again.",
    }


@dataclass(frozen=True, slots=True)
class Case:
    """Why a question is in its state: the code of the reason, the claims by role, and the days in words.

    `required` is the least confidence that the newsroom asks for.
    """

    code: str
    supported: tuple[int, ...] = ()
    against: tuple[int, ...] = ()
    others: tuple[int, ...] = ()
    settled_on: str = ""
    review_since: str = ""
    required: str = ""


def question_sentence(case: Case, text_of: Callable[[int], str]) -> str:
    """One sentence or two that follow from the case; `text_of` gives the text of a claim by its id."""

    def named(claims: Sequence[int]) -> str:
        quoted = [quoted_in_state(text_of(claim)) for claim in claims[:NAMED]]
        more = len(claims) - NAMED
        return one_after_another([*quoted, f"{more} other{'' if more == 1 else 's'}"] if more > 0 else quoted)

    supported, against, others = (named(rows) if rows else "" for rows in (case.supported, case.against, case.others))
    several = len(case.supported) > 1
    whose = "their" if several else "its"
    rivals = f"{whose} rivals" if len(case.against) > 1 else f"{whose} rival"
    holds = "is" if not several else "are both" if len(case.supported) == 2 else "are all"
    are = "are" if len(case.against) > 1 else "is"
    refuted = f" and {against} {are} fully refuted" if against else ""
    claims = "the claims" if len(case.against) > 1 else "the claim"
    each = "each of " if len(case.others) > 1 else ""
    verdicts = "the verdicts" if len(case.others) > 1 else "the verdict"
    do = "do" if len(case.others) > 1 else "does"
    have, speak = ("have", "speak") if len(case.others) > 1 else ("has", "speaks")
    body = {
        "no_claim": "No claim on it is published.",
        "no_verdict": "No claim on it has a verdict.",
        "none_supported": "No claim on it is fully supported.",
        "several_supported": f"{supported} {holds} fully supported, and nothing on record says that they can hold "
        "together.",
        "denied": f"{supported} {holds} fully supported, and {verdicts} on {others}, which {have} to hold where "
        f"{'they do' if several else 'it does'}, {speak} against that.",
        "rivals_stand": f"{supported} {holds} fully supported, but {rivals} {against} {are} not fully refuted.",
        "others_stand": f"{supported} {holds} fully supported, but {claims} {against} {are} not fully refuted.",
        "unsure": f"{supported} {holds} fully supported{refuted}, but {verdicts} on {others} {do} not have the "
        f"confidence that settles the question ({case.required} or higher).",
        "divided": f"Evidence supports claims that cannot all be true and that no verdict refutes: {against}.",
        "torn": f"Evidence speaks for and against {each}{others}.",
        "both": f"Evidence supports claims that cannot all be true and that no verdict refutes: {against}. It speaks "
        f"for and against {each}{others}.",
        "rivals_refuted": f"{supported} {holds} fully supported, {rivals} {against} fully refuted.",
        "others_refuted": f"{supported} {holds} fully supported, {claims} {against} fully refuted.",
        "unopposed": f"{supported} {holds} fully supported; what else is published on it can hold together with that.",
        "alone": f"{supported} {holds} fully supported; no other claim on it is published.",
    }[case.code]
    if case.review_since:
        return f"Settled on {case.settled_on}, under review since {case.review_since}. {body}"
    return f"Settled on {case.settled_on}. {body}" if case.settled_on else body


def dispute_sentence(states: Collection[str]) -> str:
    """`1 of 3 questions settled, 1 contested, 1 open.`; of a single one `The question is open.`"""
    if not states:
        return "No question has been entered."
    if len(states) == 1:
        return f"The question is {_WORDS[next(iter(states))]}."
    count = Counter(states)
    words = [f"{count['settled']} of {len(states)} questions settled"]
    words += [f"{count[code]} {_WORDS[code]}" for code in ("under_review", "contested", "open") if count[code]]
    return f"{', '.join(words)}."


_WORDS = {"open": "open", "contested": "contested", "settled": "settled", "under_review": "under review"}


def quoted_in_state(text: str) -> str:
    """How the sentence of a state names a claim: by its text in quotation marks, as far as that is not too long."""
    text = within(text)
    return f"“{text if len(text) <= LONGEST else f'{text[: LONGEST - 1].rstrip()}…'}”"
