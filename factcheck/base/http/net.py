"""The net under every view: what no check caught becomes an answer that says why, instead of a 500."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed

from factcheck.base.http.problem import refuse
from factcheck.base.http.problem_details import ProblemDetails, problem_of

logger = logging.getLogger("factcheck.net")


class ExceptionNetMiddleware:
    """Innermost, so that it sees the exceptions of views and of their templates first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            # Django's own views say nothing but the status.
            allowed = response["Allow"]
            detail = f"{request.method} is not for this address, which takes {allowed}."
            return refuse(request, 405, "method_not_allowed", detail, headers={"Allow": allowed})
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return answer_to(request, exception)


def answer_to(request: HttpRequest, exception: BaseException) -> HttpResponse | None:
    """The refusal for this exception, or None when it is a bug (500) or Django's own to answer."""
    if isinstance(exception, (Http404, PermissionDenied)):
        return None
    problem = problem_of(exception, client_made=is_client_made(request))
    if problem is None:
        return None
    log_problem(request, exception, problem)
    return refuse(request, problem.status, problem.code, problem.detail, errors=problem.errors, headers=problem.headers)


def is_client_made(request: HttpRequest) -> bool:
    """Whether the request carries anything that a client can make up."""
    match = getattr(request, "resolver_match", None)
    return bool(request.META.get("QUERY_STRING") or request.method not in {"GET", "HEAD"} or (match and match.kwargs))


def log_problem(request: HttpRequest, exception: BaseException, problem: ProblemDetails) -> None:
    """One line for each catch; with the traceback where a check in front was missing. The path may hold line
    breaks, so it is logged as its repr."""
    outage = problem.status >= 500
    logger.log(
        logging.WARNING if problem.unexpected or outage else logging.INFO,
        "caught %s: %s %r answered %s %s",
        f"{type(exception).__name__} {str(exception).strip()[:200]!r}" if outage else type(exception).__name__,
        request.method,
        request.path_info[:200],
        problem.status,
        problem.code,
        exc_info=exception if problem.unexpected else None,
    )
