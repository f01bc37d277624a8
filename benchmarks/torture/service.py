"""The server that is mistreated, and what all who do so need."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from benchmarks.environment import with_values
from benchmarks.registers import ROOT
from factcheck.audit.differences import history_models
from factcheck.audit.verification import Break, verify

CLIENTS = 4
PATIENCE = 60
"""Seconds in which a server has to answer again."""
Goal = tuple[str, str, str, bool]
"""Name, what was got, what is wanted, and whether it was."""
HANDED_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
os.execv(sys.executable, [sys.executable, "-m", "factcheck.serve", "--no-worker"])
"""
"""Starts the server with a socket in the way of sd_listen_fds(3)."""


class Service:
    """The shipped server in a process of its own, which may be killed and started anew; its socket is held open
    meanwhile, as systemd does."""

    def __init__(self, token: str, values: dict[str, str] | None = None) -> None:
        self.token, self.environment = token, with_values(values or {})
        self.bearer = {"Authorization": f"Bearer {token}"}
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=1_024)
        self.port = int(self.socket.getsockname()[1])
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-c", HANDED_OVER, str(self.socket.fileno())]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[self.socket.fileno()],
        )
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(OSError, http.client.HTTPException):
                if self.ask("GET", "/readyz")[0] == 200:
                    return
            time.sleep(0.1)
        raise RuntimeError("The server does not answer.")

    def stop(self, number: int = signal.SIGTERM) -> None:
        assert self.process is not None
        self.process.send_signal(number)
        self.process.wait()

    def ask(self, method: str, path: str, body: str | bytes = "", **headers: str) -> tuple[int, bytes, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.headers
        finally:
            connection.close()

    def write(self, text: str, key: str) -> tuple[int, bytes]:
        """Create a claim. Raises OSError or HTTPException where no answer comes."""
        headers = {**self.bearer, "Content-Type": "application/json", "Idempotency-Key": key}
        status, body, _headers = self.ask(
            "POST", "/api/v1/claims/", json.dumps({"dispute": 1, "text": text}), **headers
        )
        return status, body


@contextmanager
def clients(work: Callable[[int], None], count: int = CLIENTS) -> Iterator[None]:
    """So many threads at work, which are waited for at the end."""
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join()


def breaks_of_trail(heads: Any = ()) -> int:
    return sum(isinstance(step, Break) for step in verify(history_models(), heads))


def bar(what: str, done: int, all_of_it: int) -> None:
    """How far it is, on a terminal."""
    if sys.stderr.isatty():
        full = 30 * done // all_of_it
        sys.stderr.write(f"\r{what} [{'#' * full}{'.' * (30 - full)}] {done:,} of {all_of_it:,} ")
        sys.stderr.write("\n" if done == all_of_it else "")
