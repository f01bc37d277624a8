"""What people read who watch the register from outside."""

from __future__ import annotations

import base64
import io
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db.models import QuerySet
from django.test import Client

from factcheck.audit.models import AuditEntry
from factcheck.base.signature import get_public_key, is_signed
from tests.database import past_the_triggers
from tests.factories import make_source

pytestmark = pytest.mark.usefixtures("register")
HEAD, CONTACT = "/trail/head.txt", "/.well-known/security.txt"


def test_the_head_of_the_trail_is_one_short_signed_line() -> None:
    make_source()
    last = AuditEntry.objects.order_by("-id")[0]
    answer = Client().get(HEAD)
    line = answer.content.decode()
    told, signature = line.rstrip("\n").split(";sig=")
    assert told.startswith(f"head={last.id}:{last.hash};at=")
    assert len(line) < 255
    assert is_signed(told.encode(), base64.b64decode(signature), get_public_key())
    assert "no-store" in answer["Cache-Control"]
    make_source()
    assert Client().get(HEAD).content.decode() > line


def test_verify_audit_takes_the_line_and_finds_what_was_cut_off() -> None:
    make_source()
    line = Client().get(HEAD).content.decode()
    call_command("verify_audit", f"--head={line}", stdout=io.StringIO())
    with past_the_triggers():
        QuerySet(AuditEntry).filter(pk=AuditEntry.objects.order_by("-id")[0].pk).delete()
    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify_audit", f"--head={line}", stdout=io.StringIO(), stderr=io.StringIO())
    with pytest.raises(CommandError, match="give a head as ID:HASH"):
        call_command("verify_audit", "--head=head=1:abc")


@time_machine.travel(datetime(2027, 3, 4, 12, tzinfo=UTC), tick=False)
def test_whom_to_tell_is_named_where_the_operator_named_somebody(settings: Any) -> None:
    assert Client().get(CONTACT).status_code == 404
    settings.FACTCHECK_SECURITY_CONTACT = ["mailto:security@register.example.org", "https://register.example.org/tell"]
    settings.FACTCHECK_SECURITY_KEY = "https://register.example.org/key.asc"
    settings.FACTCHECK_BASE_URL = "https://register.example.org"
    answer = Client().get(CONTACT)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().splitlines() == [
        "Contact: mailto:security@register.example.org",
        "Contact: https://register.example.org/tell",
        "Encryption: https://register.example.org/key.asc",
        "Expires: 2027-08-31T00:00:00Z",
        "Canonical: https://register.example.org/.well-known/security.txt",
    ]


def test_an_empty_register_has_no_head() -> None:
    with past_the_triggers():
        QuerySet(AuditEntry).delete()
    assert Client().get(HEAD).status_code == 404
