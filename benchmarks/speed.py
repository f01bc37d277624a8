"""What the register costs: `python -m benchmarks.speed --claims 100000 --engine sqlite --engine postgres`.

Fills a register of that size, or takes the one that is kept, asks it for every case, and prints what each took beside
its bound. `--write` writes the tables to `docs/performance.md`.
"""

from __future__ import annotations

import argparse
import fnmatch
import sys
from pathlib import Path

from tqdm import tqdm

from benchmarks import report
from benchmarks.case import Case
from benchmarks.cases import cases
from benchmarks.measure import Result, measure
from benchmarks.peers import available
from benchmarks.registers import ENGINES, KEPT, Register, copied, kept_register
from benchmarks.workers import workers


def chosen(claims: int, patterns: list[str]) -> list[Case]:
    """The cases whose names match one of the patterns, such as `filter*`; without patterns all of them."""
    return [
        case
        for case in cases(claims)
        if not patterns or any(fnmatch.fnmatch(case.name, pattern) for pattern in patterns)
    ]


def run(register: Register, wanted: list[Case], rounds: int, *, served: bool, forget: bool = False) -> list[Result]:
    """What these cases took on this register; those that write are asked of a copy."""
    others, missing = available()
    for reason in missing:
        print(reason, file=sys.stderr)
    reading, writing = ([case for case in wanted if case.writes is writes] for writes in (False, True))
    results = []
    with tqdm(total=len(wanted), unit=" cases", disable=None, leave=False) as bar:

        def tell(name: str) -> None:
            bar.set_description(f"{register.engine}, {name}")
            bar.update()

        if reading:
            peers = others if any(case.peer for case in reading) else []
            with workers(["product", "floor", *peers], register, served=served, forget=forget) as running:
                results += measure(reading, running, rounds, tell)
        if writing:
            peers = [name for name in others if any(case.peer and name in case.peers for case in writing)]
            names = ["product", "floor", *peers]
            with copied(register) as copy, workers(names, copy, served=served, forget=forget) as running:
                results += measure(writing, running, rounds, tell)
    return results


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--engine", action="append", choices=ENGINES, help="may be given again; by default both")
    parser.add_argument("--cases", nargs="+", default=[], metavar="NAME", help="such as 'filter*'; by default all")
    parser.add_argument("--list", action="store_true", help="tell the names of the cases, and ask nothing")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=Path, default=KEPT, help="where filled registers are kept (%(default)s)")
    parser.add_argument("--no-trail", action="store_true", help="without history and audit entries")
    parser.add_argument("--in-process", action="store_true", help="without a server and a socket")
    parser.add_argument("--forget", action="store_true", help="no process remembers what it answered")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    options = parser.parse_args(arguments)
    wanted = chosen(options.claims, options.cases)
    if options.list:
        print("\n".join(case.name for case in wanted))
        return 0
    told: dict[str, list[Result]] = {}
    for engine in options.engine or ENGINES:
        with kept_register(engine, options.claims, options.keep, trail=not options.no_trail) as register:
            told[engine] = run(register, wanted, options.rounds, served=not options.in_process, forget=options.forget)
    page = report.page(told, options.claims, report.command("speed", arguments))
    print(page)
    for results in told.values():
        for result in results:
            for line in result.different[:10]:
                print(f"{result.case.name}: {line}", file=sys.stderr)
    if options.write:
        report.write(page)
    return 1 if any(result.broken(engine) for engine, results in told.items() for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
