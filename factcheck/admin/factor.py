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
from factcheck.accounts import passkey as passkeys
from factcheck.accounts.middleware import SHOWN
from factcheck.accounts.models import Passkey, SecondFactor
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


class PasskeyField(forms.CharField):
    """What a passkey answered to the script of the page, as JSON."""

    # Several forms of a page have one: none is looked for by its id.
    widget = forms.HiddenInput(attrs={"autocomplete": "off", "id": False})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=passkeys.LONGEST, **kwargs)


class CodeField(forms.CharField):
    def __init__(self, **attrs: Any) -> None:
        widget = UnfoldAdminTextInputWidget(attrs={"autocomplete": "one-time-code", "autofocus": True, **attrs})
        super().__init__(max_length=40, label="Code", widget=widget)


class AppForm(RefusedForm):
    """A code of the app that is set up."""

    code = CodeField(id="id_app_code")


class CodeForm(RefusedForm):
    """A code of the app, a recovery code, or in the place of both a passkey."""

    code = CodeField()
    passkey = PasskeyField()

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["code"].required = not (data and data.get("passkey"))


class PasskeyForm(RefusedForm):
    """A passkey that is added."""

    name = forms.CharField(
        max_length=60,
        label="Name",
        help_text="What you call it, such as “blue key” or “my phone”.",
        widget=UnfoldAdminTextInputWidget,
    )
    passkey = PasskeyField()

    def clean_name(self) -> str:
        return str(Passkey._meta.get_field("name").clean(self.cleaned_data["name"], None))

    def clean(self) -> None:
        if not self.cleaned_data.get("passkey"):
            raise forms.ValidationError("Your browser added none: it has to know passkeys, and run scripts.")


def check_shown(request: HttpRequest, user: User, form: RefusedForm) -> SecondFactor:
    """The second factor of this person, of which a form has a code or a passkey."""
    given, address = form.cleaned_data, client_address(request)
    if given["passkey"]:
        return passkeys.check_passkey(request, user, given["passkey"], address=address)
    return rules.check_code(user, given["code"], address=address)


def set_up_shown(
    request: HttpRequest, user: User, form: RefusedForm, nonce: str, seen: SecondFactor | None = None
) -> list[str]:
    """The app with this nonce, or the passkey of the form, is of the person's second factor; new recovery codes, if
    it is the first."""
    given, address = form.cleaned_data, client_address(request)
    if isinstance(form, PasskeyForm):
        return passkeys.add_passkey(
            request, user, given["name"], given["passkey"], seen=seen, nonce=nonce, address=address
        )
    return rules.set_up(user, nonce, given["code"], seen=seen, address=address)


def sent_to_set_up(request: HttpRequest) -> RefusedForm:
    """The form by which somebody sets up an app or a passkey."""
    return PasskeyForm(request.POST) if "name" in request.POST else AppForm(request.POST)


def asked_with(request: HttpRequest, user: User, form: RefusedForm) -> dict[str, Any]:
    """What a page shows to whoever has a second factor to show or sets one up: its forms, of which this one may have
    been sent, and what its script asks passkeys with."""
    code_form, asked = form if isinstance(form, CodeForm) else CodeForm(), passkeys.ask(request, user)
    code_form.fields["code"].required = not asked.get("get")
    return {
        "form": code_form,
        "app_form": form if isinstance(form, AppForm) else AppForm(),
        "adding": form if isinstance(form, PasskeyForm) else PasskeyForm(),
        "passkey": asked,
    }


@never_cache
@require_http_methods(["GET", "POST"])
def factor_page(request: HttpRequest) -> HttpResponse:
    """One's own second factor: to set it up, to add to it, to get other recovery codes, to remove it.

    To add takes a fresh proof, all else a code or a passkey.
    """
    user = cast(User, request.user)
    factor = rules.factor_of(user)
    adds = factor is None or bool({"name", "app"} & request.POST.keys())
    if adds and (asked := ask_for_proof(request)) is not None:
        return asked
    form: RefusedForm = CodeForm()
    if request.method == "POST":
        form = sent_to_set_up(request) if adds else CodeForm(request.POST)
        if form.is_valid():
            try:
                return _add(request, user, factor, form) if adds else _change(request, user, form)
            except DomainError as error:
                form.refuse(error)
    required, keys = rules.is_required(user), list(Passkey.objects.filter(factor=factor).order_by("since", "pk"))
    context = {
        **admin.site.each_context(request),
        **asked_with(request, user, form),
        "title": "Second factor",
        "factor": factor,
        "passkeys": keys,
        "left": len(factor.recovery) if factor else 0,
        "required": required,
        "removable": factor is not None and (not required or factor.has_app + len(keys) > 1),
    }
    if factor is None or not factor.has_app:
        context |= app_of(user, request.session.setdefault(NONCE, rules.new_nonce()))
    request.current_app = admin.site.name
    response = TemplateResponse(request, "admin/factcheck/factor.html", context)
    return form.answer(response)


def _add(request: HttpRequest, user: User, factor: SecondFactor | None, form: RefusedForm) -> HttpResponse:
    nonce = request.session.get(NONCE) or rules.new_nonce()
    codes = set_up_shown(request, user, form, nonce, factor)
    request.session.pop(NONCE, None)
    request.session[SHOWN] = SecondFactor.objects.get(user=user).nonce
    if not codes:
        messages.success(request, "It is part of your second factor from now on.")
        return HttpResponseRedirect(reverse("second-factor"))
    # They were begun with the password alone.
    end_other_sessions(request, user)
    return _show_codes(request, codes)


def _change(request: HttpRequest, user: User, form: RefusedForm) -> HttpResponse:
    factor = check_shown(request, user, form)
    removed = request.POST.get("remove", "")
    if not removed:
        return _show_codes(request, rules.new_recovery_codes(user, factor))
    number = int(removed) if removed.isdecimal() and len(removed) < 19 else 0
    if rules.remove_authenticator(user, None if removed == "app" else number):
        messages.success(request, "Removed: it opens nothing any more.")
    else:
        messages.success(request, "Your second factor is removed. The password alone is asked from now on.")
    return HttpResponseRedirect(reverse("second-factor"))


def _show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": "Recovery codes", "codes": codes}
    context["onward"] = reverse("second-factor")
    response = TemplateResponse(request, "admin/factcheck/factor_codes.html", context)
    response["Cache-Control"] = "private, no-store"
    return response
