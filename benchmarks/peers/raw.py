"""A bare WSGI application, whose JSON the database makes: nothing between the two."""

from __future__ import annotations

from typing import Any

from benchmarks.peers.store import claim_in, connect, page
from benchmarks.request import Application
from benchmarks.wsgi import application_of


def start() -> Application:
    fetch, statements = connect()

    def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        path = environ["PATH_INFO"]
        if path == "/list/":
            body = page(fetch(statements.list, ()))
        elif path == "/light/":
            body = page(fetch(statements.light, ()))
        else:
            body = fetch(statements.detail, (claim_in(path),))[0][0].encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return application_of(answer)
