"""`manage.py unlock_account USER`: for when the only administrator is locked out."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management import CommandError

from factcheck.accounts.lock import unlock
from factcheck.accounts.trail import enter_user
from factcheck.base.command import RegisterCommand


class Command(RegisterCommand):
    help = "Let an account be tried again for which too many log-ins failed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="the log-in name")

    def handle(self, *args: Any, user: str, **options: Any) -> None:
        owner = User.objects.filter(username=user).first()
        if owner is None:
            raise CommandError(f"There is no user “{user}”.")
        if not unlock(owner.get_username()):
            self.stdout.write(f"“{user}” was not locked. An address that is locked is let in when its time has passed.")
            return
        enter_user("user.unlocked", owner, words="On the command line.")
        self.stdout.write(f"“{user}” can log in again.")
