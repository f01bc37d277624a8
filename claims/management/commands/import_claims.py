"""`manage.py import_claims`: a register from the file that export_register wrote."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from claims.management.commands.export_register import account
from claims.register.load import Outcome, load_register
from claims.register.nouns import NOUNS, PERSON
from claims.register.problem import visible
from factcheck.base.command import RegisterCommand
from factcheck.base.errors import DomainError


class Command(RegisterCommand):
    help = (
        "Fill an empty register from a file of export_register: all rows with their numbers, versions and moments, or, "
        "when anything is wrong with one of them, nothing. Persons without an account get one to which nobody can "
        "log in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the file to read; - is standard input")
        parser.add_argument("--as", dest="username", metavar="USER", help="who imports it; the system unless said")
        parser.add_argument("--dry-run", action="store_true", help="say what would come in, and store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = account(options["username"])
        try:
            with (
                self.source(options["file"]) as (stream, size, origin),
                # A bar on a terminal, nothing in a pipe.
                tqdm(total=size, unit="B", unit_scale=True, disable=None, leave=False) as bar,
            ):
                outcome = load_register(
                    stream, actor=actor, origin=origin, dry_run=options["dry_run"], progress=bar.update
                )
        except DomainError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"Cannot read {options['file']}: {error.strerror or error}.") from error
        if outcome.problems:
            listed = "\n".join(map(str, outcome.problems))
            raise CommandError(f"Nothing was imported. What is wrong:\n{listed}")
        if options["verbosity"]:
            self.report(outcome)

    @contextmanager
    def source(self, name: str) -> Iterator[tuple[BinaryIO, int | None, str]]:
        """What is read, its size in bytes if that is known, and how the records call it."""
        if name == "-":
            yield sys.stdin.buffer, None, "standard input"
            return
        path = Path(name)
        with path.open("rb") as file:
            # Anything can stand in a name, also what the records would refuse.
            yield file, path.stat().st_size, visible(path.name)

    def report(self, outcome: Outcome) -> None:
        counted = ", ".join(f"{count:,} {name_of(noun, count)}" for noun, count in outcome.counts.items())
        if outcome.batch is None:
            self.stdout.write(f"Would come in: {counted}. Nothing was stored.")
        else:
            self.stdout.write(self.style.SUCCESS(f"Imported: {counted}."))
        if outcome.filled:
            self.stdout.write(
                f"The file is older than these fields, which got their default: {', '.join(outcome.filled)}."
            )
        if outcome.questions:
            self.stdout.write(
                f"The file is older than questions: {outcome.questions:,} disputes have what they ask as their first."
            )
        if outcome.older_verbs:
            self.stdout.write(
                self.style.WARNING(
                    f"Statements with a verb that is not chosen any more: {outcome.older_verbs:,}. Each keeps it until "
                    "somebody chooses again: the front page of the desk lists them."
                )
            )
        if outcome.left_out:
            self.stdout.write(
                self.style.WARNING(f"Left out, since this release has no place for it: {', '.join(outcome.left_out)}.")
            )
        if outcome.breaches:
            listed = ", ".join(f"{count:,} {code}" for code, count in sorted(outcome.breaches.items()))
            self.stdout.write(
                self.style.WARNING(
                    f"Older than the rules of this release: {listed}. Run check_register for the places."
                )
            )
        if outcome.new_people:
            names = ", ".join(outcome.new_people)
            self.stdout.write(f"New accounts, inactive and without password: {names}.")
        if outcome.missing_files:
            self.stdout.write(
                self.style.WARNING(
                    f"Kept copies that are not here: {outcome.missing_files:,}. Copy files/snapshots of the other "
                    "register into the folder files of this one, then run verify_snapshots: it marks what is missing."
                )
            )


def name_of(noun: str, count: int) -> str:
    """The noun of rows as one says it of so many."""
    if noun == PERSON:
        return "person" if count == 1 else "persons"
    names = NOUNS[noun]._meta
    return str(names.verbose_name if count == 1 else names.verbose_name_plural)
