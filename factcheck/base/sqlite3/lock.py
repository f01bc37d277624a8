"""An exclusive lock on a file that threads and processes take in the order in which they came.

SQLite's own busy handler polls, so a writer can starve while others pass it again and again. The kernel keeps
the waiters of `flock` in a queue, but gives them no time limit; so a contended lock is awaited in a thread of
its own, and whoever asked for it stops waiting when the time is over.
"""

import contextlib
import fcntl
import os
import threading

# Descriptors of lock files in this process. A lock taken with `flock` belongs to the open file, which a
# forked child shares: it would keep the lock of a parent that was killed. So the child closes them at once.
_open: set[int] = set()


def _close(descriptor: int) -> None:
    _open.discard(descriptor)
    os.close(descriptor)


def _close_inherited() -> None:
    for descriptor in tuple(_open):
        with contextlib.suppress(OSError):
            os.close(descriptor)
    _open.clear()


os.register_at_fork(after_in_child=_close_inherited)


class _Waiter(threading.Thread):
    """Waits for one lock; owns the descriptor until it hands it over."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(name="sqlite-write-lock", daemon=True)
        self.descriptor = descriptor
        self.error: OSError | None = None
        self.answered = threading.Event()
        self._abandoned = False
        self._handover = threading.Lock()

    def run(self) -> None:
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX)
        except OSError as error:
            self.error = error
        with self._handover:
            if self._abandoned:
                _close(self.descriptor)
            self.answered.set()

    def abandon(self) -> None:
        """Leave the descriptor to be closed, now or as soon as the kernel grants the lock."""
        with self._handover:
            self._abandoned = True
            if self.answered.is_set():
                _close(self.descriptor)


class FileLock:
    """One holder of the lock on the file at `path`; not to be shared by threads."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._descriptor: int | None = None
        self._pid = 0

    def __del__(self) -> None:
        # A thread that died inside a transaction must not take the lock with it.
        self.release()

    @property
    def held(self) -> bool:
        return self._descriptor is not None and self._pid == os.getpid()

    def acquire(self, timeout: float) -> bool:
        """Take the lock within `timeout` seconds, with 0 at once or not at all, and say whether that was possible.

        Raises OSError when the lock file cannot be opened.
        """
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        _open.add(descriptor)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not timeout:
                _close(descriptor)
                return False
            if not self._wait(descriptor, timeout):
                return False
        except BaseException:
            _close(descriptor)
            raise
        self._descriptor, self._pid = descriptor, os.getpid()
        return True

    @staticmethod
    def _wait(descriptor: int, timeout: float) -> bool:
        waiter = _Waiter(descriptor)
        try:
            waiter.start()
        except BaseException:
            _close(descriptor)
            raise
        try:
            answered = waiter.answered.wait(timeout)
        except BaseException:
            waiter.abandon()
            raise
        if not answered or waiter.error:
            waiter.abandon()
        if waiter.error:
            raise waiter.error
        return answered

    def release(self) -> None:
        """Give the lock back; does nothing when it is not held."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None or self._pid != os.getpid():
            return
        # Unlock before closing: a child forked a moment ago may still hold a copy of the descriptor.
        try:
            fcntl.flock(descriptor, fcntl.LOCK_UN)
        finally:
            _close(descriptor)
