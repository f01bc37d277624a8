"""One message to one receiver: sent, and what came of it noted."""

from __future__ import annotations

import json
from datetime import datetime

from django.conf import settings

from factcheck.base.fetch import Answer, FetchError, post
from factcheck.base.text import forbidden_character
from factcheck.webhooks.models import EXCERPT, WebhookCall
from factcheck.webhooks.signing import signed_headers


def send(call: WebhookCall, message: dict[str, object], now: datetime) -> bool:
    """POST the message, outside of any transaction, and note in `call` what was answered; whether it was taken."""
    body = json.dumps(message, separators=(",", ":"))
    headers = signed_headers(call.webhook, call.message_id, body, now)
    answer: Answer | None = None
    call.error = ""
    try:
        answer = post(
            call.webhook.url,
            content=body.encode(),
            headers={"Content-Type": "application/json", "User-Agent": "factcheck-webhooks/1", **headers},
            private=settings.FACTCHECK_WEBHOOK_PRIVATE_TARGETS,
        )
    except FetchError as failure:
        call.error = _clean(str(failure))
    call.response_status = answer.status if answer else None
    call.response_excerpt = _clean(answer.body.decode("utf-8", "replace")) if answer else ""
    if answer and 200 <= answer.status < 300:
        return True
    if answer:
        redirect = " A redirect is not followed: give the address it leads to." if 300 <= answer.status < 400 else ""
        call.error = f"The receiver answered {answer.status}.{redirect}"
    return False


def _clean(text: str) -> str:
    """At most 1,000 characters, without those that no text of the register may hold."""
    return "".join("\ufffd" if forbidden_character(character) else character for character in text[:EXCERPT])
