"""Lays the evidence for and against each claim out as a picture: a block for each piece, beside how many origins.

Under the blocks a line shows how far they reach when pieces that derive from one finding are counted once: where it is
much shorter, the same thing was said often.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.text import capfirst

from claims.logic import wording
from claims.logic.origins import Tally
from claims.reports.content.claim import ClaimContent
from claims.reports.pictures.lettering import short

LEFT, ROOM, BLOCK, HEAD, SIDE, PAD = 64, 144, 12, 22, 28, 8
WIDTH = 352
FEWEST = 4
"""Blocks smaller than this run into one bar for each strength."""
STRENGTHS = ("strong", "moderate", "weak")
_SIDES = (("supports", "For"), ("refutes", "Against"))


@dataclass(frozen=True, slots=True)
class Weight:
    """What is shown on one side of a claim: its bearing, how much of each strength, and from how many origins."""

    code: str
    title: str
    strengths: tuple[tuple[str, int], ...]
    tally: Tally

    @property
    def words(self) -> str:
        """`3 pieces, 2 origins`."""
        return wording.pieces(self.tally)

    @property
    def counts(self) -> tuple[int, ...]:
        return tuple(count for _strength, count in self.strengths)


@dataclass(frozen=True, slots=True)
class Block:
    x: str
    width: str
    strength: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One side of one claim: where it is drawn, its blocks, how long the line of its origins is, and its words."""

    y: int
    title: str
    side: str
    blocks: tuple[Block, ...]
    origins: str
    words: str


@dataclass(frozen=True, slots=True)
class Lane:
    y: int
    name: str
    indent: int
    """Where the text begins, behind the name."""
    text: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    lanes: tuple[Lane, ...]
    words: str
    """Where the words beside the blocks begin."""
    legend: int
    """Where the legend begins."""
    description: str


def weights(claim: ClaimContent) -> tuple[Weight, ...]:
    """The evidence for and against the claim, by strength; what is only context weighs nothing."""
    tallies = {"supports": claim.evidence_for, "refutes": claim.evidence_against}
    return tuple(_weight(claim, code, title, tallies[code]) for code, title in _SIDES)


def _weight(claim: ClaimContent, code: str, title: str, tally: Tally) -> Weight:
    rows = claim.bearing(code)
    # A set is one piece, and as strong as its weakest part: without that it shows nothing.
    sets: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: STRENGTHS.index(row.strength.code)):
        if row.set_name:
            sets[row.set_name] = row.strength.code
    found = Counter([*sets.values(), *(row.strength.code for row in rows if not row.set_name)])
    return Weight(code, title, tuple((strength, found[strength]) for strength in STRENGTHS), tally)


def picture_of(claims: Sequence[ClaimContent], *, named: bool = True) -> Picture:
    """The picture of the evidence on these claims; `named` says whether each is named above its lane."""
    longest = max((weight.tally.total for claim in claims for weight in weights(claim)), default=1)
    unit = min(BLOCK, ROOM / max(longest, 1))
    head = HEAD if named else 0
    height = head + SIDE * len(_SIDES) + PAD
    lanes = tuple(_lane(claim, number * height, head, unit, named) for number, claim in enumerate(claims))
    return Picture(
        width=WIDTH,
        height=height * len(claims) + 52,
        lanes=lanes,
        words=_number(LEFT + longest * unit + 8),
        legend=height * len(claims) + 12,
        description=_describe(claims),
    )


def _lane(claim: ClaimContent, top: int, head: int, unit: float, named: bool) -> Lane:
    bars = tuple(
        Bar(
            y=top + head + SIDE * place + 6,
            title=weight.title,
            side="for" if weight.code == "supports" else "against",
            blocks=tuple(_blocks(weight, unit)),
            origins=_number(weight.tally.origins * unit - (2 if weight.tally.origins and unit > FEWEST else 0)),
            words=weight.words,
        )
        for place, weight in enumerate(weights(claim))
    )
    name = f"Claim {claim.number}" if named else ""
    return Lane(top, name, max(LEFT, 8 * len(name)), short(claim.text, 42, 1)[0] if named else "", bars)


def _blocks(weight: Weight, unit: float) -> Iterator[Block]:
    done = 0
    for strength, count in weight.strengths:
        sizes = [1] * count if unit >= FEWEST else [count] if count else []
        for size in sizes:
            gap = 2 if unit >= FEWEST else 0.5
            yield Block(_number(LEFT + done * unit), _number(max(size * unit - gap, 0.5)), strength)
            done += size


def _number(value: float) -> str:
    """A length of the picture, with a point whatever the language of the page."""
    return f"{max(value, 0):.1f}".removesuffix(".0")


def _describe(claims: Sequence[ClaimContent]) -> str:
    told = [f"claim {claim.number}: for {_told(claim, 0)}, against {_told(claim, 1)}" for claim in claims[:12]]
    if len(claims) == 1:
        told = [f"for the claim {_told(claims[0], 0)}, against it {_told(claims[0], 1)}"]
    more = f"; and {wording.counted(len(claims) - 12, 'more claim', 'more claims')}" if len(claims) > 12 else ""
    return f"Evidence by strength and origin. {capfirst('; '.join(told))}{more}."


def _told(claim: ClaimContent, side: int) -> str:
    weight = weights(claim)[side]
    by_strength = ", ".join(f"{count} {strength}" for strength, count in weight.strengths if count)
    return f"{weight.words} ({by_strength})" if by_strength else weight.words
