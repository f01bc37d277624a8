"""`manage.py restore FILE`: the register as a backup holds it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from factcheck.backup.archive import open_backup
from factcheck.backup.engines import POSTGRESQL, Tools, engine
from factcheck.backup.errors import BackupFault
from factcheck.backup.placing import folder_for_scratch, place, place_files, refuse_foreign, refuse_untold
from factcheck.backup.rehearsal import beside, look_at, unpack
from factcheck.base.command import RegisterCommand


class Command(RegisterCommand):
    help = (
        "Put the register of a backup that `backup` wrote in the place of this one, brought to this release and looked "
        "at with verify_audit, verify_snapshots and verify_representations before anything is replaced. Stop the "
        "server and the worker first. A register that is there is replaced only with --overwrite."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="what `manage.py backup` wrote")
        parser.add_argument("--overwrite", action="store_true", help="replace the register that is there")
        parser.add_argument("--identity", type=Path, metavar="KEYFILE", help="the private key, where it is encrypted")
        parser.add_argument(
            "--head", action="append", default=[], metavar="ID:HASH", help="a head of the trail that was kept elsewhere"
        )
        parser.add_argument(
            "--unchecked",
            action="store_true",
            help="restore what does not hold, too: after a disaster some of a register is better than none",
        )
        parser.add_argument("--pg-bin", default="", metavar="FOLDER", help="where pg_restore and psql lie")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.restore(options)
        except BackupFault as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename or options['file']}: {error.strerror or error}.") from error

    def restore(self, options: dict[str, Any]) -> None:
        tools = Tools(options["pg_bin"])
        with (
            tempfile.TemporaryDirectory(dir=folder_for_scratch(), prefix=".restore-") as name,
            open_backup(options["file"], options["identity"], Path(name)) as reader,
        ):
            folder, manifest = Path(name), reader.manifest
            refuse_foreign(manifest)
            refuse_untold(overwrite=options["overwrite"])
            with tqdm(total=manifest.size, unit="B", unit_scale=True, disable=None, leave=False) as bar:
                database = unpack(reader, folder, bar.update)
            if not options["unchecked"]:
                with beside(database, folder, tools) as environment:
                    for told in look_at(environment, [manifest.head, *options["head"]]):
                        self.stdout.write(told)
            for told in place(database, tools):
                self.stdout.write(told)
            with tqdm(total=manifest.size, unit="B", unit_scale=True, disable=None, leave=False) as bar:
                written = sum(1 for _name in place_files(folder, manifest, bar.update))
        if engine() == POSTGRESQL or options["unchecked"]:
            # Elsewhere it was done when it was looked at.
            call_command("migrate", verbosity=0)
        self.stdout.write(
            self.style.SUCCESS(
                f"Restored the register as it was at {manifest.taken_at}: {manifest.entries:,} entries of the trail, "
                f"{manifest.copies:,} kept copies, {written:,} of them written now."
            )
        )
        self.stdout.write("What was changed after that moment is not in it. Sessions and tokens are those of then.")
