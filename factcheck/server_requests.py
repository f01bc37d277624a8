"""What the shipped server takes of a request, and what it answers where that is not to be taken."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest
from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask
from waitress.task import Task as WaitressTask
from waitress.utilities import Error

from factcheck.base.http.headers import set_headers
from factcheck.base.http.problem import refuse
from factcheck.base.http.request_id import HEADER, name_of, name_request
from factcheck.base.http.request_log import context_of, line_of, write_line

NOBODYS_BODY = 128 * 1024
"""Bytes of a body without a token and without a session: a log-in is far shorter, and none of it comes to the disk."""
CODES = {
    400: "bad_request",
    413: "too_large",
    431: "headers_too_large",
    500: "server_error",
    501: "not_implemented",
    507: "storage_full",
}
RETRY_AFTER = {507: {"Retry-After": "60"}}
_LINE = re.compile(rb"\s*([!-~]{1,20}) (/[!-~]*)")


class InsufficientStorage(Error):
    """There is no room for what is being sent."""

    code = 507
    reason = "Insufficient Storage"


class RequestParser(HTTPRequestParser):
    """Answers where the disk is full, instead of breaking the connection, and takes little from who names nobody."""

    start = b""
    """How the request begins: where it cannot be read, this says at least for what it was."""

    def received(self, data: bytes) -> int:
        if len(self.start) < 8_192:
            self.start += data[:8_192]
        try:
            consumed = super().received(data)
        except OSError as error:
            # A body of more than half a megabyte waits in a temporary file.
            reason = error.strerror or "unknown fault"
            self.error = InsufficientStorage(f"The server could not keep what was sent: {reason}. Nothing was stored.")
            self.completed = True
            return len(data)
        if self.completed:
            # There is no body, or none that is wanted; waitress would ask for it and wait for ever.
            self.expect_continue = False
        return consumed

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if names_nobody(self.headers):
            self.adj = for_nobody(self.adj)


def names_nobody(headers: Mapping[str, str]) -> bool:
    """Whether a request comes without a token and without a session, true or false ones."""
    return "AUTHORIZATION" not in headers and f"{settings.SESSION_COOKIE_NAME}=" not in headers.get("COOKIE", "")


@lru_cache(maxsize=8)
def for_nobody(adjustments: Adjustments) -> Adjustments:
    """The same adjustments with a small limit for bodies."""
    small = copy.copy(adjustments)
    small.max_request_body_size = min(NOBODYS_BODY, adjustments.max_request_body_size)
    return small


class Headed(WaitressTask):
    """Sends the head of an answer alone to who asks by HEAD (RFC 9110, section 9.3.2). Waitress sends whatever the
    application makes, and who keeps the connection takes that for the next answer."""

    @property
    def parsed(self) -> Any:
        """The request as it came; the stubs do not know what reads it here."""
        return self.request

    @property
    def wants_head(self) -> bool:
        return bool(self.parsed.start.lstrip().startswith(b"HEAD "))

    def write(self, data: bytes) -> None:
        super().write(b"" if self.wants_head else data)

    def finish(self) -> None:
        if self.wants_head:
            self.write(b"")
            # There is no last chunk either.
            self.chunked_response = False
        super().finish()


class Refusal(Headed, ErrorTask):
    """What waitress itself refuses, told and logged as the application would."""

    def execute(self) -> None:
        error = self.parsed.error
        request = self.asked()
        detail = self.detail(error)
        response = refuse(
            request, error.code, CODES.get(error.code, "error"), detail, headers=RETRY_AFTER.get(error.code)
        )
        set_headers(request, response)
        response[HEADER] = name_of(request)
        write_line(line_of(request), error.code, context_of(request))
        self.status = f"{error.code} {HTTPStatus(error.code).phrase}"
        self.response_headers = [*self.response_headers, *response.items()]
        self.set_close_on_finish()
        self.content_length = len(response.content)
        self.write(response.content)

    def asked(self) -> HttpRequest:
        """As much of the request as can be read."""
        found = _LINE.match(self.parsed.start)
        method, target = (found[1].decode(), found[2].decode()) if found else ("", "/")
        path, _mark, query = target.partition("?")
        request = HttpRequest()
        request.method, request.path = method, path
        request.path_info = unquote(path)
        request.META = {"QUERY_STRING": query, "REMOTE_ADDR": str(self.channel.addr[0])}
        for name in ("X_FORWARDED_FOR", "X_REQUEST_ID"):
            if name in self.parsed.headers:
                request.META[f"HTTP_{name}"] = self.parsed.headers[name]
        name_request(request)
        return request

    def detail(self, error: Error) -> str:
        """What is wrong, and what to do."""
        if error.code == 413 and names_nobody(self.parsed.headers):
            return (
                f"Without a token or a session a body may have less than {NOBODYS_BODY:,} bytes. Log in, or send your "
                "token with it."
            )
        if error.code == 413:
            return f"A body may have less than {self.parsed.adj.max_request_body_size:,} bytes."
        if error.code == 431:
            return f"The headers may have less than {self.parsed.adj.max_request_header_size:,} bytes."
        if error.code in {500, 507}:
            return str(error.body)
        return f"The request cannot be read: {str(error.body).rstrip('.')}."
