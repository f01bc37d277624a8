"""`manage.py end_sessions USER`: for when a device was lost or a password was read."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management import CommandError

from factcheck.accounts.sessions import end_sessions
from factcheck.base.command import RegisterCommand


class Command(RegisterCommand):
    help = "End all sessions and tokens of a person."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="the log-in name")

    def handle(self, *args: Any, user: str, **options: Any) -> None:
        owner = User.objects.filter(username=user).first()
        if owner is None:
            raise CommandError(f"There is no user “{user}”.")
        ended = end_sessions(owner, actor=None, words="On the command line.")
        self.stdout.write(f"Of “{user}” were ended: {ended}.")
