"""One shape for every refusal: problem details (RFC 9457) for programs, a readable page for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from factcheck.base.http.request_id import name_of

PROBLEM_MEDIA_TYPE = "application/problem+json"
API_PREFIXES = ("/api/", "/v1alpha1/")


def is_api_path(path: str) -> bool:
    """Whether programs live at this path, so that a refusal is a problem document and not a page."""
    return path.startswith(API_PREFIXES)


def title_of(status: int) -> str:
    """The phrase of a status code; with the type `about:blank` RFC 9457 wants no other title."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


class ProblemResponse(HttpResponse):
    """A problem document; `data` is what it says, as the framework's own responses have it."""

    data: dict[str, Any]


def problem_response(
    status: int,
    code: str,
    detail: str,
    *,
    errors: Iterable[Mapping[str, Any]] = (),
    request: HttpRequest | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """A problem document: `code` is stable and for programs, `detail` for people, `errors` one entry a field.

    The type is always `about:blank`: the machine name travels in `code`, and no address is promised that
    nobody serves.
    """
    body = {
        "type": "about:blank",
        "title": title_of(status),
        "status": status,
        "detail": detail,
        "code": code,
        "errors": [dict(error) for error in errors],
        "request_id": name_of(request),
    }
    response = ProblemResponse(_encode(body), status=status, content_type=PROBLEM_MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    for name, value in (headers or {}).items():
        response[name] = value
    response.data = body
    return response


def page_response(
    status: int,
    detail: str,
    *,
    request: HttpRequest | None = None,
    headers: Mapping[str, str] | None = None,
    errors: Iterable[Mapping[str, Any]] = (),
) -> HttpResponse:
    """The same refusal as a page. It takes nothing from the request but its id, since the request may be
    hostile."""
    context = {
        "status": status,
        "title": title_of(status),
        "detail": detail,
        "errors": [error for error in errors if error.get("detail") != detail],
        "request_id": name_of(request),
        "style": f"{settings.STATIC_URL}factcheck/refusal.css",
        "typed": getattr(request, "method", "GET") == "POST",
    }
    response = HttpResponse(render_to_string("errors/refusal.html", context), status=status)
    response["Cache-Control"] = "no-store"
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def refuse(
    request: HttpRequest,
    status: int,
    code: str,
    detail: str,
    *,
    errors: Iterable[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The refusal in the shape that fits the path."""
    if is_api_path(request.path_info):
        return problem_response(status, code, detail, errors=errors, request=request, headers=headers)
    return page_response(status, detail, request=request, headers=headers, errors=errors)


def _encode(body: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(body)
    except TypeError:
        # A lone surrogate or an endless number of the input may have got in; it must not break its own refusal.
        clean = {key: _encodable(value) for key, value in body.items()}
        return orjson.dumps(clean)


def _encodable(value: object) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_encodable(entry) for entry in value]
    if isinstance(value, dict):
        return {_encodable(str(key)): _encodable(entry) for key, entry in value.items()}
    if isinstance(value, int) and value.bit_length() > 63:
        return str(value)
    return value if isinstance(value, (int, float, bool)) or value is None else _encodable(str(value))
