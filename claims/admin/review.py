"""The desk's pages for reviews by other publishers."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from claims.admin.labels import rating_label, standing_label
from claims.admin.withdrawal import WithdrawableAdmin
from claims.models import Dispute, Review
from factcheck.admin import VisibleFilter, WithdrawnFilter, link_to, safe_link
from factcheck.base import edtf


@admin.register(Review)
class ReviewAdmin(WithdrawableAdmin):
    list_display = ("publisher", "claim_link", "rating_as_published", "rating_shown", "reviewed", "link", "standing")
    list_display_links = ("publisher",)
    list_select_related = ("publisher", "claim", "rating")
    label_related = ("publisher", "claim")
    named_only = ("publisher", "claim")
    sortable_by = ("claim_link",)
    list_filter = (VisibleFilter.of("claim__dispute", Dispute), WithdrawnFilter)
    search_fields = ("publisher__name", "claim__text", "title", "url")
    search_help_text = "Search by publisher, claim, title or address."
    autocomplete_fields = ("claim", "publisher", "rating")
    public_with = ("claim",)
    belongs_to = "claim"
    prefilled = ("claim", "publisher")
    fieldsets = (
        (None, {"fields": ["claim", "publisher", "url", "title", "rating_text", "rating"]}),
        (
            "Numbers, date and language",
            {
                "fields": [("rating_value", "rating_worst", "rating_best"), ("reviewed_on", "language")],
                "classes": ["collapse"],
                "description": "As the publisher gave them.",
            },
        ),
    )

    @admin.display(description="claim", ordering="claim_id")
    def claim_link(self, review: Review) -> Any:
        return link_to(review.claim)

    @admin.display(description="as published")
    def rating_as_published(self, review: Review) -> str:
        return review.rating_text[:80] or "–"

    @admin.display(description="nearest of ours")
    def rating_shown(self, review: Review) -> Any:
        return rating_label(review.rating)

    @admin.display(description="reviewed on")
    def reviewed(self, review: Review) -> str:
        return edtf.in_words(review.reviewed_on) or "–"

    @admin.display(description="address")
    def link(self, review: Review) -> Any:
        return safe_link(review.url, "open")

    @admin.display(description="state")
    def standing(self, review: Review) -> Any:
        return standing_label(review)
