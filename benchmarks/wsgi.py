"""Asks a WSGI application in this process: what a server does for one request, without the network."""

from __future__ import annotations

import io
import logging
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote_to_bytes

from benchmarks.registers import HOST
from benchmarks.request import Answer, Application, Request

WSGI = Callable[[dict[str, Any], Any], Iterable[bytes]]

PROXY = {"x-forwarded-proto": "https", "host": HOST, "accept": "*/*"}
"""What every request has, as a proxy in front would send it."""


def application_of(wsgi: WSGI, **more: Any) -> Application:
    """A WSGI application as one that can be asked, with more of what `Application` has."""
    return Application(lambda request: ask(wsgi, request), lambda threads: serve(wsgi, threads), **more)


def ask(application: WSGI, request: Request) -> Answer:
    """The answer to a request, read to its end."""
    told: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
        told[:] = [int(status[:3]), {name.lower(): value for name, value in headers}]

    result: Any = application(environ(request), start_response)
    try:
        body = b"".join(result)
    finally:
        if hasattr(result, "close"):
            result.close()
    return told[0], told[1], body


def environ(request: Request) -> dict[str, Any]:
    path, _, query = request.path.partition("?")
    body = request.body.encode()
    given = {**PROXY, **request.headers}
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
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in given.items()},
    }


def serve(application: WSGI, threads: int) -> int:
    """Serve it with waitress in this process, as the register is served; returns the port."""
    from django.conf import settings  # noqa: PLC0415 - only where something is served

    from factcheck.server import make_server  # noqa: PLC0415 - as above

    if not settings.configured:
        # The channel asks for the name of the cookie, and a peer without Django has none.
        settings.configure()
    # The one thread is still putting away an answer when the next question comes: no news, and dear where logs are.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = make_server(
        application, {"host": "127.0.0.1", "port": 0, "threads": threads, "clear_untrusted_proxy_headers": False}
    )
    threading.Thread(target=server.run, daemon=True).start()
    return int(server.effective_listen[0][1])
