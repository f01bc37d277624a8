"""The base of the register's own management commands: what is not theirs to mend is said in a sentence."""

from __future__ import annotations

import io
import re
import sys
from argparse import ArgumentTypeError
from collections.abc import Callable
from typing import Any

from django import db
from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError

_LACKING_SQLITE = ("no such table", "no such column", "has no column named")
_LACKING_POSTGRESQL = ("42P01", "42703", "3F000")
"""An unknown table, column or schema."""
_BUGS = (db.IntegrityError, db.DataError, db.InternalError, db.NotSupportedError)


def whole_number(most: int, what: str = "a number") -> Callable[[str], int]:
    """The type of an argument: a whole number from 1 on."""

    def read(text: str) -> int:
        if not re.fullmatch("[0-9]{1,18}", text) or not 1 <= int(text) <= most:
            raise ArgumentTypeError(f"give {what} from 1 to {most}")
        return int(text)

    return read


class RegisterCommand(BaseCommand):
    """Ends with 1 and a sentence where the database is not there or not migrated, and for an argument that is no text;
    bugs keep their traceback, and --traceback shows it of everything."""

    # What depends on the machine. Of the code `manage.py check` knows, which reads all addresses and pages for it.
    requires_system_checks = (Tags.security,)

    def execute(self, *args: Any, **options: Any) -> str | None:
        for shown in (sys.stdout, sys.stderr):
            # A name in another script, or of a file that is no UTF-8, must not end a command on a narrow terminal.
            if isinstance(shown, io.TextIOWrapper):
                shown.reconfigure(errors="backslashreplace")
        try:
            return super().execute(*args, **options)
        except UnicodeEncodeError as error:
            given = [text for text in options.values() if isinstance(text, str)]
            wrong = [text for text in given if text.encode("utf-8", "ignore").decode() != text]
            if not wrong:
                raise
            raise CommandError(f"This is no text in UTF-8: {wrong[0][:200]!a}.") from error
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
