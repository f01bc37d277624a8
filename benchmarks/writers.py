"""How long writers wait for each other: `python -m benchmarks.writers --writers 8 --seconds 20`.

So many clients create claims, and every tenth time a hundred at once, as fast as they are answered, on a copy of a
register that is served with a thread for each. The longest wait of any of them is told in seconds, by the clock.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import sys
import threading
import time
from pathlib import Path

from benchmarks import report
from benchmarks.cases import cases
from benchmarks.registers import ENGINES, KEPT, Register, copied, kept_register
from benchmarks.workers import send, workers

LONGEST = {"sqlite": 3.0}
"""Seconds, where there is a bound: SQLite lets one write at a time."""
MANY = 10


def run(register: Register, writers: int, seconds: float) -> tuple[list[float], list[int]]:
    """How long each request took, and the statuses of those that were refused."""
    named = {case.name: case for case in cases(register.claims)}
    case = named["create a claim"]
    waits: list[float] = []
    refused: list[int] = []
    with workers(["product"], register) as running:
        product = running["product"]
        port = product.order("serve", threads=writers)
        one, many = (product.prepared(named[name].request) for name in ("create a claim", "create 100 claims at once"))
        end = time.monotonic() + seconds

        def write(number: int) -> None:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
            nth = 0
            while time.monotonic() < end:
                nth += 1
                request = case.about(many if nth % MANY == number % MANY else one, nth * writers + number)
                request = request.numbered(1_000_000 * (number + 1) + nth)
                before = time.monotonic()
                response = send(connection, request)
                response.read()
                waits.append(time.monotonic() - before)
                if response.status != 201:
                    refused.append(response.status)
            connection.close()

        threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return waits, refused


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--engine", action="append", choices=ENGINES, help="may be given again; by default both")
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--keep", type=Path, default=KEPT, help="where filled registers are kept (%(default)s)")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    options = parser.parse_args(arguments)
    heads = ["database", "writers", "requests", "median s", "longest s", "refused", "bound", ""]
    lines = report.head(report.command("writers", arguments))
    lines += [report.line(heads), report.line(["---"] * len(heads))]
    broken = False
    for engine in options.engine or ENGINES:
        with kept_register(engine, options.claims, options.keep, trail=True) as kept, copied(kept) as register:
            waits, refused = run(register, options.writers, options.seconds)
        bound = LONGEST.get(engine)
        over = bool(refused) or (bound is not None and max(waits) > bound)
        broken |= over
        figures = [str(len(waits)), f"{statistics.median(waits):.2f}", f"{max(waits):.2f}", str(len(refused))]
        verdict = [f"{bound:g} s" if bound else "", "OVER" if over else "ok"]
        lines.append(report.line([report.ENGINE_NAMES[engine], str(options.writers), *figures, *verdict]))
    page = "\n".join([*lines, ""])
    print(page)
    if options.write:
        report.write(page, "writers")
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
