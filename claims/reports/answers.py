"""Whole answers, kept ready for the next reader: pages, reports, timelines, and what tells of the register."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from claims.choices import Audience
from claims.models import Dispute
from claims.services.prepared import (
    CLAIM,
    DISPUTE,
    REGISTER,
    SOURCE,
    Form,
    audience_of,
    find,
    generation,
    keep,
    tag_whole,
)
from factcheck.api.conditional import TELLS_OF_ROWS, etag_of, not_modified, tag_of, tags_in
from sources.models import Source

KEPT = ("Content-Type", "Content-Disposition", "Content-Security-Policy", "Cache-Control", "ETag")
"""The headers that belong to an answer; all others are those of the request that asks."""
LONGEST = 2_000_000
"""Bytes of the longest answer that is kept: who asks for one report after the other must not fill the disk."""


def kept_answer(
    request: HttpRequest,
    noun: str,
    key: str,
    form: str,
    write: Callable[[], HttpResponse],
    readers: Collection[Audience] = tuple(Audience),
) -> HttpResponse:
    """What `write` answers about the row that `key` addresses, or the same as it was kept when somebody asked before.

    Kept for these readers, where they ask for no part of it; until midnight at most, since an answer may tell what is
    due. It carries the moment at which it was made.
    """
    response = _kept_answer(request, noun, key, form, write, readers)
    setattr(response, TELLS_OF_ROWS, True)
    return response


def _kept_answer(
    request: HttpRequest,
    noun: str,
    key: str,
    form: str,
    write: Callable[[], HttpResponse],
    readers: Collection[Audience],
) -> HttpResponse:
    asked = request.method in {"GET", "HEAD"} and not request.GET
    audience = audience_of(request.user) if asked else None
    row = _number(noun, key) if audience in readers else None
    if audience is None or row is None:
        return write()
    tag_whole(request, noun, row)
    if kept := find(noun, [row], audience, [form]).get((row, form)):
        response = _unpack(bytes(kept.body), kept.cuts[0])
    else:
        since = generation()
        response = write()
        if response.status_code != 200 or response.streaming:
            return response
        response.setdefault("ETag", etag_of(response.content))
        head, body = _pack(response)
        tomorrow = timezone.localdate() + timedelta(days=1)
        if len(body) <= LONGEST:
            keep(noun, audience, [Form(row, form, head + body, response["ETag"], (len(head),), tomorrow)], since)
    known = tags_in(request, "If-None-Match")
    return not_modified(response) if known is None or tag_of(response["ETag"]) in known else response


def _number(noun: str, key: str) -> int | None:
    if key.isascii() and key.isdigit():
        return int(key) if len(key) < 19 and noun in {CLAIM, DISPUTE, REGISTER} else None
    if noun == DISPUTE:
        return Dispute.objects.filter(slug=key).values_list("pk", flat=True).first()
    if noun == SOURCE:
        return Source.objects.filter(slug=key).values_list("pk", flat=True).first()
    return None


def _pack(response: HttpResponse) -> tuple[bytes, bytes]:
    head = "\n".join(f"{name}: {response[name]}" for name in KEPT if response.has_header(name))
    return head.encode(), bytes(response.content)


def _unpack(kept: bytes, cut: int) -> HttpResponse:
    lines = kept[:cut].decode().split("\n")
    return HttpResponse(kept[cut:], headers=dict(line.split(": ", 1) for line in lines))
