"""How messages to a webhook are signed: secrets that are worked out anew each time and stored nowhere.

Messages and secrets follow the Standard Webhooks specification, so that its libraries verify them.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.crypto import salted_hmac
from standardwebhooks import Webhook as Signer

from factcheck.audit.access import require
from factcheck.audit.context import recording
from factcheck.base.errors import Conflict
from factcheck.base.signature import secret_keys
from factcheck.webhooks.models import Webhook

BOTH_FOR = timedelta(hours=24)
"""How long after a rotation messages carry the signature of the old secret as well."""


def secret_of(webhook: Webhook, generation: int | None = None, key: str | None = None) -> str:
    """The secret of a webhook, `whsec_` and 32 bytes in base64: an HMAC of its number and generation by SECRET_KEY, or
    by this older key."""
    what = f"{webhook.pk}:{generation or webhook.secret_generation}"
    made = salted_hmac("factcheck.audit.webhook", what, secret=key, algorithm="sha256").digest()
    return f"whsec_{base64.b64encode(made).decode()}"


def signed_headers(webhook: Webhook, message_id: str, body: str, now: datetime) -> dict[str, str]:
    """The three headers by which the receiver knows that `body` is ours, whole, and not older than it says."""
    generations = [webhook.secret_generation]
    if webhook.secret_rotated_at is not None and now < webhook.secret_rotated_at + BOTH_FOR:
        generations.append(webhook.secret_generation - 1)
    # The library takes the clock time as it stands for UTC.
    moment = now.astimezone(UTC)
    # Whoever verifies takes one of several: as long as an older key is kept, what was shown while it was in use holds.
    secrets = [secret_of(webhook, number, key) for key in secret_keys() for number in generations]
    signatures = (Signer(secret).sign(message_id, moment, body) for secret in secrets)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def show_secret(*, actor: Any, webhook: Webhook) -> str:
    """The secret, shown to `actor`, as the trail records. Raises Forbidden, and Conflict when it was shown before."""
    require(actor, "webhooks.change_webhook", "see the secrets of webhooks")
    with recording(actor=actor):
        webhook.refresh_from_db()
        if webhook.secret_shown_at is not None:
            raise Conflict(
                "This secret was already shown, and it is shown once. Rotate it and ask for the new one.",
                code="secret_shown",
            )
        webhook.secret_shown_at = timezone.now()
        webhook.save(past_tense="secret_shown")
        return secret_of(webhook)


def rotate_secret(*, actor: Any, webhook: Webhook) -> Webhook:
    """A new secret signs from now on, and can be shown once; for a day the old one signs too. Raises Forbidden."""
    require(actor, "webhooks.change_webhook", "rotate the secrets of webhooks")
    with recording(actor=actor):
        webhook.refresh_from_db()
        webhook.secret_generation += 1
        webhook.secret_rotated_at = timezone.now()
        webhook.secret_shown_at = None
        webhook.save(past_tense="secret_rotated")
        return webhook
