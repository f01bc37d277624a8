"""`manage.py unlock_account USER`: for when the only administrator, or the address of a whole office, is locked."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management import CommandError

from factcheck.accounts.lock import unlock, unlock_address
from factcheck.accounts.trail import enter_user
from factcheck.audit.doors import enter_door
from factcheck.base.command import RegisterCommand


class Command(RegisterCommand):
    help = "Let an account, or an address, be tried again for which too many log-ins failed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", nargs="?", help="the log-in name")
        parser.add_argument("--address", help="an address from which too many attempts came, such as 203.0.113.7")

    def handle(self, *args: Any, user: str | None, address: str | None, **options: Any) -> None:
        if not user and not address:
            raise CommandError("Give the name of a user, an --address, or both.")
        if user:
            self.unlock_account(user)
        if address:
            self.unlock_address(address)

    def unlock_account(self, name: str) -> None:
        owner = User.objects.filter(username=name).first()
        if owner is None:
            raise CommandError(f"There is no user “{name}”.")
        if not unlock(owner.get_username()):
            self.stdout.write(f"“{name}” was not locked. Perhaps the address is: give it with --address.")
            return
        enter_user("user.unlocked", owner, words="On the command line.")
        self.stdout.write(f"“{name}” can log in again.")

    def unlock_address(self, address: str) -> None:
        if not unlock_address(address):
            self.stdout.write(f"{address} was not locked.")
            return
        enter_door("user.unlocked", actor=None, label=f"the address {address}", reason="On the command line.")
        self.stdout.write(f"People can log in from {address} again.")
