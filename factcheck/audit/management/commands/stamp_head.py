"""Have the head of the audit trail stamped by a time stamping authority."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from factcheck.audit.stamps import stamp_head
from factcheck.base.command import RegisterCommand
from factcheck.base.errors import DomainError


class Command(RegisterCommand):
    help = (
        "Ask the authority at FACTCHECK_TIMESTAMP_URL for a time stamp (RFC 3161) on the head of the audit trail, and "
        "keep it. verify_audit then holds the trail against each stamp."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            stamp = stamp_head()
        except DomainError as error:
            raise CommandError(error.message) from error
        if stamp is None:
            self.stdout.write("The trail has no entry yet.")
        else:
            self.stdout.write(f"head {stamp.line} was there at {stamp.at:%Y-%m-%d %H:%M:%S} UTC, says the authority.")
