"""Which sessions count: not those that are over, nor those of who needs a second factor and did not show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject

from factcheck.accounts.factor import is_required
from factcheck.accounts.models import SecondFactor
from factcheck.accounts.sessions import is_over, leave
from factcheck.base.http.session import may_have_session
from factcheck.base.people import Reader

SHOWN = "second_factor"
"""Where a session remembers which second factor was shown: its nonce."""
VOUCHED = "vouched"
"""Where it remembers what was shown to the identity provider instead."""


class DoorMiddleware:
    """Behind the one that says whose session it is; asked, as that one, by who wants to know."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if may_have_session(request):
            known: Any = request.user
            request.user = SimpleLazyObject(lambda: checked(request, known))  # type: ignore[assignment]
        return self.get_response(request)


def checked(request: HttpRequest, user: Reader) -> Reader:
    """The user of the session, or nobody."""
    if user.is_authenticated and is_over(request):
        leave(request)
        return AnonymousUser()
    if not user.is_authenticated or not settings.FACTCHECK_SECOND_FACTOR_FOR:
        return user
    if vouches(request.session.get(VOUCHED, ())):
        return user
    shown = request.session.get(SHOWN)
    if shown and SecondFactor.objects.filter(user=user.pk, nonce=shown).exists():
        return user
    return AnonymousUser() if is_required(user) else user


def vouches(shown: Iterable[str]) -> bool:
    """Whether one of these, shown to the identity provider, counts as a second factor, still."""
    return settings.FACTCHECK_OIDC.is_on and not settings.FACTCHECK_OIDC.second_factor.isdisjoint(shown)
