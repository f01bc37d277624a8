"""`manage.py work`: makes what was asked for, one after another, until it is stopped."""

from __future__ import annotations

import os
import signal
import threading
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from claims.exports.job import tend


class Command(BaseCommand):
    """`python -m factcheck.serve` starts one; more may run beside it, on other machines too."""

    help = (
        "Make exports that were asked for, until stopped. What a worker left behind that was killed is taken up again. "
        "SIGTERM lets it finish what it is at."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="make what waits now, then end")
        parser.add_argument(
            "--with-parent", action="store_true", help="end when standard input ends, as it does with who started it"
        )

    def handle(self, *args: Any, once: bool, with_parent: bool, verbosity: int, **options: Any) -> None:
        if with_parent:
            threading.Thread(target=end_with_parent, daemon=True).start()
        again = tend()
        if again and verbosity:
            self.stderr.write(f"{again} exports that were stopped are taken up again.")
        call_command("db_worker", reload=False, batch=once, startup_delay=not once, verbosity=verbosity)


def end_with_parent() -> None:
    """Wait for the end of standard input, then ask this process to end."""
    # Not by sys.stdin: Python cannot end while another thread waits in its buffer.
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
