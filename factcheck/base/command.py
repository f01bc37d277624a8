"""The base of the register's own management commands: a database that does not answer is said in a sentence."""

from __future__ import annotations

from typing import Any

from django import db
from django.core.management.base import BaseCommand, CommandError

_LACKING_SQLITE = ("no such table", "no such column", "has no column named")
_LACKING_POSTGRESQL = ("42P01", "42703", "3F000")
"""An unknown table, column or schema."""
_BUGS = (db.IntegrityError, db.DataError, db.InternalError, db.NotSupportedError)


class RegisterCommand(BaseCommand):
    """Ends with 1 and a sentence where the database is not there or not migrated; bugs keep their traceback, and
    --traceback shows it of everything."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except db.Error as error:
            if (why := explain_silence(error)) is None:
                raise
            raise CommandError(why) from error


def explain_silence(error: db.Error) -> str | None:
    """Why the database could not be asked at all, in words; None for a fault of the question."""
    words = " ".join(str(error).split())
    state = getattr(error.__cause__, "sqlstate", None)
    if state in _LACKING_POSTGRESQL or any(part in words for part in _LACKING_SQLITE):
        return f"The database lacks tables of this release: run manage.py migrate first ({words[:300]})."
    if isinstance(error, (db.ProgrammingError, *_BUGS)):
        return None
    return f"The database does not answer: {words[:300]}"
