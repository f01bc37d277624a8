"""A disk without room, as far as this process can tell: the kernel refuses to let any file grow."""

from __future__ import annotations

import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_room(size: int = 1_024) -> Iterator[None]:
    """Inside, writing to a file beyond `size` bytes fails. For the main thread."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # Else the signal ends the process before the call can fail.
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    # Half of a compiled module would stay in its place, and every later run would stumble over it.
    dont_write = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        sys.dont_write_bytecode = dont_write
        signal.signal(signal.SIGXFSZ, handler)
