"""What a form for a new row would refuse once it is filled in is said before anything is typed, with the ways that are
open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.admin import ModelAdmin

from factcheck.audit.access import people_who_may
from factcheck.models.queryset import public_rows

CORRECT = "sources.correct_published"
NAMED = 6
"""So many people are named of those who can be asked."""


@dataclass(frozen=True)
class Refusal:
    """Why a row cannot be added, and where to go instead."""

    says: str
    ways: Sequence[tuple[str, str]] = ()
    """As (words, address)."""
    ask: Sequence[str] = ()
    """The names of people who can do it."""


class BeforehandMixin(ModelAdmin):
    """For a ModelAdmin whose form for a new row is opened with some references filled in."""

    public_with: ClassVar[Sequence[str]] = ()
    """The references of a new row that make it public at once, if the public reads what they refer to."""

    def refused_before(self, request: HttpRequest, given: dict[str, Any]) -> Refusal | None:
        """Why no row with these references can be added by this user; nouns with rules of their own add to it."""
        if not self.public_with or request.user.has_perm(CORRECT):
            return None
        for name in self.public_with:
            field = self.opts.get_field(name)
            if name not in given or not public_rows(field.related_model).filter(pk=given[name]).exists():
                return None
        noun = self.opts.get_field(self.public_with[0]).related_model._meta.verbose_name
        return Refusal(
            f"This {noun} is published: everybody reads at once what is added to it, and your role adds to drafts. "
            "Somebody who may can add it, by this same address.",
            self.ways_beside(request, given),
            names_of_who_may(CORRECT),
        )

    def ways_beside(self, request: HttpRequest, given: dict[str, Any]) -> list[tuple[str, str]]:
        """Where one can go instead, as (words, address)."""
        return []

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        if request.method == "POST" or not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        refusal = self.refused_before(request, self.get_changeform_initial_data(request))
        return self._refused_page(request, refusal) if refusal else super().add_view(request, form_url, extra_context)

    def _refused_page(self, request: HttpRequest, refusal: Refusal) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": f"Add {self.opts.verbose_name}",
            "refusal": refusal,
            "address": request.build_absolute_uri(),
            "opts": self.opts,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/factcheck/refused.html", context)


def names_of_who_may(permission: str) -> list[str]:
    """The names of some who have this right by their role, and how many more there are."""
    people = people_who_may(permission).filter(is_superuser=False).order_by("last_name", "username")
    names = [user.get_full_name() or user.get_username() for user in people[: NAMED + 1]]
    if len(names) <= NAMED:
        return names
    return [*names[:NAMED], f"{people.count() - NAMED} more"]
