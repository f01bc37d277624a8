"""Says which exceptions are the client's fault, a clash or a busy database, and leaves real bugs alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from django.core.exceptions import (
    FieldDoesNotExist,
    FieldError,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    ValidationError,
)
from django.db import DataError, IntegrityError, OperationalError
from django.db.models import ProtectedError, RestrictedError
from django.http import BadHeaderError
from rest_framework.exceptions import APIException

from factcheck.base.errors import DomainError
from factcheck.base.http.constraints import violation_of
from factcheck.base.http.outage import BUSY, FULL, READ_ONLY, TOO_SLOW, outage_of

_TOO_LARGE_SQLITE = (
    "expression tree is too large",
    "too many sql variables",
    "too many terms",
    "parser stack overflow",
)
_ADMIN_LISTS = ("django.contrib.admin.views.main", "django.contrib.admin.templatetags.admin_list")
_ADMIN_PAGES = ("django.contrib.admin.options",)
_PARSERS = (
    "json",
    "django.forms",
    "rest_framework.fields",
    "django.db.models.query_utils",
    "django.db.models.sql",
)


@dataclass(frozen=True, slots=True)
class ProblemDetails:
    """The answer to an exception (RFC 9457); `unexpected` ones are logged with their traceback, since a check was
    missing."""

    status: int
    code: str
    detail: str
    errors: tuple[Mapping[str, Any], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    unexpected: bool = False


_NO_ROOM = (
    "There is no room left on the disk of this register, and nothing was stored. Tell who runs it to make room, and "
    "then send this again."
)
_ONLY_READ = (
    "This register can only be read at present, and nothing was stored. Tell who runs it that it may not write to its "
    "database or to its files, or wait if that was announced."
)


def _outage(status: int, outage: str, detail: str, retry: str) -> ProblemDetails:
    # Where a query takes too long, its place is worth a traceback; all others are the fault of no place.
    return ProblemDetails(status, outage, detail, headers={"Retry-After": retry}, unexpected=outage == TOO_SLOW)


_OUTAGES = {
    TOO_SLOW: _outage(503, TOO_SLOW, "The query took too long. Narrow it.", "10"),
    BUSY: _outage(503, BUSY, "The database cannot answer right now. Try again in a moment.", "5"),
    FULL: _outage(507, FULL, _NO_ROOM, "60"),
    READ_ONLY: _outage(503, READ_ONLY, _ONLY_READ, "60"),
}


def problem_of(exc: BaseException, *, client_made: bool = True) -> ProblemDetails | None:
    """The answer to `exc`, or None for a bug. `client_made`: the request had parameters, a body or path
    values, without which a number out of range cannot be the client's."""
    if isinstance(exc, DomainError):
        about: tuple[Mapping[str, Any], ...] = (
            ({"field": exc.field, "code": exc.code, "detail": exc.message},) if exc.field else ()
        )
        headers = {"Retry-After": str(exc.retry_after)} if exc.retry_after else {}
        return ProblemDetails(exc.status, exc.code, exc.message, about, headers)
    if isinstance(exc, APIException) and exc.status_code < 500 and isinstance(exc.detail, str):
        # Outside the API nobody else answers what it refuses of a request.
        code = getattr(exc, "code", exc.default_code)
        return ProblemDetails(exc.status_code, code, str(exc.detail), tuple(getattr(exc, "errors", ())))
    if isinstance(exc, ValidationError):
        errors = tuple(flatten_validation(exc))
        return ProblemDetails(400, "validation_error", in_a_sentence(errors), errors)
    if isinstance(exc, (ProtectedError, RestrictedError)):
        return ProblemDetails(409, "still_referred_to", _holders(exc))
    if isinstance(exc, IntegrityError):
        return _clash(exc)
    if isinstance(exc, RequestDataTooBig):
        return ProblemDetails(413, "too_large", "The body is too large.")
    if isinstance(exc, TooManyFieldsSent):
        return ProblemDetails(400, "too_many_parameters", "The form has too many fields.")
    if isinstance(exc, SuspiciousOperation):
        return ProblemDetails(400, "bad_request", "The request is malformed.")
    if isinstance(exc, OperationalError) and _too_large(exc):
        return ProblemDetails(400, "too_complex", "The request asks for too much at once.", unexpected=True)
    if outage := outage_of(exc):
        return _OUTAGES[outage]
    if client_made and _is_bad_value(exc):
        detail = "A value of the request is out of range or cannot be used."
        return ProblemDetails(400, "invalid_value", detail, unexpected=True)
    return None


