"""`manage.py deliver_webhooks`: tells the receivers of webhooks what happened."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import CommandParser
from django.db import close_old_connections
from tqdm import tqdm

from factcheck.base.command import RegisterCommand, whole_number
from factcheck.webhooks.delivery import deliver, waiting


class Command(RegisterCommand):
    help = (
        "Send what is due to the receivers of webhooks, once, and print what came of it. Run it every minute, or with "
        "--every as a service; where two run at once, each receiver is served by one of them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--once", action="store_true", help="one pass, as without any option")
        how.add_argument(
            "--every",
            type=whole_number(86_400, "a number of seconds"),
            metavar="SECONDS",
            help="one pass after another, until stopped",
        )

    def handle(self, *args: Any, every: int | None, verbosity: int, **options: Any) -> None:
        try:
            self.run_once(verbosity)
            while every:
                time.sleep(every)
                close_old_connections()
                self.run_once(verbosity)
        except KeyboardInterrupt:
            self.stderr.write("Stopped.")

    def run_once(self, verbosity: int) -> None:
        """One pass."""
        with tqdm(total=waiting(), unit=" entries", disable=None, leave=False) as progress:
            summary = deliver(watch=progress.update)
        if verbosity:
            self.stdout.write(f"Webhooks: {summary}.")
