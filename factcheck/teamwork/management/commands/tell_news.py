"""`manage.py tell_news`: what the desk has not been told yet, in its lists and by mail."""

from __future__ import annotations

from typing import Any

from factcheck.base.command import RegisterCommand
from factcheck.teamwork.notices import tell_all


class Command(RegisterCommand):
    help = (
        "Tell the desk what happened since the last time, and send the mails that are due. A worker does it by itself."
    )

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        read, sent = tell_all()
        if verbosity:
            self.stdout.write(f"Entries of the trail read: {read}. Mails sent: {sent}.")
