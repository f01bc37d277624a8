"""The doors of the desk: log-in, log-out, and a new password for who knows the old one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from unfold.forms import AdminOwnPasswordChangeForm, AuthenticationForm

from factcheck.accounts.lock import Locked, begin_attempt, forgive
from factcheck.accounts.trail import enter_failure, enter_refusal, enter_user
from factcheck.base.http.request_log import client_address

BY_PROVIDER = "by-provider"
"""Where a session remembers that it began at the identity provider."""


class LockedForm:
    """A form that may be refused for a while."""

    locked: Locked | None = None

    def lock(self, error: Locked) -> ValidationError:
        self.locked = error
        return ValidationError(error.message, code=error.code)


class LoginForm(LockedForm, AuthenticationForm):
    """Name and password of somebody of the desk."""

    def clean(self) -> Any:
        if not settings.FACTCHECK_PASSWORD_LOGIN:
            raise ValidationError(f"Passwords open nothing here. Log in with {settings.FACTCHECK_OIDC.name}.")
        try:
            return super().clean()
        except Locked as error:
            raise self.lock(error) from error

    def get_invalid_login_error(self) -> ValidationError:
        return ValidationError(
            "That is not the name and password of somebody who works here. Capitals and small letters differ; after "
            "too many attempts nobody is let in for a while.",
            code="invalid_login",
        )

    def confirm_login_allowed(self, user: Any) -> None:
        if not user.is_active or not user.is_staff:
            # No word about whether there is such an account; the attempt stays counted.
            raise self.get_invalid_login_error()


class OwnPasswordForm(LockedForm, AdminOwnPasswordChangeForm):
    """The old password is tried no more often than at the log-in."""

    def clean_old_password(self) -> str:
        name, given = self.user.get_username(), self.cleaned_data["old_password"]
        try:
            begin_attempt(name)
        except Locked as error:
            enter_refusal(name, "", error)
            raise self.lock(error) from error
        if not self.user.check_password(given):
            enter_failure(name, "")
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        forgive(name)
        return str(given)


class TryLater:
    """Says in the answer when a locked form may be sent again."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        if form.locked is not None:
            response.status_code = form.locked.status
            response["Retry-After"] = str(form.locked.retry_after)
        return response


class OwnPasswordView(TryLater, PasswordChangeView):
    form_class = OwnPasswordForm

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        enter_user("user.password_changed", form.user, actor=form.user, address=client_address(self.request))
        return response


def enter(request: HttpRequest, user: User, words: str = "") -> None:
    """Somebody is about to be let in, with a password or as `words` say: that is entered, and what was held against
    them forgiven."""
    address = client_address(request)
    if not words:
        forgive(user.get_username(), address)
    enter_user("user.logged_in", user, actor=user, address=address, words=words)


def note_leaving(request: HttpRequest) -> str:
    """Enter that somebody logs out; nothing where nobody is logged in. Returns where they log out of the identity
    provider too, if they came from there."""
    if not request.user.is_authenticated:
        return ""
    enter_user("user.logged_out", request.user, actor=request.user, address=client_address(request))
    if not settings.FACTCHECK_OIDC.is_on or not request.session.get(BY_PROVIDER):
        return ""
    return str(import_string("factcheck.accounts.oidc.address_of_log_out")())
