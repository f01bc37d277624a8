"""The audit trail and the history in partitions: `python -m benchmarks.partitions --claims 10000 --rows 20000`.

On a copy of a register: how long cutting takes and how long it keeps others away, whether the trail holds afterwards,
and what the database reads for the same questions before and after: partitions that the plan names, and blocks.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from benchmarks import report
from benchmarks.registers import KEPT, ROOT, Register, copied, kept_register

TRAIL = "audit_auditentry"
QUESTIONS = {
    "one entry": "SELECT * FROM {trail} WHERE id = {middle}",
    "a page of the trail": "SELECT * FROM {trail} WHERE id < {middle} ORDER BY id DESC LIMIT 50",
    "a stretch, as verify_audit asks": "SELECT * FROM {trail} WHERE id BETWEEN {middle} AND {middle} + 9 ORDER BY id",
    "the last entry": "SELECT * FROM {trail} ORDER BY id DESC LIMIT 1",
    "all of one claim": "SELECT * FROM {trail} WHERE object_type = 'claim' AND object_id = '777' ORDER BY id DESC",
    "one version of a claim": "SELECT * FROM {history} WHERE history_id = {version}",
    "all versions of a claim": "SELECT * FROM {history} WHERE id = 777 ORDER BY history_id",
}
"""What is asked of both; the last of each table names no number, and looks into every partition."""


def command(register: Register, *given: str) -> float:
    """Seconds that a command took."""
    began = time.monotonic()
    environment = {**register.environment, "FACTCHECK_LOG_LEVEL": "CRITICAL"}
    subprocess.run([sys.executable, "manage.py", *given], check=True, cwd=ROOT, env=environment, capture_output=True)
    return time.monotonic() - began


def plans(register: Register, trail: str, history: str) -> Iterator[tuple[str, int, int, float]]:
    """For each question how many tables its plan reads, how many blocks, and the milliseconds of the fastest run."""
    with psycopg.connect(register.url) as connection:
        middle = _one(connection, f"SELECT max(id) / 2 FROM {trail}")
        version = _one(connection, f"SELECT max(history_id) / 2 FROM {history}")
        for name, question in QUESTIONS.items():
            asked = question.format(trail=trail, history=history, middle=middle, version=version)
            found = [_one(connection, f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {asked}")[0] for _ in range(5)]
            plan = found[-1]["Plan"]
            yield (
                name,
                _scans(plan),
                plan["Shared Hit Blocks"] + plan["Shared Read Blocks"],
                min(one["Execution Time"] + one["Planning Time"] for one in found),
            )


def _scans(plan: dict[str, Any]) -> int:
    own = "Relation Name" in plan and plan.get("Actual Loops", 0) > 0
    return own + sum(_scans(below) for below in plan.get("Plans", ()))


def _one(connection: psycopg.Connection, query: str) -> Any:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--rows", type=int, default=20_000, help="numbers in a partition (%(default)s)")
    parser.add_argument("--keep", type=Path, default=KEPT, help="where filled registers are kept (%(default)s)")
    options = parser.parse_args(arguments)
    print("\n".join(report.head(report.command("partitions", arguments))))
    with kept_register("postgres", options.claims, options.keep, trail=True) as kept, copied(kept) as register:
        with psycopg.connect(register.url) as connection:
            (tables,) = connection.execute(
                "SELECT json_object_agg(relname, reltuples) FROM pg_class WHERE relname IN "
                "('audit_auditentry', 'claims_historicalclaim')"
            ).fetchone() or ({},)
        print(f"Rows: {json.dumps(tables)}\n")
        history = "claims_historicalclaim"
        command(register, "verify_audit")
        before = list(plans(register, TRAIL, history))
        cut = command(register, "partition_history", "--rows", str(options.rows))
        command(register, "verify_audit")
        after = list(plans(register, TRAIL, history))
        again = command(register, "partition_history")
        undone = command(register, "partition_history", "--undo")
        command(register, "verify_audit")
    print(f"Cut in {cut:.1f} s, run again in {again:.1f} s, put back in {undone:.1f} s; the trail held each time.\n")
    heads = ["question", "tables read, plain and in partitions", "blocks", "ms"]
    print(report.line(heads))
    print(report.line(["---"] * len(heads)))
    for (name, *plain), (_name, *parted) in zip(before, after, strict=True):
        told = [f"{one:,.2f} and {other:,.2f}".replace(".00", "") for one, other in zip(plain, parted, strict=True)]
        print(report.line([name, *told]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
