"""`manage.py export_list`: the rows of a list with its filters, to a file or to standard output."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from rest_framework.exceptions import APIException
from tqdm import tqdm

from claims.choices import ExportKind
from claims.exports.lists.formats import LIST_FORMATS
from claims.exports.record import describe_error
from claims.exports.render import export_now
from claims.management.output import find_reader, make_progress, open_output
from factcheck.base.command import RegisterCommand
from factcheck.base.errors import DomainError


class Command(RegisterCommand):
    """Without --as the file holds what the public may read."""

    help = "Write all rows of a list of the API with its filters, as the public may read them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("query", help="the address of the list, such as '/api/v1/claims/?status=published'")
        parser.add_argument("--format", default="csv", choices=list(LIST_FORMATS), help="csv unless said otherwise")
        parser.add_argument("-o", "--output", default="-", metavar="FILE", help="where to; - is standard output")
        parser.add_argument("--as", dest="username", metavar="USER", help="write what this user may read")

    def handle(self, *args: Any, **options: Any) -> None:
        user = find_reader(options["username"])
        # A bar on a terminal, nothing in a pipe.
        with tqdm(unit=" rows", disable=None, leave=False) as bar:
            try:
                with open_output(options["output"], self.stdout) as path:
                    export = export_now(
                        path,
                        user=user,
                        progress=make_progress(bar),
                        kind=ExportKind.LIST,
                        query=options["query"],
                        format=options["format"],
                    )
            except (DomainError, APIException) as error:
                raise CommandError(describe_error(error)) from error
            except OSError as error:
                raise CommandError(f"Cannot write {options['output']}: {error.strerror or error}.") from error
        if options["output"] != "-" and options["verbosity"]:
            self.stdout.write(
                self.style.SUCCESS(f"Wrote {options['output']}: {export.rows:,} rows, {export.size:,} bytes.")
            )
