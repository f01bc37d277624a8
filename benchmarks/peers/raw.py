"""A bare WSGI application, whose JSON the database makes: nothing between the two."""

from __future__ import annotations

from typing import Any

from benchmarks.peers.store import claim_in, connect
from benchmarks.request import Application
from benchmarks.wsgi import application_of


def start() -> Application:
    store = connect()

    def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        path = environ["PATH_INFO"]
        body = store.page(parts=path == "/list/") if path in {"/list/", "/light/"} else store.detail(claim_in(path))
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return application_of(answer, close=store.connection.close)
