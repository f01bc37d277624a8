"""The shipped server answers whatever others do with their connections."""

from __future__ import annotations

import ctypes
import http.client
import json
import os
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from benchmarks.torture.service import HANDED_OVER
from factcheck.env import BASE_DIR
from factcheck.server import PER_CONNECTION, RESERVE, affordable, make_server, server_options
from tests.full_disk import no_room

PATIENCE = 60.0
"""Seconds for an answer: of a busy machine too. A server that is stopped gives none within minutes."""
KINDS = (
    b"",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    b"POST /api/v1/claims/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000\r\n\r\n{",
)
"""Who connects and says nothing, who never ends the headers, who never ends the body."""


def get(port: int, path: str = "/healthz") -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.status == 200, path
        return answer.read()
    finally:
        connection.close()


def hold(stack: ExitStack, port: int, said: bytes) -> None:
    """A connection on which no more will be said, and nothing is read."""
    held = stack.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE))
    held.sendall(said)


# --- python -m factcheck.serve ---


@pytest.fixture
def served(tmp_path: Path) -> Iterator[int]:
    """The port of a server of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if name != "FACTCHECK_BASE_URL"}
    command = [sys.executable, "-m", "factcheck.serve", "--port", str(port), "--no-worker"]
    with subprocess.Popen(command, cwd=BASE_DIR, env={**environment, "FACTCHECK_DATA_DIR": str(tmp_path)}) as server:
        try:
            end = time.monotonic() + PATIENCE
            while time.monotonic() < end and server.poll() is None:
                with suppress(ConnectionRefusedError):
                    get(port)
                    break
                time.sleep(0.1)
            yield port
        finally:
            server.terminate()
            assert server.wait(PATIENCE) == 0


def test_hundreds_of_slow_connections_stop_nobody_and_links_follow_the_port(served: int) -> None:
    with ExitStack() as stack:
        for number in range(300):
            hold(stack, served, KINDS[number % len(KINDS)])
        assert get(served) == b'{"status": "ok"}'
        assert f"Sitemap: http://127.0.0.1:{served}/sitemap.xml".encode() in get(served, "/robots.txt")


def test_three_restarts_fail_no_request(tmp_path: Path) -> None:
    """The socket is held by somebody else, as systemd does: what is asked meanwhile waits in it."""
    environment = {name: value for name, value in os.environ.items() if name != "FACTCHECK_BASE_URL"}
    ended = threading.Event()
    answers: list[bytes] = []
    faults: list[BaseException] = []

    with socket.create_server(("127.0.0.1", 0), backlog=128) as held:
        port = held.getsockname()[1]

        def begin() -> subprocess.Popen[bytes]:
            return subprocess.Popen(
                [sys.executable, "-c", HANDED_OVER, str(held.fileno())],
                cwd=BASE_DIR,
                env={**environment, "FACTCHECK_DATA_DIR": str(tmp_path)},
                pass_fds=[held.fileno()],
            )

        def ask() -> None:
            while not ended.is_set():
                try:
                    answers.append(get(port, "/robots.txt"))
                except (OSError, AssertionError, http.client.HTTPException) as fault:
                    faults.append(fault)

        def has_asked(often: int) -> bool:
            return len(answers) > often or bool(faults)

        clients = [threading.Thread(target=ask) for _number in range(4)]
        server = begin()
        try:
            for client in clients:
                client.start()
            for _restart in range(3):
                wait_until(partial(has_asked, len(answers) + 20))
                server.terminate()
                assert server.wait(PATIENCE) == 0
                server = begin()
            wait_until(partial(has_asked, len(answers) + 20))
        finally:
            ended.set()
            for client in clients:
                client.join()
            server.terminate()
            server.wait(PATIENCE)
    assert faults == []
    assert {answer.count(b"Sitemap") for answer in answers} == {1}


def wait_until(condition: Callable[[], Any]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


# --- the server itself ---


@pytest.fixture
def serve() -> Iterator[Callable[..., int]]:
    """A function that serves an application with one thread, and gives the port."""
    with ExitStack() as stack:

        def serve(application: Any, **changes: Any) -> int:
            options = server_options("127.0.0.1", 0, behind_proxy=False, connections=100, timeout=1)
            server = make_server(application, {**options, "threads": 1, **changes})
            thread = threading.Thread(target=server.run)
            stack.callback(thread.join)
            stack.callback(server.close)
            thread.start()
            return int(server.effective_listen[0][1])

        yield serve


def test_who_does_not_read_a_long_answer_is_cut_off(serve: Callable[..., int]) -> None:
    closed = threading.Event()

    def long() -> Iterator[bytes]:
        try:
            while True:
                yield b"x" * 100_000
        finally:
            closed.set()

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        start_response("200 OK", [])
        return long() if environ["PATH_INFO"] == "/long" else [b"short"]

    port = serve(application, outbuf_high_watermark=1_000_000)
    with ExitStack() as stack:
        hold(stack, port, b"GET /long HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert get(port, "/short") == b"short"
        assert closed.is_set()


# Waitress leaves the file that it could not write to Python to close.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_who_has_asked_is_answered_before_the_server_ends() -> None:
    asked, answer = threading.Event(), threading.Event()

    def application(environ: Any, start_response: Any) -> list[bytes]:
        asked.set()
        answer.wait(PATIENCE)
        start_response("200 OK", [("Content-Length", "4")])
        return [b"done"]

    server = make_server(application, server_options("127.0.0.1", 0, behind_proxy=False, connections=100, timeout=60))
    port = int(server.effective_listen[0][1])
    thread = threading.Thread(target=server.run)
    thread.start()
    with (
        closing(socket.create_connection(("127.0.0.1", port), PATIENCE)) as waiting,
        closing(socket.create_connection(("127.0.0.1", port), PATIENCE)) as late,
    ):
        waiting.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert asked.wait(PATIENCE)
        server.leave()
        server.leave()
        # It has connected before, and may still say what it wants.
        late.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        answer.set()
        for connection in (waiting, late):
            told = b"".join(iter(partial(connection.recv, 9_000), b""))
            assert told.startswith(b"HTTP/1.1 200 OK")
            assert b"\r\nConnection: close\r\n" in told
            assert told.endswith(b"\r\n\r\ndone")
        thread.join(PATIENCE)
        assert not thread.is_alive()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), PATIENCE)


# Waitress leaves a temporary file that it could not fill to whoever collects it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_body_for_which_there_is_no_room_is_answered(serve: Callable[..., int]) -> None:
    def application(environ: dict[str, Any], start_response: Any) -> Any:
        start_response("200 OK", [])
        return [b"%d" % len(environ["wsgi.input"].read())]

    connection = http.client.HTTPConnection("127.0.0.1", serve(application), timeout=PATIENCE)
    with closing(connection), no_room():
        connection.request("POST", "/", b"x" * 600_000, {"Authorization": "Bearer x"})
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("Retry-After")) == (507, "60")
        assert b"Nothing was stored" in answer.read()


SAID = {
    "a bad address": (b"GET /api/v1/claims/\xff HTTP/1.1\r\nHost: x\r\n\r\n", 400, "bad_request"),
    "a bad header": (b"GET /api/v1/claims/ HTTP/1.1\r\nHost : x\r\n\r\n", 400, "bad_request"),
    "a method in small letters": (b"get /api/v1/claims/ HTTP/1.1\r\nHost: x\r\n\r\n", 400, "bad_request"),
    "a bad length": (b"POST /api/v1/claims/ HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400, "bad_request"),
    "an unknown encoding": (b"POST /api/v1/claims/ HTTP/1.1\r\nTransfer-Encoding: x\r\n\r\n", 501, "not_implemented"),
    "long headers": (b"GET /api/v1/claims/ HTTP/1.1\r\nX: " + b"x" * 300_000, 431, "headers_too_large"),
    "a long body of nobody": (
        b"POST /api/v1/claims/ HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 200000\r\n\r\n",
        413,
        "too_large",
    ),
    "a long body of somebody": (
        b"POST /api/v1/claims/ HTTP/1.1\r\nAuthorization: Bearer x\r\nContent-Length: 70000000\r\n\r\n",
        413,
        "too_large",
    ),
}


@pytest.mark.parametrize("kind", SAID)
def test_what_the_server_itself_refuses_is_told_and_logged_as_elsewhere(
    serve: Callable[..., int], kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    said, status, code = SAID[kind]
    caplog.set_level("INFO", logger="factcheck.request")
    with socket.create_connection(("127.0.0.1", serve(lambda *_: [])), PATIENCE) as asking:
        asking.sendall(said)
        answer = http.client.HTTPResponse(asking)
        answer.begin()
        body = json.loads(answer.read())
    assert (answer.status, body["status"], body["code"]) == (status, status, code)
    assert answer.getheader("Content-Type") == "application/problem+json"
    assert answer.getheader("X-Request-ID") == body["request_id"] != ""
    (line,) = [record.msg for record in caplog.records if record.name == "factcheck.request"]
    assert (line["code"], line["request_id"], line["ip"]) == (status, body["request_id"], "127.0.0.1")
    assert "/api/v1/claims/" in line["request"]


@pytest.mark.parametrize("path", ["/length", "/pieces", "/file", "/bad header"])
def test_head_gets_no_body_and_the_connection_goes_on(serve: Callable[..., int], tmp_path: Path, path: str) -> None:
    kept = tmp_path / "kept"
    kept.write_bytes(b"a body")

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"] == "/pieces":
            start_response("200 OK", [])
            return iter([b"a ", b"body"])
        start_response("200 OK", [("Content-Length", "6")])
        if environ["PATH_INFO"] == "/file":
            file = kept.open("rb")
            return environ["wsgi.file_wrapper"](file) if "wsgi.file_wrapper" in environ else closing_iterator(file)
        return [b"a body"]

    with socket.create_connection(("127.0.0.1", serve(application)), PATIENCE) as asking:
        said = path.replace("/bad header", "/ HTTP/1.1\r\nHost : x") if " " in path else f"{path} HTTP/1.1\r\nHost: x"
        asking.sendall(f"HEAD {said}\r\n\r\n".encode())
        if path in {"/length", "/file"}:
            asking.sendall(b"GET /length HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        told = b"".join(iter(partial(asking.recv, 9_000), b""))
    heads = told.split(b"\r\n\r\n")
    if path in {"/length", "/file"}:
        assert [part.startswith(b"HTTP/1.1 200 OK") for part in heads] == [True, True, False]
        assert heads[0].count(b"Content-Length: 6") == 1
        assert heads[2] == b"a body"
    else:
        assert heads[1:] == [b""]


def closing_iterator(file: Any) -> Iterator[bytes]:
    with file:
        yield from file


def test_people_are_told_on_a_page(serve: Callable[..., int]) -> None:
    with socket.create_connection(("127.0.0.1", serve(lambda *_: [])), PATIENCE) as asking:
        asking.sendall(b"GET /claims/ HTTP/1.1\r\nHost : x\r\n\r\n")
        answer = http.client.HTTPResponse(asking)
        answer.begin()
        assert (answer.status, answer.getheader("Content-Type")) == (400, "text/html; charset=utf-8")
        assert b"cannot be read" in answer.read()


def test_who_waits_to_continue_without_a_body_is_answered(serve: Callable[..., int]) -> None:
    def application(environ: dict[str, Any], start_response: Any) -> Any:
        start_response("200 OK", [("Content-Length", "5")])
        return [b"short"]

    with closing(http.client.HTTPConnection("127.0.0.1", serve(application), timeout=PATIENCE)) as connection:
        connection.request("GET", "/", headers={"Expect": "100-continue"})
        assert connection.getresponse().read() == b"short"


def test_probes_wait_for_nobody(serve: Callable[..., int]) -> None:
    go_on = threading.Event()

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"] != "/healthz":
            go_on.wait(PATIENCE)
        start_response("200 OK", [])
        return [b"alive"]

    port = serve(application)
    with ExitStack() as stack:
        stack.callback(go_on.set)
        for path in (b"/", b"/readyz"):
            hold(stack, port, b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        assert get(port) == b"alive"


@pytest.mark.parametrize("asked", ["keep-alive", "close"])
def test_an_answer_without_a_body_keeps_the_connection_unless_it_is_to_be_closed(
    serve: Callable[..., int], asked: str
) -> None:
    def known(_environ: dict[str, Any], start: Any) -> list[bytes]:
        start("304 Not Modified", [("ETag", '"1"')])
        return []

    with closing(http.client.HTTPConnection("127.0.0.1", serve(known), timeout=PATIENCE)) as connection:
        for _ in range(2 if asked == "keep-alive" else 1):
            connection.request("GET", "/", headers={"Connection": asked})
            local = connection.sock.getsockname()
            answer = connection.getresponse()
            assert (answer.status, answer.read(), answer.getheader("Transfer-Encoding")) == (304, b"", None)
            assert answer.getheader("Connection") == (None if asked == "keep-alive" else "close")
            assert (connection.sock is not None and connection.sock.getsockname() == local) == (asked == "keep-alive")


def test_forwarded_headers_are_trusted_only_behind_a_proxy() -> None:
    direct, behind = (
        server_options("127.0.0.1", 8000, behind_proxy=behind_proxy, connections=10, timeout=30)
        for behind_proxy in (False, True)
    )
    assert "trusted_proxy" not in direct
    assert behind["trusted_proxy_count"] == 1


@pytest.mark.parametrize(
    ("limits", "held", "raised"),
    [
        ((1_024, 524_288), 2_000, 2_000 * PER_CONNECTION + RESERVE),
        ((1_024, resource.RLIM_INFINITY), 2_000, 2_000 * PER_CONNECTION + RESERVE),
        ((1_024, 1_028), (1_028 - RESERVE) // PER_CONNECTION, 1_028),
        ((524_288, 524_288), 2_000, None),
        ((resource.RLIM_INFINITY, resource.RLIM_INFINITY), 2_000, None),
        ((100, 100), 1, None),
    ],
)
def test_as_many_connections_are_held_as_files_may_be_open(
    monkeypatch: pytest.MonkeyPatch, limits: tuple[int, int], held: int, raised: int | None
) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _what: limits)
    monkeypatch.setattr(resource, "setrlimit", lambda _what, values: asked.append(values))
    assert affordable(2_000) == held
    assert [value for value, _most in asked if value != limits[0]] == ([] if raised is None else [raised])


THREADS_ASK = """
import ctypes, sys, threading
from factcheck.server import share_memory
if sys.argv[1] == "shared":
    share_memory()
c = ctypes.CDLL(None)
together = threading.Barrier(9)
def ask():
    c.malloc(100_000)
    together.wait()
    together.wait()
for _thread in range(8):
    threading.Thread(target=ask).start()
together.wait()
c.malloc_info(0, ctypes.c_void_p.in_dll(c, "stdout"))
c.fflush(None)
together.wait()
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="the C library has no arenas")
def test_threads_share_their_memory() -> None:
    def arenas(kind: str) -> int:
        asked = [sys.executable, "-c", THREADS_ASK, kind]
        return subprocess.run(asked, cwd=BASE_DIR, capture_output=True, check=True).stdout.count(b"<heap nr=")

    assert arenas("shared") == 1 < arenas("as it is")
