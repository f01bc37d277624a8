"""The desk's pages for assessments; the analyst is whoever enters one."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest

from claims.choices import Consistency
from claims.models import Assessment, Dispute
from factcheck.admin import ChoiceFilter, RecordedForm, RecordedModelAdmin, VisibleFilter, link_to
from factcheck.base.people import Reader


@admin.register(Assessment)
class AssessmentAdmin(RecordedModelAdmin):
    list_display = ("evidence", "claim_link", "rating_shown", "analyst")
    list_display_links = ("evidence",)
    list_select_related = label_related = ("evidence", "claim", "analyst")
    sortable_by = ("claim_link",)
    list_filter = (ChoiceFilter.of("rating", Consistency), VisibleFilter.of("claim__dispute", Dispute))
    search_fields = ("evidence__title", "claim__text", "note")
    search_help_text = "Search by evidence, claim or note."
    autocomplete_fields = ("evidence", "claim")
    prefilled = ("evidence", "claim")
    readonly_fields = ("analyst",)
    fieldsets = ((None, {"fields": ["claim", "evidence", "rating", "note"]}),)

    def get_fieldsets(self, request: HttpRequest, obj: Assessment | None = None) -> list[Any]:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None:
            fieldsets[0][1]["fields"] = [*fieldsets[0][1]["fields"], "analyst"]
        return fieldsets

    def closed(self, user: Reader, obj: Assessment) -> str:
        if obj.analyst_id != user.pk:
            return "This is another analyst's rating. Enter your own instead."
        return super().closed(user, obj)

    def store(self, request: HttpRequest, obj: Assessment, form: RecordedForm, change: bool) -> None:
        if not change:
            assert isinstance(request.user, User)
            obj.analyst = request.user
        obj.save()

    @admin.display(description="claim", ordering="claim_id")
    def claim_link(self, assessment: Assessment) -> Any:
        return link_to(assessment.claim)

    @admin.display(description="rating")
    def rating_shown(self, assessment: Assessment) -> str:
        return f"{assessment.rating}: {assessment.get_rating_display()}"
