"""`manage.py export_register`: the whole register as a file from which it can be made again."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from claims.register.write import Register, export_register
from factcheck.base.command import RegisterCommand
from factcheck.base.errors import DomainError


class Command(RegisterCommand):
    """Without --as the file holds the whole register: drafts, restricted disputes and withheld names as well."""

    help = (
        "Write the whole register as lines of JSON (NDJSON), from which import_claims makes the same register again. "
        "It holds everything, drafts, restricted disputes and withheld names too; accounts by name only. "
        "Kept copies of documents do not travel in it: copy the folder files/snapshots beside it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="where to; - is standard output")
        parser.add_argument(
            "--as", dest="username", metavar="USER", help="only what this user of the desk may read, not everything"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = account(options["username"])
        try:
            with (
                self.target(options["file"]) as target,
                # A bar on a terminal, nothing in a pipe.
                tqdm(total=Register(user).total(), unit=" lines", disable=None, leave=False) as bar,
            ):
                register = export_register(target.write, user=user, progress=bar.update)
        except DomainError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"Cannot write {options['file']}: {error.strerror or error}.") from error
        if options["file"] != "-" and options["verbosity"]:
            whose = f"what {options['username']} may read" if user else "the whole register"
            self.stdout.write(
                self.style.SUCCESS(f"Wrote {options['file']}: {whose}, {register.counts.total():,} rows.")
            )

    @contextmanager
    def target(self, name: str) -> Iterator[BinaryIO]:
        """What the lines are written to: standard output, or a file that appears when it is whole."""
        if name == "-":
            raw = getattr(getattr(self.stdout, "_out", None), "buffer", None)
            if raw is None:
                raise CommandError("Standard output takes no bytes here: name a file.")
            yield raw
            raw.flush()
            return
        path = Path(name)
        if path.is_dir():
            raise IsADirectoryError(0, "it is a folder")
        # Readable by its owner alone, as it stays: it holds what most accounts of the register never see.
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise


def account(username: str | None) -> User | None:
    """The active user of this name; None, the system itself, without one. Raises CommandError for a wrong name."""
    if username is None:
        return None
    users = get_user_model()
    user = users._default_manager.filter(**{users.USERNAME_FIELD: username}, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no active user {username!r}.")
    return user
