"""Has a time stamping authority say that the head of the chain was there, so that nobody can write an older one later.

By the package rfc3161-client, which checks status, nonce, digest, signature and the way to a root.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cryptography import x509
from django.conf import settings
from django.utils import timezone

from factcheck.audit.models import AuditEntry, HeadStamp
from factcheck.base.errors import Busy
from factcheck.base.fetch import FetchError, post

HEADERS = {"Content-Type": "application/timestamp-query", "User-Agent": "factcheck-stamps/1"}
FAULTS = (ValueError, TypeError, RuntimeError)
"""What the package raises, beside its own error, for an answer that is none."""


def stamp_head() -> HeadStamp | None:
    """The stamp of the newest entry, asked for unless it is there; None in an empty register. Raises Busy where the
    authority answers nothing that holds, or none is named."""
    last = AuditEntry.objects.order_by("-id").values_list("id", "hash").first()
    if last is None:
        return None
    if known := HeadStamp.objects.filter(entry=last[0]).first():
        return known
    if not settings.FACTCHECK_TIMESTAMP_URL:
        raise Busy("No authority is named: set FACTCHECK_TIMESTAMP_URL and FACTCHECK_TIMESTAMP_ROOTS.")
    return _ask(HeadStamp(entry=last[0], hash=last[1]))


def stamp_daily() -> None:
    """Have the head stamped where an authority is named and the newest stamp is of another day. Raises Busy."""
    newest = HeadStamp.objects.order_by("-entry").first()
    if settings.FACTCHECK_TIMESTAMP_URL and (newest is None or newest.at.date() != timezone.now().date()):
        stamp_head()


def holds(stamp: HeadStamp) -> bool:
    """Whether the authority, as the roots in the settings know it, said this of that head. Raises Busy where these
    cannot be read."""
    from rfc3161_client import VerifierBuilder  # noqa: PLC0415 - an extra

    known = _with_roots(VerifierBuilder())
    try:
        _verify(known, stamp)
    except _faults():
        return False
    return True


def _ask(stamp: HeadStamp) -> HeadStamp:
    from rfc3161_client import TimestampRequestBuilder, VerifierBuilder  # noqa: PLC0415 - an extra

    url = settings.FACTCHECK_TIMESTAMP_URL
    request = TimestampRequestBuilder().data(stamp.line.encode()).build()
    known = _with_roots(VerifierBuilder.from_request(request))
    try:
        # The operator named it: it may stand in the same network.
        answer = post(url, content=request.as_bytes(), headers=HEADERS, private=True)
        if answer.status != 200:
            raise Busy(f"{url} answered {answer.status}, and no time stamp.")
        stamp.answer = answer.body
        stamp.at = _verify(known, stamp)
    except FetchError as error:
        raise Busy(f"{url} was asked for a time stamp: {error}") from error
    except _faults() as error:
        raise Busy(f"What {url} answered is no time stamp that holds: {error}") from error
    stamp.save(force_insert=True)
    return stamp


def _with_roots(builder: Any) -> Any:
    file = settings.FACTCHECK_TIMESTAMP_ROOTS
    try:
        roots = x509.load_pem_x509_certificates(file.read_bytes()) if file is not None else []
    except (OSError, ValueError) as error:
        raise Busy(f"The certificates in FACTCHECK_TIMESTAMP_ROOTS cannot be read: {error}") from error
    for root in roots:
        builder = builder.add_root_certificate(root)
    return builder


def _verify(builder: Any, stamp: HeadStamp) -> datetime:
    """When it was stamped. Raises what `_faults` names."""
    from rfc3161_client import decode_timestamp_response  # noqa: PLC0415 - an extra

    answer = decode_timestamp_response(bytes(stamp.answer))
    builder.build().verify_message(answer, stamp.line.encode())
    told: datetime = answer.tst_info.gen_time
    return told if timezone.is_aware(told) else timezone.make_aware(told)


def _faults() -> tuple[type[Exception], ...]:
    from rfc3161_client import VerificationError  # noqa: PLC0415 - an extra

    return (VerificationError, *FAULTS)
