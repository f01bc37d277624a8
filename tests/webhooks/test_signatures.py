"""Signatures reckoned a second way, with nothing but the standard library, and when the old secret ends."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.webhooks.models import Webhook
from factcheck.webhooks.signing import BOTH_FOR, secret_of, signed_headers

NOW = datetime(2025, 7, 1, 14, 5, 6, 999_999, UTC)


def signature(secret: str, message_id: str, stamp: int, body: str) -> str:
    """As the Standard Webhooks specification says."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{message_id}.{stamp}.{body}".encode(), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def webhook(pk: int = 7, generation: int = 1, rotated_at: datetime | None = None) -> Webhook:
    return Webhook(pk=pk, secret_generation=generation, secret_rotated_at=rotated_at)


@given(st.text(st.characters(codec="utf-8"), max_size=30), st.integers(1, 10**9), st.integers(-14 * 60, 14 * 60))
@settings(max_examples=40)
def test_every_body_is_signed_as_the_specification_says_in_every_zone(body: str, pk: int, minutes: int) -> None:
    hook = webhook(pk)
    headers = signed_headers(hook, "msg_1", body, NOW.astimezone(timezone(timedelta(minutes=minutes))))
    stamp = int(NOW.timestamp())
    assert headers == {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(stamp),
        "webhook-signature": signature(secret_of(hook), "msg_1", stamp, body),
    }


@pytest.mark.parametrize(
    ("since", "both"),
    [
        (timedelta(0), True),
        (-timedelta(minutes=1), True),
        (BOTH_FOR - timedelta(microseconds=1), True),
        (BOTH_FOR, False),
        (BOTH_FOR * 300, False),
    ],
)
def test_the_secret_before_signs_to_the_end_of_its_day_and_the_new_one_first(since: timedelta, both: bool) -> None:
    hook = webhook(generation=3, rotated_at=NOW - since)
    found = signed_headers(hook, "m", "{}", NOW)["webhook-signature"].split(" ")
    generations = [3, 2] if both else [3]
    assert found == [signature(secret_of(hook, number), "m", int(NOW.timestamp()), "{}") for number in generations]


def test_no_two_webhooks_or_generations_share_a_secret() -> None:
    secrets = [secret_of(webhook(pk, generation)) for pk in (1, 11, 111) for generation in (1, 11, 111)]
    assert len(set(secrets)) == len(secrets)
    assert {len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) for secret in secrets} == {32}
    assert secret_of(webhook(7, 2), 1) == secret_of(webhook(7, 1))
