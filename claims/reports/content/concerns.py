"""What waits for the desk in a dispute as it is entered, in words.

Each concern has the code of a rule in `claims.rules.catalogue`, which gives its level and its remedy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from claims.logic.wording import one_after_another

GRAVITY = ("refuse", "warn", "hint")


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
    that an analyst rated against it, `question` that which it answers. `judged` says that the rules on verdicts are
    asked of it, which tell by themselves that nothing counts. `orphaned` names who passes on what was withdrawn,
    `stale` says why its verdict is, `overdue` who was asked and by when, `outdated` that evidence or relations of it
    are older than its wording.
    """

    id: int
    number: int
    linked: frozenset[int] = frozenset()
    discounted: frozenset[int] = frozenset()
    rated: frozenset[int] = frozenset()
    question: int | None = None
    judged: bool = False
    orphaned: tuple[str, ...] = ()
    stale: str = ""
    overdue: tuple[str, ...] = ()
    outdated: bool = False


def concerns(
    claims: Sequence[Entered], titles: Mapping[int, str], overtaken: Mapping[int, str] = MappingProxyType({})
) -> tuple[Concern, ...]:
    """All that waits, without level and remedy. Evidence is to be weighed against all claims of one question, and
    against no other. `overtaken` has the words of the questions whose answer is older than what stands on them."""
    questions = sorted({claim.question for claim in claims if claim.question is not None})
    return (
        *(
            Concern(
                "answer_overtaken",
                f"The answer to “{text}” is older than a claim or a verdict that was published on it, or than the "
                "withdrawal of one.",
                claims=tuple(claim.id for claim in claims if claim.question == question),
            )
            for question, text in overtaken.items()
        ),
        *(concern for claim in claims for concern in _of_one(claim)),
        *(
            concern
            for question in questions
            for concern in _not_weighed([claim for claim in claims if claim.question == question], titles)
        ),
    )


def gravest_first(concerns: Iterable[Concern]) -> tuple[Concern, ...]:
    """By level, and what is excepted last."""
    return tuple(sorted(concerns, key=lambda one: (one.excepted, GRAVITY.index(one.level))))


def _of_one(claim: Entered) -> Iterator[Concern]:
    only = (claim.id,)
    if claim.stale:
        yield Concern(
            "verdict_stale",
            f"The verdict on claim {claim.number} needs a new look. {claim.stale}",
            claims=only,
        )
    if claim.outdated:
        yield Concern(
            "judged_before_wording",
            f"Evidence or relations of claim {claim.number} were entered before it got its present wording.",
            claims=only,
        )
    for name in claim.overdue:
        yield Concern(
            "inquiry_overdue",
            f"No answer on claim {claim.number} has come from {name}.",
            claims=only,
        )
    for name in claim.orphaned:
        yield Concern(
            "chain_broken",
            f"On claim {claim.number} {name} passes on a statement that was withdrawn.",
            claims=only,
        )
    if claim.judged:
        return
    if not claim.linked:
        yield Concern(
            "no_evidence",
            f"Nothing that was entered bears on claim {claim.number}.",
            claims=only,
        )
    elif claim.linked == claim.discounted:
        yield Concern(
            "no_evidence_counts",
            f"Of what bears on claim {claim.number} nothing counts: each piece is its own assertion, depends on a "
            "claim that does not hold, derives from such a piece, or is part of an incomplete set.",
            claims=only,
            evidence=tuple(sorted(claim.linked)),
        )


def _numbered(claims: Sequence[Entered]) -> str:
    """`claim 3`, or `claims 1 and 2`."""
    numbers = one_after_another(map(str, sorted(claim.number for claim in claims)))
    return f"claim {numbers}" if len(claims) == 1 else f"claims {numbers}"


def _not_weighed(claims: Sequence[Entered], titles: Mapping[int, str]) -> Iterator[Concern]:
    for piece in sorted({piece for claim in claims for piece in claim.linked - claim.discounted}):
        bears = [claim for claim in claims if piece in claim.linked]
        missing = [claim for claim in claims if piece not in claim.linked | claim.rated]
        if missing:
            yield Concern(
                "evidence_not_weighed",
                f"“{titles.get(piece, '')}” bears on {_numbered(bears)} and was not weighed against "
                f"{_numbered(missing)}.",
                claims=tuple(claim.id for claim in missing),
                evidence=(piece,),
            )
