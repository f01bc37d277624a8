"""Opens the audit context of a request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from factcheck.audit.context import acting
from factcheck.base.http.request_id import name_of


class ActorMiddleware:
    """Changes made while a request is answered are recorded as those of its user.

    The user is asked for late: the REST framework sets `request.user` from a token only inside the view.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting(actor=lambda: getattr(request, "user", None), reason="", request_id=name_of(request)):
            return self.get_response(request)
