"""One line of the log for each request, and the id and the address of the request in all that is logged meanwhile."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, cast

import structlog
from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from structlog.contextvars import bind_contextvars, bound_contextvars, reset_contextvars

from factcheck.base.http.outage import outage_of
from factcheck.base.http.request_id import name_of

FAILED = "factcheck.failed"
"""Where the environment of a request remembers that its failure is in the log; no header can have a name with a dot."""

NAME = "factcheck.request"

_SECRET = re.compile(r"(?<=/admin/password)/[\w-]+/[\w-]+/?")
"""What sets a password, once: who reads the log must not."""

logger = structlog.get_logger(NAME)


class RequestLogMiddleware:
    """Writes the line when the request is answered. Whose request it was, is told by the audit trail: reading it here
    would cost a query on pages that need none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        context = context_of(request)
        bound = bind_contextvars(**context)
        try:
            response = self.get_response(request)
        finally:
            reset_contextvars(**bound)
        if FAILED not in request.META:
            write_line(line_of(request), response.status_code, context)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            response.streaming_content = _logged(cast(Iterator[bytes], response.streaming_content), context)
        return response


def log_failure(sender: object, request: HttpRequest | None = None, **kwargs: Any) -> None:
    """For the signal got_request_exception: the traceback of a bug, in place of the line of an answered request.
    What database and disk cannot do at present has that line, with the status of the answer."""
    exception = sys.exc_info()[1]
    if request is None or FAILED in request.META or (exception and outage_of(exception)):
        return
    request.META[FAILED] = True
    logger.exception("request_failed", code=500, request=line_of(request))


def client_address(request: HttpRequest) -> str:
    """Who asks: what a proxy of ours has seen, else who connects. Anybody may send X-Forwarded-For without a proxy."""
    return address_in(request.META)


def address_in(environ: Mapping[str, Any]) -> str:
    """Who asks, of what a server tells of a request."""
    forwarded: str = environ.get("HTTP_X_FORWARDED_FOR", "") if settings.FACTCHECK_BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or str(environ.get("REMOTE_ADDR", ""))


def context_of(request: HttpRequest) -> dict[str, str]:
    """What all that is logged of a request says of it."""
    return {"request_id": name_of(request), "ip": client_address(request)}


def write_line(line: str, status: int, context: dict[str, str]) -> None:
    """What `logger.info("request_finished", ...)` would write, at half the price: every request pays for it."""
    logger = logging.getLogger(NAME)
    level = _level_of(status)
    if not logger.isEnabledFor(level):
        return
    event = {"code": status, "request": line, "event": "request_finished", **context}
    word = logging.getLevelName(level).lower()
    event |= {"logger": NAME, "level": word, "timestamp": datetime.now(UTC).isoformat().replace("+00:00", "Z")}
    (message,), kept = structlog.stdlib.ProcessorFormatter.wrap_for_formatter(logger, word, event)
    logger.handle(logger.makeRecord(NAME, level, __file__, 0, message, (), None, extra=kept["extra"]))


def line_of(request: HttpRequest) -> str:
    """How the log names a request."""
    return f"{request.method} {_SECRET.sub('/…/', request.get_full_path())}"


def _level_of(status: int) -> int:
    if status >= 500:
        return logging.ERROR
    return logging.WARNING if status >= 400 else logging.INFO


def _logged(content: Iterable[bytes], context: dict[str, str]) -> Iterator[bytes]:
    """A stream is handed out after its request was left: what is logged meanwhile carries the same names."""
    with bound_contextvars(**context):
        try:
            yield from content
        except Exception:
            logger.exception("streaming_failed")
            raise
        logger.info("streaming_finished")
