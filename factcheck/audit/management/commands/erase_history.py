"""Erase what history keeps of one row."""

from __future__ import annotations

import argparse
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError
from django.db import connection

from factcheck.audit import remains
from factcheck.audit.erasure import erase_history
from factcheck.audit.models import AuditEntry
from factcheck.base.command import RegisterCommand
from factcheck.base.errors import DomainError

QUOTED = 60


class Command(RegisterCommand):
    help = (
        "Erase the earlier versions of a row, with the labels, reasons and salts of their audit entries. What stands "
        "is not touched: change or delete it first. An entry audit.erased says who did it and why. With --rewrite the "
        "database writes its files anew without what was erased, and with --verify all that is kept is searched for it."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("object_type", metavar="OBJECT_TYPE", help="The noun, as the trail has it: claim, source.")
        parser.add_argument("object_id", metavar="ID", help="The number of the row.")
        parser.add_argument("--reason", required=True, help="Why, without repeating what is erased.")
        parser.add_argument("--by", required=True, metavar="USER", help="Who erases; needs the right to.")
        parser.add_argument(
            "--fields",
            default="",
            metavar="NAME,NAME",
            help="Empty these fields alone instead of erasing whole versions.",
        )

        parser.add_argument(
            "--rewrite",
            action="store_true",
            help="Have the database write its files anew: as long, and as much room, as a copy of the register takes.",
        )
        parser.add_argument(
            "--verify",
            action="store_true",
            help="Search the data folder, and the tables of PostgreSQL, for the words that were erased; ends with 1 if "
            "any is found.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        actor = get_user_model().objects.filter(username=options["by"]).first()
        if actor is None:
            raise CommandError(f"There is no user {options['by']}.")
        fields = [name for name in options["fields"].split(",") if name]
        words = remains.words_to_erase(options["object_type"], options["object_id"], fields)
        about = AuditEntry.objects.filter(object_type=options["object_type"], object_id=options["object_id"])
        labels = set(about.values_list("object_label", flat=True))
        try:
            [erasure] = erase_history(
                actor=actor,
                rows=[(options["object_type"], options["object_id"])],
                reason=options["reason"],
                fields=fields,
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"Erased: entries {', '.join(erasure.changes)}. Entry {erasure.pk} says so.")
        quoting = {
            f"{entry.object_type} {entry.object_id}"
            for label in labels - set(about.values_list("object_label", flat=True))
            for entry in AuditEntry.objects.filter(object_label__contains=label[:QUOTED])
        }
        if quoting:
            self.stdout.write(f"Still quoted in the labels of: {', '.join(sorted(quoting))}.")
        if options["rewrite"]:
            for told in remains.rewrite():
                self.stdout.write(told)
        if options["verify"]:
            self.verify(words)

    def verify(self, words: set[str]) -> None:
        """Say where these words still are, and end with 1 if they are anywhere."""
        files = remains.files_of_register()
        found = [f"{path}: {number} times" for path, number in remains.find_in_files(words, files).items()]
        if connection.vendor == "postgresql":
            found += [f"table {name}: {number} rows" for name, number in remains.find_in_tables(words).items()]
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(
                f"Words that were erased are still in {len(found)} places. A kept copy of a document, or a row that "
                "quotes them, is changed or removed by the doors that everybody uses; what the database has left goes "
                "with --rewrite; backups in the data folder are yours to delete."
            )
        self.stdout.write(f"None of {len(words)} erased texts is in {len(files)} files{self.in_tables()}.")

    def in_tables(self) -> str:
        return " or in any table" if connection.vendor == "postgresql" else ""
