"""Who changes what somebody logs in with shows first that it is still them: with a code or a passkey, their password,
or at the identity provider."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.auth.views import RedirectURLMixin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.generic import View
from unfold.widgets import UnfoldAdminPasswordWidget

from factcheck.accounts.factor import factor_of
from factcheck.accounts.lock import Locked, begin_attempt, forgive
from factcheck.accounts.sessions import note_proof
from factcheck.accounts.trail import enter_failure, enter_refusal
from factcheck.admin.factor import CodeForm, RefusedForm, asked_with, check_shown
from factcheck.base.errors import DomainError, RuleViolation
from factcheck.base.http.request_log import client_address


class PasswordForm(RefusedForm):
    password = forms.CharField(
        strip=False,
        label="Password",
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


@method_decorator(never_cache, name="dispatch")
class AgainView(RedirectURLMixin, View):
    next_page = "admin:index"
    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.ask(request, self.form())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        if form is None or not form.is_valid():
            return self.ask(request, form)
        try:
            _check(request, cast(User, request.user), form)
        except DomainError as error:
            form.refuse(error)
            return self.ask(request, form)
        note_proof(request)
        return HttpResponseRedirect(self.get_success_url())

    def form(self, data: Any = None) -> RefusedForm | None:
        """A code or a passkey of who has a second factor, else the password of who has one."""
        user = cast(User, self.request.user)
        if factor_of(user) is not None:
            return CodeForm(data)
        return PasswordForm(data) if settings.FACTCHECK_PASSWORD_LOGIN and user.has_usable_password() else None

    def ask(self, request: HttpRequest, form: RefusedForm | None) -> HttpResponse:
        request.current_app = admin.site.name
        user = cast(User, request.user)
        context = {
            **admin.site.each_context(request),
            **(asked_with(request, user, form) if isinstance(form, CodeForm) else {}),
            "title": "Is it still you?",
            "form": form,
            "factor": factor_of(user),
            "onward": urlencode({"again": "yes", "next": self.get_success_url()}),
        }
        response = TemplateResponse(request, "admin/factcheck/again.html", context)
        return response if form is None else form.answer(response)


def _check(request: HttpRequest, user: User, form: RefusedForm) -> None:
    if isinstance(form, CodeForm):
        check_shown(request, user, form)
        return
    name, address = user.get_username(), client_address(request)
    try:
        begin_attempt(name, address)
    except Locked as error:
        enter_refusal(name, address, error)
        raise
    if not user.check_password(form.cleaned_data["password"]):
        enter_failure(name, address)
        raise RuleViolation("That is not your password.", code="wrong_password", field="password")
    forgive(name, address)


again_page = AgainView.as_view()
