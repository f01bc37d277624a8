"""The tables of a run as Markdown, with the machine and the versions that they were measured with."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.measure import PEERS, Result, bounds_of
from benchmarks.registers import ROOT

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
PACKAGES = ("Django", "djangorestframework", "psycopg", "orjson", "django-ninja", "fastapi")


def page(told: dict[str, list[Result]], claims: int, command: str) -> str:
    """All tables of a run, and where and when it was."""
    lines = [f"`{command}`", "", f"{claims:,} claims; {machine()}; {versions()}; {datetime.now(tz=UTC):%Y-%m-%d}.", ""]
    for engine, results in told.items():
        over = sum(bool(result.broken(engine)) for result in results)
        lines += [f"### {'SQLite' if engine == 'sqlite' else 'PostgreSQL'}", "", *table(results, engine), ""]
        lines += [f"{over} of {len(results)} cases are over their bound or not answered as they should be.", ""]
    return "\n".join(lines)


def table(results: list[Result], engine: str) -> Iterator[str]:
    """One line a case."""
    there = [name for name in PEERS if any(name in result.ratios for result in results)]
    heads = [
        "aim",
        "case",
        "statements",
        "kB",
        "CPU ms: server + database",
        "x floor",
        *(f"x {name}" for name in there),
    ]
    yield _line([*heads, "bound", ""])
    yield _line(["---"] * (len(heads) + 2))
    for result in results:
        case, broken = result.case, result.broken(engine)
        ratios = [f"{result.ratios[name]:.2f}" if name in result.ratios else "" for name in there]
        wanted = [str(bound) for bound in bounds_of(case, engine)]
        wanted += [f"{case.statements} statements"] if case.statements else []
        yield _line(
            [
                *(str(case.aim), case.name, str(result.queries), f"{result.size / 1_000:.0f}"),
                f"{result.spent.app:.2f} + {result.spent.database:.2f}",
                f"{result.ratios['floor']:.1f}",
                *ratios,
                ", ".join(wanted),
                f"OVER: {', '.join(broken)}" if broken else "ok" if wanted else "",
            ]
        )


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def machine() -> str:
    """The processor of this machine, and how many of its kind."""
    told = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in told if line.startswith("model name")]
    return f"{len(names)} x {names[0] if names else platform.processor() or platform.machine()}"


def versions() -> str:
    """Of Python, the databases and the packages that count."""
    found = [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)


def write(text: str) -> None:
    """Put the tables into the page, in the place of those of the last run."""
    there = PAGE.read_text(encoding="utf-8")
    before, _, rest = there.partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
