"""Verify the audit trail from its first entry to its last."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from tqdm import tqdm

from factcheck.audit.differences import history_models
from factcheck.audit.models import AuditEntry, HeadStamp
from factcheck.audit.models.entry import GENESIS
from factcheck.audit.stamps import holds
from factcheck.audit.verification import Break, verify
from factcheck.base.command import RegisterCommand, whole_number
from factcheck.base.errors import DomainError

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
        parser.add_argument(
            "--after",
            type=head,
            default=(0, GENESIS),
            metavar="ID:HASH",
            help="Begin behind this head, up to which all was found to hold.",
        )
        parser.add_argument(
            "--entries",
            type=whole_number(10**15),
            metavar="N",
            help="Read so many at most, and print the head to go on from; the last piece compares history.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        after, most = options["after"], options["entries"]
        waiting = AuditEntry.objects.filter(id__gt=after[0]).count()
        heads = [*options["head"], *HeadStamp.objects.order_by("entry").values_list("entry", "hash")]
        total = waiting if most is None else min(most, waiting)
        try:
            broken = [Break(stamp.entry, "its time stamp does not hold") for stamp in self.stamps() if not holds(stamp)]
        except DomainError as error:
            raise CommandError(error.message) from error
        read = 0
        with tqdm(total=total, unit=" entries", disable=None, leave=False) as progress:
            for step in verify(history_models(), heads, after=after, most=most):
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
        # Of what holds the numbers follow one another.
        last = AuditEntry.objects.filter(id=after[0] + read)
        behind = f" behind entry {after[0]}" if after[0] else ""
        more = f" {waiting - read} are left: go on with --after and the head." if waiting > read else ""
        self.stdout.write(f"{read} entries{behind} hold.{more}")
        for entry in last:
            self.stdout.write(f"head {entry.id}:{entry.hash}")

    def stamps(self) -> Iterable[HeadStamp]:
        """The time stamps, where the settings say whose are believed."""
        return HeadStamp.objects.order_by("entry").iterator() if settings.FACTCHECK_TIMESTAMP_ROOTS else ()
