"""Turns every exception of a REST view into a problem document (RFC 9457)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import HttpResponse
from drf_standardized_errors.formatter import flatten_errors
from drf_standardized_errors.handler import ExceptionHandler
from drf_standardized_errors.types import ExceptionHandlerContext
from rest_framework import exceptions
from rest_framework.request import Request

from factcheck.api.problem import Problem
from factcheck.base.http.net import is_client_made, log_problem
from factcheck.base.http.problem import problem_response
from factcheck.base.http.problem_details import in_a_sentence, problem_of

CODES = {
    exceptions.ParseError: "parse_error",
    exceptions.AuthenticationFailed: "authentication_failed",
    exceptions.NotAuthenticated: "not_authenticated",
    exceptions.PermissionDenied: "forbidden",
    exceptions.NotFound: "not_found",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.NotAcceptable: "not_acceptable",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.Throttled: "throttled",
}


UNKNOWN = (
    "This is for those who are known here: send a token as “Authorization: Bearer <token>”. People of the desk "
    "make one on its page “My API tokens”."
)


def exception_handler(exc: Exception, context: ExceptionHandlerContext) -> HttpResponse | None:
    """REST_FRAMEWORK["EXCEPTION_HANDLER"]; with DEBUG a real bug is left to Django's page with the
    traceback."""
    return ProblemHandler(exc, context).run()


class ProblemHandler(ExceptionHandler):
    """drf-standardized-errors' handler, with what the database and the domain refuse made a problem first."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        found, request = self.as_problem(exc), self.context.get("request")
        refused = isinstance(found, exceptions.APIException) and found.status_code == 403
        if not refused or request is None or is_somebody(request):
            return found
        # Who did not say who they are may be let in when they do.
        unknown: Any = exceptions.NotAuthenticated()
        unknown.auth_header = self.context["view"].get_authenticate_header(request)
        return unknown

    def as_problem(self, exc: Exception) -> Exception:
        """What the framework, the database or the domain refused, as this layer refuses."""
        exc = super().convert_known_exceptions(exc)
        if isinstance(exc, exceptions.APIException):
            return exc
        request = getattr(self.context.get("request"), "_request", None)
        problem = problem_of(exc, client_made=request is None or is_client_made(request))
        if problem is None:
            return exc
        if request is not None and not isinstance(exc, DjangoValidationError):
            log_problem(request, exc, problem)
        return Problem(problem.status, problem.code, problem.detail, errors=problem.errors, headers=problem.headers)

    def format_exception(self, exc: exceptions.APIException) -> dict[str, Any]:
        if isinstance(exc, Problem):
            return {"code": exc.code, "detail": str(exc.detail), "errors": exc.errors}
        if isinstance(exc, exceptions.ValidationError):
            errors = [
                {"field": dotted(error.attr), "code": error.code, "detail": error.detail}
                for error in flatten_errors(without_root(exc.detail))
            ]
            return {"code": "validation_error", "detail": in_a_sentence(errors), "errors": errors}
        code = next((code for cls, code in CODES.items() if isinstance(exc, cls)), None)
        if code is None:
            code = "server_error" if exc.status_code >= 500 else str(exc.get_codes())
        if isinstance(exc, exceptions.NotAuthenticated):
            return {"code": code, "detail": UNKNOWN, "errors": []}
        if isinstance(exc, exceptions.UnsupportedMediaType):
            return {"code": code, "detail": self.taken_instead(str(exc.detail)), "errors": []}
        # A PermissionDenied that was raised with its own code keeps it: it says which rule refused.
        own = exc.get_codes()
        if isinstance(own, str) and own != exc.default_code:
            code = own
        return {"code": code, "detail": str(exc.detail), "errors": []}

    def taken_instead(self, detail: str) -> str:
        """The sentence of a 415 with what this address takes."""
        view: Any = self.context.get("view")
        types = [str(parser.media_type) for parser in (view.get_parsers() if view is not None else ())]
        return f"{detail} Send one of: {', '.join(types)}." if types and not detail.startswith("Send ") else detail

    def get_headers(self, exc: exceptions.APIException) -> dict[str, str]:
        return {**super().get_headers(exc), **getattr(exc, "headers", {})}

    def get_response(self, exc: exceptions.APIException, data: dict[str, Any]) -> Any:
        # A plain response: the view's own renderer may make YAML, HTML or CSV.
        headers = self.get_headers(exc)
        request = self.context.get("request")
        return problem_response(exc.status_code, **data, request=request, headers=headers)


def is_somebody(request: Request) -> bool:
    """Whether the request came with a token or a log-in, even one that does not count here, as without a CSRF token."""
    sent: Any = request._request
    if "HTTP_AUTHORIZATION" in sent.META or request.user.is_authenticated:
        return True
    return settings.SESSION_COOKIE_NAME in sent.COOKIES and SESSION_KEY in sent.session


def without_root(detail: object) -> Any:
    """The errors with `non_field_errors` replaced by the place they are about: the object itself."""
    if isinstance(detail, list):
        return [without_root(entry) for entry in detail]
    if not isinstance(detail, dict):
        return detail
    cleaned = {}
    for key, value in detail.items():
        # As text: the index 0 of a list would be taken for no index at all.
        cleaned["" if key in {"non_field_errors", "__all__"} else str(key)] = without_root(value)
    return cleaned


def dotted(path: str | None) -> str | None:
    """The path without the empty steps that `without_root` leaves; None for the root."""
    return ".".join(step for step in (path or "").split(".") if step) or None
