"""Asks a WSGI application in this process: what a server does for one request, without the network."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote_to_bytes

from benchmarks.registers import HOST
from benchmarks.request import Answer, Request

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def ask(application: Application, request: Request, headers: dict[str, str]) -> Answer:
    """The answer to a request, read to its end."""
    told: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
        told[:] = [int(status[:3]), {name.lower(): value for name, value in headers}]

    result = application(environ(request, headers), start_response)
    try:
        body = b"".join(result)
    finally:
        if hasattr(result, "close"):
            result.close()
    return told[0], told[1], body


def environ(request: Request, headers: dict[str, str]) -> dict[str, Any]:
    path, _, query = request.path.partition("?")
    body = request.body.encode()
    given = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in {**request.headers, **headers}.items()}
    return {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": HOST,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/json" if body else "",
        "CONTENT_LENGTH": str(len(body)) if body else "",
        "HTTP_HOST": HOST,
        "HTTP_ACCEPT": "*/*",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **given,
    }
