"""What stays of erased words when their rows are gone: bytes in the files of the database, and how they go.

A database marks space as free and leaves what was in it. `rewrite` has it written anew without; `find_in_files` and
`find_in_tables` look whether any is left. Nothing here knows of backups, of which the operator knows
(docs/operations.md), nor of the log that PostgreSQL keeps of changes until it is used again.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, models

from factcheck.audit.differences import history_models
from factcheck.base.files import CHUNK

TRIES = 10
"""So many seconds a reader may hold up that the -wal file is emptied."""
KEPT_FOR_OTHERS = "Somebody is in a transaction since before the erasure"
SHORTEST = 4
"""Shorter words are in every file."""


def words_to_erase(object_type: str, object_id: str, fields: Collection[str] = ()) -> set[str]:
    """The texts of earlier versions of a row that its newest, or the row as it stands, does not hold: what is to be
    found nowhere afterwards."""
    history = history_models().get(object_type)
    if history is None or not object_id.isdecimal():
        return set()
    key = history.instance_type._meta.pk.attname
    texts = [
        f.attname
        for f in history.tracked_fields
        if isinstance(f, (models.CharField, models.TextField)) and not f.choices and (not fields or f.name in fields)
    ]
    versions = list(history._base_manager.filter(**{key: object_id}).order_by("pk").values_list("pk", *texts))
    stands = history.instance_type._base_manager.filter(pk=object_id).exists()
    standing = {*versions[-1][1:]} if stands and versions else set()
    earlier = versions[:-1] if stands else versions
    found = {text for row in earlier for text in row[1:] if isinstance(text, str) and len(text) >= SHORTEST}
    return found - standing


def rewrite() -> Iterator[str]:
    """Have the database write its files anew, without what was deleted. Yields what could not be done, in words.

    Takes as long as a copy of the register, and as much room; others wait meanwhile. Outside of any transaction.
    """
    if connection.vendor == "sqlite":
        yield from _rewrite_sqlite()
    else:
        yield from _rewrite_postgresql()


def _rewrite_sqlite() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%USING fts5%'")
        for (name,) in cursor.fetchall():
            # Until its pieces are one, words of rows that are gone stay in them.
            quoted = connection.ops.quote_name(name)
            cursor.execute(f"INSERT INTO {quoted}({quoted}) VALUES ('optimize')")  # noqa: S608 - our index
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.execute("VACUUM")
        for _try in range(TRIES):
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if not cursor.fetchone()[0]:
                return
            time.sleep(1)
    yield "Others read the database all the time: its -wal file holds what was until the server is started anew."


def _rewrite_postgresql() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        try:
            yield from _wait_for_readers(cursor)
            for table in sorted(connection.introspection.table_names(cursor)):
                cursor.execute(f"VACUUM (FULL) {connection.ops.quote_name(table)}")
            try:
                # So that nothing of before is written once more from memory.
                cursor.execute("CHECKPOINT")
            except DatabaseError:
                yield "The role may not run CHECKPOINT: the server does it by itself within minutes."
        finally:
            cursor.execute("RESET statement_timeout")
    yield (
        "The server's log of changes (pg_wal, and wherever it is archived) holds what was until its files are used "
        "again or removed."
    )


def _wait_for_readers(cursor: Any) -> Iterator[str]:
    """Whoever is in a transaction since before the erasure, in any database of the server, may still see what is gone,
    and PostgreSQL keeps it for them."""
    cursor.execute("SELECT clock_timestamp()")
    [began] = cursor.fetchone()
    for _try in range(TRIES):
        cursor.execute(_OLDER_READERS, [began])
        if not cursor.fetchone()[0]:
            return
        time.sleep(1)
    yield f"{KEPT_FOR_OTHERS}, for whom the server keeps what was: end that, and rewrite again."


_OLDER_READERS = """
SELECT count(*) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL) AND xact_start < %s
"""


def find_in_tables(words: Iterable[str]) -> dict[str, int]:
    """In how many rows of each table of PostgreSQL, as it stands, any of these words is; tables without are left out.
    Reads the whole register."""
    patterns = [f"%{_escaped(word)}%" for word in sorted(words)]
    found: dict[str, int] = {}
    if not patterns:
        return found
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(
                f"SELECT count(*) FROM {connection.ops.quote_name(table)} row WHERE row::text LIKE ANY(%s)",  # noqa: S608
                [patterns],
            )
            if number := cursor.fetchone()[0]:
                found[table] = number
    return found


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def find_in_files(words: Iterable[str], files: Iterable[Path]) -> dict[Path, int]:
    """How often any of these words stands in each file, as UTF-8; files without any are left out."""
    wanted = [word.encode() for word in sorted(words)]
    longest = max(map(len, wanted), default=0)
    found: dict[Path, int] = {}
    for path in files:
        count, tail = 0, b""
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                held = tail + chunk
                for word in wanted:
                    # What lies wholly in the tail was counted before.
                    count += held.count(word) - tail.count(word)
                tail = held[-(longest - 1) :] if longest > 1 else b""
        if count:
            found[path] = count
    return found


def files_of_register() -> list[Path]:
    """All files in the data folder, and of SQLite those of the database."""
    folder = Path(settings.FACTCHECK_DATA_DIR)
    files = {path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()}
    if connection.vendor == "sqlite":
        database = Path(str(connection.settings_dict["NAME"]))
        files |= {path for path in database.parent.glob(f"{database.name}*") if path.is_file()}
    return sorted(files)
