"""The administrators' pages: users and groups, on the theme's forms and Django's own rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast
from weakref import WeakKeyDictionary

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.db import models
from django.forms.models import BaseModelFormSet
from django.http import Http404, HttpRequest, HttpResponse
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from factcheck.admin.lists import BoundedListMixin
from factcheck.audit.chain import Act, write_entries
from factcheck.audit.context import recording

for model in (User, Group):
    admin.site.unregister(model)


def _search(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """The theme's search over the names of its pages: nothing links to it, and it fails on a page that is no number."""
    raise Http404


cast(Any, admin.site).search = _search


_CHANGED: WeakKeyDictionary[HttpRequest, list[str]] = WeakKeyDictionary()
"""The fields that a request changes, between the form and the trail; it goes with the request."""


class AccountAdmin(BoundedListMixin, ModelAdmin):
    """Lists of few rows, whose filters are Django's own."""

    prefilled: tuple[str, ...] = ()

    # Who gave whom which rights belongs into the trail, where the admin's own log does not stand.

    def construct_change_message(
        self, request: HttpRequest, form: forms.BaseForm, formsets: Sequence[BaseModelFormSet], add: bool = False
    ) -> Any:
        _CHANGED[request] = list(form.changed_data)
        return super().construct_change_message(request, form, formsets, add)

    def log_addition(self, request: HttpRequest, obj: models.Model, message: object) -> None:
        self.enter("created", obj)

    def log_change(self, request: HttpRequest, obj: models.Model, message: object) -> None:
        self.enter("changed", obj, _CHANGED.get(request, ["password"]))

    def log_deletions(self, request: HttpRequest, queryset: Iterable[models.Model]) -> None:
        for obj in queryset:
            self.enter("deleted", obj)

    def enter(self, past_tense: str, obj: models.Model, changes: Sequence[str] = ()) -> None:
        """Enter what was done to an account into the audit trail."""
        noun = str(self.opts.model_name)
        with recording():
            write_entries([Act(f"{noun}.{past_tense}", noun, str(obj.pk), str(obj), changes=list(changes))])

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        return super().get_object(request, object_id, from_field) if len(object_id) <= 150 else None


# Django's classes first: what they say of their forms would be hidden by what the theme leaves empty, such as the
# fields of a new user.


@admin.register(User)
class UserAdmin(DjangoUserAdmin, AccountAdmin):  # type: ignore[misc]
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "first_name", "last_name", "roles", "is_active", "last_login")
    list_filter = ()
    search_help_text = "Search by user name, name or e-mail address."
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password", ("first_name", "last_name"), "email")}),
        (
            "Role",
            {
                "fields": ("groups", "is_active", "is_staff"),
                "description": "A group is a role. Staff may log in here; who is not active may not log in anywhere.",
            },
        ),
        (
            "Single permissions",
            {
                "fields": ("is_superuser", "user_permissions"),
                "classes": ["collapse"],
                "description": "A role is enough. Even a superuser sees a restricted dispute only as its member.",
            },
        ),
        ("Dates", {"fields": ("last_login", "date_joined"), "classes": ["collapse"]}),
    )
    readonly_fields = ("last_login", "date_joined")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        # An account stays for the record; without the tick at "active" it cannot be used.
        return False

    @admin.display(description="roles")
    def roles(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all()) or "–"


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, AccountAdmin):  # type: ignore[misc]
    filter_horizontal = ()
