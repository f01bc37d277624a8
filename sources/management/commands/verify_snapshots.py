"""Verify the kept copies of documents."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from tqdm import tqdm

from factcheck.base.command import RegisterCommand
from sources.models import Document, Snapshot
from sources.services.verification import Checked, orphans, verify_copies

SHOWN = 20


class Command(RegisterCommand):
    help = (
        "Read every kept copy and compare it with its size and fingerprint. What is broken or missing is recorded and "
        "makes the verdicts that rest on it stale; what is whole again is recorded too. Files without a snapshot are "
        "named, not removed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--document", type=int, metavar="ID", help="Only the copies of this document.")

    def handle(self, *args: Any, **options: Any) -> None:
        document = None
        if options["document"] is not None:
            document = Document.objects.filter(pk=options["document"]).first()
            if document is None:
                raise CommandError(f"There is no document {options['document']}.")
        rows = Snapshot.objects.kept()
        total = rows.filter(document=document).count() if document else rows.count()
        read, broken, healed = 0, list[Checked](), 0
        with tqdm(total=total, unit=" copies", disable=None, leave=False) as progress:
            for found in verify_copies(document):
                read += 1
                progress.update()
                if found.problem:
                    broken.append(found)
                elif found.changed:
                    healed += 1
        for found in broken[:SHOWN]:
            name = found.snapshot.file.name
            self.stderr.write(self.style.ERROR(f"snapshot {found.snapshot.pk}: {found.problem}: {name}"))
        if document is None:
            for name in orphans():
                self.stderr.write(f"no snapshot for the file: {name}")
        if healed:
            self.stdout.write(f"{healed} copies are whole again.")
        if broken:
            more = f" (the first {SHOWN} are shown)" if len(broken) > SHOWN else ""
            raise CommandError(f"{len(broken)} of {read} copies are broken or missing{more}.")
        self.stdout.write(f"{read} copies are whole.")
