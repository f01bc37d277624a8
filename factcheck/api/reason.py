"""Where the reason for a change comes from."""

from __future__ import annotations

from urllib.parse import unquote

from rest_framework.request import Request

from factcheck.api.problem import Problem
from factcheck.api.serializers import REASON_FIELD
from factcheck.base.text import forbidden_character, is_blank

HEADER = "X-Change-Reason"
MAX_LENGTH = 2_000


def change_reason(request: Request) -> str:
    """The reason in the body field `change_reason`, else in the header `X-Change-Reason`, else "".

    Headers carry bytes: UTF-8 and percent-encoding are both understood. Raises 400 for a reason that is no
    text.
    """
    data = request.data
    given = data.get(REASON_FIELD) if hasattr(data, "get") else None
    if given is None:
        given = from_header(request.META.get("HTTP_X_CHANGE_REASON", ""))
    return clean_reason(given)


def clean_reason(given: object) -> str:
    """The reason, in one line; raises 400 for what is no text."""
    if not isinstance(given, str):
        raise _problem("The reason is a text.")
    given = " ".join(given.split())
    if len(given) > MAX_LENGTH:
        raise _problem(f"Shorten the reason to {MAX_LENGTH:,} characters.")
    if given and is_blank(given):
        raise _problem("Write a reason that can be read: this is invisible.")
    if found := forbidden_character(given):
        raise _problem(f"Remove the character {found} from the reason.")
    return given


def from_header(value: str) -> str:
    """The text of a header that WSGI handed over byte by byte."""
    try:
        text = value.encode("latin-1").decode()
    except UnicodeDecodeError:
        text = value
    except UnicodeEncodeError:
        # Not bytes but text already, as a test client hands it over.
        text = value
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        return text


def _problem(detail: str) -> Problem:
    return Problem(400, "invalid_reason", detail, errors=[{"field": REASON_FIELD, "code": "invalid", "detail": detail}])
