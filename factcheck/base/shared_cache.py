"""A shared cache in front of the register, such as Varnish: which answers it may keep, and what it has to forget.

An answer names what shows in it as tags. When a transaction is committed that changed some of that, each cache is told
to forget all answers with these tags, and once more a moment later, for an answer that was on its way. A cache that
does not answer is asked again and again; it holds no answer for longer than `FACTCHECK_CACHE_SECONDS` anyway.
"""

from __future__ import annotations

import atexit
import http.client
import threading
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from factcheck.base.replicas import wait_for_replicas

logger = structlog.get_logger(__name__)

EVERYTHING = "everything"
"""The tag that every answer has."""
REGISTER = "register"
"""The tag of an answer that tells of many rows: it is forgotten with every change of any."""
MANY = 200
"""From so many tags on everything is forgotten."""
PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds before each further try. The first is also when the caches that have answered are told once more."""
PATIENCE = 2.0
"""Seconds in which a cache has to answer."""
SILENCE = 10.0
"""Seconds in which a cache that did not answer is not asked by who writes."""
HEADER = "Surrogate-Key"
_silent_until: dict[str, float] = {}
_TAGS = "factcheck.tags"
"""Where a request remembers the tags of its answer; no header can have a name with a dot."""


def is_on() -> bool:
    return bool(settings.FACTCHECK_CACHE_URLS)


def tag(request: HttpRequest, *tags: str) -> None:
    """Say that the answer to this request tells something else only when one of these does."""
    request.META[_TAGS] = tags


def tags_of(request: HttpRequest) -> Collection[str]:
    """The tags of the answer to this request, but for the one that all have."""
    return request.META.get(_TAGS, (REGISTER,))


def forget(tags: Collection[str]) -> None:
    """When this transaction is committed, have each cache forget the answers with one of these tags."""
    if is_on():
        named = [EVERYTHING] if len(tags) > MANY or EVERYTHING in tags else sorted({*tags, REGISTER})
        transaction.on_commit(lambda: _purge(named), robust=True)


def purge(url: str, tags: Collection[str]) -> str:
    """Have one cache forget; empty, or why it did not."""
    place = urlsplit(url)
    kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    connection = kind(str(place.hostname), place.port, timeout=PATIENCE)
    try:
        connection.request("PURGE", place.path or "/", headers={HEADER: " ".join(tags)})
        status = connection.getresponse().status
        return "" if status < 300 else f"it answered {status}"
    except (OSError, http.client.HTTPException) as error:
        return str(error) or type(error).__name__
    finally:
        connection.close()


def _purge(tags: list[str]) -> None:
    """At once, so that who changed something reads it; what is still to be done is left to a thread."""
    if settings.FACTCHECK_REPLICAS:
        # A replica that has not heard of the change yet would give the cache the old answer again.
        _thread.add(_Order(time.monotonic(), tags, settings.FACTCHECK_CACHE_URLS, waits=True))
        return
    for url in settings.FACTCHECK_CACHE_URLS:
        # One that did not answer just now is left to the thread: nobody who writes should wait for it again.
        if time.monotonic() >= _silent_until.get(url, 0) and (problem := purge(url, tags)):
            _silent_until[url] = time.monotonic() + SILENCE
            logger.warning("a shared cache was not told and will be again", cache=url, problem=problem)
    _thread.add(_Order(time.monotonic() + PAUSES[0], tags, settings.FACTCHECK_CACHE_URLS))


@dataclass
class _Order:
    """What is to be forgotten, where, and when that is to be said."""

    due: float
    tags: list[str]
    urls: Collection[str]
    tries: int = 0
    waits: bool = False
    """Whether the replicas have to come this far before."""


class _Purging:
    """A thread that runs while there are orders. The process ends when they are done, or given up after half a
    minute."""

    def __init__(self) -> None:
        self.orders: list[_Order] = []
        self.lock = threading.Lock()
        self.thread: threading.Thread | None = None
        atexit.register(self.finish)

    def add(self, order: _Order) -> None:
        with self.lock:
            self.orders.append(order)
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self._work, name="purging", daemon=True)
                self.thread.start()

    def finish(self) -> None:
        """Wait until all is done."""
        thread = self.thread
        if thread is not None:
            thread.join(sum(PAUSES) + len(PAUSES) * PATIENCE)

    def _work(self) -> None:
        while True:
            with self.lock:
                if not self.orders:
                    # Under the lock: who adds one now starts another thread.
                    self.thread = None
                    return
                due = [order for order in self.orders if order.due <= time.monotonic()]
                self.orders = [order for order in self.orders if order not in due]
            for order in _joined(due):
                self._carry_out(order)
            time.sleep(0.05)

    def _carry_out(self, order: _Order) -> None:
        if order.waits:
            wait_for_replicas()
        failed = {url: problem for url in order.urls if (problem := purge(url, order.tags))}
        if order.waits:
            # Once more for what was on its way, as after the first time elsewhere.
            self.add(_Order(time.monotonic() + PAUSES[0], order.tags, order.urls))
        elif failed and order.tries + 1 < len(PAUSES):
            pause = PAUSES[order.tries + 1]
            self.add(_Order(time.monotonic() + pause, order.tags, [*failed], order.tries + 1))
        elif failed:
            seconds = settings.FACTCHECK_CACHE_SECONDS
            logger.error("a shared cache was not told of a change", caches=failed, forgets_in=seconds)


def _joined(orders: Collection[_Order]) -> Iterator[_Order]:
    """One order for all that are due and have been tried as often, where they go to the same caches."""
    together: dict[tuple[tuple[str, ...], int, bool], list[_Order]] = {}
    for order in orders:
        together.setdefault((tuple(order.urls), order.tries, order.waits), []).append(order)
    for (urls, tries, waits), alike in together.items():
        tags = sorted({tag for order in alike for tag in order.tags})
        yield _Order(0, [EVERYTHING] if len(tags) > MANY else tags, urls, tries, waits)


_thread = _Purging()
