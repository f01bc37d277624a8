"""Asks the register for claims and what ties them, as the rules on relations take them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from typing import NamedTuple, TypeVar

from django.db.models import Q

from claims.choices import ClaimStatus, RelationKind
from claims.models import Claim, ClaimRelation, Question, Verdict
from claims.rules.network import Network, Stand
from claims.rules.rivalry import Tie

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
    stands = load_stands(known)
    return Network(
        stands,
        tuple(ties[pk] for pk in sorted(ties)),
        _answers(groups),
        tuple(group.entered for group in groups.values() if group.exhaustive),
        {claim: pk for pk, group in groups.items() if group.exclusive for claim in group.entered},
        frozenset(known - {pk for pk, stand in stands.items() if stand.published}),
    )


def _ties_of(claims: Collection[int]) -> dict[int, Tie]:
    found = {}
    for batch in batches(claims):
        rows = ClaimRelation.objects.standing().filter(Q(claim__in=batch) | Q(other__in=batch)).order_by("pk")
        for pk, *row in rows.values_list("pk", "kind", "claim_id", "other_id", "point"):
            found[pk] = Tie(*row)
    return found


def _groups_of(claims: Collection[int], *, known: Collection[int]) -> dict[int, _Group]:
    """Each question with a bound that one of these claims answers."""
    bounds: dict[int, tuple[bool, bool]] = {}
    for batch in batches(claims):
        rows = Claim._base_manager.filter(BOUNDED, pk__in=batch).order_by().distinct()
        for question, *bound in rows.values_list("question_id", "question__exclusive", "question__exhaustive"):
            bounds[question] = (bound[0], bound[1])
    members = _members_of(bounds.keys() - set(known))
    return {question: _Group.of(rows.items(), *bounds[question]) for question, rows in members.items()}


def _members_of(questions: Collection[int]) -> dict[int, dict[int, str]]:
    """The claims of each of these questions that were not withdrawn, with their status."""
    members: dict[int, dict[int, str]] = defaultdict(dict)
    for batch in batches(questions):
        entered = Claim._base_manager.filter(question__in=batch).exclude(status=ClaimStatus.WITHDRAWN)
        for question, claim, status in entered.order_by("pk").values_list("question_id", "pk", "status"):
            members[question][claim] = status
    return members


def load_stands(claims: Collection[int]) -> dict[int, Stand]:
    """What the current verdicts on these claims say, as far as they are published, and the numbers that they state."""
    stands = {}
    for batch in batches(claims):
        numbers = Claim._base_manager.filter(pk__in=batch).exclude(status=ClaimStatus.WITHDRAWN)
        columns = ("pk", "quantity_min", "quantity_max", "quantity_unit", "dispute_id", "question_id", "status")
        for pk, low, high, unit, dispute, question, status in numbers.order_by("pk").values_list(*columns):
            published = status == ClaimStatus.PUBLISHED
            stands[pk] = Stand(
                pk,
                low=_float(low),
                high=_float(high),
                unit=unit,
                dispute=dispute,
                question=question,
                published=published,
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
    # The claim is published with its verdict.
    own = Claim._base_manager.filter(pk=verdict.claim_id, question__exclusive=True)
    answers = {**network.answers, **dict(own.order_by().values_list("pk", "question"))}
    stands = {**network.stands, verdict.claim_id: decided}
    return replace(network, stands=stands, answers=answers, hidden=network.hidden - {verdict.claim_id})


def before_publication(network: Network, claims: Collection[int]) -> Network:
    """The network as it was before these claims were published."""
    stands = {
        pk: replace(stand, leaning="", rating=None, likelihood="") if pk in claims else stand
        for pk, stand in network.stands.items()
    }
    answers = {claim: question for claim, question in network.answers.items() if claim not in claims}
    return replace(network, stands=stands, answers=answers, hidden=network.hidden | {*claims})


def without_changes(network: Network, rows: Iterable[ClaimRelation]) -> Network:
    """The network as it was before these relations were created or changed."""
    rows = list(rows)
    now = [Tie(row.kind, row.claim_id, row.other_id, row.point) for row in rows if row.withdrawn_at is None]
    before = [row._before for row in rows if row._before is not None and row._before.withdrawn_at is None]
    ties = list(network.ties)
    for tie in now:
        if tie in ties:
            ties.remove(tie)
    ties += [Tie(row.kind, row.claim_id, row.other_id, row.point) for row in before]
    return replace(network, ties=tuple(ties))


def before_questions(network: Network, questions: Collection[Question], claims: Collection[Claim]) -> Network:
    """The network as it was before these questions got other bounds, and these claims another question."""
    moved = [(row, row._before.question_id) for row in claims if row._before is not None]
    asked = {pk for row, question in moved for pk in (row.question_id, question) if pk is not None}
    asked |= {row.pk for row in questions}
    rows = Question._base_manager.filter(pk__in=asked).values_list("pk", "exclusive", "exhaustive")
    now = {pk: bounds for pk, *bounds in rows}
    then = now | {row.pk: [row._before.exclusive, row._before.exhaustive] for row in questions if row._before}
    members = _members_of(asked)
    groups = {pk: _Group.of(members[pk].items(), *now[pk]) for pk in sorted(now)}
    for row, question in moved:
        if row.question_id is not None:
            members[row.question_id].pop(row.pk, None)
        if question is not None and row.status != ClaimStatus.WITHDRAWN:
            members[question][row.pk] = row.status
    former = {pk: _Group.of(members[pk].items(), *then[pk]) for pk in sorted(now)}
    bounded = Counter(network.exhaustive) - Counter(group.entered for group in groups.values() if group.exhaustive)
    bounded += Counter(group.entered for group in former.values() if group.exhaustive)
    answers = {claim: question for claim, question in network.answers.items() if question not in asked}
    return replace(network, answers=answers | _answers(former), exhaustive=tuple(bounded.elements()))


def _answers(groups: Mapping[int, _Group]) -> dict[int, int]:
    """For each published claim of an exclusive question which one that is."""
    return {claim: question for question, group in groups.items() if group.exclusive for claim in group.published}


def before_numbers(network: Network, claims: Iterable[Claim]) -> Network:
    """The network as it was before these claims stated other numbers."""
    stands = dict(network.stands)
    for row in claims:
        if row._before is not None and row.pk in stands:
            low, high, unit = row._before.quantity_min, row._before.quantity_max, row._before.quantity_unit
            stands[row.pk] = replace(stands[row.pk], low=_float(low), high=_float(high), unit=unit)
    return replace(network, stands=stands)


def _float(number: Decimal | None) -> float | None:
    return float(number) if number is not None else None


def batches(values: Iterable[Value], size: int = AT_ONCE) -> Iterator[list[Value]]:
    """The values, so many at a time."""
    waiting = iter(values)
    while batch := list(islice(waiting, size)):
        yield batch
