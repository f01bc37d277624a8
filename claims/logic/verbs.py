"""What a source can do with a claim: the verbs, and all that follows from each of them (docs/definitions.md).

Whoever needs to know what a verb means reads it here: choices, counts, timeline, balance, reports and JSON-LD.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

SideCode = Literal["for", "against", "neither"]
PositionCode = Literal["clear", "tentative", "open", "none", "taken back"]


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb. `side` is that on which it counts, `position` how clear a stand it takes on that side.

    `did` is the predicate of a sentence whose subject is the source, `did_so` the same before the claim in quotation
    marks. What is `older` stands on rows from before these verbs, and is entered no more.
    """

    code: str
    meaning: str
    side: SideCode
    position: PositionCode
    did: str
    did_so: str
    short: str = ""
    older: bool = False

    @property
    def makes(self) -> bool:
        """Whether the source puts the claim forward as its own: says that it is so, or accuses."""
        return self.side == "for" and self.position == "clear"

    @property
    def rejects(self) -> bool:
        """Whether the source says clearly that the claim does not hold."""
        return self.side == "against" and self.position == "clear"

    @property
    def in_short(self) -> str:
        """The meaning where there is little room, as in the legend of a picture."""
        return self.short or self.meaning

    @property
    def label(self) -> str:
        """`Asserts: says that it is so`."""
        return f"{self.code.capitalize()}: {self.meaning}"


# The past tense fits one source and many, and says that it is an act and not a standing opinion.
_ALL = (
    Verb("asserts", "says that it is so", "for", "clear", "asserted it", "asserted"),
    Verb("alleges", "accuses, before anything is proved", "for", "clear", "alleged it", "alleged"),
    Verb("suggests", "says that it is likely, or hints at it", "for", "tentative", "suggested it", "suggested",
         short="says that it is likely"),
    Verb("denies", "says that it is not so", "against", "clear", "denied it", "denied"),
    Verb("disputes", "rejects it without saying what is so", "against", "clear", "disputed it", "disputed"),
    Verb("questions", "doubts it, or asks whether it is so", "neither", "open", "questioned it", "questioned"),
    Verb("declines", "refuses to say (was asked, and declined)", "neither", "open",
         "declined to comment", "declined to comment on", short="refuses to say"),
    Verb("disclaims", "does not accept responsibility", "neither", "open",
         "did not accept responsibility for it", "did not accept responsibility for"),
    Verb("opines", "forecasts, or gives an opinion that no record can check", "neither", "none",
         "gave it as a forecast or an opinion", "gave as a forecast or an opinion", short="forecast or opinion"),
    Verb("jokes", "satire, not meant as so", "neither", "none", "told it as satire", "told as satire"),
    # On the side of the end of its chain; on this one where no origin is on record.
    Verb("relays", "passes on what another source says", "for", "none", "passed it on", "passed on"),
    Verb("retracts", "takes a statement back, its own or that of the body for which it speaks", "neither", "taken back",
         "took a statement back", "took back", short="takes a statement back"),
    Verb("hedges", "an older entry, neither asserts nor denies it", "neither", "open",
         "neither asserted nor denied it", "neither asserted nor denied", short="leaves it open", older=True),
)  # fmt: skip

VERBS = {verb.code: verb for verb in _ALL}
"""All verbs by their code, in the order in which they are offered and told."""

OLDER = frozenset(verb.code for verb in _ALL if verb.older)
MAKES = frozenset(verb.code for verb in _ALL if verb.makes)
REJECTS = frozenset(verb.code for verb in _ALL if verb.rejects)
LEAVES_OPEN = frozenset(verb.code for verb in _ALL if verb.position == "open")
RELAYS, RETRACTS, ASSERTS = "relays", "retracts", "asserts"
_PASSED_ON_PLAINLY = {RELAYS, ASSERTS}

CHOOSE_AGAIN = (
    "“Hedges” stands on older rows only. Choose the verb that the record carries: suggests (says that it is likely), "
    "questions (doubts it), declines (was asked and refused to say), disclaims (does not accept responsibility) or "
    "opines (a forecast or opinion)."
)


def label_of(code: str) -> str:
    """The verb with its meaning, as it is offered: `Asserts: says that it is so`."""
    return VERBS[code].label


def took_back(others: Sequence[str], *, own: bool) -> str:
    """Whose statements a retraction takes back, its own or those of others by their names: the predicate of a sentence.

    `took its own statement back`, `took the statement of the Ministry back`; `took a statement back` where that is not
    on record.
    """
    one = len(others) == 1
    names = " and ".join(filter(None, (", ".join(others[:-1]), *others[-1:])))
    if own:
        return f"took its own statement and {'that' if one else 'those'} of {names} back" if others else _OWN
    return f"took the {'statement' if one else 'statements'} of {names} back" if others else VERBS[RETRACTS].did


_OWN = "took its own statement back"

ANOTHER = "another source"
"""Whose statement is passed on, where the reader may not know."""


EARLIER_WORDING = "of an earlier wording"
"""What is told of a statement that is older than the wording of its claim."""


def in_words(code: str, passed_on: str = "", whose: str = ANOTHER, did: str = "", *, earlier: bool = False) -> str:
    """What the source did with the claim: the predicate of a sentence whose subject is the source.

    Who passes on a denial passes on the denial, and not the claim: `passed on that the Ministry denied it`.
    `passed_on` is the verb at the end of the chain of a relay, empty where that is not on record, `whose` its source,
    `did` its predicate where that is more than the verb. An `earlier` statement is one of an earlier wording of the
    claim.
    """
    verb = VERBS.get(passed_on)
    if code == RELAYS and verb is not None and passed_on not in _PASSED_ON_PLAINLY:
        told = f"passed on that {whose} {did or verb.did}"
    else:
        told = did or (VERBS[code].did if code in VERBS else code)
    return f"{told} (said {EARLIER_WORDING})" if earlier else told


def in_words_of(code: str, passed_on: str = "", whose: str = ANOTHER, *, earlier: bool = False) -> str:
    """The same before the claim in quotation marks."""
    verb = VERBS.get(passed_on)
    did = VERBS[code].did_so if code in VERBS else code
    if code == RELAYS and verb is not None and passed_on not in _PASSED_ON_PLAINLY:
        did = f"passed on that {whose} {verb.did_so}"
    return f"{did} ({EARLIER_WORDING})" if earlier else did


def remarked(words: str, remarks: Sequence[str]) -> str:
    """What a source did with what is to be known of it: `denied it (in a retracted work)`."""
    told = ", ".join(remarks)
    if not told:
        return words
    return f"{words[:-1]}, {told})" if words.endswith(f"{EARLIER_WORDING})") else f"{words} ({told})"


def contradicts(
    who: str, code: str, rival: str, passed_on: str = "", *, earlier: bool = False, remarks: Sequence[str] = ()
) -> str:
    """`The Ministry denied it`, `The Ministry asserted: “It was a gas leak.”`; the rest as in `in_words`."""
    if rival:
        return f"{who} {remarked(in_words_of(code, passed_on, earlier=earlier), remarks)}: “{rival}”"
    return f"{who} {remarked(in_words(code, passed_on, earlier=earlier), remarks)}"


def side_of(code: str) -> SideCode:
    """The side that a statement takes when nothing stands behind it."""
    return VERBS[code].side if code in VERBS else "neither"
