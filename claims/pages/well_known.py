"""What is read by people who watch the register from outside: whom to tell of a weakness, and the head of the trail."""

from __future__ import annotations

import base64
from datetime import UTC, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from factcheck.audit.models import AuditEntry, HeadStamp
from factcheck.base.http.address import public_url
from factcheck.base.signature import sign

TEXT = "text/plain; charset=utf-8"
GOOD_FOR = timedelta(days=180)
"""How long somebody may go on believing what they read here: RFC 9116 asks for less than a year."""


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116), where the operator named somebody."""
    if not settings.FACTCHECK_SECURITY_CONTACT:
        raise Http404
    expires = (timezone.now() + GOOD_FOR).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [f"Contact: {address}" for address in settings.FACTCHECK_SECURITY_CONTACT]
    if settings.FACTCHECK_SECURITY_KEY:
        lines.append(f"Encryption: {settings.FACTCHECK_SECURITY_KEY}")
    lines += [f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}", f"Canonical: {public_url(reverse('security-txt'))}", ""]
    return HttpResponse("\n".join(lines), content_type=TEXT)


@require_safe
@never_cache
def head(request: HttpRequest) -> HttpResponse:
    """The last entry of the audit trail in one line of fewer than 255 characters: `head=ID:HASH;at=TIME;sig=...`.

    Signed is all before `;sig=`, with the key of `/signing-key.pem`; the signature is Base64. Whoever keeps such a line
    can tell later whether anything before it was changed or cut off.
    """
    last = AuditEntry.objects.order_by("-id").values_list("id", "hash").first()
    if last is None:
        raise Http404
    number, digest = last
    told = f"head={number}:{digest};at={timezone.now().astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return HttpResponse(f"{told};sig={base64.b64encode(sign(told.encode())).decode()}\n", content_type=TEXT)


@require_safe
@never_cache
def stamped(request: HttpRequest) -> HttpResponse:
    """What the newest time stamp is about, just as it was stamped: `ID:HASH`, without an end of line."""
    return HttpResponse(_newest_stamp().line, content_type=TEXT)


@require_safe
@never_cache
def stamp(request: HttpRequest) -> HttpResponse:
    """The newest time stamp on the head of the trail (RFC 3161), as the authority answered it."""
    return HttpResponse(bytes(_newest_stamp().answer), content_type="application/timestamp-reply")


def _newest_stamp() -> HeadStamp:
    found = HeadStamp.objects.order_by("-entry").first()
    if found is None:
        raise Http404
    return found
