"""What relations between claims must not say at once, and the numbers that they state; on plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, pairwise

from claims.choices import RIVALRY, ConflictPoint, RelationKind
from claims.rules.network import Network, Stand, Way
from claims.rules.registry import HINT, REFUSE, WARN, Broken, Row, Rule, Words

PAIR = ("claim", "claim")
AGREEING = {RelationKind.REPEATS, RelationKind.COMPATIBLE, RelationKind.REFINES, RelationKind.SUPPORTS}
"""The relations that no two claims have which cannot both be true."""
SAME_WAY = {RelationKind.REFINES, RelationKind.REPEATS}
"""The relations by which one claim follows from another."""


def claim_row(pk: int) -> Row:
    return Row("claim", pk)


def pair_broken(one: int, other: int, *words: str | Row) -> Broken:
    return Broken((claim_row(one), claim_row(other)), words)


def through(way: Way) -> Words:
    """The claims between the ends: ` (through claim 3, claim 5)`."""
    between = way.claims[1:-1]
    said: list[str | Row] = []
    for claim in between:
        said += [", " if said else " (through ", claim_row(claim)]
    return (*said, ")") if said else ()


def relations_clash(network: Network) -> Iterator[Broken]:
    kinds: dict[frozenset[int], set[str]] = defaultdict(set)
    for tie in network.ties:
        kinds[frozenset({tie.claim, tie.other})].add(tie.kind)
    for pair, found in kinds.items():
        apart, together = sorted(found & set(RIVALRY)), sorted(found & AGREEING)
        if apart and together:
            one, other = sorted(pair)
            said = f" are related as {apart[0]} and as {together[0]}, which exclude each other."
            yield pair_broken(one, other, claim_row(one), " and ", claim_row(other), said)


def refines_in_circle(network: Network) -> Iterator[Broken]:
    refined = Network(ties=tuple(tie for tie in network.ties if tie.kind == RelationKind.REFINES))
    for tie in refined.ties:
        if (way := refined.implied_by(tie.other).get(tie.claim)) is not None:
            said = " refines ", claim_row(tie.other), ", which refines it in turn", *through(way), "."
            yield pair_broken(tie.claim, tie.other, claim_row(tie.claim), *said)


def rival_in_chain(network: Network) -> Iterator[Broken]:
    """A claim that says what its own rival says, through others, or that says what two rivals say at once."""
    for tie in network.ties:
        if tie.kind not in RIVALRY:
            continue
        below, beside = network.implies(tie.claim), network.implies(tie.other)
        for claim in sorted(below.keys() & beside.keys()):
            steps = len(below[claim].kinds) + len(beside[claim].kinds)
            # One step between the two is a clash of their own relations.
            if steps > 1:
                related = f"are related as “{tie.kind}”."
                ends = [claim_row(end) for end in (tie.claim, tie.other) if end != claim]
                if len(ends) > 1:
                    said: Words = (" says what both ", ends[0], " and ", ends[1], f" say, which {related}")
                else:
                    said = (" says what ", ends[0], f" says, and the two {related}")
                yield pair_broken(tie.claim, tie.other, claim_row(claim), *said)
                break
    yield from _two_answers(network)


def _two_answers(network: Network) -> Iterator[Broken]:
    """A claim from which two follow that answer one exclusive question, and are told apart by nothing else."""
    told: set[tuple[int, int]] = set()
    for claim in sorted(network.up):
        answers = sorted(network.implied_by(claim).keys() & network.answers.keys())
        for one, other in combinations(answers, 2):
            related = other in {end for end, _kind in network.apart.get(one, ())}
            if (one, other) in told or related or not network.rivalry.between(one, other):
                continue
            told.add((one, other))
            said = " says what both ", claim_row(one), " and ", claim_row(other), " say, of which one at most can hold."
            yield pair_broken(one, other, claim_row(claim), *said)


def rival_numbers_overlap(network: Network) -> Iterator[Broken]:
    for tie in network.ties:
        one, other = network.stands.get(tie.claim), network.stands.get(tie.other)
        if tie.kind not in RIVALRY or tie.point != ConflictPoint.NUMBER or one is None or other is None:
            continue
        if comparable(one, other) and not lie_apart(one, other):
            said = " are rivals on a number, and the numbers that they state can both be true."
            yield pair_broken(one.id, other.id, claim_row(one.id), " and ", claim_row(other.id), said)


def numbers_apart_unrelated(network: Network) -> Iterator[Broken]:
    """Each pair of neighbours, by the numbers that they state of one unit: of ten claims not all forty-five pairs.

    How many died and how many were arrested are two questions, and their numbers never compared.
    """
    by_unit: dict[tuple[int | None, int | None, str], list[Stand]] = defaultdict(list)
    for stand in network.stands.values():
        if unit_of(stand):
            by_unit[stand.dispute, stand.question, unit_of(stand)].append(stand)
    related = {frozenset({tie.claim, tie.other}) for tie in network.ties}
    for stands in by_unit.values():
        stands.sort(key=lambda stand: (_low(stand), _high(stand), stand.id))
        for one, other in pairwise(stands):
            pair = frozenset({one.id, other.id})
            if lie_apart(one, other) and pair not in related and not network.told_apart(one.id, other.id):
                said = f" state numbers of {one.unit} that cannot both be true, and no relation says so."
                yield pair_broken(one.id, other.id, claim_row(one.id), " and ", claim_row(other.id), said)


def unit_of(stand: Stand) -> str:
    """What the claim counts, in one spelling; empty where it states no number or does not say of what."""
    stated = stand.low is not None or stand.high is not None
    return " ".join(stand.unit.casefold().split()) if stated else ""


def comparable(one: Stand, other: Stand) -> bool:
    """Whether both state a number of the same unit."""
    return bool(unit_of(one)) and unit_of(one) == unit_of(other)


def lie_apart(one: Stand, other: Stand) -> bool:
    """Whether no number is in the ranges of both; a range that is open at one end goes on without end."""
    return _high(one) < _low(other) or _high(other) < _low(one)


def _low(stand: Stand) -> float:
    return float("-inf") if stand.low is None else stand.low


def _high(stand: Stand) -> float:
    return float("inf") if stand.high is None else stand.high


RELATION_RULES = (
    Rule(
        "relations_clash",
        REFUSE,
        "Two claims that contradict or exclude each other do not also repeat, refine or support each other, and are "
        "not compatible.",
        "Withdraw one of the two relations, or choose another kind.",
        relations_clash,
        field="kind",
        about=PAIR,
    ),
    Rule(
        "refines_in_circle",
        REFUSE,
        "Of two claims one at most refines the other, through others if need be.",
        "Withdraw one of the relations; where both say the same, choose “repeats”.",
        refines_in_circle,
        field="kind",
        about=PAIR,
    ),
    Rule(
        "rival_in_chain",
        REFUSE,
        "No claim repeats or refines its own rival, or two that are rivals, through others if need be.",
        "Withdraw the relation that is wrong.",
        rival_in_chain,
        field="kind",
        about=PAIR,
    ),
    Rule(
        "rival_numbers_overlap",
        WARN,
        "Two rivals on a number state numbers that cannot both be true.",
        "Choose another point of conflict, or the relation “refines” where one range lies in the other.",
        rival_numbers_overlap,
        field="point",
        about=PAIR,
    ),
)
"""What is asked when a relation is entered or changed."""
NUMBER_RULES = (
    Rule(
        "numbers_apart_unrelated",
        HINT,
        "Two claims on one question, or two circumstances of one dispute, that state numbers of one unit which cannot "
        "both be true are related.",
        "Enter how they bear on each other: “excludes” with the point “number”, or “compatible” where they count "
        "different things.",
        numbers_apart_unrelated,
        about=PAIR,
        highest=WARN,
    ),
)
"""What is asked of all claims of a dispute at once."""
