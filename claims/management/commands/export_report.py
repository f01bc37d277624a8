"""`manage.py export_report`: one dispute or claim as a report, to a file or to standard output."""

from __future__ import annotations

import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from claims.dossier.load import addressed, load_claim, load_dispute
from claims.exports.catalogue import FORMATS
from claims.logic.moment import moment_of
from claims.models import Claim, Dispute
from factcheck.base.errors import DomainError


class Command(BaseCommand):
    """Without --as the report holds what the public may read."""

    help = "Write the report of a dispute or a claim, as the public may read it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("subject", choices=("dispute", "claim"), help="what the report is about")
        parser.add_argument("key", help="its id, or the slug of a dispute")
        parser.add_argument("--format", default="html", choices=list(FORMATS), help="html unless said otherwise")
        parser.add_argument("-o", "--output", default="-", metavar="FILE", help="where to; - is standard output")
        parser.add_argument(
            "--as-of", metavar="MOMENT", help="show the register as it stood then, such as 2025-07-02T12:00Z"
        )
        parser.add_argument("--as", dest="username", metavar="USER", help="write what this user may read")

    def handle(self, *args: Any, **options: Any) -> None:
        user = self.reader(options["username"])
        model, load = (Dispute, load_dispute) if options["subject"] == "dispute" else (Claim, load_claim)
        row = addressed(model.objects.visible_to(user), options["key"]).first()
        if row is None:
            who = f"{options['username']} may read" if options["username"] else "the public may read (see --as)"
            raise CommandError(f"There is no {options['subject']} {options['key']!r} that {who}.")
        try:
            body = FORMATS[options["format"]].write(load(row, user, self.moment(options["as_of"])))
        except DomainError as error:
            raise CommandError(error.message) from error
        if options["output"] == "-":
            self.print_bytes(body)
            return
        target = Path(options["output"])
        try:
            write_whole(target, body)
        except OSError as error:
            raise CommandError(f"Cannot write {target}: {error.strerror or error}.") from error
        if options["verbosity"]:
            self.stdout.write(self.style.SUCCESS(f"Wrote {target} ({len(body):,} bytes)."))

    def reader(self, username: str | None) -> Any:
        """The user of this name, or the public. Raises CommandError for a name that nobody active has."""
        if username is None:
            return AnonymousUser()
        users = get_user_model()
        user = users._default_manager.filter(**{users.USERNAME_FIELD: username}, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user {username!r}.")
        return user

    def moment(self, text: str | None) -> datetime | None:
        """The moment that the report is to show, or None for now. Raises CommandError for what is no moment."""
        try:
            return moment_of(text, timezone.now()) if text else None
        except ValueError as error:
            raise CommandError(f"--as-of: {error}") from None

    def print_bytes(self, body: bytes) -> None:
        """Bytes, not text: the terminal's own encoding and line ends must not touch a file that is piped on."""
        raw = getattr(getattr(self.stdout, "_out", None), "buffer", None)
        if raw is None:
            self.stdout.write(body.decode(), ending="")
            return
        raw.write(body)
        raw.flush()


def write_whole(target: Path, body: bytes) -> None:
    """Write the file whole or not at all: whoever reads the old one meanwhile keeps it. Raises OSError."""
    if target.is_dir():
        raise IsADirectoryError(0, "it is a folder")
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _umask() -> int:
    # The only way to read it is to set it; a temporary file is made for its owner alone, whatever it says.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
