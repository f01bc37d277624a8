"""Whether the database can be reached: asked by one thread for all, so that nobody waits for a server that is gone."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

logger = structlog.get_logger(__name__)

PAUSE = 1.0
"""Seconds between two tries to reach a database that is gone."""


class Breaker:
    """Open while the database cannot be reached: who needs it is refused at once.

    Whoever has a doubt says so, and goes on. A thread then tries to connect, again and again while that fails, and ends
    when it was possible.
    """

    def __init__(self, pause: float = PAUSE) -> None:
        self.pause = pause
        self.is_open = False
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def suspect(self, connect: Callable[[], object]) -> None:
        """Have it found out whether `connect` is possible, which raises an exception where it is not."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._try, args=(connect,), name="breaker", daemon=True)
                self._thread.start()

    def _try(self, connect: Callable[[], object]) -> None:
        waiting = threading.Event()
        while (problem := self._problem(connect)) is not None:
            if not self.is_open:
                self.is_open = True
                logger.error("the database cannot be reached", problem=problem)
            waiting.wait(self.pause)
        with self._lock:
            # Under the lock: who has a doubt from now on starts another thread.
            self._thread = None
            was_open, self.is_open = self.is_open, False
        if was_open:
            logger.warning("the database can be reached again")

    @staticmethod
    def _problem(connect: Callable[[], object]) -> str | None:
        try:
            connect()
        except Exception as error:  # noqa: BLE001 - whatever it is, there is no connection
            return str(error) or type(error).__name__
        return None


primary = Breaker()
"""That of the database of this process; a file of SQLite is never gone."""
