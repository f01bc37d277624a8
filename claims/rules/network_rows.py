"""Asks the register for claims and what ties them, as the rules on relations take them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import NamedTuple, TypeVar

from django.db.models import Q

from claims.choices import ClaimStatus, RelationKind
from claims.models import Claim, ClaimRelation, Verdict
from claims.rules.network import Network, Stand, Tie

Value = TypeVar("Value")
AT_ONCE = 500
FOLLOWED = (RelationKind.CONTRADICTS, RelationKind.EXCLUDES, RelationKind.REFINES, RelationKind.REPEATS)
"""The relations by which something follows for a claim further on."""


BOUNDED = Q(question__exclusive=True) | Q(question__exhaustive=True)


class _Group(NamedTuple):
    """The claims of one question: the published ones, of which at most one may hold, and all that were not withdrawn,
    of which at least one must, drafts among them."""

    published: frozenset[int]
    entered: frozenset[int]
    exclusive: bool
    exhaustive: bool

    @classmethod
    def of(cls, rows: Iterable[tuple[int, str]], *bounds: bool) -> _Group:
        statuses = dict(rows)
        published = (pk for pk, status in statuses.items() if status == ClaimStatus.PUBLISHED)
        return cls(frozenset(published), frozenset(statuses), *bounds)


def load_network(claims: Iterable[int]) -> Network:
    """These claims and all that relations, and questions with a bound, tie to them, through others if need be.

    The number of queries depends on how long the chains of relations are, not on how many claims there are.
    """
    ties: dict[int, Tie] = {}
    reached: set[int] = set()
    frontier = set(claims)
    groups: dict[int, _Group] = {}
    while frontier:
        reached |= frontier
        found = _ties_of(frontier)
        ties |= found
        ends = {end for tie in found.values() if tie.kind in FOLLOWED for end in (tie.claim, tie.other)}
        new = _groups_of(frontier, known=groups)
        groups |= new
        frontier = (ends | {claim for group in new.values() for claim in group.entered}) - reached
    known = reached | {end for tie in ties.values() for end in (tie.claim, tie.other)}
    return Network(
        load_stands(known),
        tuple(ties[pk] for pk in sorted(ties)),
        tuple(group.published for group in groups.values() if group.exclusive),
        tuple(group.entered for group in groups.values() if group.exhaustive),
        tuple(group.entered for group in groups.values() if group.exclusive),
    )


def _ties_of(claims: Collection[int]) -> dict[int, Tie]:
    found = {}
    for batch in batches(claims):
        rows = ClaimRelation.objects.standing().filter(Q(claim__in=batch) | Q(other__in=batch)).order_by("pk")
        for pk, claim, other, kind, point in rows.values_list("pk", "claim_id", "other_id", "kind", "point"):
            found[pk] = Tie(claim, other, kind, point)
    return found


def _groups_of(claims: Collection[int], *, known: Collection[int]) -> dict[int, _Group]:
    """Each question with a bound that one of these claims answers."""
    bounds: dict[int, tuple[bool, bool]] = {}
    for batch in batches(claims):
        rows = Claim._base_manager.filter(BOUNDED, pk__in=batch).order_by().distinct()
        for question, *bound in rows.values_list("question_id", "question__exclusive", "question__exhaustive"):
            bounds[question] = (bound[0], bound[1])
    members: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for batch in batches(bounds.keys() - set(known)):
        entered = Claim._base_manager.filter(question__in=batch).exclude(status=ClaimStatus.WITHDRAWN)
        for question, claim, status in entered.order_by("pk").values_list("question_id", "pk", "status"):
            members[question].append((claim, status))
    return {question: _Group.of(rows, *bounds[question]) for question, rows in members.items()}


def load_stands(claims: Collection[int]) -> dict[int, Stand]:
    """What the current verdicts on these claims say, as far as they are published, and the numbers that they state."""
    stands = {}
    for batch in batches(claims):
        numbers = Claim._base_manager.filter(pk__in=batch).exclude(status=ClaimStatus.WITHDRAWN)
        columns = ("pk", "quantity_min", "quantity_max", "quantity_unit")
        for pk, low, high, unit in numbers.order_by("pk").values_list(*columns):
            stands[pk] = Stand(
                pk,
                low=float(low) if low is not None else None,
                high=float(high) if high is not None else None,
                unit=unit,
            )
        verdicts = Verdict.objects.current().filter(claim__in=batch, claim__status=ClaimStatus.PUBLISHED)
        for pk, leaning, rating, likelihood in verdicts.order_by("pk").values_list(
            "claim_id", "rating__leaning", "rating_id", "likelihood"
        ):
            stands[pk] = replace(stands[pk], leaning=leaning, rating=rating, likelihood=likelihood)
    return stands


def with_verdict(network: Network, verdict: Verdict) -> Network:
    """The network in which this verdict is the current one on its claim."""
    stand = network.stands.get(verdict.claim_id, Stand(verdict.claim_id))
    decided = replace(
        stand, leaning=verdict.rating.leaning, rating=verdict.rating_id, likelihood=str(verdict.likelihood)
    )
    stands = {**network.stands, verdict.claim_id: decided}
    return replace(network, stands=stands, exclusive=_exclusive_with(network, verdict.claim_id))


def _exclusive_with(network: Network, claim: int) -> tuple[frozenset[int], ...]:
    """The exclusive sets, that of the claim with the claim, which is published with its verdict."""
    question = Claim._base_manager.filter(pk=claim, question__exclusive=True).values_list("question", flat=True).first()
    if question is None:
        return network.exclusive
    members = frozenset(Claim.objects.published().filter(question=question).values_list("pk", flat=True))
    return (*(one for one in network.exclusive if one != members), members | {claim})


def without_changes(network: Network, rows: Iterable[ClaimRelation]) -> Network:
    """The network as it was before these relations were created or changed."""
    rows = list(rows)
    now = [Tie(row.claim_id, row.other_id, row.kind, row.point) for row in rows if row.withdrawn_at is None]
    before = [row._before for row in rows if row._before is not None and row._before.withdrawn_at is None]
    ties = list(network.ties)
    for tie in now:
        if tie in ties:
            ties.remove(tie)
    ties += [Tie(row.claim_id, row.other_id, row.kind, row.point) for row in before]
    return replace(network, ties=tuple(ties))


def batches(values: Iterable[Value], size: int = AT_ONCE) -> Iterator[list[Value]]:
    """The values, so many at a time."""
    waiting = iter(values)
    while batch := list(islice(waiting, size)):
        yield batch
