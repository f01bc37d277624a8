"""`manage.py export_report`: one dispute or claim as a report or a bundle, to a file or to standard output."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from claims.choices import ExportKind
from claims.exports.render import BUNDLE, export_now
from claims.logic.moment import moment_of
from claims.management.output import find_reader, make_progress, open_output
from claims.reports.formats.catalogue import FORMATS
from factcheck.base.command import RegisterCommand
from factcheck.base.errors import Absent, DomainError

# argparse takes a percent sign for a place to fill in.
DESCRIBED = " ".join(f"{name}: {entry.description}" for name, entry in FORMATS.items()).replace("%", "%%")


class Command(RegisterCommand):
    """Without --as the report holds what the public may read."""

    help = "Write the report of a dispute or a claim, as the public may read it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("noun", choices=("dispute", "claim"), help="what the report is about")
        parser.add_argument("key", help="its id, or the slug of a dispute")
        parser.add_argument(
            "--format",
            default="html",
            choices=[*FORMATS, BUNDLE],
            help=f"html unless said otherwise; zip is a bundle with data and kept copies. {DESCRIBED}",
        )
        parser.add_argument("-o", "--output", default="-", metavar="FILE", help="where to; - is standard output")
        parser.add_argument(
            "--as-of", metavar="MOMENT", help="show the register as it stood then, such as 2025-07-02T12:00Z"
        )
        parser.add_argument(
            "--since", metavar="MOMENT", help="tell what changed from then on, such as 2025-07-01T12:00Z"
        )
        parser.add_argument("--as", dest="username", metavar="USER", help="write what this user may read")

    def handle(self, *args: Any, **options: Any) -> None:
        noun, key = options["noun"], options["key"]
        user = find_reader(options["username"])
        asked = {
            "kind": ExportKind.BUNDLE if options["format"] == BUNDLE else ExportKind.REPORT,
            "query": f"/api/v1/{noun}s/{key}/",
            "format": options["format"],
            "as_of": self.parse_moment(options, "as_of"),
            "since": self.parse_moment(options, "since"),
        }
        try:
            # A bundle takes its time; a bar on a terminal, nothing in a pipe.
            with (
                tqdm(unit=" rows", disable=None, leave=False) as bar,
                open_output(options["output"], self.stdout) as path,
            ):
                export = export_now(path, user=user, progress=make_progress(bar), **asked)
        except Absent as error:
            if error.field != "query":
                raise CommandError(error.message) from error
            who = f"{options['username']} may read" if options["username"] else "the public may read (see --as)"
            raise CommandError(f"There is no {noun} {key!r} that {who}.") from error
        except DomainError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"Cannot write {options['output']}: {error.strerror or error}.") from error
        if options["output"] != "-" and options["verbosity"]:
            self.stdout.write(self.style.SUCCESS(f"Wrote {options['output']} ({export.size:,} bytes)."))

    def parse_moment(self, options: dict[str, Any], name: str) -> datetime | None:
        """The moment in this option, or None without it. Raises CommandError for what is no moment."""
        try:
            return moment_of(options[name], timezone.now()) if options[name] else None
        except ValueError as error:
            raise CommandError(f"--{name.replace('_', '-')}: {error}") from None
