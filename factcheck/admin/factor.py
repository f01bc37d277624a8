"""The page of one's own second factor, and what the log-in shares with it."""

from __future__ import annotations

from typing import Any, cast

import segno
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from unfold.widgets import UnfoldAdminTextInputWidget

from factcheck.accounts import factor as rules
from factcheck.accounts.middleware import SHOWN
from factcheck.accounts.models import SecondFactor
from factcheck.accounts.sessions import end_other_sessions
from factcheck.admin.proof import ask_for_proof
from factcheck.base.errors import DomainError
from factcheck.base.http.request_log import client_address

NONCE = "app"
"""Where a session remembers the app that is being set up."""


class RefusedForm(forms.Form):
    """A form with a proof, which may be wrong, or given too often."""

    refused: DomainError | None = None

    def refuse(self, error: DomainError) -> None:
        self.refused = error
        self.add_error(error.field if error.field in self.fields else None, error.message)

    def answer(self, response: HttpResponse) -> HttpResponse:
        """The page with this form: with the status and the patience of what refused it."""
        if self.refused is not None and self.refused.retry_after:
            response.status_code = self.refused.status
            response["Retry-After"] = str(self.refused.retry_after)
        response["Cache-Control"] = "private, no-store"
        return response


def app_of(user: User, nonce: str) -> dict[str, Any]:
    """What a page shows to whoever sets up their app: a picture, and what it says in letters."""
    picture = segno.make(rules.address_of(user, nonce), error="m", micro=False)
    svg = picture.svg_inline(scale=5, border=4, light="#fff", title="The picture that your app reads")
    return {"picture": mark_safe(svg), "secret": rules.secret_of(user, nonce)}  # noqa: S308 - made by us, of no markup


class CodeForm(RefusedForm):
    """A code of the app, or a recovery code."""

    code = forms.CharField(
        max_length=40,
        label="Code",
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def factor_page(request: HttpRequest) -> HttpResponse:
    """One's own second factor: to set it up, to get other recovery codes, to remove it. Each takes a code."""
    user = cast(User, request.user)
    factor = rules.factor_of(user)
    if factor is None and (asked := ask_for_proof(request)) is not None:
        return asked
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _done(request, user, factor, form.cleaned_data["code"])
        except DomainError as error:
            form.refuse(error)
    context = {
        **admin.site.each_context(request),
        "title": "Second factor",
        "form": form,
        "factor": factor,
        "left": len(factor.recovery) if factor else 0,
        "required": rules.is_required(user),
    }
    if factor is None:
        nonce = request.session.setdefault(NONCE, rules.new_nonce())
        context |= app_of(user, nonce)
    request.current_app = admin.site.name
    return form.answer(TemplateResponse(request, "admin/factcheck/factor.html", context))


def _done(request: HttpRequest, user: User, factor: SecondFactor | None, code: str) -> HttpResponse:
    address = client_address(request)
    if factor is None:
        nonce = request.session.get(NONCE) or rules.new_nonce()
        codes = rules.set_up(user, nonce, code, address=address)
        request.session.pop(NONCE, None)
        request.session[SHOWN] = nonce
        # They were begun with the password alone.
        end_other_sessions(request, user)
        return _show_codes(request, codes)
    rules.check_code(user, code, address=address)
    if "remove" in request.POST:
        rules.remove_factor(user)
        messages.success(request, "Your second factor is removed. The password alone is asked from now on.")
        return HttpResponseRedirect(reverse("second-factor"))
    return _show_codes(request, rules.new_recovery_codes(user, factor))


def _show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": "Recovery codes", "codes": codes}
    context["onward"] = reverse("second-factor")
    response = TemplateResponse(request, "admin/factcheck/factor_codes.html", context)
    response["Cache-Control"] = "private, no-store"
    return response
