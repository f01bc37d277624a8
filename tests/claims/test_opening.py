"""Two administrators together open a restricted dispute whose members are gone; nobody does it alone or unseen."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from claims.models import Dispute, DisputeMember
from claims.services.opening import VALID, ask_to_open, asked_for, open_abandoned
from factcheck.audit.models import AuditEntry
from factcheck.base.errors import Conflict, Forbidden, RuleViolation
from factcheck.mail import send_to
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
REASON, SECRET = "A court asks for it.", "The hidden ledger"


@pytest.fixture
def people(administrator: Any) -> tuple[Any, Any]:
    """Two administrators, with accounts that are older than what is asked."""
    second = make.make_user("otto", "Administrator", first_name="Otto", last_name="Orr", email="otto@desk.example.org")
    return administrator, second


@pytest.fixture
def abandoned(ann: Any, people: Any) -> Dispute:
    dispute = make.make_dispute(SECRET, members=[ann], visibility="restricted")
    ann.is_active, ann.email = False, "ann@home.example.org"
    ann.save()
    return dispute


def actions() -> list[str]:
    rows = AuditEntry.objects.filter(object_type__in=("dispute", "disputemember")).order_by("id")
    return [row.action for row in rows]


def test_one_asks_another_opens_and_both_are_members(
    abandoned: Dispute, people: Any, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.FACTCHECK_EMAIL_HOST = "mail.example.org"
    ada, otto = people
    assert not Dispute.objects.visible_to(ada).filter(pk=abandoned.pk).exists()
    ask_to_open(actor=ada, dispute=abandoned.pk, reason=REASON)
    assert not Dispute.objects.visible_to(ada).filter(pk=abandoned.pk).exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert open_abandoned(actor=otto, dispute=abandoned.pk) == abandoned
    for user in people:
        assert Dispute.objects.visible_to(user).filter(pk=abandoned.pk).exists()
    assert actions()[-4:] == ["dispute.opening_asked", *["disputemember.created"] * 2, "dispute.opened"]
    asked, opened = AuditEntry.objects.filter(action__startswith="dispute.open").order_by("id")
    assert [(row.actor, row.reason, row.dispute_id) for row in (asked, opened)] == [
        (ada, REASON, abandoned.pk),
        (otto, REASON, abandoned.pk),
    ]
    assert sorted(message.to[0] for message in mail.outbox) == ["ann@home.example.org", "otto@desk.example.org"]
    for message in mail.outbox:
        assert "Ada Adler asked" in message.body
        assert SECRET not in f"{message.subject} {message.body}"


def test_nobody_does_both(abandoned: Dispute, people: Any) -> None:
    ask_to_open(actor=people[0], dispute=abandoned.pk, reason=REASON)
    with pytest.raises(Forbidden) as refused:
        open_abandoned(actor=people[0], dispute=abandoned.pk)
    assert refused.value.code == "two_people"
    # Nor with an account that they made for it.
    made = make.make_user("made", "Administrator")
    with pytest.raises(Forbidden) as refused:
        open_abandoned(actor=made, dispute=abandoned.pk)
    assert refused.value.code == "younger_account"
    assert DisputeMember.objects.filter(dispute=abandoned).count() == 1


def test_nothing_is_opened_that_nobody_asked_for_or_too_long_ago(abandoned: Dispute, people: Any) -> None:
    ada, otto = people
    with pytest.raises(Conflict, match="ask for it first"):
        open_abandoned(actor=otto, dispute=abandoned.pk)
    ask_to_open(actor=ada, dispute=abandoned.pk, reason=REASON)
    with time_machine.travel(timezone.now() + VALID + timedelta(minutes=1)), pytest.raises(Conflict):
        open_abandoned(actor=otto, dispute=abandoned.pk)
    ada.groups.clear()
    with pytest.raises(Conflict):
        open_abandoned(actor=otto, dispute=abandoned.pk)


def test_it_is_refused_while_an_active_member_exists(abandoned: Dispute, people: Any, ann: Any) -> None:
    ada, otto = people
    ask_to_open(actor=ada, dispute=abandoned.pk, reason=REASON)
    ann.is_active = True
    ann.save()
    with pytest.raises(Conflict, match="all gone"):
        open_abandoned(actor=otto, dispute=abandoned.pk)
    for number in (abandoned.pk, make.make_dispute().pk, 987654321):
        # Neither tells whether there is such a dispute.
        with pytest.raises(Conflict, match="all gone"):
            ask_to_open(actor=ada, dispute=number, reason=REASON)


@pytest.mark.parametrize("role", ["Reader", "Researcher", "Reviewer", "Editor"])
def test_only_administrators_ask_and_open(role: str, abandoned: Dispute, people: Any) -> None:
    user = make.make_user(f"one-{role}", role)
    with pytest.raises(Forbidden):
        ask_to_open(actor=user, dispute=abandoned.pk, reason=REASON)
    ask_to_open(actor=people[0], dispute=abandoned.pk, reason=REASON)
    with pytest.raises(Forbidden):
        open_abandoned(actor=user, dispute=abandoned.pk)
    client = Client()
    client.force_login(user)
    assert client.get("/admin/claims/dispute/abandoned/").status_code in {302, 403}


def test_a_reason_is_needed_and_one_asks_once(abandoned: Dispute, people: Any) -> None:
    with pytest.raises(RuleViolation):
        ask_to_open(actor=people[0], dispute=abandoned.pk, reason=" ")
    ask_to_open(actor=people[0], dispute=abandoned.pk, reason=REASON)
    for user in people:
        with pytest.raises(Conflict, match="Ada Adler has asked"):
            ask_to_open(actor=user, dispute=abandoned.pk, reason=REASON)


def test_the_page_leads_through_both_steps_and_the_front_page_tells_administrators(
    abandoned: Dispute, people: Any, editor: Any
) -> None:
    page = "/admin/claims/dispute/abandoned/"
    ada, otto, ed = Client(), Client(), Client()
    for client, user in ((ada, people[0]), (otto, people[1]), (ed, editor)):
        client.force_login(user)
    shown = ada.get(page).content.decode()
    assert f"Dispute {abandoned.pk}" in shown
    assert SECRET not in shown
    assert ada.post(page, {"dispute": "x", "ask": "1"}).status_code == 400
    assert ada.post(page, {"dispute": abandoned.pk, "reason": "x\u202e", "ask": "1"}).status_code == 400
    assert ada.post(page, {"dispute": abandoned.pk, "reason": REASON, "ask": "1"}).status_code == 302
    assert ada.post(page, {"dispute": abandoned.pk, "open": "1"}).status_code == 400
    for client, told in ((otto, True), (ed, False)):
        front = client.get("/admin/").content.decode()
        assert (f"asks to open restricted dispute {abandoned.pk}" in front) == told
    answer = otto.post(page, {"dispute": abandoned.pk, "open": "1"})
    assert answer["Location"] == f"/admin/claims/dispute/{abandoned.pk}/change/"
    assert SECRET in otto.get(answer["Location"]).content.decode()
    assert "Every restricted dispute has a member" in ada.get(page).content.decode()
    assert asked_for([abandoned.pk]) == {}


def test_the_command_does_the_same(abandoned: Dispute, people: Any) -> None:
    def run(*arguments: str) -> str:
        out = io.StringIO()
        call_command("open_dispute", *arguments, stdout=out, stderr=out)
        return out.getvalue()

    number = str(abandoned.pk)
    assert f"{number}  nobody has asked" in run()
    assert "Asked." in run(number, "--as", "ada", "--reason", REASON)
    assert "Ada Adler asks to open" in run()
    for arguments in (
        (number,),
        (number, "--as", "ada"),
        (number, "--as", "nobody"),
        ("99999999999999999999", "--as", "ada"),
    ):
        with pytest.raises(CommandError):
            run(*arguments)
    assert "Opened." in run(number, "--as", "otto")
    assert "Every restricted dispute" in run()


def test_no_mail_is_sent_without_a_server_and_none_that_fails_undoes_anything(
    abandoned: Dispute, people: Any, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.FACTCHECK_EMAIL_HOST = "mail.example.org"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    ask_to_open(actor=people[0], dispute=abandoned.pk, reason=REASON)
    with django_capture_on_commit_callbacks(execute=True):
        open_abandoned(actor=people[1], dispute=abandoned.pk)
    assert Dispute.objects.visible_to(people[1]).filter(pk=abandoned.pk).exists()
    settings.FACTCHECK_EMAIL_HOST = ""
    assert send_to(["ann@home.example.org"], "Subject", "Text") == 0
