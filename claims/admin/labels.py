"""How states, verdicts and bearings look in lists and panels."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Model, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims.choices import Bearing, ClaimStatus, Discount, QuestionState, QuoteState, Visibility
from claims.models import Attribution, Claim, EvidenceLink, Rating
from claims.models.claim import Withdrawable
from factcheck.admin.links import EMPTY, badge, swatch

TONES: dict[str, str] = {
    ClaimStatus.DRAFT: "plain",
    ClaimStatus.IN_REVIEW: "info",
    ClaimStatus.PUBLISHED: "good",
    ClaimStatus.WITHDRAWN: "bad",
    Bearing.SUPPORTS: "good",
    Bearing.REFUTES: "bad",
    Bearing.CONTEXT: "plain",
    QuestionState.OPEN: "plain",
    QuestionState.CONTESTED: "warn",
    QuestionState.SETTLED: "good",
    QuestionState.UNDER_REVIEW: "warn",
    Visibility.PUBLIC: "plain",
    Visibility.INTERNAL: "info",
    Visibility.RESTRICTED: "warn",
    QuoteState.VERIFIED: "good",
    QuoteState.ELIDED: "info",
    QuoteState.NOT_FOUND: "bad",
    QuoteState.UNVERIFIABLE: "faint",
}


def label_of(row: Model, field: str = "status") -> SafeString:
    """The value of a field with fixed choices as a small label, without the explanation after its colon."""
    value = getattr(row, field)
    return badge(short(row, field), TONES.get(value, "plain")) if value else EMPTY


def short(row: Model, field: str) -> str:
    """The value of a field with fixed choices, without the explanation after its colon."""
    return str(getattr(row, f"get_{field}_display")()).split(": ")[0]


def rating_label(rating: Rating | None) -> SafeString:
    """The word of a verdict with its colour."""
    return swatch(rating.label, rating.colour) if rating is not None else EMPTY


def standing_label(row: Withdrawable) -> SafeString:
    """Whether a row that can be withdrawn still stands."""
    return badge("Withdrawn", "bad") if row.withdrawn_at else badge("Standing", "plain")


def discount_label(link: EvidenceLink) -> SafeString:
    """Whether a bearing of evidence counts, and if not, why."""
    reason = link.discounted
    return badge(Discount(reason).label, "warn") if reason else badge("Counts", "plain")


ASSERTION_HINT = (
    "Whoever publishes it asserts this claim, or its document carries that assertion. "
    "If it is no more than that, mark it as the claim’s own assertion."
)


def assertion_hint(link: EvidenceLink) -> str:
    """A hint where evidence may be no more than the claim's own assertion; empty elsewhere."""
    return format_html('<span class="desk-hint">{}</span>', ASSERTION_HINT) if link.pk and link.may_be_assertion else ""


def quote_label(attribution: Attribution) -> SafeString:
    """Whether the quote of an attribution stands in the document that is cited for it."""
    check = getattr(attribution, "quote_check", None)
    return label_of(check, "state") if check is not None else EMPTY


def claims_counted(field: str, **conditions: Any) -> Coalesce:
    """How many claims refer to a row by this field, counted for the rows of a page alone."""
    rows = Claim.objects.filter(**{field: OuterRef("pk")}, **conditions).order_by().values(field)
    return Coalesce(Subquery(rows.annotate(counted=Count("pk")).values("counted")), 0)
