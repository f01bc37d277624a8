"""Keeps a worker running beside the server: a child process that makes what was asked for."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Sequence

import structlog

from factcheck.env import BASE_DIR

logger = structlog.get_logger(__name__)

COMMAND = (sys.executable, str(BASE_DIR / "manage.py"), "work", "--with-parent")
LONGEST_PAUSE = 30.0
STEADY = 60.0
"""Seconds of work after which a death counts as the first one again."""
PATIENCE = 20.0
"""Seconds in which a worker may finish what it is at when the server stops; it is taken up again by the next one."""


class Worker:
    """One child process, started anew when it dies, with longer pauses the more often it does."""

    def __init__(self, command: Sequence[str] = COMMAND, *, first_pause: float = 1.0) -> None:
        self.command = command
        self.first_pause = first_pause
        self.child: subprocess.Popen[bytes] | None = None
        self.stopped = threading.Event()
        # The handler of a signal may want it while this thread has it.
        self._lock = threading.RLock()
        self._thread = threading.Thread(target=self._keep, name="worker", daemon=True)

    def __enter__(self) -> Worker:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Ask the child to end, wait for it a while, and end it."""
        child = self.leave()
        if child is not None and child.poll() is None:
            try:
                child.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self._thread.join(PATIENCE)

    def leave(self) -> subprocess.Popen[bytes] | None:
        """Ask the child to end as soon as it has finished what it is at, and start no other one. It is asked once:
        the second time it would drop that."""
        with self._lock:
            asked, child = self.stopped.is_set(), self.child
            self.stopped.set()
        if not asked and child is not None and child.poll() is None:
            child.terminate()
        return child

    def _keep(self) -> None:
        pause = self.first_pause
        while not self.stopped.is_set():
            began = time.monotonic()
            with self._lock:
                if self.stopped.is_set():
                    return
                # It reads its standard input, which ends when this process does, however it ends.
                self.child = subprocess.Popen(self.command, stdin=subprocess.PIPE, cwd=BASE_DIR)  # noqa: S603 - our own
            status = self.child.wait()
            if self.child.stdin is not None:
                self.child.stdin.close()
            if self.stopped.is_set():
                return
            pause = self.first_pause if time.monotonic() - began > STEADY else min(2 * pause, LONGEST_PAUSE)
            logger.warning("the worker ended and is started anew", status=status, seconds=pause)
            self.stopped.wait(pause)
