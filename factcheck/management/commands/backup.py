"""`manage.py backup FILE`: the whole register in one file, while it runs."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from factcheck.backup.archive import DATABASE, FILES, open_backup, write_backup
from factcheck.backup.engines import POSTGRESQL, Tools, copy_out, engine
from factcheck.backup.errors import BackupFault
from factcheck.backup.placing import folder_for_scratch, refuse_foreign
from factcheck.backup.rehearsal import beside, look_at, unpack
from factcheck.base import storage
from factcheck.base.command import RegisterCommand
from factcheck.base.marks import BACKUP, leave_mark
from sources.models.snapshot import FOLDER, UNFINISHED


class Command(RegisterCommand):
    help = (
        "Write the whole register into FILE while it runs: database, history, audit trail, accounts and the kept "
        "copies of documents. The file is readable by its owner alone and holds everything that is withheld: keep it "
        "as you keep the database, or encrypt it with --encrypt-to. With --check, FILE is put back in a place of its "
        "own and looked at with verify_audit, verify_snapshots and verify_representations; the register stays as it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="where to; never over a file that is there")
        parser.add_argument(
            "--encrypt-to",
            action="append",
            default=[],
            metavar="KEY",
            help="a public key of age (age1…) or SSH: only who has the private key reads the file; may be repeated",
        )
        parser.add_argument("--check", action="store_true", help="rehearse the way back from FILE, and write nothing")
        parser.add_argument("--identity", type=Path, metavar="KEYFILE", help="with --check: the private key")
        parser.add_argument(
            "--head", action="append", default=[], metavar="ID:HASH", help="with --check: a head kept elsewhere"
        )
        parser.add_argument("--pg-bin", default="", metavar="FOLDER", help="where pg_dump, pg_restore and psql lie")

    def handle(self, *args: Any, **options: Any) -> None:
        foreign = ("encrypt_to",) if options["check"] else ("identity", "head")
        if given := [f"--{name.replace('_', '-')}" for name in foreign if options[name]]:
            why = "is for a backup that is written" if options["check"] else "is for --check"
            raise CommandError(f"{given[0]} {why}: leave it out.")
        try:
            if options["check"]:
                self.check_file(options)
            else:
                self.write_file(options["file"], options["encrypt_to"], Tools(options["pg_bin"]))
        except BackupFault as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename or options['file']}: {error.strerror or error}.") from error

    def write_file(self, target: Path, recipients: list[str], tools: Tools) -> None:
        with (
            # How much it will be is known when it is written.
            tqdm(unit="B", unit_scale=True, disable=None, leave=False) as bar,
            write_backup(target, recipients, bar.update) as writer,
            copy_out(tools) as (content, manifest),
        ):
            writer.add(DATABASE, content, packed=engine() == POSTGRESQL)
            # After the database: a file without a row does no harm.
            for name in storage.names_in(FOLDER):
                if name.startswith(f"{UNFINISHED}/"):
                    continue
                try:
                    with storage.open_file(name) as copy:
                        writer.add(f"{FILES}/{name}", copy, packed=True)
                except FileNotFoundError:
                    # Taken away meanwhile.
                    continue
            writer.finish(manifest)
        try:
            leave_mark(BACKUP, bytes=target.stat().st_size, entries=manifest.entries)
        except OSError as error:
            self.stderr.write(f"The backup is written, but not that it was: {error.strerror or error}.")
        self.stdout.write(
            self.style.SUCCESS(
                f"Wrote {target}: {manifest.entries:,} entries of the trail, {manifest.copies:,} kept copies, "
                f"{target.stat().st_size:,} bytes."
            )
        )
        if manifest.head:
            self.stdout.write(f"head {manifest.head}")

    def check_file(self, options: dict[str, Any]) -> None:
        tools = Tools(options["pg_bin"])
        with (
            tempfile.TemporaryDirectory(dir=folder_for_scratch(), prefix=".rehearsal-") as name,
            open_backup(options["file"], options["identity"], Path(name)) as reader,
        ):
            folder = Path(name)
            manifest = reader.manifest
            refuse_foreign(manifest)
            with tqdm(total=manifest.size, unit="B", unit_scale=True, disable=None, leave=False) as bar:
                database = unpack(reader, folder, bar.update)
            with beside(database, folder, tools) as environment:
                for found in look_at(environment, [manifest.head, *options["head"]]):
                    self.stdout.write(found)
        self.stdout.write(self.style.SUCCESS(f"{options['file']} can be restored: taken {manifest.taken_at}."))
