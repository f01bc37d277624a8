"""Verdicts in public: the page of all that stand, and their feed."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.views.decorators.http import require_safe

from claims.logic.wording import confidence_sentence, likelihood_sentence
from claims.models import Verdict
from claims.pages.feed import FOUNDED, SHOWN, RegisterFeed, absolute, answer, decided, shortened, tag
from claims.pages.paging import PARAMETER, page_of
from claims.pages.site import site_page
from claims.reports.answers import kept_answer
from claims.reports.load.cards import newest_verdicts, verdict_cards
from claims.reports.load.redact import Redaction
from claims.services.prepared import REGISTER
from factcheck.models.choosing import first_rows

ON_A_PAGE = 30


@require_safe
def verdicts(request: HttpRequest) -> HttpResponse:
    """The verdicts that stand now and that the visitor may read, the newest first."""
    return kept_answer(request, REGISTER, "0", "verdicts", lambda: _verdicts_page(request))


def _verdicts_page(request: HttpRequest) -> HttpResponse:
    rows, further = page_of(newest_verdicts(request.user), request, ("-published_at", "-id"), ON_A_PAGE)
    about = "Every verdict of the desk that stands today, the newest first."
    context = {"verdicts": verdict_cards(rows), "further": further}
    frame = {"section": "verdicts", "parameters": (PARAMETER,), "description": about}
    return site_page(request, "claims/pages/verdicts.html", context, **frame)


@require_safe
def verdicts_feed(request: HttpRequest) -> HttpResponse:
    """The feed of verdicts."""
    return answer(request, VerdictsFeed)


class VerdictsFeed(RegisterFeed):
    """The newest verdicts that stand; a correction among them comes as the verdict that it is."""

    about = "Verdicts on claims, each drafted by one person and published by another."

    def title(self) -> str:
        return f"Verdicts · {settings.FACTCHECK_NEWSROOM}"

    def link(self) -> str:
        return absolute("verdicts")

    def feed_url(self) -> str:
        return absolute("verdicts-feed")

    def feed_guid(self) -> str:
        return tag(f"{FOUNDED:%Y-%m-%d}", "verdicts")

    def items(self) -> list[Verdict]:
        rows = newest_verdicts(AnonymousUser())
        return first_rows(rows.select_related("rating", "claim__dispute", "author", "reviewer"), SHOWN)

    def item_title(self, item: Verdict) -> str:
        return shortened(f"{item.rating.label}: {item.claim.text}")

    def item_description(self, item: Verdict) -> str:
        dispute, outside = item.claim.dispute, Redaction.of(AnonymousUser())
        parts = [
            ("Claim", item.claim.text),
            ("Dispute", dispute.title if dispute is not None else ""),
            ("Verdict", decided(item.rating.label, item.summary)),
            ("Likelihood", likelihood_sentence(item.likelihood)),
            ("Confidence", confidence_sentence(item.confidence)),
            ("Why this was corrected", item.correction_reason),
            ("Rationale", item.rationale),
            ("Drafted by", outside.person(item.author)),
            ("Reviewed by", outside.person(item.reviewer)),
        ]
        return format_html_join("", "<p><b>{}:</b> {}</p>", ((name, text) for name, text in parts if text))

    def item_link(self, item: Verdict) -> str:
        return absolute("claim", key=item.claim_id)

    def item_guid(self, item: Verdict) -> str:
        return tag(f"{item.published_at:%Y-%m-%d}", f"verdict/{item.pk}")

    def item_pubdate(self, item: Verdict) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Verdict) -> datetime | None:
        return item.published_at

    def item_categories(self, item: Verdict) -> tuple[str, ...]:
        return (item.rating.code,)
