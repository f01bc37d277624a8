"""The administrators' pages: users and groups, on the theme's forms and Django's own rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast
from weakref import WeakKeyDictionary

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.db import models
from django.forms.models import BaseModelFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html
from knox.models import AuthToken
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm

from factcheck.accounts.invitation import invite
from factcheck.accounts.models import TokenGrant
from factcheck.accounts.own import sessions_of
from factcheck.accounts.rights import Rights, enter_group, enter_rights, permissions_of, rights_of
from factcheck.accounts.roles import give_role
from factcheck.accounts.telling import CHOSEN, MOVED, tell
from factcheck.admin.history import HistoryMixin
from factcheck.admin.links import add_url, admin_url, badge
from factcheck.admin.lists import BoundedListMixin
from factcheck.admin.proof import proof_needed
from factcheck.admin.steps import StepsMixin
from factcheck.admin.user_forms import NewUserForm, UserForm
from factcheck.admin.user_steps import STEPS, by_hand
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


_INVITED: WeakKeyDictionary[HttpRequest, User] = WeakKeyDictionary()
"""Whom a request has made an account for, and who is to choose the password; it goes with the request."""
_RIGHTS: WeakKeyDictionary[HttpRequest, Rights] = WeakKeyDictionary()
"""What somebody could do before a request changes it; it goes with the request."""
WHO = ("username", ("first_name", "last_name"), "email")
INACTIVE = "This account is deactivated: nobody logs in with it, and its tokens open nothing."


class AccountAdmin(HistoryMixin[Any], BoundedListMixin, ModelAdmin):
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
class UserAdmin(DjangoUserAdmin, StepsMixin[Any], AccountAdmin):  # type: ignore[misc]
    form = UserForm
    add_form = NewUserForm
    add_form_template = None
    steps = STEPS
    change_form_outer_before_template = "admin/factcheck/above.html"
    change_form_outer_after_template = "admin/factcheck/user_tokens.html"
    compressed_fields = True
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "full_name", "email", "roles", "state", "last_login")
    list_filter = ()
    search_help_text = "Search by user name, name or e-mail address."
    filter_horizontal = ()
    add_fieldsets = (
        (None, {"fields": (*WHO, "role")}),
        ("First password", {"fields": ("by", "password")}),
    )
    fieldsets = (
        (None, {"fields": (*WHO, "role", "password_state")}),
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
    readonly_fields = ("password_state", "last_login", "date_joined")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        # An account stays for the record; deactivated it cannot be used.
        return False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        if change:
            _RIGHTS[request] = rights_of(obj)
            if "email" in form.changed_data:
                tell(obj, MOVED, to={form.initial.get("email", ""), obj.email})
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: list[Any], change: bool) -> None:
        user = form.instance
        before = _RIGHTS.pop(request, None)
        super().save_related(request, form, formsets, change)
        if (role := form.cleaned_data.get("role")) is not None:
            give_role(form.instance, role)
        if isinstance(form, NewUserForm) and form.invited:
            _INVITED[request] = form.instance
        enter_rights(user, before, actor=cast(User, request.user))

    def log_change(self, request: HttpRequest, obj: models.Model, message: object) -> None:  # type: ignore[override]
        super().log_change(request, obj, message)
        if "password" in _CHANGED.get(request, ["password"]):
            tell(cast(User, obj), CHOSEN)

    @proof_needed
    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().change_view(request, *args, **kwargs)

    @proof_needed
    def user_change_password(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().user_change_password(request, *args, **kwargs)

    @proof_needed
    def _step_page(self, request: HttpRequest, *args: Any) -> HttpResponse:
        return super()._step_page(request, *args)

    @proof_needed
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        response = super().add_view(request, form_url, extra_context)
        # After the transaction: nobody waits for the mail of others.
        if (user := _INVITED.pop(request, None)) is not None:
            if invite(user, actor=cast(User, request.user)):
                messages.success(request, f"A link to choose a password was sent to {user.email}.")
            else:
                messages.warning(request, by_hand(user))
        return response

    def buttons(self, request: HttpRequest, row: User) -> list[dict[str, Any]]:
        return super().buttons(request, row) if self.has_change_permission(request, row) else []

    def panel(self, request: HttpRequest, row: User) -> dict[str, Any]:
        return {
            "closed_because": "" if row.is_active else INACTIVE,
            "grants": TokenGrant.objects.filter(token__user=row).select_related("token").order_by("-pk"),
            "sessions": sessions_of(row) if self.has_change_permission(request, row) else None,
            "add_token": add_url(AuthToken, user=row.pk),
            "may_revoke": request.user.has_perm("knox.delete_authtoken"),
            "may_add_token": request.user.has_perm("knox.add_authtoken"),
        }

    @admin.display(description="password")
    def password_state(self, user: User) -> Any:
        is_set = user.has_usable_password()
        url = admin_url(user, "password_change")
        words = ("Set.", "Set another one") if is_set else ("Not set yet: nobody can log in.", "Set one")
        return format_html('{} <a class="desk-link" href="{}">{}</a>', words[0], url, words[1])

    @admin.display(description="name")
    def full_name(self, user: User) -> str:
        return user.get_full_name() or "–"

    @admin.display(description="role")
    def roles(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all()) or "–"

    @admin.display(description="state")
    def state(self, user: User) -> Any:
        if not user.is_active:
            return badge("Deactivated", "faint")
        return badge("Active", "good") if user.has_usable_password() else badge("No password yet", "warn")


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, AccountAdmin):  # type: ignore[misc]
    filter_horizontal = ()

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: list[Any], change: bool) -> None:
        before = permissions_of(form.instance)
        super().save_related(request, form, formsets, change)
        enter_group(form.instance, before, actor=cast(User, request.user))
