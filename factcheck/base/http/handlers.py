"""The answers to what no view took: handler400, handler403, handler404 and handler500 of the URL
configuration."""

from __future__ import annotations

import sys
from typing import Any

from django.http import HttpRequest, HttpResponse

from factcheck.base.http.net import answer_to
from factcheck.base.http.problem import refuse


def handler400(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Malformed requests: unknown host, too many fields, broken multipart bodies."""
    answer = answer_to(request, exception) if exception is not None else None
    return answer or refuse(request, 400, "bad_request", "The request is malformed.")


def handler403(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's PermissionDenied outside the REST framework."""
    return refuse(request, 403, "forbidden", "You may not do this.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """For CSRF_FAILURE_VIEW: the form came from elsewhere, or its cookie is gone."""
    return refuse(request, 403, "csrf_failed", "The form has expired. Go back, load the page again and repeat.")


def handler404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No route, or a route that found nothing."""
    return refuse(request, 404, "not_found", "Nothing is here.")


def handler500(request: HttpRequest, *args: Any) -> HttpResponse:
    """A bug, or a fault in a middleware, which process_exception does not see."""
    exception = sys.exc_info()[1]
    answer = answer_to(request, exception) if exception is not None else None
    return answer or refuse(
        request,
        500,
        "server_error",
        "Something went wrong on our side. The fault has been logged with this request id.",
    )
