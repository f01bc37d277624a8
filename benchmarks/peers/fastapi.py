"""FastAPI over the same statements as the bare application, asked through ASGI or served by uvicorn."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import Any

from benchmarks.peers.store import connect
from benchmarks.request import Answer, Application, Request
from benchmarks.wsgi import PROXY


def start() -> Application:
    from fastapi import FastAPI, Response  # noqa: PLC0415 - a package that not everybody has

    store = connect()
    app = FastAPI(openapi_url=None)

    @app.get("/list/")
    async def listed() -> Response:
        return Response(store.page(parts=True), media_type="application/json")

    @app.get("/light/")
    async def light() -> Response:
        return Response(store.page(parts=False), media_type="application/json")

    @app.get("/detail/{claim}/")
    async def detail(claim: int) -> Response:
        return Response(store.detail(claim), media_type="application/json")

    loop = asyncio.new_event_loop()
    return Application(lambda request: loop.run_until_complete(ask_asgi(app, request)), lambda: serve(app))


def serve(app: Any) -> int:
    """Serve it from a thread of this process; returns the port."""
    import uvicorn  # noqa: PLC0415 - a package that not everybody has

    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
    threading.Thread(target=server.run, args=([listening],), daemon=True).start()
    return int(listening.getsockname()[1])


async def ask_asgi(app: Any, request: Request) -> Answer:
    """The answer of an ASGI application, read to its end."""
    told: dict[str, Any] = {"body": b""}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": request.body.encode(), "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            told.update(status=message["status"], headers=message["headers"])
        else:
            told["body"] += message.get("body", b"")

    path, _, query = request.path.partition("?")
    headers = [(name.encode(), value.encode()) for name, value in {**PROXY, **request.headers}.items()]
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
    }
    scope |= {"scheme": "https", "path": path, "raw_path": path.encode(), "query_string": query.encode()}
    await app({**scope, "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 443)}, receive, send)
    return told["status"], {name.decode(): value.decode() for name, value in told["headers"]}, told["body"]
