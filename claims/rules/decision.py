"""What one verdict must be by itself, and what it must rest on, on plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from claims.choices import Bearing, Credibility, Discount, Leaning, Likelihood
from claims.logic.wording import one_after_another
from claims.rules.likelihood import direction_of, far_from_even, speaks_against
from claims.rules.registry import REFUSE, WARN, Broken, Row, Rule

NEEDED_BEARING = {Leaning.SUPPORTED: Bearing.SUPPORTS, Leaning.REFUTED: Bearing.REFUTES}
"""The bearing without which a verdict of this leaning rests on nothing."""
CERTAIN = {Likelihood.ALMOST_CERTAIN: Bearing.SUPPORTS, Likelihood.ALMOST_NO_CHANCE: Bearing.REFUTES}
"""The words that leave hardly a doubt, and the bearing of the evidence that they rest on."""
UNKNOWN_RELIABILITY = "F"
MADE = (Discount.OWN_ASSERTION, Discount.REPEATS_OWN)
"""What shows that the claim was made, and no more."""
WHY_NOT = {
    Discount.OWN_ASSERTION: ("is its own assertion", "are its own assertions"),
    Discount.REPEATS_OWN: ("derives from its own assertion", "derive from its own assertion"),
    Discount.UNDERCUT: ("depends on a claim that does not hold", "depend on claims that do not hold"),
    Discount.REPEATS_UNDERCUT: (
        "derives from a piece that depends on a claim that does not hold",
        "derive from a piece that depends on a claim that does not hold",
    ),
    Discount.BROKEN_SET: ("is part of an incomplete set", "are parts of an incomplete set"),
}
"""Why evidence does not count, of one piece and of several."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Evidence that stands on the claim, as far as rules go.

    `reliability` is the best grade of those who publish it, `retracted` whether all documents that carry it were
    retracted, `discount` why it does not count, a code of `Discount`.
    """

    id: int
    bearing: str
    origin: int = 0
    reliability: str = UNKNOWN_RELIABILITY
    credibility: int = Credibility.UNKNOWN
    retracted: bool = False
    discount: str = ""

    @property
    def graded(self) -> bool:
        """Whether anything is known of how far it can be trusted."""
        return self.reliability != UNKNOWN_RELIABILITY or self.credibility != Credibility.UNKNOWN


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with what stands on its claim."""

    claim: int
    label: str = "This rating"
    leaning: str = Leaning.NEITHER
    value: int | None = None
    likelihood: str = ""
    rationale: str = ""
    pieces: tuple[Piece, ...] = ()
    review_by: date | None = None
    today: date | None = None

    @property
    def row(self) -> Row:
        return Row("claim", self.claim)

    @property
    def counted(self) -> list[Piece]:
        """The evidence that counts."""
        return [piece for piece in self.pieces if not piece.discount]

    @property
    def direction(self) -> str:
        return direction_of(self.leaning, self.value)

    @property
    def probability(self) -> str:
        """The likelihood in words: `almost certain`."""
        return str(Likelihood(self.likelihood).label).partition(" (")[0].lower()


def lacks_rationale(decision: Decision) -> Iterator[Broken]:
    if not decision.rationale.strip():
        yield Broken((decision.row,), ("The verdict on ", decision.row, " gives no reasons."))


def lacks_evidence(decision: Decision) -> Iterator[Broken]:
    if not decision.pieces:
        yield Broken((decision.row,), ("No evidence is linked to ", decision.row, "."))
    elif not decision.counted:
        why = f": {_why_not(decision.pieces)}."
        yield Broken((decision.row,), ("No evidence that counts is linked to ", decision.row, why))


def _why_not(pieces: Iterable[Piece]) -> str:
    """Why these do not count: `1 is its own assertion, 2 depend on claims that do not hold`."""
    found = Counter(piece.discount for piece in pieces)
    told = {code: words[found[code] > 1] for code, words in WHY_NOT.items() if found[code]}
    return one_after_another(f"{found[code]} {words}" for code, words in told.items())


def lacks_support(decision: Decision) -> Iterator[Broken]:
    yield from _lacks(decision, Leaning.SUPPORTED)


def lacks_refutation(decision: Decision) -> Iterator[Broken]:
    yield from _lacks(decision, Leaning.REFUTED)


def _lacks(decision: Decision, leaning: Leaning) -> Iterator[Broken]:
    needed = NEEDED_BEARING[leaning]
    # Without any evidence another rule speaks already.
    counted = decision.counted
    if decision.leaning == leaning and counted and all(piece.bearing != needed for piece in counted):
        others = [piece for piece in decision.pieces if piece.bearing == needed]
        kind = "evidence that counts and is linked" if others else "evidence linked"
        label = f"“{decision.label}” needs evidence that {needed} the claim, and none of the {kind} to "
        why = f"; what else {needed} it does not count: {_why_not(others)}." if others else "."
        yield Broken((decision.row,), (label, decision.row, f" does{why}"))


