"""Measures cases in rounds that go from one application to the next, and takes the medians."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from benchmarks.case import Bound, Case
from benchmarks.clock import Spent
from benchmarks.request import Request
from benchmarks.worker import Told, Worker

ROUND = 60.0
"""About so many milliseconds one application is asked in a round: what is cheap is asked more often."""
MOST = 60
WARM = 500
"""Requests until Python has specialised what it runs."""
SLOW = 1_500.0
"""What takes longer than so many milliseconds is asked twice and no more."""
PEERS = ("raw", "drf", "ninja", "fastapi", "stored")
FLOOR = Request("/api/v1/")


@dataclass(slots=True)
class Result:
    """What one case took."""

    case: Case
    queries: int = 0
    status: int = 200
    size: int = 0
    spent: Spent = field(default_factory=lambda: Spent(0, 0))
    ratios: dict[str, float] = field(default_factory=dict)
    """The median of product / other application, round by round."""
    others: dict[str, float] = field(default_factory=dict)
    """CPU milliseconds of the others."""

    def broken(self, engine: str) -> list[str]:
        """What is over its bound, or not as it should be; empty where all is well."""
        found = [str(bound) for bound in bounds_of(self.case, engine) if self.ratios.get(bound.of, 0) > bound.times]
        if self.case.statements and self.queries > self.case.statements:
            found.append(f"{self.case.statements} statements")
        wanted = 304 if self.case.known else self.case.status
        return found if self.status == wanted else [*found, f"status {self.status}"]


def bounds_of(case: Case, engine: str) -> list[Bound]:
    return [bound for bound in case.bounds if bound.engine in {"", engine}]


def measure(
    cases: Iterable[Case], workers: dict[str, Worker], rounds: int, told: Callable[[str], object]
) -> list[Result]:
    """The results of all cases. In each round of a case all applications answer, one after the other."""
    results = []
    workers["floor"].measure(FLOOR, WARM)
    for case in cases:
        told(case.name)
        results.append(_measure(case, workers, rounds))
    return results


def _measure(case: Case, workers: dict[str, Worker], rounds: int) -> Result:
    product = workers["product"]
    request = case.request
    first = product.measure(request, 1)
    if case.known:
        request = replace(request, headers={**request.headers, "if-none-match": first.headers.get("etag", '"none"')})
    asked: dict[str, Request] = {"product": request, "floor": FLOOR}
    asked |= {name: Request(f"/{case.peer}{_query(request)}") for name in PEERS if case.peer and name in workers}
    warm = {name: workers[name].measure(what, 1) for name, what in asked.items()}
    slow = warm["product"].spent.total > SLOW
    seen: dict[str, list[Told]] = {name: [] for name in asked}
    for _ in range(min(rounds, 2) if slow else rounds):
        for name, what in asked.items():
            times = max(1, min(MOST, round(ROUND / max(warm[name].spent.total, 0.01))))
            seen[name].append(workers[name].measure(what, times))
    own = [told.spent.total for told in seen["product"]]
    result = Result(case, product.queries(request), seen["product"][-1].status, seen["product"][-1].size)
    result.spent = Spent(
        statistics.median(told.app for told in seen["product"]),
        statistics.median(told.database for told in seen["product"]),
    )
    for name in set(asked) - {"product"}:
        others = [told.spent.total for told in seen[name]]
        result.ratios[name] = statistics.median(
            mine / max(other, 1e-6) for mine, other in zip(own, others, strict=True)
        )
        result.others[name] = statistics.median(others)
    return result


def _query(request: Request) -> str:
    """What of the question a peer has to know."""
    return f"?path={request.path.partition('?')[0]}"
