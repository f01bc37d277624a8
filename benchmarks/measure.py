"""Measures cases in rounds that go from one application to the next, and takes the medians."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from benchmarks.case import Bound, Case
from benchmarks.clock import Spent
from benchmarks.compare import differences
from benchmarks.peers import OF_CLAIMS
from benchmarks.request import Request
from benchmarks.workers import Told, Worker

ROUND = 60.0
"""About so many milliseconds one application is asked in a round: what is cheap is asked more often."""
MOST = 60
WARM, AGAIN = 500, 3
"""Requests to the floor until Python has specialised what it runs, and those of each case before any counts."""
SLOW = 1_500.0
"""What takes longer than so many milliseconds is asked twice and no more."""
KNOWN_FOR = 2.0
"""Seconds after which an ETag is still to be known: one that tells the time is no use to anybody."""
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
    different: list[str] = field(default_factory=list)
    """What a peer answers otherwise, field by field."""

    def broken(self, engine: str) -> list[str]:
        """What is over its bound, or not as it should be; empty where all is well."""
        found = [str(bound) for bound in bounds_of(self.case, engine) if self.ratios.get(bound.of, 0) > bound.times]
        if self.case.statements and self.queries > self.case.statements:
            found.append(f"{self.case.statements} statements")
        if self.different:
            found.append(f"differs in {len(self.different)} fields from a peer")
        wanted = 304 if self.case.known else self.case.status
        return found if self.status == wanted else [*found, f"status {self.status}"]

    def unmeasured(self, engine: str) -> list[str]:
        """What its bounds name and was not there."""
        return [bound.of for bound in bounds_of(self.case, engine) if bound.of not in self.ratios]


def bounds_of(case: Case, engine: str) -> list[Bound]:
    return [bound for bound in case.bounds if bound.engine in {"", engine}]


def measure(
    cases: Iterable[Case], workers: dict[str, Worker], rounds: int, told: Callable[[str], object]
) -> list[Result]:
    """The results of all cases. In each round of a case all applications answer, one after the other."""
    results = []
    workers["floor"].ask(FLOOR, WARM)
    for case in cases:
        told(case.name)
        results.append(_measure(case, workers, rounds))
    _compare_cases(results)
    return results


def _compare_cases(results: list[Result]) -> None:
    """Fill in the ratios to other cases, for bounds that name one."""
    taken = {result.case.name: result.spent.total for result in results}
    for result in results:
        for bound in result.case.bounds:
            if bound.of in taken:
                result.ratios[bound.of] = result.spent.total / taken[bound.of]


@dataclass(slots=True)
class Turn:
    """One application, asked for one case again and again."""

    worker: Worker
    request: Request
    case: Case
    items: list[int]
    seen: list[Told] = field(default_factory=list)
    times: int = 1

    def ask(self, times: int) -> Told:
        if not self.case.items or self.worker.name != "product":
            return self.worker.ask(self.request, times)
        return self.worker.ask_all([self.with_item() for _ in range(times)])

    def with_item(self) -> Request:
        """The request for a row that had none before, of which is asked what comes first."""
        item = self.items.pop()
        for request in self.case.before:
            self.worker.ask_all([request.numbered(item, "{item}")])
        return self.request.numbered(item, "{item}")

    def warm(self, slow: bool) -> None:
        """Ask a few times, and find out how often to ask in a round."""
        spent = self.ask(1 if slow else AGAIN).spent.total
        most = len(self.items) // 10 if self.items else MOST
        self.times = max(1, min(most, round(ROUND / max(spent, 0.01))))

    def median(self) -> Spent:
        app, database = zip(*((told.app, told.database) for told in self.seen), strict=True)
        return Spent(statistics.median(app), statistics.median(database))


def _measure(case: Case, workers: dict[str, Worker], rounds: int) -> Result:
    product = Turn(workers["product"], case.request, case, list(case.items))
    first = product.ask(1)
    if case.known:
        time.sleep(KNOWN_FOR)
        known = {**case.request.headers, "if-none-match": first.headers.get("etag", '"none"')}
        product.request = replace(case.request, headers=known)
    others = {"floor": Turn(workers["floor"], FLOOR, case, [])}
    peers = [name for name in case.peers or OF_CLAIMS if name in workers and case.peer]
    others |= {name: Turn(workers[name], peer_request(case), case, []) for name in peers}
    slow = first.spent.total > SLOW
    for turn in (product, *others.values()):
        turn.warm(slow)
    for _ in range(min(rounds, 2) if slow else rounds):
        for turn in (product, *others.values()):
            turn.seen.append(turn.ask(turn.times))
    counted = product.with_item() if product.items else product.request
    result = Result(case, product.worker.count(counted), product.seen[-1].status, product.seen[-1].size)
    result.spent = product.median()
    for name, turn in others.items():
        pairs = zip(product.seen, turn.seen, strict=True)
        result.ratios[name] = statistics.median(mine.spent.total / max(it.spent.total, 1e-6) for mine, it in pairs)
        result.others[name] = turn.median().total
        if name in OF_CLAIMS and case.same and result.status == case.status:
            told = differences(product.worker.body(product.request), turn.worker.body(turn.request))
            result.different += [f"{name} {line}" for line in told]
    return result


def peer_request(case: Case) -> Request:
    """The same question in the address of the peers."""
    number = case.request.path.rstrip("/").rpartition("/")[2]
    path = f"/detail/{number}/" if case.peer == "detail" else f"/{case.peer}/"
    request = Request(path, case.request.method, body=case.request.body)
    return request.numbered(case.items[0], "{item}") if case.items else request
