"""The desk's pages for the verdict vocabulary."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from unfold.widgets import UnfoldAdminColorInputWidget

from claims.admin.labels import rating_label
from claims.choices import Leaning
from claims.models import Rating, RatingScale
from factcheck.admin import (
    ChoiceFilter,
    RecordedForm,
    RecordedModelAdmin,
    RecordedRowForm,
    RecordedStackedInline,
    VisibleFilter,
)


class RatingForm(RecordedForm):
    class Meta:
        widgets = {"colour": UnfoldAdminColorInputWidget()}


class RatingRowForm(RecordedRowForm):
    class Meta:
        widgets = {"colour": UnfoldAdminColorInputWidget()}


class RatingInline(RecordedStackedInline):
    model = Rating
    belongs = "The words of this scale, in order, each with its meaning."
    form = RatingRowForm
    fields = (("label", "code"), ("order", "leaning"), ("claimreview_value", "colour"), "meaning")
    ordering = ("order",)


@admin.register(RatingScale)
class RatingScaleAdmin(RecordedModelAdmin):
    list_display = ("name", "code")
    search_fields = ("name", "code")
    inlines = (RatingInline,)
    fieldsets = ((None, {"fields": ["name", "code", "description"]}),)


@admin.register(Rating)
class RatingAdmin(RecordedModelAdmin):
    form = RatingForm
    list_display = ("label_shown", "code", "scale", "order", "leaning", "claimreview_value")
    list_select_related = ("scale",)
    list_filter = (VisibleFilter.of("scale", RatingScale), ChoiceFilter.of("leaning", Leaning))
    search_fields = ("label", "code", "meaning")
    autocomplete_fields = ("scale",)
    fieldsets = (
        (None, {"fields": ["scale", "label", "code", "meaning", "leaning"]}),
        (
            "Order, number and colour",
            {
                "fields": ["order", "claimreview_value", "colour"],
                "classes": ["collapse"],
                "description": "How it sorts and looks, and its number in ClaimReview.",
            },
        ),
    )

    @admin.display(description="label", ordering="label")
    def label_shown(self, rating: Rating) -> Any:
        return rating_label(rating)
