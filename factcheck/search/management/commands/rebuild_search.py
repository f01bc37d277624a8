"""Fill the index of words anew, or hold it against the rows."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from factcheck.base.command import RegisterCommand
from factcheck.search.rebuild import count_rows, differences, rebuild

SHOWN = 20


class Command(RegisterCommand):
    help = (
        "Fill what is searched anew from the rows as they stand. Changes are followed by themselves, and migrate "
        "brings in older rows; this is for after a change of rows by other means."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--verify", action="store_true", help="change nothing, and end with 1 where the index differs from the rows"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with tqdm(total=count_rows(), unit=" rows", disable=None, leave=False) as progress:
            if options["verify"]:
                found = list(differences(progress=progress.update))
            else:
                changed = rebuild(progress=progress.update)
        if not options["verify"]:
            self.stdout.write(f"{progress.total:,} rows are searched; texts that were missing or other: {changed:,}.")
            return
        for line in found[:SHOWN]:
            self.stdout.write(line)
        if found:
            raise CommandError(f"Differences: {len(found):,}. Run manage.py rebuild_search.")
        self.stdout.write(f"{progress.total:,} rows are searched by what they say.")
