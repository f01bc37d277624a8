"""Erase what history keeps of one row."""

from __future__ import annotations

import argparse
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError

from factcheck.audit.erasure import erase_history
from factcheck.audit.models import AuditEntry
from factcheck.base.command import RegisterCommand
from factcheck.base.errors import DomainError

QUOTED = 60


class Command(RegisterCommand):
    help = (
        "Erase the earlier versions of a row, with the labels, reasons and salts of their audit entries. What stands "
        "is not touched: change or delete it first. An entry audit.erased says who did it and why. Run VACUUM "
        "afterwards, or the bytes stay in the file."
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

    def handle(self, *args: Any, **options: Any) -> None:
        actor = get_user_model().objects.filter(username=options["by"]).first()
        if actor is None:
            raise CommandError(f"There is no user {options['by']}.")
        about = AuditEntry.objects.filter(object_type=options["object_type"], object_id=options["object_id"])
        labels = set(about.values_list("object_label", flat=True))
        try:
            [erasure] = erase_history(
                actor=actor,
                rows=[(options["object_type"], options["object_id"])],
                reason=options["reason"],
                fields=[name for name in options["fields"].split(",") if name],
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
