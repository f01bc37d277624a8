"""What was answered is kept: under kills, under keys that are sent again and again, and with many who write."""

from __future__ import annotations

import http.client
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

from benchmarks.torture.service import CLIENTS, Goal, Service, breaks_of_trail, clients
from claims.models import Claim
from factcheck.audit.models import AuditEntry

LONGEST = 3
"""Seconds that a writer may wait."""


def kills(service: Service, times: int) -> Iterator[Goal]:
    """The server is killed in the middle of writing; who got no answer sends the same again."""
    answered: set[str] = set()
    ended = threading.Event()

    def work(number: int) -> None:
        nth = 0
        while not ended.is_set():
            nth += 1
            text = f"Written by {number}, the {nth}th."
            while not ended.is_set():
                with suppress(OSError, http.client.HTTPException):
                    status, _body = service.write(text, f"kill-{number}-{nth}")
                    if status == 201:
                        answered.add(text)
                        break
                time.sleep(0.05)

    slowest = 0.0
    with clients(work):
        try:
            for _time in range(times):
                time.sleep(random.uniform(0.5, 2))
                service.stop(signal.SIGKILL)
                began = time.monotonic()
                service.start()
                slowest = max(slowest, time.monotonic() - began)
        finally:
            ended.set()
    stored = list(Claim.objects.filter(text__startswith="Written by ").values_list("text", flat=True))
    lost, twice = len(answered - {*stored}), len(stored) - len({*stored})
    got = f"{len(answered)} answered, {lost} lost, {twice} stored twice, back in {slowest:.1f} s at most"
    yield f"G5 {times} kills while {CLIENTS} write", got, "0 lost, 0 twice", not lost and not twice
    torn = breaks_of_trail()
    yield "G5 the trail after it", f"{torn} breaks", "0", not torn


def same_keys(service: Service, keys: int) -> Iterator[Goal]:
    """The same request eight times at once."""
    bodies: dict[str, set[bytes]] = {}
    others: list[int] = []
    for number in range(keys):
        key = f"key-{number}"

        def send(_client: int, key: str = key) -> None:
            for _time in range(2):
                status, body = service.write(f"Sent with {key}.", key)
                while status == 409:
                    # PostgreSQL: the first one is being worked on.
                    time.sleep(0.02)
                    status, body = service.write(f"Sent with {key}.", key)
                bodies.setdefault(key, set()).add(body) if status == 201 else others.append(status)

        with clients(send):
            pass
    rows = Claim.objects.filter(text__startswith="Sent with key-").count()
    several = sum(1 for found in bodies.values() if len(found) != 1)
    got = f"{rows} rows, {several} keys with several bodies, {len(others)} other answers"
    yield f"G6 {keys} keys sent 8 times", got, f"{keys} rows, 0, 0", rows == keys and not several and not others


def writers(service: Service, each: int) -> Iterator[Goal]:
    """Eight who write at once, as fast as they are answered."""
    before, others = AuditEntry.objects.count(), list[int]()
    waits: list[float] = []

    def work(number: int) -> None:
        for nth in range(each):
            began = time.monotonic()
            status, _body = service.write(f"One of many, {number} and {nth}.", f"many-{number}-{nth}")
            waits.append(time.monotonic() - began)
            if status != 201:
                others.append(status)

    with clients(work, 8):
        pass
    rows = Claim.objects.filter(text__startswith="One of many, ").count()
    told = AuditEntry.objects.count() - before
    got = f"{rows} rows, {told} entries, {len(others)} other answers, longest wait {max(waits):.1f} s"
    well = rows == told == 8 * each and not others and max(waits) < LONGEST
    yield f"G4 8 write {each} claims each", got, f"{8 * each} rows and entries, 0, under {LONGEST} s", well
