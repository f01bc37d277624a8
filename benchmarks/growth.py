"""What grows with the register: `python -m benchmarks.growth --engine postgres --claims 10000 100000 1000000`.

Asks registers of several sizes for the same, one after the other and again in each round, and prints what the larger
ones cost as a ratio to the smallest. The processes remember no answer, since that would cost the same at any size.
`--write` writes the table to `docs/performance.md`.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from benchmarks import report
from benchmarks.case import Case
from benchmarks.measure import Turn
from benchmarks.registers import ENGINES, KEPT, kept_register
from benchmarks.speed import chosen
from benchmarks.workers import Worker, workers

SIZES = {"sqlite": (10_000, 100_000, 300_000), "postgres": (10_000, 100_000, 1_000_000)}
BOUND = 1.3
SLOW = 1_500.0


@dataclass(frozen=True, slots=True)
class Growth:
    """CPU milliseconds of one case at each size, and how the larger ones compare with the smallest."""

    name: str
    spent: list[float]
    ratios: list[float]
    statuses: list[int]

    @property
    def broken(self) -> bool:
        return max(self.ratios) > BOUND or any(status != 200 for status in self.statuses)


def measure(name: str, sizes: list[tuple[Worker, Case]], rounds: int) -> Growth:
    """One case at all sizes: `sizes` has the process of each register and the case as it is there."""
    turns = [Turn(worker, case.request, case, []) for worker, case in sizes]
    slow = max(turn.ask(1).spent.total for turn in turns) > SLOW
    for turn in turns:
        turn.warm(slow)
    for _ in range(min(rounds, 2) if slow else rounds):
        for turn in turns:
            turn.seen.append(turn.ask(turn.times))
    smallest = [told.spent.total for told in turns[0].seen]
    ratios = [
        statistics.median(told.spent.total / least for told, least in zip(turn.seen, smallest, strict=True))
        for turn in turns[1:]
    ]
    return Growth(name, [turn.median().total for turn in turns], ratios, [turn.seen[-1].status for turn in turns])


def run(engine: str, claims: list[int], patterns: list[str], rounds: int, keep: Path, *, trail: bool) -> list[Growth]:
    """All cases that are to cost the same at every size."""
    with ExitStack() as stack:
        asked = []
        for size in claims:
            register = stack.enter_context(kept_register(engine, size, keep, trail=trail))
            running = stack.enter_context(workers(["product"], register, served=True, forget=True))
            asked.append((running["product"], {case.name: case for case in chosen(size, patterns) if case.grows}))
        with tqdm(asked[0][1], unit=" cases", disable=None, leave=False) as names:
            return [measure(name, [(worker, cases[name]) for worker, cases in asked], rounds) for name in names]


def table(engine: str, claims: list[int], found: list[Growth]) -> list[str]:
    heads = ["case", *(f"{size:,}" for size in claims), *(f"{size:,} / {claims[0]:,}" for size in claims[1:]), ""]
    lines = [f"### {report.ENGINE_NAMES[engine]}", "", report.line(heads), report.line(["---"] * len(heads))]
    for row in found:
        spent = [
            f"{spent:.2f}{'' if status == 200 else f' ({status})'}"
            for spent, status in zip(row.spent, row.statuses, strict=True)
        ]
        lines.append(
            report.line([row.name, *spent, *(f"{ratio:.2f}" for ratio in row.ratios), "OVER" if row.broken else "ok"])
        )
    return [*lines, "", f"{sum(row.broken for row in found)} of {len(found)} grow by more than {BOUND}.", ""]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", action="append", choices=ENGINES, help="may be given again; by default both")
    parser.add_argument("--claims", nargs="+", type=int, help="the sizes, the smallest first")
    parser.add_argument("--cases", nargs="+", default=[], metavar="NAME", help="such as 'filter*'; by default all")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=Path, default=KEPT, help="where filled registers are kept (%(default)s)")
    parser.add_argument("--trail", action="store_true", help="with history and audit entries")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    options = parser.parse_args(arguments)
    lines, broken = report.head(report.command("growth", arguments)), False
    for engine in options.engine or ENGINES:
        sizes = options.claims or list(SIZES[engine])
        found = run(engine, sizes, options.cases, options.rounds, options.keep, trail=options.trail)
        lines += table(engine, sizes, found)
        broken |= any(row.broken for row in found)
    page = "\n".join(lines)
    print(page)
    if options.write:
        report.write(page, "growth")
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
