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
from factcheck.api.conditional import TOLD_TO, etag_of, not_modified, tag_of, tags_in
from factcheck.base.replicas import on_primary
from sources.models import Source

LACKS = "X-Report-Lacks"
"""The header that says what a report cannot show in its form."""
KEPT = (
    *("Content-Type", "Content-Disposition", "Content-Security-Policy", "Cache-Control", "ETag", "Accept-Ranges"),
    LACKS,
)
"""The headers that belong to an answer; all others are those of the request that asks."""
LONGEST = 2_000_000
"""Bytes of the longest answer that is kept: who asks for one report after the other must not fill the disk."""
LONGEST_FILE = 10_000_000
"""The same of an answer that takes a second to make."""


def kept_answer(
    request: HttpRequest,
    noun: str,
    key: str,
    form: str,
    write: Callable[[], HttpResponse],
    readers: Collection[Audience] = tuple(Audience),
    prepare: Callable[[int], None] | None = None,
) -> HttpResponse:
    """What `write` answers about the row that `key` addresses, or the same as it was kept when somebody asked before.

    Kept for these readers, where they ask for no part of it; until midnight at most, since an answer may tell what is
    due. It carries the moment at which it was made. `prepare` may have it made and kept elsewhere before `write` is
    called.
    """
    audience = audience_of(request.user)
    whole = request.method in {"GET", "HEAD"} and not request.GET and audience in readers
    row = _number(noun, key) if whole else None
    if audience is None or row is None:
        response = write()
    else:
        response = _answer(request, noun, row, audience, form, write, prepare)
    if audience is not None and (row is not None or audience == Audience.PUBLIC):
        setattr(response, TOLD_TO, audience.value)
    return response


def _answer(
    request: HttpRequest,
    noun: str,
    row: int,
    audience: Audience,
    form: str,
    write: Callable[[], HttpResponse],
    prepare: Callable[[int], None] | None,
) -> HttpResponse:
    tag_whole(request, noun, row)
    response = _kept(noun, row, audience, form)
    if response is None and prepare is not None:
        prepare(row)
        with on_primary():
            response = _kept(noun, row, audience, form)
    if response is None:
        since = generation()
        response = write()
        longest = LONGEST if prepare is None else LONGEST_FILE
        if not keep_answer(noun, row, audience, form, response, since, longest):
            return response
    known = tags_in(request, "If-None-Match")
    return not_modified(response) if known is None or tag_of(response["ETag"]) in known else response


def _kept(noun: str, row: int, audience: Audience, form: str) -> HttpResponse | None:
    kept = find(noun, [row], audience, [form]).get((row, form))
    return None if kept is None else _unpack(bytes(kept.body), kept.cuts[0])


def is_kept(noun: str, row: int, audience: Audience, form: str) -> bool:
    """Whether the answer is there already."""
    return bool(find(noun, [row], audience, [form], bare=True))


def keep_answer(
    noun: str, row: int, audience: Audience, form: str, response: HttpResponse, since: str, longest: int
) -> bool:
    """Keep a whole answer that was made since that generation, if it has no more than so many bytes. Gives it an ETag;
    False for what is no whole answer."""
    if response.status_code != 200 or response.streaming:
        return False
    response.setdefault("ETag", etag_of(response.content))
    head, body = _pack(response)
    tomorrow = timezone.localdate() + timedelta(days=1)
    if len(body) <= longest:
        keep(noun, audience, [Form(row, form, head + body, response["ETag"], (len(head),), tomorrow)], since)
    return True


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
