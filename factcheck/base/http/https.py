"""What comes to the API in the clear is refused, not led on: whoever sent a token there should learn of it."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

from factcheck.base.http.problem import refuse

API = "/api/v1/"
DETAIL = (
    "The API answers by HTTPS alone. This came in the clear, where others can read it: ask the address with https://, "
    "and make another token if you sent one."
)


class HttpsMiddleware:
    """Where pages are redirected to HTTPS (`SECURE_SSL_REDIRECT`), for programs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.SECURE_SSL_REDIRECT:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(API) and not request.is_secure():
            return refuse(request, 403, "https_required", DETAIL)
        return self.get_response(request)
