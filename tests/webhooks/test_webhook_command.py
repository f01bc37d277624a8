"""`manage.py deliver_webhooks`: what it prints, and two of it at once."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command
from django.db import connection

from factcheck.webhooks.models import Webhook, WebhookCall
from tests.factories import make_claim, make_webhook
from tests.webhooks.receiver import Receiver, receiving


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.FACTCHECK_WEBHOOK_PRIVATE_TARGETS = True
    with receiving() as receiver:
        yield receiver


def test_command_prints_what_came_of_it(register: None, receiver: Receiver, capsys: Any) -> None:
    make_webhook(receiver.url, actions=["claim.published"])
    make_claim(published=True)
    call_command("deliver_webhooks", "--once")
    assert capsys.readouterr().out == "Webhooks: 1 delivered, 0 failed, 0 given up, 1 passed over, 0 busy, 0 stopped.\n"


def test_command_without_webhooks_does_nothing(register: None, capsys: Any) -> None:
    call_command("deliver_webhooks")
    assert capsys.readouterr().out.startswith("Webhooks: 0 delivered")


@pytest.mark.parametrize("pause", ["0", "-1", "x", "86401"])
def test_pause_is_a_number_of_seconds(pause: str) -> None:
    with pytest.raises(CommandError, match="seconds"):
        call_command("deliver_webhooks", f"--every={pause}")


def database_url() -> str:
    """The address of the database of this test, for another process."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    host = given["HOST"] or given["OPTIONS"].get("host", "")
    # The folder of a socket has to be quoted to stand where a host does.
    return (
        f"postgresql://{given['USER']}:{given['PASSWORD']}@{host.replace('/', '%2F')}:{given['PORT']}/{given['NAME']}"
    )


def run_apart() -> subprocess.Popen[str]:
    """The command in a process of its own."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "FACTCHECK_WEBHOOK_PRIVATE_TARGETS": "true",
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "factcheck.settings"),
    }
    return subprocess.Popen(
        [sys.executable, str(Path(project.BASE_DIR) / "manage.py"), "deliver_webhooks", "--once"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.races
def test_second_run_at_once_does_nothing(live_register: None, receiver: Receiver) -> None:
    make_webhook(receiver.url, actions=["claim.published"])
    for _ in range(5):
        make_claim(published=True)
    receiver.hold = threading.Event()
    with run_apart() as first:
        assert receiver.arrived.wait(60), first.stderr and first.stderr.read()
        with run_apart() as second:
            out, err = second.communicate(timeout=60)
            assert (second.returncode, err) == (0, "")
            assert "0 delivered" in out
            assert "1 busy" in out
        assert len(receiver.bodies) == 1
        receiver.hold.set()
        out, err = first.communicate(timeout=60)
        assert (first.returncode, err) == (0, "")
        assert "5 delivered" in out
    assert len(receiver.bodies) == 5
    assert len({headers["webhook-id"] for headers in receiver.headers}) == 5


@pytest.mark.races
def test_runs_that_start_together_send_each_message_once(live_register: None, receiver: Receiver) -> None:
    webhooks: list[Webhook] = [make_webhook(receiver.url, actions=["claim.published"]) for _ in range(2)]
    for _ in range(6):
        make_claim(published=True)
    runs = [run_apart() for _ in range(3)]
    for run in runs:
        _out, err = run.communicate(timeout=120)
        assert (run.returncode, err) == (0, "")
    call_command("deliver_webhooks", verbosity=0)
    assert len(receiver.bodies) == 12
    assert WebhookCall.objects.filter(status="delivered", attempts=1).count() == 12
    for webhook in webhooks:
        own = [
            m["data"]["entry"]
            for m, h in zip(receiver.messages, receiver.headers, strict=True)
            if h["webhook-id"].endswith(f"-{webhook.pk}")
        ]
        assert own == sorted(set(own))
        assert len(own) == 6
