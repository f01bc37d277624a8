"""Pages for who cannot log in: a link for a new password, and the page it leads to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm
from django.contrib.auth.models import User
from django.http import Http404, HttpResponse
from django.urls import reverse_lazy
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminPasswordWidget

from factcheck.accounts.invitation import days_of_link, send_forgotten
from factcheck.accounts.people import people_with
from factcheck.accounts.telling import CHOSEN, tell
from factcheck.audit.chain import record_event
from factcheck.audit.context import recording
from factcheck.base.http.request_log import client_address


class ForgottenForm(PasswordResetForm):
    """The address of an account. Whether there is one is told to nobody."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail address of your account"
        self.fields["email"].widget = UnfoldAdminEmailInputWidget(attrs={"autocomplete": "email", "autofocus": True})

    def get_users(self, email: str) -> Iterable[User]:
        """Also who was invited and has chosen none yet."""
        return [user for user in people_with(email) if user.is_active]

    def save(self, *args: Any, **kwargs: Any) -> None:
        for user in self.get_users(self.cleaned_data["email"]):
            send_forgotten(user)


class ChoiceForm(SetPasswordForm):
    """A new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget = UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"})


class OpenPage:
    """In the frame of the log-in page; not there where passwords open nothing."""

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.FACTCHECK_PASSWORD_LOGIN:
            raise Http404
        response: HttpResponse = super().dispatch(*args, **kwargs)  # type: ignore[misc]
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        request = self.request  # type: ignore[attr-defined]
        frame = admin.site.each_context(request)
        return {**frame, **told, "days": days_of_link(), "sends_mail": settings.FACTCHECK_SENDS_MAIL}


class ForgottenView(OpenPage, views.PasswordResetView):
    form_class = ForgottenForm
    template_name = "admin/factcheck/password_forgotten.html"
    success_url = reverse_lazy("password-sent")
    title = "A new password"


class SentView(OpenPage, views.PasswordResetDoneView):
    template_name = "admin/factcheck/password_sent.html"
    title = "Look into your mail"


class ChooseView(OpenPage, views.PasswordResetConfirmView):
    form_class = ChoiceForm
    template_name = "admin/factcheck/password_choose.html"
    success_url = reverse_lazy("password-chosen")
    title = "Choose a password"

    def form_valid(self, form: Any) -> HttpResponse:
        with recording(actor=form.user):
            response = super().form_valid(form)
            record_event("user.password_chosen", "user", form.user.pk, str(form.user))
            tell(form.user, CHOSEN, address=client_address(self.request))
        return response


class ChosenView(OpenPage, views.PasswordResetCompleteView):
    template_name = "admin/factcheck/password_chosen.html"
    title = "Your password is set"


forgotten, sent, choose, chosen = (view.as_view() for view in (ForgottenView, SentView, ChooseView, ChosenView))
