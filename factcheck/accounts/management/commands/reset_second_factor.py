"""`manage.py reset_second_factor USER`: for when the only administrator has lost the device."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management import CommandError

from factcheck.accounts.factor import forget_factor
from factcheck.base.command import RegisterCommand


class Command(RegisterCommand):
    help = "Forget the app, the passkeys and the recovery codes of somebody who has lost them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="the log-in name")

    def handle(self, *args: Any, user: str, **options: Any) -> None:
        owner = User.objects.filter(username=user).first()
        if owner is None:
            raise CommandError(f"There is no user “{user}”.")
        was_there = forget_factor(owner, actor=None, words="On the command line.")
        self.stdout.write(
            f"The second factor of “{user}” is reset." if was_there else f"“{user}” has no second factor."
        )
