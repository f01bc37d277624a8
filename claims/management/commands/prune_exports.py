"""`manage.py prune_exports`: removes the files of exports that have expired."""

from __future__ import annotations

from typing import Any

from claims.exports.file import remove_expired
from factcheck.base.command import RegisterCommand


class Command(RegisterCommand):
    help = (
        "Remove the files of exports that have expired (FACTCHECK_EXPORT_DAYS), and what was left by exports that were "
        "stopped. The records stay. A worker does the same before each export."
    )

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        removed = remove_expired()
        if verbosity:
            self.stdout.write(f"{removed} files removed." if removed != 1 else "1 file removed.")
