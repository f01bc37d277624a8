"""How much room a register takes: `python -m benchmarks.space --claims 10000`, in bytes a claim with all indexes."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections import Counter
from pathlib import Path

import psycopg

from benchmarks import report
from benchmarks.registers import ENGINES, KEPT, Register, kept_register

POSTGRES = "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind IN ('r', 'm')"
SQLITE = """
    SELECT coalesce(schema.tbl_name, stat.name), sum(stat.pgsize)
    FROM dbstat stat LEFT JOIN sqlite_schema schema ON schema.name = stat.name GROUP BY 1
"""
"""Of a table with its indexes."""
GROUPS = ("rows", "history", "audit", "derived")
DERIVED = ("claims_quotecheck", "claims_storedstate", "representation", "search", "stored")
"""Tables, or parts of their names, of what is made from the rows and can be made again."""
APPS = ("claims_", "sources_", "audit_", "webhooks_", "factcheck_")


def group_of(table: str) -> str:
    """What a table belongs to; empty for one of Django, the engine or the people."""
    if table.startswith("audit_"):
        return "audit"
    if "historical" in table:
        return "history"
    if any(name in table for name in DERIVED):
        return "derived"
    return "rows" if table.startswith(APPS) else ""


def sizes(register: Register) -> Counter[str]:
    """Bytes of each group."""
    if register.engine == "sqlite":
        with sqlite3.connect(f"file:{register.folder}/register.sqlite3?mode=ro", uri=True) as database:
            found = database.execute(SQLITE).fetchall()
    else:
        with psycopg.connect(register.url) as connection:
            found = connection.execute(POSTGRES).fetchall()
    counted: Counter[str] = Counter()
    for table, size in found:
        counted[group_of(table)] += size
    return counted


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--engine", action="append", choices=ENGINES, help="may be given again; by default both")
    parser.add_argument("--keep", type=Path, default=KEPT, help="where filled registers are kept (%(default)s)")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    options = parser.parse_args(arguments)
    heads = ["database", *GROUPS, "rows, history and audit"]
    lines = report.head(report.command("space", arguments))
    lines += [report.line(heads), report.line(["---"] * len(heads))]
    for engine in options.engine or ENGINES:
        with kept_register(engine, options.claims, options.keep, trail=True) as register:
            found = sizes(register)
        each = [found[name] / options.claims for name in GROUPS]
        lines.append(report.line([report.ENGINE_NAMES[engine], *(f"{size:,.0f}" for size in (*each, sum(each[:3])))]))
    page = "\n".join([*lines, ""])
    print(page)
    if options.write:
        report.write(page, "space")
    return 0


if __name__ == "__main__":
    sys.exit(main())
