"""How far a question is decided, from its published claims.

The rule stands first, below it the rows it is asked of. What it comes to is stored with the question
(`claims.services.question_state`); whether a settled question is under review is asked when it is read, since it
depends on the day.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from claims.choices import Bearing, Confidence, Leaning, QuestionState
from claims.models import Question, StoredState, Verdict
from factcheck.models.statements import Statement, ask_among, statement_of

FULL = {Leaning.SUPPORTED: 5, Leaning.REFUTED: 1}
"""The value in ClaimReview with which a rating of this leaning says it without “mostly”."""
CONFIDENCES = ("none", *Confidence.values)
"""What a newsroom may ask of the verdicts that settle a question, the least first."""


@dataclass(frozen=True, slots=True)
class Side:
    """One published claim of a question: its current verdict, and the bearings of the evidence that counts.

    `leaning` is "supported", "refuted" or "neither", and empty without a published verdict; `full` says that it is not
    “mostly”. `confidence` is empty where the verdict states none.
    """

    claim: int
    leaning: str = ""
    full: bool = False
    confidence: str = ""
    bearings: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Finding:
    """The state of a question and why, by the ids of claims.

    `code` says why, for the sentence (`claims.logic.wording.question_sentence`). `supported` are the claims that are
    fully supported, `against` those that have to be, or are, fully refuted beside one; `others` those of which the
    sentence speaks besides.
    """

    state: str
    code: str
    supported: tuple[int, ...] = ()
    against: tuple[int, ...] = ()
    others: tuple[int, ...] = ()

    @property
    def reason(self) -> dict[str, Any]:
        """All but the state, as it is stored."""
        return {
            "code": self.code,
            "supported": list(self.supported),
            "against": list(self.against),
            "others": list(self.others),
        }


Asked = Callable[[int, int], bool]


def question_state(
    sides: Iterable[Side],
    rivals: Asked,
    akin: Asked,
    follows: Asked,
    required: str = "none",
    *,
    refuted_beyond: Collection[int] = (),
) -> Finding:
    """How far the question is decided whose published claims these are.

    `rivals` says whether two claims are, `akin` whether they can hold together by what is on record: one follows from
    the other, or they are compatible. `follows` says whether the second has to hold where the first does. `required` is
    the least confidence of a verdict that settles. `refuted_beyond` are claims that are none of the question's, against
    which their verdicts lean.
    Settled: one claim is fully supported, or several each two of which are akin; their rivals are fully refuted, or,
    where they have none, all other claims that are akin to none of them; each of these verdicts has the confidence; and
    no verdict leans against what follows from them. A claim that is supported without the confidence and akin to one
    that has it is none of them. Contested: not settled, and evidence supports two rivals that are
    not refuted, or supports and refutes one claim that is not refuted. Open: none of these.
    """
    sides = sorted(sides, key=lambda side: side.claim)
    why = _short_of_settled(sides, _winners(sides, akin, required), rivals, akin, follows, required, refuted_beyond)
    if why.state == QuestionState.SETTLED:
        return why
    alive = [side for side in sides if side.leaning != Leaning.REFUTED]
    torn = tuple(side.claim for side in alive if {Bearing.SUPPORTS, Bearing.REFUTES} <= side.bearings)
    backed = [side.claim for side in alive if Bearing.SUPPORTS in side.bearings]
    divided = tuple(one for one in backed if any(rivals(one, other) for other in backed))
    if divided or torn:
        code = "both" if divided and torn else "divided" if divided else "torn"
        return Finding(QuestionState.CONTESTED, code, against=divided, others=torn)
    return why


def _winners(sides: Sequence[Side], akin: Asked, required: str) -> list[Side]:
    """The claims that are fully supported, without those that add nothing to one which is so with the confidence."""
    supported = [side for side in sides if side.full and side.leaning == Leaning.SUPPORTED]
    sure = [side for side in supported if _is_sure(side, required)]
    return [side for side in supported if side in sure or not any(akin(side.claim, other.claim) for other in sure)]


def _is_sure(side: Side, required: str) -> bool:
    return CONFIDENCES.index(side.confidence or "none") >= CONFIDENCES.index(required)


def _short_of_settled(
    sides: Sequence[Side],
    supported: Sequence[Side],
    rivals: Asked,
    akin: Asked,
    follows: Asked,
    required: str,
    refuted_beyond: Collection[int],
) -> Finding:
    """That the question is settled, or the first reason why not."""
    if not any(side.leaning for side in sides):
        return Finding(QuestionState.OPEN, "no_verdict" if sides else "no_claim", others=_claims(sides))
    together = all(akin(one.claim, other.claim) for one, other in combinations(supported, 2))
    if not supported or not together:
        code = "several_supported" if supported else "none_supported"
        return Finding(QuestionState.OPEN, code, supported=_claims(supported), others=_claims(sides))
    others = [side for side in sides if side not in supported]
    refuted = sorted({side.claim for side in others if side.leaning == Leaning.REFUTED} | {*refuted_beyond})
    denied = tuple(claim for claim in refuted if any(follows(one.claim, claim) for one in supported))
    if denied:
        # Refused by the rules; an old register, an exception or a softer level may hold it.
        return Finding(QuestionState.OPEN, "denied", _claims(supported), others=denied)
    against = [side for side in others if any(rivals(one.claim, side.claim) for one in supported)]
    rivalled = bool(against)
    # What can hold together with it does not stand in its way.
    against = against or [side for side in others if not any(akin(one.claim, side.claim) for one in supported)]
    standing = [side for side in against if not (side.full and side.leaning == Leaning.REFUTED)]
    if standing:
        code = "rivals_stand" if rivalled else "others_stand"
        return Finding(QuestionState.OPEN, code, _claims(supported), _claims(standing))
    unsure = [side for side in (*supported, *against) if not _is_sure(side, required)]
    if unsure:
        return Finding(QuestionState.OPEN, "unsure", _claims(supported), _claims(against), _claims(unsure))
    unopposed = "unopposed" if others else "alone"
    code = "rivals_refuted" if rivalled else "others_refuted" if against else unopposed
    return Finding(QuestionState.SETTLED, code, _claims(supported), _claims(against))


def _claims(sides: Iterable[Side]) -> tuple[int, ...]:
    return tuple(side.claim for side in sides)


def is_full(leaning: str, value: int | None) -> bool:
    """Whether a rating of this leaning and value in ClaimReview says it without “mostly”."""
    return value is not None and FULL.get(Leaning(leaning)) == value


def dispute_state(states: Collection[str]) -> str:
    """The state of a dispute from those of its questions: settled or under review where all are, contested where one
    is, open otherwise."""
    if states and all(state in {QuestionState.SETTLED, QuestionState.UNDER_REVIEW} for state in states):
        return QuestionState.UNDER_REVIEW if QuestionState.UNDER_REVIEW in states else QuestionState.SETTLED
    return QuestionState.CONTESTED if QuestionState.CONTESTED in states else QuestionState.OPEN


def required_confidence() -> str:
    """The least confidence of a verdict that settles a question, as this newsroom has it."""
    return str(settings.FACTCHECK_SETTLED_CONFIDENCE)


# --- the stored state, as conditions ---

Rows = TypeVar("Rows", bound=QuerySet[Any])


def questions_in(questions: QuerySet[Question], state: str) -> QuerySet[Question]:
    """Those of the questions that are in this state."""
    return questions.filter(question_in(state))


def disputes_in(disputes: Rows, state: str) -> Rows:
    """Those of the disputes that are in this state."""
    return disputes.filter(dispute_in(state))


def dispute_in(state: str) -> Q:
    """The condition that a dispute is in this state: on the questions of that one, not on all of them."""
    own = Question._base_manager.filter(dispute=OuterRef("pk"))
    # One that was never reckoned is open.
    unsettled = Exists(own.filter(Q(stored=None) | ~Q(stored__state=QuestionState.SETTLED)))
    contested = Exists(own.filter(stored__state=QuestionState.CONTESTED))
    if state in {QuestionState.SETTLED, QuestionState.UNDER_REVIEW}:
        # For these alone: it takes longer to put together than to ask.
        reviewed = Q(Exists(own.filter(question_in(QuestionState.UNDER_REVIEW))))
        return ~Q(unsettled) & (reviewed if state == QuestionState.UNDER_REVIEW else Q(Exists(own)) & ~reviewed)
    if state == QuestionState.CONTESTED:
        return Q(contested)
    return (~Q(Exists(own)) | Q(unsettled)) & ~Q(contested)


def question_in(state: str) -> Q:
    """The condition that a question is in this state."""
    if state in {QuestionState.SETTLED, QuestionState.UNDER_REVIEW}:
        reviewed = Q(Exists(under_review().filter(question=OuterRef("pk"))))
        return Q(stored__state=QuestionState.SETTLED) & (reviewed if state == QuestionState.UNDER_REVIEW else ~reviewed)
    if state == QuestionState.CONTESTED:
        return Q(stored__state=QuestionState.CONTESTED)
    return Q(stored=None) | Q(stored__state=QuestionState.OPEN)


def under_review() -> QuerySet[StoredState]:
    """The stored states that were settled by verdicts of which one is stale, whoever may know of that."""
    stale = Verdict.objects.stale().filter(settles=OuterRef("pk"))
    return StoredState.objects.filter(Exists(stale), state=QuestionState.SETTLED)


def find_under_review(questions: Collection[int]) -> list[int]:
    """Which of these settled questions are under review."""
    return ask_among(_reviewed(timezone.localdate()), "question", "question", questions)


@lru_cache(maxsize=2)
def _reviewed(_today: date) -> Statement:
    return statement_of(under_review(), "question")