def _is_bad_value(exc: BaseException) -> bool:
    if isinstance(exc, (DataError, OverflowError, UnicodeEncodeError, BadHeaderError)):
        return True
    # A recursion of our own stays a bug, and so does a ValueError anywhere but in the admin's reading of its
    # filters (Django's date drill-down adds one to the year 9999).
    if isinstance(exc, RecursionError):
        return _passes_through(exc.__traceback__, _PARSERS)
    if isinstance(exc, OperationalError):
        # SQLite calls Python for functions such as REGEXP, and hides what they raised.
        return "user-defined function raised exception" in str(exc)
    if isinstance(exc, FieldDoesNotExist):
        # The admin checks the field by which a popup finds a row (`_to_field`), but not an empty one.
        return _passes_through(exc.__traceback__, _ADMIN_PAGES)
    return isinstance(exc, (ValueError, FieldError)) and _passes_through(exc.__traceback__, _ADMIN_LISTS)


def _passes_through(traceback: TracebackType | None, modules: tuple[str, ...]) -> bool:
    while traceback is not None:
        name = traceback.tb_frame.f_globals.get("__name__", "")
        if any(name == module or name.startswith(f"{module}.") for module in modules):
            return True
        traceback = traceback.tb_next
    return False


def _too_large(exc: OperationalError) -> bool:
    text = str(exc).lower()
    return any(part in text for part in _TOO_LARGE_SQLITE)


def _clash(exc: IntegrityError) -> ProblemDetails:
    found = violation_of(exc)
    status = 400 if found.kind == "required" else 409
    code = found.code or {"check": "rule_violation", "reference": "reference"}.get(found.kind, found.kind)
    errors = tuple({"field": name, "code": code, "detail": found.message} for name in found.fields)
    detail = found.message if not found.fields or status == 409 else f"{', '.join(found.fields)}: {found.message}"
    return ProblemDetails(status, code, detail, errors, unexpected=True)


def _holders(exc: ProtectedError | RestrictedError) -> str:
    rows = exc.protected_objects if isinstance(exc, ProtectedError) else exc.restricted_objects
    counts: dict[str, int] = {}
    for row in rows:
        options = row._meta
        counts[str(options.verbose_name_plural)] = counts.get(str(options.verbose_name_plural), 0) + 1
    listed = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    return f"This is still referred to by {listed}. Change or remove those first."


def flatten_validation(exc: ValidationError, prefix: str = "") -> list[dict[str, Any]]:
    """Every message of a Django ValidationError with its field, which is None for the whole."""
    if hasattr(exc, "error_dict"):
        return [
            entry
            for name, errors in exc.error_dict.items()
            for error in errors
            for entry in flatten_validation(error, "" if name == "__all__" else f"{prefix}{name}")
        ]
    return [
        {
            "field": prefix or None,
            "code": error.code or "invalid",
            "detail": " ".join(ValidationError(error).messages),
        }
        for error in exc.error_list
    ]


def in_a_sentence(errors: Sequence[Mapping[str, Any]]) -> str:
    """The first problem in words, and how many more there are."""
    if not errors:
        return "The input is not valid."
    first, more = errors[0], len(errors) - 1
    text = f"{first['field']}: {first['detail']}" if first.get("field") else str(first["detail"])
    return f"{text} ({more} more)" if more else text
