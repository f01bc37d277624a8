"""Lists and a form of Django's own admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import path

from benchmarks.peers import models


class Plain(admin.ModelAdmin):
    """A page of 50 rows, as the desk has."""

    list_per_page = 50
    show_full_result_count = False
    ordering = ("-id",)

    def may(self, request: HttpRequest, obj: Any = None) -> bool:
        """All that is asked: whose rights they are costs nothing here."""
        return True

    has_view_permission = has_add_permission = has_change_permission = has_delete_permission = may


class ClaimAdmin(Plain):
    list_display = ("text", "dispute", "status", "language", "question", "updated_at")
    list_select_related = ("dispute", "question")
    list_filter = ("status", "language")
    search_fields = ("text",)
    autocomplete_fields = ("dispute", "question")


class AttributionAdmin(Plain):
    list_display = ("source", "stance", "claim", "said_on", "capacity", "document", "anonymous", "withdrawn_at")
    list_select_related = ("source", "claim", "document")
    list_filter = ("stance",)
    search_fields = ("quote",)
    autocomplete_fields = ("claim", "source", "on_behalf_of", "document")


class VerdictAdmin(Plain):
    list_display = ("claim", "rating", "status", "likelihood", "confidence", "published_at")
    list_select_related = ("claim", "rating")
    list_filter = ("status",)
    search_fields = ("summary",)
    raw_id_fields = ("claim", "supersedes")


class NamedAdmin(Plain):
    search_fields = ("id",)


site = admin.AdminSite()
site.register(models.Claim, ClaimAdmin)
site.register(models.Attribution, AttributionAdmin)
site.register(models.Verdict, VerdictAdmin)
site.register([models.Source, models.Document, models.Dispute, models.Question, models.Rating], NamedAdmin)

SHOWN: dict[str, Any] = {"claim": models.Claim, "attribution": models.Attribution, "verdict": models.Verdict}

urlpatterns = [
    path("admin/list/", site.urls),
    *(path(f"{noun}s/", site.admin_view(site.get_model_admin(model).changelist_view)) for noun, model in SHOWN.items()),
    *(
        path(f"{noun}/", site.admin_view(site.get_model_admin(model).change_view), {"object_id": "7"})
        for noun, model in SHOWN.items()
    ),
]
