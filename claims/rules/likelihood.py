"""Words of likelihood as the ranges that they stand for (ICD 203), in percent."""

from __future__ import annotations

from claims.choices import Leaning, Likelihood

RANGES: dict[str, tuple[int, int]] = {
    Likelihood.ALMOST_NO_CHANCE: (1, 5),
    Likelihood.VERY_UNLIKELY: (5, 20),
    Likelihood.UNLIKELY: (20, 45),
    Likelihood.ROUGHLY_EVEN: (45, 55),
    Likelihood.LIKELY: (55, 80),
    Likelihood.VERY_LIKELY: (80, 95),
    Likelihood.ALMOST_CERTAIN: (95, 99),
}
EVEN = RANGES[Likelihood.ROUGHLY_EVEN]


def direction_of(leaning: str, value: int | None) -> str:
    """What a rating says of its claim: its leaning, or for one that has none the end of the ClaimReview scale to which
    its number is nearer (4 and 5 supported, 1 and 2 refuted).

    >>> direction_of("neither", 2)
    'refuted'
    """
    if leaning != Leaning.NEITHER or value is None or value == 3:
        return str(leaning)
    return str(Leaning.SUPPORTED if value > 3 else Leaning.REFUTED)


def speaks_against(direction: str, likelihood: str) -> bool:
    """Whether the whole range of the likelihood is on the other side of even than the direction of the rating.

    >>> speaks_against("refuted", "likely"), speaks_against("refuted", "roughly_even")
    (True, False)
    """
    if likelihood not in RANGES:
        return False
    low, high = RANGES[likelihood]
    return (direction == Leaning.REFUTED and low > 50) or (direction == Leaning.SUPPORTED and high < 50)


def far_from_even(likelihood: str) -> bool:
    """Whether the range does not even touch that of a roughly even chance.

    >>> far_from_even("very_likely"), far_from_even("likely")
    (True, False)
    """
    if likelihood not in RANGES:
        return False
    low, high = RANGES[likelihood]
    return low > EVEN[1] or high < EVEN[0]
