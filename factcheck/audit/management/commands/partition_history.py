"""Cut the audit trail and the history of every noun into partitions, on PostgreSQL."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import CommandError
from django.db import connection
from tqdm import tqdm

from factcheck.audit.partitions import CannotPartition, Table, extend, growing_models, merge, partition, read_table
from factcheck.base.command import RegisterCommand, whole_number

ROWS = 50_000_000
"""Some tens of gigabytes: few partitions, since whoever names no number looks into each."""


class Command(RegisterCommand):
    help = (
        "Cut the tables that only ever grow, the audit trail and the history of every noun, into partitions by ranges "
        "of their numbers. Run it again, from a timer, to have partitions ready for what comes. While a table is cut "
        "or put back together nobody else reads or writes it, and it needs its space twice."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--rows", type=whole_number(10**15), default=ROWS, help="How many numbers a partition has (%(default)s)."
        )
        parser.add_argument("--undo", action="store_true", help="Put all rows back into plain tables.")

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("This database is SQLite, which has no partitions. PostgreSQL has them.")
        tables = [read_table(model) for model in growing_models()]
        for table in tqdm(tables, unit=" tables", disable=None, leave=False):
            try:
                done = _undo(table) if options["undo"] else _do(table, options["rows"])
            except CannotPartition as error:
                raise CommandError(str(error)) from error
            if done:
                self.stdout.write(f"{table.name}: {done}")
        self.stdout.write("Done. verify_audit tells whether the trail and the history are whole.")


def _do(table: Table, rows: int) -> str:
    if not table.is_partitioned:
        return f"{partition(table, rows)} rows in {len(table.parts)} partitions"
    added = extend(table)
    return f"{len(added)} partitions more" if added else ""


def _undo(table: Table) -> str:
    return f"{merge(table)} rows in one table" if table.is_partitioned else ""
