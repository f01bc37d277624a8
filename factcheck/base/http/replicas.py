"""Lets the public read from replicas. Who logs in may write, and reads from the primary what was written."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from factcheck.base.http.session import may_have_session
from factcheck.base.replicas import leave_broken_replica, read_from_primary, read_from_replica

SAFE = {"GET", "HEAD", "OPTIONS"}


class ReplicaMiddleware:
    """Chooses a replica for each request that only reads and names nobody.

    A stream is handed out after the request was left; it ends with the signal request_finished.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.FACTCHECK_REPLICAS:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not may_read_replica(request) or not read_from_replica():
            read_from_primary()
            return self.get_response(request)
        response = self.get_response(request)
        if response.status_code == 503 and leave_broken_replica():
            # It went away in the middle of this request, which changed nothing and is answered anew.
            response.close()
            response = self.get_response(request)
        if not response.streaming:
            read_from_primary()
        return response


def may_read_replica(request: HttpRequest) -> bool:
    """Whether the request changes nothing and is nobody's who may have changed something just now."""
    return request.method in SAFE and "HTTP_AUTHORIZATION" not in request.META and not may_have_session(request)
