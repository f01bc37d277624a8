"""The log-in of the desk in its steps: name and password, then a code or a passkey where there is a second factor or
must be one.

Nobody has a session before the last step: between two, an unknown visitor's session remembers whose password was right.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import urlencode

from factcheck.accounts.factor import factor_of, is_required, new_nonce
from factcheck.accounts.middleware import SHOWN, VOUCHED
from factcheck.admin.factor import CodeForm, RefusedForm, app_of, asked_with, check_shown, sent_to_set_up, set_up_shown
from factcheck.admin.login import BY_PROVIDER, LoginForm, TryLater, enter
from factcheck.base.errors import DomainError

PENDING = "log-in"
"""Where the session of an unknown visitor remembers whose password was right, when, and the app that is set up."""
PATIENCE = 600
"""Seconds between the password and the second step."""
SLOW = "That took longer than ten minutes. Give your name and password again."
OUTDATED = (
    "Your app was set up with an older key of the register, which will not be taken for ever. Under Second factor, "
    "remove the app and set it up again; where your role does not let you remove it, an administrator can reset it."
)


class DeskLoginView(TryLater, LoginView):
    authentication_form = LoginForm
    template_name = "admin/factcheck/login.html"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        user = _user_of(request.session.get(PENDING)) if "step" in request.GET else None
        if user is not None:
            return self.ask_second(user, CodeForm())
        # What is pending stays: a page in another tab, whose session has ended, is led here too whenever it asks.
        return super().get(request, *args, **kwargs)

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        is_second = not request.POST.keys().isdisjoint({"code", "passkey"})
        return self.take_second() if is_second else super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        onward = urlencode({"next": self.get_redirect_url() or reverse("admin:index")})
        return super().get_context_data(**kwargs) | {"onward": f"?{onward}"}

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.get_user()
        factor = factor_of(user)
        if factor is None and not is_required(user):
            return self.let_in(user)
        # Nothing of whoever used this browser before goes on.
        self.request.session.flush()
        ask_later(self.request, user)
        return self.ask_second(user, CodeForm())

    def take_second(self) -> HttpResponse:
        """The second step: in, or asked again."""
        pending = self.request.session.get(PENDING)
        user = _user_of(pending)
        if user is None or pending is None:
            self.request.session.pop(PENDING, None)
            messages.warning(self.request, SLOW)
            return self.render_to_response(self.get_context_data(form=LoginForm(self.request)))
        nonce, codes, outdated = pending["nonce"], [], False
        form = sent_to_set_up(self.request) if nonce else CodeForm(self.request.POST)
        if not form.is_valid():
            return self.ask_second(user, form)
        try:
            if nonce:
                codes = set_up_shown(self.request, user, form, nonce)
            else:
                shown = check_shown(self.request, user, form)
                nonce, outdated = shown.nonce, shown.outdated
        except DomainError as error:
            form.refuse(error)
            return self.ask_second(user, form)
        answer = self.let_in(user, nonce, pending.get("words", ""))
        if outdated:
            messages.warning(self.request, OUTDATED)
        if not codes:
            return answer
        context = self.get_context_data() | {"codes": codes, "onward": answer["Location"], "title": "Recovery codes"}
        return TemplateResponse(self.request, "admin/factcheck/factor_codes.html", context)

    def let_in(self, user: User, nonce: str = "", words: str = "") -> HttpResponse:
        let_in(self.request, user, nonce=nonce, words=words)
        return HttpResponseRedirect(self.get_success_url())

    def ask_second(self, user: User, form: RefusedForm) -> HttpResponse:
        nonce = self.request.session[PENDING]["nonce"]
        context = self.get_context_data(**asked_with(self.request, user, form))
        context |= {"form": context["app_form"], **app_of(user, nonce)} if nonce else {"factor": factor_of(user)}
        context["title"] = "Set up a second factor" if nonce else "Second step"
        return form.answer(TemplateResponse(self.request, "admin/factcheck/factor_asked.html", context))


def ask_later(request: HttpRequest, user: User, *, words: str = "") -> None:
    """The session of an unknown visitor remembers who showed the first proof, a password or `words`."""
    request.session[PENDING] = {
        "user": user.pk,
        "at": int(time.time()),
        "password": user.get_session_auth_hash(),
        "nonce": "" if factor_of(user) is not None else new_nonce(),
        "words": words,
    }


def let_in(
    request: HttpRequest, user: User, *, nonce: str = "", words: str = "", factors: Collection[str] = ()
) -> None:
    """This person has a session from now on: with the second factor of this nonce, or with these, which were shown to
    the identity provider. `words` say by which way but a password."""
    enter(request, user, words)
    # Also of who was in already: nothing of a session before goes on.
    request.session.flush()
    login(request, user)
    if words:
        request.session[BY_PROVIDER] = True
    if nonce:
        request.session[SHOWN] = nonce
    if factors:
        request.session[VOUCHED] = sorted(factors)


def _user_of(pending: dict[str, Any] | None) -> User | None:
    """Whose password was right just now, and still is theirs."""
    if pending is None or time.time() - pending["at"] > PATIENCE:
        return None
    user = User.objects.filter(pk=pending["user"], is_active=True, is_staff=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), pending["password"]):
        return None
    factor = factor_of(user)
    # Set up or reset elsewhere meanwhile.
    return user if (factor is None) == bool(pending["nonce"]) else None
