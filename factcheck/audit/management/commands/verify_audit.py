"""Verify the audit trail from its first entry to its last."""

from __future__ import annotations

import argparse
import re
from typing import Any

from django.core.management.base import CommandError
from tqdm import tqdm

from factcheck.audit.differences import history_models
from factcheck.audit.models import AuditEntry
from factcheck.audit.verification import Break, verify
from factcheck.base.command import RegisterCommand

SHOWN = 20


def head(text: str) -> tuple[int, str]:
    """`123:abc…` as an entry id and its hash; also in the line that `/trail/head.txt` answers."""
    found = re.fullmatch(r"(?:head=)?(\d{1,18}):([0-9a-f]{64})(?:;.*)?\s*", text)
    if not found:
        raise argparse.ArgumentTypeError("give a head as ID:HASH, as verify_audit prints it, or the line of head.txt")
    return int(found[1]), found[2]


class Command(RegisterCommand):
    help = (
        "Recompute the hash chain of the audit trail and compare it with the history. Prints the head of the chain; "
        "keep it elsewhere and pass it later with --head: only so are entries noticed that were cut from the end."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--head", action="append", type=head, default=[], metavar="ID:HASH", help="A head that was kept elsewhere."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        total = AuditEntry.objects.count()
        broken: list[Break] = []
        read = 0
        with tqdm(total=total, unit=" entries", disable=None, leave=False) as progress:
            for step in verify(history_models(), options["head"]):
                if isinstance(step, Break):
                    broken.append(step)
                else:
                    progress.update(step - read)
                    read = step
        if broken:
            for found in broken[:SHOWN]:
                place = f"entry {found.entry_id}" if found.entry_id is not None else "history"
                self.stderr.write(self.style.ERROR(f"{place}: {found.problem}"))
            more = f" (the first {SHOWN} are shown)" if len(broken) > SHOWN else ""
            raise CommandError(
                f"The audit trail does not hold: {len(broken)} break{'s' if len(broken) != 1 else ''}{more}."
            )
        last = AuditEntry.objects.order_by("-id").first()
        self.stdout.write(f"{read} entries hold.")
        if last is not None:
            self.stdout.write(f"head {last.id}:{last.hash}")
