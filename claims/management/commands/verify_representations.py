"""Hold every prepared answer against one that is built now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from tqdm import tqdm

from claims.api.preparing import differences
from claims.exports.lists.differing import differing_lines
from claims.logic import wording
from claims.models import Prepared
from factcheck.base.command import RegisterCommand


class Command(RegisterCommand):
    help = "Build every answer that is kept ready anew and compare. Ends with 1 and names those that differ."

    def handle(self, *args: Any, **options: Any) -> None:
        total = Prepared.objects.exclude(noun="").values("noun", "audience", "row").distinct().count()
        with tqdm(total=total, unit=" rows", disable=None, leave=False) as progress:
            found = [*differences(progress=progress.update), *differing_lines()]
        for line in found:
            self.stdout.write(f"Differs: {line}.")
        if found:
            raise CommandError(f"{wording.counted(len(found), 'prepared answer', 'prepared answers')} differ.")
        self.stdout.write(f"{wording.counted(total, 'prepared row', 'prepared rows')}: none differs.")
