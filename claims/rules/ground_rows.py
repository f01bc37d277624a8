"""Asks the register for the sets and premises that the rules on evidence take, and asks these of what is saved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from claims.models import EvidenceLink, Premise
from claims.rules.ground import GROUND_RULES, PartsOfSet, Resting
from claims.rules.judgement import refuse
from claims.rules.network_rows import batches
from claims.rules.registry import Finding, apply
from factcheck.models.guards import changed, guard


def guard_evidence() -> None:
    """Have the rules asked of every link and premise that is saved from now on."""
    guard(EvidenceLink, check_saved_links)
    guard(Premise, check_saved_premises)


def check_saved_links(rows: Sequence[EvidenceLink]) -> None:
    """Raise RuleViolation for a link by which its set has several bearings, or that closes a circle of premises."""
    asked = changed(rows, "bearing", "set_name", "claim_id")
    named = {(row.claim_id, row.set_name) for row in asked if row.set_name and row.withdrawn_at is None}
    if named:
        sets = load_sets({claim for claim, _name in named})
        _refuse(one for one in sets if (one.claim, one.name) in named)
    moved = [row.pk for row in changed(rows, "claim_id") if row._before is not None]
    if moved:
        _refuse_circles(Premise.objects.standing().filter(link__in=moved).values_list("link__claim", "claim"))


def check_saved_premises(rows: Sequence[Premise]) -> None:
    """Raise RuleViolation for a premise that closes a circle."""
    asked = [row for row in changed(rows, "link_id", "claim_id") if row.withdrawn_at is None]
    if asked:
        _refuse_circles((row.link.claim_id, row.claim_id) for row in asked)


def _refuse_circles(pairs: Iterable[tuple[int, int]]) -> None:
    pairs = list(pairs)
    depends = load_premises({ground for _claim, ground in pairs})
    _refuse(Resting(claim, [ground], depends) for claim, ground in pairs)


def _refuse(cases: Iterable[PartsOfSet | Resting]) -> None:
    refuse([finding for case in cases for finding in find_in(case)])


def find_in(case: PartsOfSet | Resting) -> Iterator[Finding]:
    """What such a set, or what rests so, breaks."""
    sets, circle = GROUND_RULES
    return apply((sets,) if isinstance(case, PartsOfSet) else (circle,), case)


def find_ground(claims: Iterable[int]) -> Iterator[Finding]:
    """What breaks the rules on sets and premises on these claims; a circle is found from each of its claims."""
    for batch in batches(claims):
        for parts in load_sets(batch):
            yield from find_in(parts)
        depends = load_premises(batch)
        for claim in batch:
            if claim in depends:
                yield from find_in(Resting(claim, depends[claim], depends))


def load_sets(claims: Collection[int]) -> list[PartsOfSet]:
    """The sets on these claims, of what stands."""
    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    links = EvidenceLink.objects.standing().filter(claim__in=claims).exclude(set_name="").order_by("pk")
    for claim, name, bearing in links.values_list("claim_id", "set_name", "bearing"):
        found[claim, name].add(bearing)
    return [PartsOfSet(claim, name, frozenset(bearings)) for (claim, name), bearings in found.items()]


def load_premises(claims: Collection[int]) -> dict[int, set[int]]:
    """On which claims the evidence on these depends, and on which that on those; a query for each step."""
    depends: dict[int, set[int]] = defaultdict(set)
    reached, frontier = set(claims), set(claims)
    while frontier:
        rows = Premise.objects.standing().filter(link__claim__in=frontier, link__withdrawn_at=None).order_by()
        new = set()
        for claim, ground in rows.values_list("link__claim", "claim"):
            depends[claim].add(ground)
            new.add(ground)
        frontier = new - reached
        reached |= frontier
    return dict(depends)
