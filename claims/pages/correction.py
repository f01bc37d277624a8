"""Corrections in public: the page of all of them, and the feeds."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.views.decorators.http import require_safe

from claims.models import Dispute
from claims.pages.feed import FOUNDED, SHOWN, RegisterFeed, absolute, answer, decided, shortened, tag
from claims.pages.paging import PARAMETER, page_of
from claims.pages.site import site_page
from claims.reports.answers import kept_answer
from claims.reports.content.corrections import CorrectionNotice
from claims.reports.load.corrections import corrections_for, load_corrections, notices
from claims.reports.load.dossier import addressed
from claims.services.prepared import REGISTER

ON_A_PAGE = 50


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """The corrections that the visitor may read, the newest first."""
    return kept_answer(request, REGISTER, "0", "corrections", lambda: _corrections_page(request))


def _corrections_page(request: HttpRequest) -> HttpResponse:
    rows, further = page_of(corrections_for(request.user), request, ("-published_at", "-id"), ON_A_PAGE)
    about = "Every published verdict that replaced an earlier one, with the reason and how grave it is."
    context = {"notices": notices(rows, request.user), "further": further}
    frame = {"section": "corrections", "parameters": (PARAMETER,), "description": about}
    return site_page(request, "claims/pages/corrections.html", context, **frame)


@require_safe
def corrections_feed(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The feed of corrections, of the register or of one dispute."""
    return answer(request, CorrectionsFeed, slug=slug)


class CorrectionsFeed(RegisterFeed):
    """The newest corrections of the register, or of one dispute."""

    about = "Verdicts that replaced an earlier one."

    def get_object(self, request: HttpRequest, slug: str = "") -> Dispute | None:
        if not slug:
            return None
        found = addressed(Dispute.objects.visible_to(AnonymousUser()), slug).first()
        if found is None or found.slug != slug:
            raise Http404
        return found

    def title(self, obj: Dispute | None) -> str:
        about = f" on “{obj.title}”" if obj is not None else ""
        return f"Corrections{about} · {settings.FACTCHECK_NEWSROOM}"

    def link(self, obj: Dispute | None) -> str:
        return absolute("dispute", key=obj.slug) if obj is not None else absolute("corrections")

    def feed_url(self, obj: Dispute | None) -> str:
        return absolute("dispute-corrections-feed", slug=obj.slug) if obj is not None else absolute("corrections-feed")

    def feed_guid(self, obj: Dispute | None) -> str:
        return tag(f"{FOUNDED:%Y-%m-%d}", f"corrections/dispute/{obj.pk}" if obj is not None else "corrections")

    def items(self, obj: Dispute | None) -> tuple[CorrectionNotice, ...]:
        return load_corrections(AnonymousUser(), SHOWN, obj)

    def item_title(self, item: CorrectionNotice) -> str:
        return shortened(item.headline)

    def item_description(self, item: CorrectionNotice) -> str:
        old, new = item.correction.old, item.correction.new
        parts = [
            ("Claim", item.judged),
            ("Dispute", item.dispute),
            ("Severity", item.severity.capitalize()),
            ("Verdict before", decided(old.rating.label, old.summary) if old else ""),
            ("Wording before", item.judged_before),
            ("Verdict now", decided(new.rating.label, new.summary)),
            ("Reason", new.correction_reason),
            ("Rationale now", new.rationale),
            ("Rationale before", old.rationale if old else ""),
            ("Drafted by", new.author),
            ("Reviewed by", new.reviewer),
        ]
        return format_html_join("", "<p><b>{}:</b> {}</p>", ((name, text) for name, text in parts if text))

    def item_link(self, item: CorrectionNotice) -> str:
        return absolute("claim", key=item.claim)

    def item_guid(self, item: CorrectionNotice) -> str:
        return tag(f"{item.at:%Y-%m-%d}", f"correction/{item.id}")

    def item_pubdate(self, item: CorrectionNotice) -> datetime:
        return item.at

    def item_updateddate(self, item: CorrectionNotice) -> datetime:
        return item.at

    def item_categories(self, item: CorrectionNotice) -> tuple[str, ...]:
        return (item.correction.new.correction_severity.code,)
