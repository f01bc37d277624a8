"""`manage.py create_token USER`: a token for a program that writes or reads through the API."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import CommandError
from knox.models import get_token_model

from factcheck.accounts.factor import check_may_have_token
from factcheck.accounts.models import TokenGrant
from factcheck.audit.chain import record_event
from factcheck.audit.context import recording
from factcheck.base.command import RegisterCommand, whole_number
from factcheck.base.errors import DomainError
from factcheck.base.scopes import Scope

LONGEST = 3650


class Command(RegisterCommand):
    help = "Create an API token of a user. The token alone goes to standard output, so that TOKEN=$(...) works."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="the log-in name of the user whose rights the token has")
        parser.add_argument("--name", default="", help="what it is for")
        parser.add_argument(
            "--scope", choices=Scope.values, default=str(Scope.ADMIN), help="how much it may do (default: %(default)s)"
        )
        parser.add_argument(
            "--days",
            type=whole_number(LONGEST, "a number of days"),
            help="how long it is valid (default: FACTCHECK_TOKEN_DAYS)",
        )

    def handle(self, *args: Any, user: str, days: int | None, name: str, scope: str, **options: Any) -> None:
        owner = get_user_model().objects.filter(username=user).first()
        if owner is None:
            raise CommandError(f"There is no user “{user}”.")
        if not owner.is_active:
            raise CommandError(f"The account of “{user}” is not active: a token for it would open nothing.")
        try:
            check_may_have_token(owner)
        except DomainError as error:
            raise CommandError(error.message) from error
        life = {} if days is None else {"expiry": timedelta(days=days)}
        with recording(reason="A token was created on the command line"):
            row, token = get_token_model().objects.create(user=owner, **life)
            TokenGrant.objects.filter(token=row).update(name=name[:100], scope=scope)
            # Its beginning tells a token from others; what is left unsaid is far too long to guess.
            record_event("token.created", "authtoken", row.token_key[:8], f"{user}: {row.token_key[:8]}…")
        until = f"It is valid until {row.expiry:%Y-%m-%d %H:%M} UTC." if row.expiry else "It does not expire."
        rights = "the rights" if scope == Scope.ADMIN else f"the scope “{scope}” and the rights"
        self.stderr.write(f"A token with {rights} of “{user}”, shown this once. {until}", str)
        self.stderr.write("Send it as the header:  Authorization: Bearer <token>", str)
        self.stdout.write(token)
