"""What a webhook may be, and the secret that signs its messages."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils import timezone
from standardwebhooks import Webhook as Receiver
from standardwebhooks import WebhookVerificationError

from factcheck import env
from factcheck.audit.models import AuditEntry
from factcheck.webhooks.models import ACTS, Webhook, is_known
from factcheck.webhooks.signing import rotate_secret, secret_of, signed_headers
from tests.factories import make_webhook

INTERNAL = {
    "drafted",
    "submitted",
    "returned",
    "correction_drafted",
    "secret_shown",
    "secret_rotated",
    "taken_over",
    "found_broken",
    "found_whole",
    "left_unanswered",
    "reworded",
}


@pytest.mark.parametrize("action", ["*", "claim.published", "verdict.*", "verdict.corrected", "evidencelink.withdrawn"])
def test_action_of_the_register_can_be_subscribed_to(register: None, action: str) -> None:
    assert make_webhook(actions=[action]).pk


@pytest.mark.parametrize(
    "action", ["claim", "claim.", "claim.publshed", "verdict.drafted", "fact.published", "*.published", "claim.**", "."]
)
def test_action_that_never_happens_is_refused(register: None, action: str) -> None:
    with pytest.raises(ValidationError, match="There is no action"):
        make_webhook(actions=["claim.published", action])


def test_webhook_without_actions_is_refused(register: None) -> None:
    with pytest.raises(ValidationError, match="at least one"):
        make_webhook(actions=[])


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/",
        "http://[64:ff9b::a00:1]/",
        "https://receiver.example.org:8443/hook",
        "https://user:pw@receiver.example.org/",
        "ftp://receiver.example.org/",
        "javascript:alert(1)",
    ],
)
def test_address_inside_or_of_another_kind_is_refused(register: None, url: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        make_webhook(url)
    assert set(refusal.value.error_dict) == {"url"}


def test_address_on_this_machine_is_for_development(register: None, settings: Any) -> None:
    settings.FACTCHECK_WEBHOOK_PRIVATE_TARGETS = True
    assert make_webhook("http://127.0.0.1:8080/hook").pk


def test_production_knows_no_private_targets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTCHECK_WEBHOOK_PRIVATE_TARGETS", "true")
    monkeypatch.setenv("FACTCHECK_ENV", "development")
    assert env.read().webhook_private_targets
    monkeypatch.setenv("FACTCHECK_ENV", "production")
    with pytest.raises(ImproperlyConfigured, match="FACTCHECK_WEBHOOK_PRIVATE_TARGETS"):
        env.read()


def test_every_named_step_can_be_subscribed_to_or_is_internal() -> None:
    named: set[str] = set()
    for folder in ("claims", "sources", "factcheck"):
        for path in (Path(project.BASE_DIR) / folder).rglob("*.py"):
            named |= set(re.findall(r'past_tense="(\w+)"', path.read_text()))
    assert named <= ACTS | INTERNAL, "add the new action to ACTS, or to INTERNAL if it must never leave"


def test_wants_what_was_asked_for() -> None:
    webhook = Webhook(actions=["claim.published", "verdict.*"])
    assert webhook.wants(AuditEntry(action="claim.published"))
    assert webhook.wants(AuditEntry(action="verdict.corrected"))
    assert not webhook.wants(AuditEntry(action="claim.withdrawn"))
    assert Webhook(actions=["*"]).wants(AuditEntry(action="source.changed"))
    assert not is_known(["claim.published"])


def test_secret_differs_by_row_generation_and_key(register: None, settings: Any) -> None:
    first, second = make_webhook(), make_webhook()
    secret = secret_of(first)
    assert secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    others = {secret_of(second), secret_of(first, 2)}
    settings.SECRET_KEY = "another key of the register, as long as it has to be in production"
    others.add(secret_of(first))
    assert len({secret, *others}) == 4


def test_what_was_shown_before_the_key_was_changed_verifies_as_long_as_that_is_named(
    register: None, settings: Any
) -> None:
    webhook, body, now = make_webhook(), '{"type":"claim.published"}', timezone.now()
    before = Receiver(secret_of(webhook))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of the register, as long as it has to be in production"
    for receiver in (before, Receiver(secret_of(webhook))):
        assert receiver.verify(body, signed_headers(webhook, "entry-1-1", body, now))
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(WebhookVerificationError):
        before.verify(body, signed_headers(webhook, "entry-1-1", body, now))


def test_secret_is_stored_nowhere(register: None) -> None:
    webhook = make_webhook()
    key = secret_of(webhook).removeprefix("whsec_")
    stored = [str(row) for model in (Webhook, Webhook.history.model) for row in model.objects.values()]
    assert stored
    assert not any(key in row for row in stored)


def test_signature_is_verified_by_the_library_and_by_nobody_elses_secret(register: None) -> None:
    webhook, other = make_webhook(), make_webhook()
    headers = signed_headers(webhook, "entry-1-1", '{"type":"claim.published"}', timezone.now())
    assert Receiver(secret_of(webhook)).verify('{"type":"claim.published"}', headers) == {"type": "claim.published"}
    with pytest.raises(WebhookVerificationError):
        Receiver(secret_of(other)).verify('{"type":"claim.published"}', headers)
    with pytest.raises(WebhookVerificationError):
        Receiver(secret_of(webhook)).verify('{"type":"claim.withdrawn"}', headers)


def test_old_secret_signs_for_a_day_after_rotation(administrator: Any) -> None:
    administrator.is_superuser = True
    webhook = make_webhook()
    old = secret_of(webhook)
    rotate_secret(actor=administrator, webhook=webhook)
    now = timezone.now()
    for secret in (old, secret_of(webhook)):
        Receiver(secret).verify("{}", signed_headers(webhook, "entry-1-1", "{}", now), json_parse=False)
    webhook.secret_rotated_at -= timedelta(hours=25)
    headers = signed_headers(webhook, "entry-1-1", "{}", now)
    Receiver(secret_of(webhook)).verify("{}", headers, json_parse=False)
    with pytest.raises(WebhookVerificationError):
        Receiver(old).verify("{}", headers, json_parse=False)


def test_change_of_a_webhook_is_recorded(editor: Any) -> None:
    webhook = make_webhook()
    webhook.active = False
    webhook.save()
    entry = AuditEntry.objects.of(webhook).first()
    assert (entry.action, entry.changes) == ("webhook.changed", ["active"])
