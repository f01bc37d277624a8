"""The tables of a run as Markdown, with the machine and the versions that they were measured with."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.measure import Result, bounds_of
from benchmarks.peers import NEEDS
from benchmarks.registers import ROOT

PAGE = ROOT / "docs" / "performance.md"
ENGINE_NAMES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
PACKAGES = ("Django", "djangorestframework", "psycopg", "orjson", "django-ninja", "fastapi")


def head(command: str) -> list[str]:
    """What was called, where and when."""
    return [f"`{command}`", "", f"{machine()}; {versions()}; {datetime.now(tz=UTC):%Y-%m-%d}.", ""]


def page(told: dict[str, list[Result]], claims: int, command: str) -> str:
    """All tables of a run, and where and when it was."""
    lines = [*head(command), f"{claims:,} claims.", ""]
    for engine, results in told.items():
        over = sum(bool(result.broken(engine)) for result in results)
        lines += [f"### {ENGINE_NAMES[engine]}", "", *table(results, engine), ""]
        lines += [f"{over} of {len(results)} cases are over their bound or not answered as they should be.", ""]
    return "\n".join(lines)


def table(results: list[Result], engine: str) -> Iterator[str]:
    """One line a case."""
    there = [name for name in NEEDS if any(name in result.ratios for result in results)]
    heads = [
        "aim",
        "case",
        "statements",
        "kB",
        "CPU ms: server + database",
        "x floor",
        *(f"x {name}" for name in there),
    ]
    yield line([*heads, "bound", ""])
    yield line(["---"] * (len(heads) + 2))
    for result in results:
        case, broken = result.case, result.broken(engine)
        ratios = [f"{result.ratios[name]:.2f}" if name in result.ratios else "" for name in there]
        wanted = [str(bound) for bound in bounds_of(case, engine)]
        wanted += [f"{case.statements} statements"] if case.statements else []
        yield line(
            [
                *(str(case.aim), case.name, str(result.queries), f"{result.size / 1_000:.0f}"),
                f"{result.spent.app:.2f} + {result.spent.database:.2f}",
                f"{result.ratios['floor']:.1f}",
                *ratios,
                ", ".join(wanted),
                f"OVER: {', '.join(broken)}" if broken else "ok" if wanted else "",
            ]
        )


def line(cells: list[str]) -> str:
    """A row of a table."""
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


def write(text: str, part: str = "speed") -> None:
    """Put the tables into this part of the page, in the place of those of the last run."""
    begin, end = f"<!-- {part}: begin -->", f"<!-- {part}: end -->"
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    PAGE.write_text(f"{before}{begin}\n\n{text}\n{end}{rest.partition(end)[2]}", encoding="utf-8")