def likelihood_against_rating(decision: Decision) -> Iterator[Broken]:
    if speaks_against(decision.direction, decision.likelihood):
        said = f"“{decision.label}” and “{decision.probability}” cannot stand together on "
        yield Broken((decision.row,), (said, decision.row, "."))


def likelihood_far_from_even(decision: Decision) -> Iterator[Broken]:
    if decision.direction == Leaning.NEITHER and far_from_even(decision.likelihood):
        said = f"“{decision.label}” prefers neither, and “{decision.probability}” does, on "
        yield Broken((decision.row,), (said, decision.row, "."))


def support_is_gone(decision: Decision) -> Iterator[Broken]:
    """All evidence of the bearing that the verdict needs was taken back by those who published it.

    That it was withdrawn from the claim, so that none stands, the rules on evidence say already.
    """
    needed = NEEDED_BEARING.get(Leaning(decision.leaning))
    bearing = [piece for piece in decision.counted if piece.bearing == needed]
    if bearing and all(piece.retracted for piece in bearing):
        yield Broken(
            (decision.row,),
            (f"“{decision.label}” rests on documents that were all retracted, on ", decision.row, "."),
        )


def certain_without_ground(decision: Decision) -> Iterator[Broken]:
    bearing = CERTAIN.get(Likelihood(decision.likelihood)) if decision.likelihood else None
    found = [piece for piece in decision.pieces if piece.bearing == bearing and piece.discount in {"", *MADE}]
    others = [piece for piece in found if not piece.discount]
    said = f"“{decision.probability.capitalize()}” rests on " if found else ""
    if found and not others:
        yield Broken((decision.row,), (f"{said}the claim’s own assertion alone, on ", decision.row, "."))
    elif found and len({piece.origin for piece in others}) == 1 and not any(piece.graded for piece in others):
        yield Broken((decision.row,), (f"{said}one origin that nobody could grade (F6), on ", decision.row, "."))


def review_is_due(decision: Decision) -> Iterator[Broken]:
    """A verdict is not stale from the first; `today` is given of one that is to be published alone."""
    due, today = decision.review_by, decision.today
    if due is not None and today is not None and due <= today:
        yield Broken(
            (decision.row,), ("The verdict on ", decision.row, f" was to be looked at again by {due:%d %B %Y}.")
        )


PUBLICATION_RULES = (
    Rule(
        "rationale_required",
        REFUSE,
        "A verdict says why.",
        "Write the rationale: a verdict is published only with the reasons for it.",
        lacks_rationale,
        field="rationale",
        fixed=True,
        held_by="verdict_published_is_complete",
    ),
    Rule(
        "evidence_required",
        REFUSE,
        "A verdict rests on evidence.",
        "Link at least one piece of evidence to the claim. What is only the claim's own assertion or "
        "derives from it, depends on a claim that does not hold, or is part of an incomplete set, is none.",
        lacks_evidence,
        field="rating",
    ),
    Rule(
        "supports_evidence_required",
        REFUSE,
        "A verdict that supports a claim rests on evidence that supports it.",
        "Link evidence with the bearing “supports”, or choose another rating.",
        lacks_support,
        field="rating",
    ),
    Rule(
        "refutes_evidence_required",
        REFUSE,
        "A verdict that refutes a claim rests on evidence that refutes it.",
        "Link evidence with the bearing “refutes”, or choose another rating.",
        lacks_refutation,
        field="rating",
    ),
    Rule(
        "likelihood_against_rating",
        REFUSE,
        "A rating and a likelihood do not say the opposite of each other.",
        "Choose a likelihood on the side of the rating, or another rating; leave the likelihood empty where no "
        "estimate is honest.",
        likelihood_against_rating,
        field="likelihood",
    ),
    Rule(
        "likelihood_far_from_even",
        WARN,
        "A rating that prefers neither side stands with a likelihood that is not far from even.",
        "Choose a rating that says what the desk prefers, or a likelihood nearer to even, or none.",
        likelihood_far_from_even,
        field="likelihood",
    ),
    Rule(
        "support_gone",
        WARN,
        "What a verdict rests on was not taken back as a whole.",
        "Link evidence that still stands, or correct the verdict.",
        support_is_gone,
        field="rating",
    ),
    Rule(
        "certain_without_ground",
        WARN,
        "“Almost certain” and “almost no chance” rest on more than one origin that nobody could grade, and on more "
        "than the claim’s own assertion.",
        "Grade the source and the information, find a second origin, or choose a weaker word.",
        certain_without_ground,
        field="likelihood",
    ),
    Rule(
        "review_by_past",
        REFUSE,
        "The day by which a verdict is to be looked at again is still to come when it is published.",
        "Return it, so that its author names a later day.",
        review_is_due,
        field="review_by",
        about=(),
    ),
)
