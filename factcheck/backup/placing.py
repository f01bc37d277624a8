"""What the way back from a backup asks of the register that stands, and how it is put in its place."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from factcheck.backup.archive import FILES, Manifest, Progress
from factcheck.backup.engines import (
    POSTGRESQL,
    Tools,
    engine,
    has_rows,
    put_in_postgresql,
    put_in_sqlite,
    refuse_others,
)
from factcheck.backup.errors import BackupFault
from factcheck.base import storage
from factcheck.base.files import fingerprint, fingerprint_of


def folder_for_scratch() -> Path:
    """Where a backup is unpacked: in the data folder, whose disk holds such an amount already."""
    folder = Path(settings.FACTCHECK_DATA_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def refuse_foreign(manifest: Manifest) -> None:
    """Raise BackupFault for the database of another engine, or one that is newer than this release."""
    if manifest.engine != engine():
        raise BackupFault(
            f"The backup is of a register on {manifest.engine}, and this one is on {engine()}: move it with "
            "export_register and import_claims, or name a database of that kind in DATABASE_URL."
        )
    known = {(app, name) for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    ours = {app for app, _name in known}
    unknown = [f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known]
    if newer := [name for name in unknown if name.split(".")[0] in ours]:
        raise BackupFault(f"The backup was made by a newer release ({newer[0]}): install that one to restore it.")


def refuse_untold(*, overwrite: bool) -> None:
    """Raise BackupFault where a register would be replaced that nobody said should be, or that is being used."""
    if not has_rows():
        return
    if not overwrite:
        raise BackupFault(
            "There is a register already. Back it up, stop the server and the worker, and say --overwrite to put the "
            "backup in its place."
        )
    if engine() == POSTGRESQL:
        refuse_others()


def place(database: Path, tools: Tools) -> Iterator[str]:
    """Put the unpacked database in the place of the register's. Yields what happened, in words."""
    if engine() == POSTGRESQL:
        replace = bool(connection.introspection.table_names())
        connection.close()
        put_in_postgresql(database, tools, replace=replace)
        return
    kept = put_in_sqlite(database, datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ"))
    if kept is not None:
        yield f"What was there lies at {kept}; remove it when you are sure."


def place_files(folder: Path, manifest: Manifest, progress: Progress) -> Iterator[str]:
    """Keep the unpacked copies. One that is there and whole stays. Yields the name of each that was written."""
    for name in manifest.members:
        if not name.startswith(f"{FILES}/"):
            continue
        written, kept = folder / name, name.removeprefix(f"{FILES}/")
        size = written.stat().st_size
        if not _is_whole(kept, written):
            if storage.exists(kept):
                storage.remove(kept)
            with storage.make_temporary_file(Path(kept).parent.as_posix()) as temporary:
                shutil.copyfile(written, temporary)
                storage.keep_file(temporary, kept)
            yield kept
        progress(size)


def _is_whole(kept: str, written: Path) -> bool:
    try:
        with storage.open_file(kept) as content:
            return fingerprint(content) == fingerprint_of(written)
    except OSError:
        return False
