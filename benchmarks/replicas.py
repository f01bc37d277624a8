"""How reads grow with read replicas: `python -m benchmarks.replicas --replicas 0 1 2`.

The same public reads are asked of the register with no replica and with more and more of them, real PostgreSQL servers
that follow the primary by streaming replication. On one machine they share its processors, so what is counted is the
CPU time of each server: the busiest of them decides how many reads the servers can answer together if each has a
machine of its own. Also told: that a reader of a replica never read what the primary never said, and how long a change
took to be read on all of them.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from unittest import mock

from benchmarks import report
from benchmarks.cases import CLAIMS
from benchmarks.clock import Clock
from benchmarks.registers import KEPT, Register, copied, kept_register
from benchmarks.request import Request
from benchmarks.standby import Standby, standby_of
from benchmarks.workers import Worker, workers

SETTING = "DATABASE_REPLICA_URLS"
ROUNDS = 3


@dataclass(frozen=True)
class Shared:
    """Milliseconds of CPU a read: of the application, the primary and each replica."""

    app: float
    primary: float
    replicas: list[float]

    @property
    def busiest(self) -> float:
        """What one read costs the server that has most to do."""
        return max(self.primary, *self.replicas) if self.replicas else self.primary


def paths(claims: int) -> list[str]:
    """What is read: details, lists, a filter and a page, each of its own rows."""
    numbers = [1 + nth * max(claims // 40, 1) for nth in range(40)]
    details = [f"{CLAIMS}{number}/" for number in numbers if number <= claims]
    lists = [CLAIMS, f"{CLAIMS}?include=evidence,attributions", f"{CLAIMS}?has_evidence=true", "/api/v1/sources/", "/"]
    return [*details, *lists * 4]


def measure(product: Worker, register: Register, standbys: list[Standby], times: int) -> Shared:
    asked = [Request(path) for path in paths(register.claims)]
    clocks = [Clock(register.postmaster), *(Clock(standby.postmaster) for standby in standbys)]
    product.ask_all(asked * 2)
    for clock in clocks:
        clock.find_children()
    before = [clock.read() for clock in clocks]
    told = [product.ask_all(asked) for _ in range(times)]
    requests = len(asked) * times
    primary, *others = [clock.spent(then, requests).database for clock, then in zip(clocks, before, strict=True)]
    return Shared(sum(one.app for one in told) / times, primary, others)


def follow(product: Worker, register: Register, standbys: list[Standby]) -> float:
    """Seconds until a change is read by everybody: each of 20 readers in a row, and so each of the replicas."""
    path = f"{CLAIMS}{_published(product, register)}/"
    row = json.loads(product.body(Request(path, reader="desk")))
    words = f"Changed at {time.time()}"
    headers = {"x-change-reason": "Measured.", "if-match": f'"{row["version"]}"'}
    body = json.dumps({"context": words})
    began = time.monotonic()
    answer = product.ask_all([Request(path, "PATCH", headers, body, "desk")])
    assert answer.status == 200, answer
    assert json.loads(product.body(Request(path, reader="desk")))["context"] == words
    in_a_row = 0
    while in_a_row < 20:
        read = json.loads(product.body(Request(path)))["context"]
        assert read in {row["context"], words}
        in_a_row = in_a_row + 1 if read == words else 0
        assert time.monotonic() - began < 60, "a replica does not follow"
    return time.monotonic() - began


def _published(product: Worker, register: Register) -> int:
    return int(json.loads(product.body(Request(CLAIMS)))["results"][0]["id"])


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--replicas", type=int, nargs="+", default=[0, 1, 2, 3])
    parser.add_argument("--times", type=int, default=20, help="how often all is asked (%(default)s)")
    parser.add_argument("--keep", type=Path, default=KEPT, help="where filled registers are kept (%(default)s)")
    options = parser.parse_args(arguments)
    print("\n".join(report.head(report.command("replicas", arguments))))
    heads = [
        "replicas",
        "CPU ms a read: application",
        "primary",
        "each replica",
        "reads a second of the busiest server",
    ]
    print(report.line([*heads, "x no replica", "change read by all after s"]))
    print(report.line(["---"] * 7))
    with ExitStack() as stack:
        kept = stack.enter_context(kept_register("postgres", options.claims, options.keep, trail=True))
        register = stack.enter_context(copied(kept))
        alone = 0.0
        for number in sorted(options.replicas):
            with ExitStack() as servers:
                standbys = [servers.enter_context(standby_of(register.url)) for _ in range(number)]
                urls = ",".join(standby.url for standby in standbys)
                servers.enter_context(mock.patch.dict("os.environ", {SETTING: urls}))
                product = servers.enter_context(workers(["product"], replace(register)))["product"]
                shared = measure(product, register, standbys, options.times)
                after = follow(product, register, standbys) if standbys else 0.0
            capacity = 1_000 / shared.busiest
            alone = alone or capacity
            each = ", ".join(f"{value:.2f}" for value in shared.replicas)
            figures = [
                f"{shared.app:.2f}",
                f"{shared.primary:.2f}",
                each,
                f"{capacity:,.0f}",
                f"{capacity / alone:.2f}",
            ]
            print(report.line([str(number), *figures, f"{after:.2f}"]), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
