"""Single sign-on: the way to the identity provider, and the way back into the log-in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.views import RedirectURLMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic import View

from factcheck.accounts import lock
from factcheck.accounts.factor import factor_of, is_required
from factcheck.accounts.identity import Refused, Told, admit
from factcheck.accounts.oidc import send_there, take_answer
from factcheck.accounts.trail import enter_refusal, enter_sso_refusal
from factcheck.admin.login_view import PENDING, ask_later, let_in
from factcheck.base.errors import DomainError
from factcheck.base.http.request_log import client_address

ONWARD = "sso-onward"
"""Where a session remembers the page to which somebody wanted."""
PATIENCE = 600
"""Seconds for which it is remembered that somebody was sent to the provider."""

NOT_BEGUN = "This log-in was not begun in this browser, took longer than ten minutes, or is done. Begin again."


@method_decorator([never_cache, require_safe], name="dispatch")
class GoView(RedirectURLMixin, View):
    """To the provider. A link, no form: a form may lead to no other host."""

    next_page = "admin:index"

    def get(self, request: HttpRequest) -> HttpResponse:
        _must_be_on()
        onward = self.get_success_url()
        is_in = admin.site.has_permission(request)
        again = is_in and "again" in request.GET
        if is_in and not again:
            return HttpResponseRedirect(onward)
        request.session[ONWARD] = onward
        request.session.pop(PENDING, None)
        if not is_in:
            request.session.set_expiry(PATIENCE)
        try:
            return send_there(request, again=again)
        except DomainError as error:
            return _back(request, error)


@never_cache
@require_safe
def return_view(request: HttpRequest) -> HttpResponse:
    """Back from the provider: in, to the second step, or to the log-in with the reason."""
    _must_be_on()
    onward = request.session.get(ONWARD)
    if onward is None:
        # Nobody's attempt: any page of the web can lead a browser here.
        return _back(request, Refused(NOT_BEGUN, why=""))
    address = client_address(request)
    try:
        lock.begin_from(address)
        told = take_answer(request)
        user = admit(told, address=address)
    except DomainError as error:
        if isinstance(error, lock.Locked):
            enter_refusal("", address, error)
        elif isinstance(error, Refused):
            enter_sso_refusal(error.user, error.why, address)
        else:
            # Nobody tried anything: the provider was silent.
            lock.forgive_address(address)
        return _back(request, error)
    lock.forgive_address(address)
    return _on(request, user, told, onward)


def _on(request: HttpRequest, user: Any, told: Told, onward: str) -> HttpResponse:
    words = f"With {settings.FACTCHECK_OIDC.name}."
    if told.factors or (factor_of(user) is None and not is_required(user)):
        let_in(request, user, words=words, factors=told.factors)
        return HttpResponseRedirect(onward)
    # Nothing of whoever used this browser before goes on.
    request.session.flush()
    ask_later(request, user, words=words)
    return HttpResponseRedirect(f"{reverse('admin:login')}?{urlencode({'step': 'code', 'next': onward})}")


def _back(request: HttpRequest, error: DomainError) -> HttpResponse:
    if not admin.site.has_permission(request):
        request.session.flush()
    messages.error(request, error.message)
    return redirect("admin:login")


def _must_be_on() -> None:
    if not settings.FACTCHECK_OIDC.is_on:
        raise Http404


go_view = GoView.as_view()
