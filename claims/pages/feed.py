"""Feeds of corrections (Atom, RFC 4287): what anybody may read, each with the head of the audit chain."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html_join
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from claims.dossier.corrections import load_corrections
from claims.dossier.load import addressed
from claims.logic.corrections import CorrectionNotice
from claims.models import Dispute
from factcheck.audit.chain import GENESIS
from factcheck.audit.models import AuditEntry

SHOWN = 50
Head = tuple[int, str, datetime]
NAMESPACE = "urn:factcheck:audit"
FOUNDED = datetime(2025, 1, 1, tzinfo=UTC)
"""The date in the names of the feeds, which must never change; and that of a feed in which nothing stands yet."""


class CorrectionsAtom(Atom1Feed):
    """Atom with the head of the audit chain, so that many readers keep what no insider can change afterwards."""

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xmlns:audit": NAMESPACE}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        entry, digest = self.feed["head"]
        handler.addQuickElement("audit:head", None, {"entry": str(entry), "sha256": digest})

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else FOUNDED


class CorrectionsFeed(Feed):
    """The newest corrections of the register, or of one dispute."""

    feed_type = CorrectionsAtom
    language = "en"

    def __init__(self, head: Head) -> None:
        self.head = head

    def get_object(self, request: HttpRequest, slug: str = "") -> Dispute | None:
        if not slug:
            return None
        found = addressed(Dispute.objects.visible_to(AnonymousUser()), slug).first()
        if found is None or found.slug != slug:
            raise Http404
        return found

    def feed_extra_kwargs(self, obj: Dispute | None) -> dict[str, Any]:
        return {"head": self.head[:2]}

    def title(self, obj: Dispute | None) -> str:
        about = f" on “{obj.title}”" if obj is not None else ""
        return f"Corrections{about} · {settings.FACTCHECK_NEWSROOM}"

    def subtitle(self, obj: Dispute | None) -> str:
        entry, digest, _at = self.head
        return f"Verdicts that replaced an earlier one. Head of the audit chain: entry {entry}, SHA-256 {digest}."

    def author_name(self) -> str:
        return str(settings.FACTCHECK_NEWSROOM)

    def author_link(self) -> str:
        return f"{settings.FACTCHECK_BASE_URL}/"

    def link(self, obj: Dispute | None) -> str:
        return _absolute("dispute", key=obj.slug) if obj is not None else _absolute("corrections")

    def feed_url(self, obj: Dispute | None) -> str:
        return (
            _absolute("dispute-corrections-feed", slug=obj.slug) if obj is not None else _absolute("corrections-feed")
        )

    def feed_guid(self, obj: Dispute | None) -> str:
        return _tag(f"{FOUNDED:%Y-%m-%d}", f"corrections/dispute/{obj.pk}" if obj is not None else "corrections")

    def items(self, obj: Dispute | None) -> tuple[CorrectionNotice, ...]:
        return load_corrections(AnonymousUser(), SHOWN, obj)

    def item_title(self, item: CorrectionNotice) -> str:
        return item.headline if len(item.headline) <= 300 else f"{item.headline[:297]}..."

    def item_description(self, item: CorrectionNotice) -> str:
        old, new = item.correction.old, item.correction.new
        parts = [
            ("Claim", item.text),
            ("Severity", item.severity.capitalize()),
            ("Verdict before", _decision(old.rating.label, old.summary) if old else ""),
            ("Verdict now", _decision(new.rating.label, new.summary)),
            ("Reason", new.correction_reason),
            ("Rationale now", new.rationale),
            ("Rationale before", old.rationale if old else ""),
        ]
        return format_html_join("", "<p><b>{}:</b> {}</p>", ((name, text) for name, text in parts if text))

    def item_link(self, item: CorrectionNotice) -> str:
        return _absolute("claim", key=item.claim)

    def item_guid(self, item: CorrectionNotice) -> str:
        return _tag(f"{item.at:%Y-%m-%d}", f"correction/{item.id}")

    def item_pubdate(self, item: CorrectionNotice) -> datetime:
        return item.at

    def item_updateddate(self, item: CorrectionNotice) -> datetime:
        return item.at

    def item_categories(self, item: CorrectionNotice) -> tuple[str, ...]:
        return (item.correction.new.correction_severity.code,)

    def item_author_name(self, item: CorrectionNotice) -> str:
        return str(settings.FACTCHECK_NEWSROOM)


@require_safe
def corrections_feed(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The feed; 304 to who has it already."""
    head = AuditEntry.objects.order_by("-id").values_list("id", "hash", "at").first() or (0, GENESIS, FOUNDED)
    response = CorrectionsFeed(head)(request, slug=slug)
    # Everything that shows in a feed has passed through the trail, so that its last entry dates the feed.
    changed = int(head[2].timestamp())
    response["Last-Modified"] = http_date(changed)
    response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:24]}"'
    response["Cache-Control"] = "no-cache"
    return get_conditional_response(request, response["ETag"], changed, response) or response


def _decision(label: str, summary: str) -> str:
    return f"{label}. {summary}" if summary else f"{label}."


def _absolute(name: str, **values: Any) -> str:
    return f"{settings.FACTCHECK_BASE_URL}{reverse(name, kwargs=values)}"


def _tag(day: str, name: str) -> str:
    """A tag URI (RFC 4151): the name of a thing for ever, wherever it is read."""
    return f"tag:{urlsplit(settings.FACTCHECK_BASE_URL).hostname},{day}:{name}"
