"""Lets a shared cache keep what everybody is answered, for as long as nothing changes in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from factcheck.base import shared_cache
from factcheck.base.http.session import may_have_session

NEVER = ("no-store", "private")
FEED = "application/atom+xml"
"""Each entry of the trail makes a feed another one, also those of which no cache is told."""


class SharedCacheMiddleware:
    """Says in Surrogate-Control how long, and in Surrogate-Key until what changes. What Cache-Control says is for the
    reader's own cache, which nobody can tell of a change, and stays as it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not shared_cache.is_on():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if may_be_shared(request, response):
            response["Surrogate-Control"] = f"max-age={seconds_left()}"
            response[shared_cache.HEADER] = " ".join([shared_cache.EVERYTHING, *shared_cache.tags_of(request)])
        return response


def may_be_shared(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether this is a whole answer that anybody would get who asked the same."""
    if request.method not in {"GET", "HEAD"} or "HTTP_AUTHORIZATION" in request.META or may_have_session(request):
        return False
    if response.status_code != 200 or response.streaming or response.cookies:
        return False
    if response.headers.get("Content-Type", "").startswith(FEED):
        return False
    return not any(word in response.headers.get("Cache-Control", "") for word in NEVER)


def seconds_left() -> int:
    """Until midnight at most, since an answer may tell what is due from a day on."""
    now = timezone.localtime()
    tomorrow = datetime.combine(now.date() + timedelta(days=1), time.min, now.tzinfo)
    return max(0, min(settings.FACTCHECK_CACHE_SECONDS, int((tomorrow - now).total_seconds())))
