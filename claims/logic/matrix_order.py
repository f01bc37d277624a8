"""Orders the claims of a matrix, given which of its rows are counted as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from claims.logic import weighing
from claims.logic.matrix import Cell

DIGITS = 9
"""Scores that differ by less are the same: sums of floats differ with the order of their terms."""


@dataclass(frozen=True, slots=True)
class Total:
    """What the cells of one claim come to, each cell by its share."""

    against: float = 0.0
    fit: float = 0.0
    rated: float = 0.0
    not_applicable: float = 0.0
    total: float = 0.0

    def __sub__(self, other: Total) -> Total:
        return Total(
            self.against - other.against,
            self.fit - other.fit,
            self.rated - other.rated,
            self.not_applicable - other.not_applicable,
            self.total - other.total,
        )

    @property
    def tested(self) -> bool:
        """Whether any cell says more than “not applicable”: where none does, nothing could speak against the claim."""
        says = round(self.rated - self.not_applicable, DIGITS) > 0
        return says or round(self.against + self.fit, DIGITS) > 0

    @property
    def key(self) -> tuple[float, ...]:
        """Smaller is better."""
        total = self.total or 1
        shares = self.not_applicable / total, (self.total - self.rated) / total
        return tuple(round(value, DIGITS) for value in (self.against, -self.fit, *shares))


Grid = Sequence[Sequence[Cell]]
"""The cells by row, in each row one for each claim."""
Shares = Sequence[Sequence[float]]
"""What each row counts for each claim, 0 where it does not: by claim, then by row."""


@dataclass(frozen=True, slots=True)
class Order:
    """The claims in one order: for each claim, each group of rows that count on it counts once, and these rows share
    what it counts equally. So a claim scores as in a matrix without the rows that do not count on it."""

    shares: Shares
    weights: Shares
    """The weight of the group of each row, likewise."""
    times: Shares
    """The share times the weight."""
    totals: list[Total]
    weighted: list[Total]
    decisive: frozenset[int]
    """The groups without which the first place changes."""

    @classmethod
    def of(
        cls,
        grid: Grid,
        claims: int,
        groups: Sequence[int | None],
        weights: Shares,
        chosen: Callable[[list[float]], float],
    ) -> Order:
        """`weights` has the weight of each row for each claim, of which `chosen` takes that of its group; a row without
        a group counts on no claim."""
        shares, heavy = [], []
        for place in range(claims):
            there = [None if row[place].discounted else group for row, group in zip(grid, groups, strict=True)]
            sizes = Counter(there)
            shares.append([0.0 if group is None else 1 / sizes[group] for group in there])
            heavy.append(_together(there, weights[place], chosen))
        times = [
            [share * weight for share, weight in zip(*column, strict=True)]
            for column in zip(shares, heavy, strict=True)
        ]
        totals, weighted = _totals(grid, shares), _totals(grid, times)
        members: dict[int, list[int]] = {}
        for row, group in enumerate(groups):
            if group is not None:
                members.setdefault(group, []).append(row)
        first = _leaders(totals)
        decisive = {
            group
            for group, rows in members.items()
            if _leaders(_less(totals, _totals([grid[row] for row in rows], _of_rows(shares, rows)))) != first
        }
        return cls(shares, heavy, times, totals, weighted, frozenset(decisive))

    @property
    def leaders(self) -> set[int]:
        return _leaders(self.totals)

    @property
    def ranks(self) -> list[int | None]:
        return _ranks(self.totals)

    @property
    def weighted_ranks(self) -> list[int | None]:
        return _ranks(self.weighted)

    def leaders_once(self, grid: Grid, rows: Sequence[int], shares: Shares) -> set[int]:
        """Who comes first once these rows count by `shares` instead."""
        less = [[own[row] - other[row] for row in rows] for own, other in zip(self.shares, shares, strict=True)]
        return _leaders(_less(self.totals, _totals([grid[row] for row in rows], less)))


def _together(
    groups: Sequence[int | None], weights: Sequence[float], chosen: Callable[[list[float]], float]
) -> list[float]:
    """The weight of the group of each row, chosen among those of its rows.

    A set shows something only whole: it weighs as its weakest piece. An origin weighs as its best piece: a finding is
    not made worse by who reprints it.
    """
    found: dict[int | None, list[float]] = {}
    for group, weight in zip(groups, weights, strict=True):
        found.setdefault(group, []).append(weight)
    best = {group: chosen(several) for group, several in found.items()}
    return [best[group] for group in groups]


def _of_rows(shares: Shares, rows: Sequence[int]) -> Shares:
    return [[column[row] for row in rows] for column in shares]


def _totals(grid: Grid, times: Shares) -> list[Total]:
    """What the cells of each claim come to, each row as often as `times` says."""
    return [_sum((row[place] for row in grid), column) for place, column in enumerate(times)]


def _less(totals: Sequence[Total], others: Sequence[Total]) -> list[Total]:
    return [total - other for total, other in zip(totals, others, strict=True)]


def _sum(cells: Iterable[Cell], times: Sequence[float]) -> Total:
    against = fit = rated = not_applicable = total = 0.0
    for cell, count in zip(cells, times, strict=True):
        # Most cells of a long dispute are not rated.
        if cell.mean is not None:
            against += count * weighing.inconsistency((cell.mean,))
            fit += count * weighing.consistency((cell.mean,))
        rated += count * cell.rated
        not_applicable += count * (cell.consensus == weighing.NOT_APPLICABLE)
        total += count
    return Total(against, fit, rated, not_applicable, total)


def _ranks(totals: Sequence[Total]) -> list[int | None]:
    """1 for the best; claims that nothing tells apart share a rank, and an untested one has none."""
    keys = sorted(total.key for total in totals if total.tested)
    return [keys.index(total.key) + 1 if total.tested else None for total in totals]


def _leaders(totals: Sequence[Total]) -> set[int]:
    against = {place: round(total.against, DIGITS) for place, total in enumerate(totals) if total.tested}
    least = min(against.values(), default=None)
    # Only where several share the least that speaks against them, the rest of their keys decides.
    keys = {place: totals[place].key for place, value in against.items() if value == least}
    first = min(keys.values(), default=None)
    return {place for place, key in keys.items() if key == first}
