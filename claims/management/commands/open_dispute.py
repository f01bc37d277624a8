"""`manage.py open_dispute`: the restricted disputes whose members are gone, and the way for two administrators in."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management import CommandError

from claims.models import Dispute
from claims.services.opening import ask_to_open, asked_for, open_abandoned
from factcheck.base.command import RegisterCommand
from factcheck.base.errors import DomainError
from factcheck.base.text import check_text


class Command(RegisterCommand):
    help = (
        "List the restricted disputes without an active member. With a number, ask to open one (--reason), or open it "
        "after another administrator has asked. Whoever may run this may do both: the trail tells who was named."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dispute", type=int, nargs="?", help="the number of the dispute")
        parser.add_argument("--as", dest="user", default="", help="the log-in name of the administrator who acts")
        parser.add_argument("--reason", default="", help="why it has to be opened: this asks, and opens nothing yet")

    def handle(self, *args: Any, dispute: int | None, user: str, reason: str, **options: Any) -> None:
        if dispute is None:
            self._list()
            return
        actor = get_user_model().objects.filter(username=user).first() if user else None
        if actor is None:
            raise CommandError("Name the administrator who acts: --as NAME.")
        try:
            check_text(reason)
            if reason:
                ask_to_open(actor=actor, dispute=dispute, reason=reason)
                self.stdout.write("Asked. Another administrator opens it now, within 14 days.")
            else:
                open_abandoned(actor=actor, dispute=dispute)
                self.stdout.write("Opened. Both administrators are its members.")
        except DomainError as problem:
            raise CommandError(problem.message) from problem
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from problem

    def _list(self) -> None:
        rows = list(Dispute.objects.abandoned().order_by("id").values_list("pk", flat=True))
        asked = asked_for(rows)
        for pk in rows:
            self.stdout.write(f"{pk}  {asked[pk].words if pk in asked else 'nobody has asked to open it'}")
        if not rows:
            self.stderr.write("Every restricted dispute has a member with an active account.", str)
