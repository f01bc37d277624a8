"""Hold every prepared answer, and what is derived and stored, against what is reckoned now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from tqdm import tqdm

from claims.api.preparing import derived_that_differs, differences
from claims.exports.lists.differing import differing_lines
from claims.logic import wording
from claims.models import Prepared
from factcheck.base.command import RegisterCommand


class Command(RegisterCommand):
    help = (
        "Build every answer that is kept ready anew, reckon the states of questions and which evidence counts, and "
        "compare. Ends with 1 and names those that differ."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        total = Prepared.objects.exclude(noun="").values("noun", "audience", "row").distinct().count()
        with tqdm(total=total, unit=" rows", disable=None, leave=False) as progress:
            found = [*derived_that_differs(), *differences(progress=progress.update), *differing_lines()]
        for line in found:
            self.stdout.write(f"Differs: {line}.")
        if found:
            verb = "differs" if len(found) == 1 else "differ"
            raise CommandError(f"{wording.counted(len(found), 'thing that is kept', 'things that are kept')} {verb}.")
        self.stdout.write(f"{wording.counted(total, 'prepared row', 'prepared rows')}: none differs.")
