"""The arithmetic of the analysis of competing hypotheses, on the ratings of several analysts.

The claims are the hypotheses, and a cell holds what all analysts said on one piece of evidence against one of them.
What a claim is worth is told by what speaks against it: evidence that fits every claim alike decides nothing, however
well it fits. The scores follow the scale of Open Synthesis (1 very inconsistent to 5 very consistent, neutral 3, the
distance from neutral squared); counting inconsistencies alone follows Heuer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal
from statistics import mean, pstdev, stdev

NEUTRAL = 3
SCALE = {"VI": 1, "I": 2, "N": 3, "C": 4, "VC": 5}
NOT_APPLICABLE = "NA"
HEUER = {"VI": -2, "I": -1}
_CODES = {number: code for code, number in SCALE.items()}
LABELS = ((0.5, "consensus"), (1.5, "mild dispute"), (2.0, "large dispute"))
UNKNOWN_WEIGHT = 0.6
RELIABILITY_WEIGHTS = {"A": 1.0, "B": 0.8, "C": 0.6, "D": 0.4, "E": 0.2, "F": UNKNOWN_WEIGHT}
CREDIBILITY_WEIGHTS = {"1": 1.0, "2": 0.8, "3": 0.6, "4": 0.4, "5": 0.2, "6": UNKNOWN_WEIGHT}


def mean_rating(votes: Sequence[str]) -> float | None:
    """The mean on the scale from 1 to 5, “not applicable” counted as neutral; None where nobody rated."""
    if len(votes) == 1:
        # As most are: nothing to be added up exactly.
        return SCALE.get(votes[0], NEUTRAL)
    return mean(SCALE.get(vote, NEUTRAL) for vote in votes) if votes else None


def inconsistency(means: Iterable[float | None]) -> float:
    """The sum over the evidence of the squared distance below neutral: what speaks against a claim."""
    return sum((NEUTRAL - m) ** 2 for m in means if m is not None and m < NEUTRAL)


def consistency(means: Iterable[float | None]) -> float:
    """The sum over the evidence of the squared distance above neutral: what fits it."""
    return sum((m - NEUTRAL) ** 2 for m in means if m is not None and m > NEUTRAL)


def diagnosticity(means: Iterable[float | None]) -> float:
    """How far a piece of evidence tells the claims apart: the population standard deviation over those rated."""
    rated = [m for m in means if m is not None]
    return pstdev(rated) if len(rated) > 1 else 0.0


def consensus(votes: Sequence[str]) -> str:
    """The rating that the analysts come to; "" where nobody rated, "NA" where most call it not applicable.

    The mean of the others is rounded, and what lies between two ratings goes to the one nearer to neutral: between
    consistent and very consistent the weaker word is the honest one.
    """
    if not votes:
        return ""
    rated = [SCALE[vote] for vote in votes if vote != NOT_APPLICABLE]
    if len(votes) - len(rated) > len(rated):
        return NOT_APPLICABLE
    exact = Decimal(sum(rated)) / len(rated)
    toward_neutral = ROUND_HALF_DOWN if exact > NEUTRAL else ROUND_HALF_UP
    return _CODES[int(exact.quantize(Decimal(1), rounding=toward_neutral))]


def disagreement(votes: Sequence[str]) -> float | None:
    """How far the analysts are apart: the greater of two sample standard deviations, of whether it applies (0 or 1)
    and of the ratings; 0 for one vote, None where nobody rated."""
    if not votes:
        return None
    applies = [0 if vote == NOT_APPLICABLE else 1 for vote in votes]
    rated = [SCALE[vote] for vote in votes if vote != NOT_APPLICABLE]
    return float(max(stdev(values) if len(values) > 1 else 0.0 for values in (applies, rated)))


def disagreement_words(value: float | None) -> str:
    """The label of Open Synthesis for a disagreement; "" where nobody rated."""
    if value is None:
        return ""
    return next((label for limit, label in LABELS if value < limit), "extreme dispute")


def heuer(votes: Sequence[str]) -> float:
    """The inconsistency that Heuer counts, as a mean over the analysts: -2 very inconsistent, -1 inconsistent, else
    0."""
    return mean(HEUER.get(vote, 0) for vote in votes) if votes else 0.0


def weight(reliability: str, credibility: str) -> float:
    """What a piece of evidence counts for: the grade of its source (A to F) times its own (1 to 6).

    A and 1 count whole, each grade below a fifth less; F and 6 mean unknown, not worst, and count as the middle. A
    proposal of this register, not a standard: it stands beside the unweighted score, never instead of it.
    """
    return RELIABILITY_WEIGHTS.get(reliability, UNKNOWN_WEIGHT) * CREDIBILITY_WEIGHTS.get(credibility, UNKNOWN_WEIGHT)
