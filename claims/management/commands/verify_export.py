"""`manage.py verify_export FILE`: whether a file is what the register handed out, whole and unchanged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from claims.exports.verify import Verified, verify
from factcheck.base.command import RegisterCommand
from factcheck.base.signature import read_public_key

SHOWN = 20
UNASKED = 3
"""The exit code for a file in which no fault was found, where the record could not be asked."""


class Command(RegisterCommand):
    help = (
        "Verify a file that came out of this register. A bundle is compared file by file with its manifest, and that "
        "with its signature; any file is looked up by its fingerprint in the records of exports, which tell who made "
        "it, when, and from which query. Ends with 0 for what the register handed out, with 1 and the faults if there "
        "are any, and with 3 where there are none but the record could not be asked, since the database is not there "
        "or does not answer: a bundle was then compared with its fingerprints and their signature alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the file, as it was handed out")
        parser.add_argument(
            "--key",
            metavar="PEM",
            help="the public key to judge a bundle by, such as that of another register; without it, this register's",
        )

    def handle(self, *args: Any, file: str, key: str | None, **options: Any) -> None:
        try:
            public_key = read_public_key(Path(key).read_bytes()) if key else None
        except (OSError, ValueError) as error:
            raise CommandError(f"Cannot read the key {key}: {error}.") from error
        try:
            found = verify(Path(file), public_key)
        except OSError as error:
            raise CommandError(f"Cannot read {file}: {error.strerror or error}.") from error
        self.print_record(found)
        for fault in found.faults[:SHOWN]:
            self.stderr.write(self.style.ERROR(fault))
        if found.unasked:
            self.stderr.write(f"The record of exports could not be asked. {found.unasked}")
        if found.manifest:
            self.stdout.write(f"{found.files} of {len(found.manifest['files'])} files in it are as its manifest says.")
        if found.faults:
            more = f" (the first {SHOWN} are shown)" if len(found.faults) > SHOWN else ""
            faults = "1 fault" if len(found.faults) == 1 else f"{len(found.faults)} faults"
            verdict = "could not be verified" if found.unasked else "is not what the register handed out"
            raise CommandError(f"{file} {verdict}: {faults}{more}.")
        if found.unasked:
            whose = "with that key" if key else "by this register"
            signed = f"It is whole, and signed {whose}" if found.manifest else "Nothing of it could be verified"
            raise CommandError(f"{file}: {signed}; whether it is on record is not known.", returncode=UNASKED)
        signed = f" {found.files} files in it are whole and signed." if found.manifest else ""
        self.stdout.write(self.style.SUCCESS(f"{file} is what the register handed out.{signed}"))

    def print_record(self, found: Verified) -> None:
        """What is on record about the file."""
        self.stdout.write(f"Fingerprint: {found.digest}")
        export = found.export
        if export is None:
            return
        moment = timezone.localtime(export.finished_at or export.requested_at)
        rows = [
            ("Export", f"{export.pk}: {export.get_kind_display().split(':')[0].lower()}, {export.format}"),
            ("Made by", f"{export.maker}{'' if export.desk else ', as the public reads it'}"),
            ("Made", f"{moment:%Y-%m-%d %H:%M:%S %Z}"),
            ("From", export.query),
            ("As of", f"{timezone.localtime(export.as_of):%Y-%m-%d %H:%M:%S %Z}" if export.as_of else ""),
            ("Rows", f"{export.rows:,}" if export.rows is not None else ""),
            ("Audit trail", f"entry {export.head_entry}, {export.head_hash}" if export.head_hash else ""),
        ]
        for name, value in rows:
            if value:
                self.stdout.write(f"{name}: {value}")
