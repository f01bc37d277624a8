"""What the feeds of the register have in common (Atom, RFC 4287): what anybody may read, with the head of the trail."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date
from django.utils.xmlutils import SimplerXMLGenerator

from claims.reports.answers import kept_answer
from claims.services.prepared import REGISTER
from factcheck.audit.chain import GENESIS
from factcheck.audit.models import AuditEntry
from factcheck.base.http.address import public_url

SHOWN = 50
"""How many entries a feed has."""
Head = tuple[int, str, datetime]
NAMESPACE = "urn:factcheck:audit"
FOUNDED = datetime(2025, 1, 1, tzinfo=UTC)
"""The date in the names of the feeds, which must never change; and that of a feed in which nothing stands yet."""


class RegisterAtom(Atom1Feed):
    """Atom with the head of the audit chain, so that many readers keep what no insider can change afterwards."""

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xmlns:audit": NAMESPACE}

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        entry, digest = self.feed["head"]
        handler.addQuickElement("audit:head", None, {"entry": str(entry), "sha256": digest})

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else FOUNDED


class RegisterFeed(Feed):
    """A feed of the newsroom; `about` says in one sentence what stands in it."""

    feed_type = RegisterAtom
    language = "en"
    about: str

    def __init__(self, head: Head) -> None:
        self.head = head

    def feed_extra_kwargs(self, obj: object) -> dict[str, Any]:
        return {"head": self.head[:2]}

    def subtitle(self, obj: object) -> str:
        entry, digest, _at = self.head
        return f"{self.about} Head of the audit chain: entry {entry}, SHA-256 {digest}."

    def author_name(self) -> str:
        return str(settings.FACTCHECK_NEWSROOM)

    def author_link(self) -> str:
        return public_url("/")

    def item_author_name(self, item: object) -> str:
        return str(settings.FACTCHECK_NEWSROOM)


def answer(request: HttpRequest, feed: type[RegisterFeed], **address: Any) -> HttpResponse:
    """The feed at this address; 304 to who has it already."""
    head = AuditEntry.objects.order_by("-id").values_list("id", "hash", "at").first() or (0, GENESIS, FOUNDED)
    # Everything that shows in a feed has passed through the trail, so that its last entry dates the feed, and names it:
    # some entries tell of nothing that shows anywhere else.
    changed = int(head[2].timestamp())
    form = "" if address.get("slug") else feed.__name__

    def write() -> HttpResponse:
        response = feed(head)(request, **address)
        response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:24]}"'
        response["Cache-Control"] = "no-cache"
        return response

    response = kept_answer(request, REGISTER, str(head[0]), form, write) if form else write()
    response["Last-Modified"] = http_date(changed)
    return get_conditional_response(request, response["ETag"], changed, response) or response


def shortened(title: str) -> str:
    """The title of an entry, no longer than a reader of feeds shows."""
    return title if len(title) <= 300 else f"{title[:297]}..."


def decided(label: str, summary: str) -> str:
    """A verdict in one or two sentences."""
    return f"{label}. {summary}" if summary else f"{label}."


def absolute(name: str, **values: Any) -> str:
    """The lasting address of a page."""
    return public_url(reverse(name, kwargs=values))


def tag(day: str, name: str) -> str:
    """A tag URI (RFC 4151): the name of a thing for ever, wherever it is read."""
    return f"tag:{urlsplit(settings.FACTCHECK_BASE_URL).hostname},{day}:{name}"
