"""The pages of API tokens: everybody's own, and those of all for administrators. A token is shown once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html
from knox.models import AuthToken
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSplitDateTimeWidget, UnfoldAdminTextInputWidget

from factcheck.accounts.models import TokenGrant
from factcheck.accounts.tokens import check_number, end_of_token, issue_token, revoke_token
from factcheck.admin.formfields import VisibleFieldsMixin
from factcheck.admin.history import HistoryMixin, NoHistoryMixin
from factcheck.admin.lists import BoundedListMixin
from factcheck.admin.trail import trail_for
from factcheck.base.errors import DomainError
from factcheck.base.scopes import Scope

admin.site.unregister(AuthToken)


class TokenForm(forms.ModelForm):
    """What is asked of a new token."""

    owner: User | None = None
    """Whose it will be, where the form does not ask."""
    name = forms.CharField(
        max_length=100, help_text="What it is for, such as “nightly export”.", widget=UnfoldAdminTextInputWidget
    )
    scope = forms.ChoiceField(
        choices=Scope.choices,
        initial=Scope.READ,
        help_text="How much it may do, and never more than the role of its owner.",
        widget=UnfoldAdminSelectWidget,
    )
    expires_at = forms.SplitDateTimeField(
        required=False,
        help_text="Until when it is valid; by default as long as tokens may be here.",
        widget=UnfoldAdminSplitDateTimeWidget,
    )

    def clean(self) -> None:
        given = self.cleaned_data
        owner = given.get("user") or self.owner
        try:
            end_of_token(given.get("expires_at"), scope=given.get("scope", Scope.READ))
            if owner is not None:
                check_number(owner)
        except DomainError as error:
            self.add_error(error.field, error.message)


class OwnTokenForm(TokenForm):
    class Meta:
        model = TokenGrant
        fields: tuple[str, ...] = ()


class AnyTokenForm(TokenForm):
    class Meta:
        model = AuthToken
        fields = ("user",)


class TokenAdmin(BoundedListMixin, ModelAdmin):
    """Tokens are made and revoked by the services, which keep the trail; nothing of one is changed."""

    prefilled: tuple[str, ...] = ()
    asked: tuple[str, ...] = ("name", "scope", "expires_at")
    shown: tuple[str, ...]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ((None, {"fields": self.asked, "description": "The token is shown once, after saving."}),)
        return ((None, {"fields": self.shown}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else self.shown

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def log_addition(self, request: HttpRequest, obj: models.Model, message: object) -> None:
        """Nothing: the service has entered it."""

    def log_deletions(self, request: HttpRequest, queryset: Iterable[models.Model]) -> None:
        """Nothing, as above."""

    def delete_queryset(self, request: HttpRequest, queryset: Iterable[models.Model]) -> None:
        for obj in queryset:
            self.delete_model(request, obj)

    def issue(self, request: HttpRequest, owner: User, form: forms.ModelForm) -> TokenGrant:
        """Make the token, and show it this once."""
        asked = {name: form.cleaned_data[name] for name in ("name", "scope", "expires_at")}
        grant, token = issue_token(owner, **asked, actor=cast(User, request.user))
        shown = format_html('Copy the token now, it is not shown again: <code class="break-words">{}</code>', token)
        messages.warning(request, shown)
        return grant


@admin.register(TokenGrant)
class OwnTokenAdmin(NoHistoryMixin, TokenAdmin):
    """The tokens of whoever is logged in, whatever their role."""

    form = OwnTokenForm
    list_display = ("named", "scope", "key", "created", "expires", "last_used_at")
    list_select_related = ("token__user",)
    shown = ("named", "scope", "key", "created", "expires", "last_used_at")
    search_fields = ("name", "token__token_key")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(token__user=request.user.pk)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        return type("OwnTokenForm", (form,), {"owner": request.user})

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: TokenGrant, form: forms.ModelForm, change: bool) -> None:
        obj.__dict__.update(self.issue(request, cast(User, request.user), form).__dict__)

    def delete_model(self, request: HttpRequest, obj: TokenGrant) -> None:
        revoke_token(obj, cast(User, request.user))

    @admin.display(description="name")
    def named(self, grant: TokenGrant) -> str:
        return str(grant)

    @admin.display(description="begins with")
    def key(self, grant: TokenGrant) -> str:
        return f"{grant.token.token_key[:8]}…"

    @admin.display(description="made")
    def created(self, grant: TokenGrant) -> datetime:
        return grant.token.created

    @admin.display(description="valid until")
    def expires(self, grant: TokenGrant) -> datetime | None:
        return grant.token.expiry


@admin.register(AuthToken)
class AuthTokenAdmin(HistoryMixin[Any], VisibleFieldsMixin, TokenAdmin):
    """The tokens of all, for administrators."""

    form = AnyTokenForm
    list_display = ("token_key", "name", "scope", "user", "created", "expiry", "last_used")
    list_select_related = ("user", "grant")
    search_fields = ("user__username", "token_key", "grant__name")
    autocomplete_fields = ("user",)
    ordering = ("-created",)
    prefilled = ("user",)
    asked = ("user", "name", "scope", "expires_at")
    shown = ("user", "name", "scope", "token_key", "created", "expiry", "last_used")

    def save_model(self, request: HttpRequest, obj: AuthToken, form: forms.ModelForm, change: bool) -> None:
        obj.__dict__.update(self.issue(request, obj.user, form).token.__dict__)

    def delete_model(self, request: HttpRequest, obj: AuthToken) -> None:
        revoke_token(obj.grant, cast(User, request.user))

    def trail(self, request: HttpRequest, row: AuthToken) -> models.QuerySet:
        # The key itself is never written down whole.
        return trail_for(request.user).filter(object_type="authtoken", object_id=row.token_key[:8]).order_by("-id")

    def name(self, obj: AuthToken) -> str:
        return obj.grant.name or "–"

    def scope(self, obj: AuthToken) -> str:
        return str(obj.grant.scope)

    @admin.display(description="last used")
    def last_used(self, obj: AuthToken) -> datetime | None:
        return obj.grant.last_used_at
