"""Many at once: readers beside writers, connections that say nothing, and restarts."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

from benchmarks.torture.service import Goal, Service, clients

READERS, WRITERS = 16, 4
READ = ("/api/v1/claims/", "/api/v1/claims/1/", "/", "/disputes/", "/api/v1/disputes/", "/claims/", "/verdicts/feed/")
SLOW = b"POST /api/v1/claims/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{"


class Asked:
    """What was answered to many at once."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.ended = threading.Event()
        self.waits: dict[str, list[float]] = {"read": [], "write": []}
        self.failed: list[str] = []

    def work(self, number: int) -> None:
        nth = 0
        while not self.ended.is_set():
            nth += 1
            began = time.monotonic()
            kind, wanted = ("write", 201) if number < WRITERS else ("read", 200)
            try:
                if kind == "write":
                    status = self.service.write(
                        f"Beside readers, {number} and {nth}.", f"load-{id(self)}-{number}-{nth}"
                    )[0]
                else:
                    status = self.service.ask("GET", READ[(nth + number) % len(READ)])[0]
            except (OSError, http.client.HTTPException) as fault:
                self.failed.append(repr(fault))
                continue
            self.waits[kind].append(time.monotonic() - began)
            if status != wanted:
                self.failed.append(f"{kind}: {status}")

    def slowest(self, kind: str) -> float:
        """Of a hundred answers 99 were as fast as this, in seconds."""
        waits = sorted(self.waits[kind])
        return waits[len(waits) * 99 // 100] if waits else 0.0


def many(service: Service, seconds: float) -> Iterator[Goal]:
    asked = Asked(service)
    with clients(asked.work, READERS + WRITERS):
        time.sleep(seconds)
        asked.ended.set()
    got = (
        f"{len(asked.failed)} of {sum(map(len, asked.waits.values())):,} failed, "
        f"p99 {asked.slowest('read'):.2f} s read, {asked.slowest('write'):.2f} s written"
    )
    yield f"G18 {READERS} read and {WRITERS} write for {seconds:.0f} s", got, "0 failed", not asked.failed


def silent(service: Service) -> Iterator[Goal]:
    """900 connections that say nothing, and 200 that never end what they began to say."""
    with ExitStack() as stack:
        for number in range(1_100):
            held = stack.enter_context(socket.create_connection(("127.0.0.1", service.port), 60))
            if number % 11 < 2:
                held.sendall(SLOW)
        began = time.monotonic()
        status, _body, _headers = service.ask("GET", "/claims/1/")
        took = time.monotonic() - began
    yield (
        "G18 beside 900 silent and 200 slow ones",
        f"{status} after {took:.2f} s",
        "200 within 1 s",
        status == 200 and took < 1,
    )


def restarts(service: Service, times: int) -> Iterator[Goal]:
    """The server is stopped and started anew while everybody goes on asking."""
    asked = Asked(service)
    with clients(asked.work, READERS + WRITERS):
        try:
            for _time in range(times):
                time.sleep(2)
                service.stop()
                service.start()
            time.sleep(1)
        finally:
            asked.ended.set()
    got = f"{len(asked.failed)} of {sum(map(len, asked.waits.values())):,} failed"
    yield f"G18 {times} restarts while {READERS + WRITERS} ask", got, "0", not asked.failed
