"""What is amiss with a dispute as it is entered, in words for the desk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from claims.logic.wording import one_after_another


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that the desk should look at, and what to do; `claims` and `evidence` are the rows it is about.

    `level` is that of the rule which is broken, "refuse", "warn" or "hint"; `excepted` says that this is on record as
    an exception, for which `remedy` then gives the reason.
    """

    code: str
    words: str
    remedy: str = ""
    claims: tuple[int, ...] = ()
    evidence: tuple[int, ...] = ()
    level: str = "warn"
    excepted: bool = False


@dataclass(frozen=True, slots=True)
class Entered:
    """One claim that was not withdrawn, as far as concerns go.

    `linked` are the pieces of evidence that bear on it, `discounted` those of them that do not count, `rated` those
    that an analyst rated against it, `rivals` the claims that cannot be true with it, `question` that which it answers,
    `leaning` what its current verdict says. `orphaned` names who passes on what was withdrawn, `stale` says why its
    verdict is, `overdue` who was asked and by when.
    """

    id: int
    number: int
    linked: frozenset[int] = frozenset()
    discounted: frozenset[int] = frozenset()
    rated: frozenset[int] = frozenset()
    rivals: frozenset[int] = frozenset()
    question: int | None = None
    leaning: str = ""
    orphaned: tuple[str, ...] = ()
    stale: str = ""
    overdue: tuple[str, ...] = ()


def concerns(claims: Sequence[Entered], titles: Mapping[int, str]) -> tuple[Concern, ...]:
    """All that is amiss, the gravest first. Evidence is to be weighed against all claims of one question, and against
    no other."""
    questions = sorted({claim.question for claim in claims if claim.question is not None})
    return (
        *_both_supported(claims),
        *(concern for claim in claims for concern in _of_one(claim)),
        *(
            concern
            for question in questions
            for concern in _not_weighed([claim for claim in claims if claim.question == question], titles)
        ),
    )


def _both_supported(claims: Sequence[Entered]) -> Iterator[Concern]:
    for one, other in combinations([claim for claim in claims if claim.leaning == "supported"], 2):
        if _rivals(one, other):
            yield Concern(
                "rivals_supported",
                f"Claims {one.number} and {other.number} cannot both be true, and both are published as supported.",
                "Correct one of the two verdicts, or withdraw the relation that makes them rivals.",
                claims=(one.id, other.id),
            )


def _of_one(claim: Entered) -> Iterator[Concern]:
    only = (claim.id,)
    if claim.stale:
        yield Concern(
            "verdict_stale",
            f"The verdict on claim {claim.number} needs a new look. {claim.stale}",
            "Correct the verdict, or have a reviewer who did not write it confirm it with a reason.",
            only,
        )
    for name in claim.overdue:
        yield Concern(
            "inquiry_overdue",
            f"No answer on claim {claim.number} has come from {name}.",
            "Enter the answer, ask once more, or record the silence.",
            only,
        )
    for name in claim.orphaned:
        yield Concern(
            "chain_broken",
            f"On claim {claim.number} {name} passes on a statement that was withdrawn.",
            "Withdraw that attribution too, or enter from whom else it has it.",
            only,
        )
    if not claim.linked:
        yield Concern(
            "no_evidence",
            f"Nothing that was entered bears on claim {claim.number}.",
            "Link evidence to it; also that none was found where some was to be expected is evidence.",
            only,
        )
    elif claim.linked == claim.discounted:
        yield Concern(
            "no_evidence_counts",
            f"What bears on claim {claim.number} is its own assertion, or depends on a claim that does not hold.",
            "Link evidence that counts.",
            only,
            tuple(sorted(claim.linked)),
        )


def _not_weighed(claims: Sequence[Entered], titles: Mapping[int, str]) -> Iterator[Concern]:
    for piece in sorted({piece for claim in claims for piece in claim.linked - claim.discounted}):
        bears = [claim for claim in claims if piece in claim.linked]
        missing = [claim for claim in claims if piece not in claim.linked | claim.rated]
        if missing:
            noun = "claim" if len(missing) == 1 else "claims"
            yield Concern(
                "evidence_not_weighed",
                f"“{titles.get(piece, '')}” bears on claim {one_after_another(str(claim.number) for claim in bears)} "
                f"and was not weighed against {noun} {one_after_another(str(claim.number) for claim in missing)}.",
                "Rate it in the matrix, or link it: evidence that fits every claim alike decides nothing.",
                tuple(claim.id for claim in missing),
                (piece,),
            )


def _rivals(one: Entered, other: Entered) -> bool:
    return one.id in other.rivals or other.id in one.rivals
