"""What stands around every write - keys, reasons, conditions - takes any body and any type that it says it has."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.api.routes import api_routes
from tests.database import ONE_ENGINE

pytestmark = pytest.mark.django_db
FORM = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nA\r\n--x--\r\n'
BODIES = [
    ("application/json", b""),
    ("application/json", b"[]"),
    ("application/json", b"null"),
    ("application/json", b'"change_reason"'),
    ("application/json", b'[{"change_reason": ["x"]}, 1, null]'),
    ("application/json", b'{"change_reason": {"a": [1]}}'),
    ("application/json", b'{"change_reason": 1'),
    ("application/json; charset=no-such", b"{}"),
    ("application/merge-patch+json", b"[{}]"),
    ("multipart/form-data; boundary=x", FORM),
    ("multipart/form-data; boundary=x", b""),
    ("multipart/form-data", FORM),
    ("multipart/form-data; boundary=\xc3\xa9", FORM),
    ("multipart/mixed; boundary=x", FORM),
    ("multipart/mixed", b""),
    ("multipart/", b""),
    ("application/x-www-form-urlencoded", b"change_reason=x"),
    ("application/x-www-form-urlencoded", b""),
    ("text/plain", b"x"),
    (";", b"{}"),
    ("", b"{}"),
]
HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"HTTP_IDEMPOTENCY_KEY": "key"},
    {"HTTP_IDEMPOTENCY_KEY": "key", "HTTP_IF_MATCH": '"1"', "HTTP_X_CHANGE_REASON": "%ff"},
)
ROUTES = [route for route in api_routes().values() if route.actions.keys() & {"post", "put", "patch", "delete"}]


def plain(response: Any) -> bytes:
    return re.sub(rb'"request_id":"[^"]*"', b"", response.content)


@ONE_ENGINE
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_no_body_and_no_header_breaks_a_write(desk: Any, client_of: Any, route: Any) -> None:
    client = client_of(desk.administrator)
    url = route.path(**dict.fromkeys(route.parameters, "1"))
    for method in sorted({*route.actions, "options", "head", "put", "delete"}):
        for type_, body in BODIES if method in {"post", "put", "patch"} else BODIES[:1]:
            for headers in HEADERS:
                told = client.generic(method.upper(), url, body, content_type=type_, **headers)
                assert told.status_code < 500, (method, type_, body, headers, told.content)
                if told.status_code >= 400 and method != "head":
                    assert told["Content-Type"] == "application/problem+json", (method, type_, told.content)


@pytest.mark.parametrize(("type_", "body"), BODIES)
def test_a_body_whose_length_is_not_told_is_answered(desk: Any, client_of: Any, type_: str, body: bytes) -> None:
    """As a server hands over what came in chunks, if it does not count it first."""
    client = client_of(desk.administrator)
    for url in ("/api/v1/claims/", "/api/v1/snapshots/upload/"):
        extra = {"CONTENT_LENGTH": "", "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
        told = client.generic("POST", url, body, content_type=type_, HTTP_IDEMPOTENCY_KEY="key", **extra)
        assert 400 <= told.status_code < 500, (url, told.content)
        assert told["Content-Type"] == "application/problem+json"
