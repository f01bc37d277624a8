"""The shipped server: waitress, set so that clients who are slow, silent or do not read cannot stop it for others."""

from __future__ import annotations

import ctypes
import resource
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, cast

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import MultiSocketServer, TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher, WSGITask

from factcheck.server_requests import Headed, Refusal, RequestParser

THREADS = 8
PROBES = ("/healthz", "/readyz", "/metrics")
"""Each is answered by a thread of its own, so that no probe waits for what all others wait for."""
# Above every limit of the application itself, so that it can answer with a reason.
LARGEST_BODY = 64 * 1024 * 1024
PER_CONNECTION = 3
"""File descriptors: the socket, and where more than a megabyte waits on either side a temporary file each."""
RESERVE = 128
"""File descriptors of the rest: the database, files that are read, the pipes to the worker."""

PIECE = 900_000
"""Bytes that are handed to the socket at once: what is longer than a megabyte waitress writes to a file first."""

ARENAS = 1
"""From so many places the C library gives memory to all threads together. 120 reports as PDF by eight threads leave a
process with 140 MB, with two places 225, with one for each thread 330 to 380; they take a sixth more CPU time."""
_M_ARENA_MAX = -8
"""What malloc.h of the GNU C library calls it."""

GRACE = 30.0
"""Seconds in which a server that is stopped finishes what it was asked."""
SILENCE = 2.0
"""Seconds that it leaves to who has just connected, and has said nothing yet."""

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Task(Headed, WSGITask):
    """Keeps the connection after an answer that has no body, such as a 304: its end is where its headers end (RFC 9112,
    section 6.3). Waitress would close it, and whoever asks again would connect anew."""

    def build_response_header(self) -> bytes:
        asked = getattr(self.request, "headers", {}).get("CONNECTION", "").lower()
        server = cast(Server, self.channel.server)
        if server.leaving and self.version == "1.1" and asked != "close" and not self.close_on_finish:
            super().set_close_on_finish()
        self.lasting = not self.has_body and self.version == "1.1" and asked != "close" and not self.close_on_finish
        try:
            return super().build_response_header()
        finally:
            self.lasting = False

    lasting = False

    def write(self, data: bytes) -> None:
        for start in range(0, len(data) or 1, PIECE):
            super().write(data[start : start + PIECE])

    def get_environment(self) -> dict[str, Any]:
        environment: dict[str, Any] = super().get_environment()
        if self.wants_head:
            # What is handed over as a file is sent past `write`.
            environment.pop("wsgi.file_wrapper", None)
        return environment

    def set_close_on_finish(self) -> None:
        if not self.lasting:
            super().set_close_on_finish()


class Channel(HTTPChannel):
    """One connection."""

    parser_class, task_class, error_task_class = RequestParser, Task, Refusal

    @property
    def is_waited_for(self) -> bool:
        """Whether somebody waits here for an answer, or has only begun to ask."""
        if self.requests or self.request is not None or self.total_outbufs_len:
            return True
        return self.last_activity == self.creation_time and time.time() < self.creation_time + SILENCE


class Server(TcpWSGIServer):
    """Also closes the connections of those who do not read what they asked for."""

    channel_class = Channel
    leaving = False
    """Whether it takes no more connections, and closes each after its answer."""

    def maintenance(self, now: float) -> None:
        """Called every few seconds. Waitress itself waits for them for ever, and so does the thread that answers."""
        super().maintenance(now)  # type: ignore[arg-type]
        channels: Any = self.active_channels
        for channel in channels.values():
            if channel.total_outbufs_len and channel.last_activity < now - self.adj.channel_timeout:
                # The loop of the server then finds the connection closed, as when the client hangs up.
                with suppress(OSError):
                    channel.socket.shutdown(socket.SHUT_RDWR)


class Threads(ThreadedTaskDispatcher):
    """The threads that answer requests, and those of the probes, by path."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.set_thread_count(count)
        self.probes = {path: ThreadedTaskDispatcher() for path in PROBES}
        for dispatcher in self.probes.values():
            dispatcher.set_thread_count(1)

    def add_task(self, task: Any) -> None:
        """Have what a connection asks for next answered."""
        dispatcher = self.probes.get(getattr(task.requests[0], "path", ""))
        if dispatcher is None:
            super().add_task(task)
        else:
            dispatcher.add_task(task)

    def shutdown(self, cancel_pending: bool = True, timeout: int = 5) -> bool:
        for dispatcher in self.probes.values():
            dispatcher.shutdown(cancel_pending, timeout)
        return super().shutdown(cancel_pending, timeout)


class Listeners(MultiSocketServer):
    """The servers of all addresses, in one loop, which ends as whoever asked has been answered."""

    def __init__(self, servers: list[Any], descriptors: dict[int, Any], adjustments: Adjustments) -> None:
        places = [(server.effective_host, server.effective_port) for server in servers]
        super().__init__(descriptors, adjustments, places, servers[0].task_dispatcher)
        self.servers = servers
        self.end: float | None = None

    def run(self) -> None:
        """Answer until `leave` or `close` is called, or the process is interrupted."""
        timeout = self.adj.asyncore_loop_timeout
        try:
            while self.map and not (self.end is not None and self.close_idle()):
                self.asyncore.loop(timeout, self.adj.asyncore_use_poll, self.map, count=1)
        except (SystemExit, KeyboardInterrupt):
            pass
        self.close()

    def leave(self) -> None:
        """Take no more connections, answer what was asked within GRACE seconds, and end. For handlers of signals."""
        if self.end is None:
            self.end = time.monotonic() + GRACE
            for server in self.servers:
                server.leaving = True
            self.servers[0].pull_trigger()

    def close_idle(self) -> bool:
        """Close the sockets that listen, and all connections on which nobody waits; whether that is all, or time is
        up."""
        for server in self.servers:
            if server.accepting:
                # What others hold of this socket takes connections for whoever listens next.
                wasyncore.dispatcher.close(server)
        waiting = 0
        for channel in self.channels():
            if channel.is_waited_for:
                waiting += 1
            else:
                channel.will_close = True
        return not waiting or (self.end is not None and time.monotonic() > self.end)

    def channels(self) -> list[Any]:
        return [channel for server in self.servers for channel in server.active_channels.values()]


def make_server(
    application: Application, options: dict[str, Any], inherited: Iterable[socket.socket] = ()
) -> Listeners:
    """A server that listens already and answers when it is run, at the `inherited` sockets where there are any.

    Raises OSError when the port is taken.
    """
    adjustments = Adjustments(**options)
    threads = Threads(adjustments.threads)
    descriptors: dict[int, Any] = {}

    def server(address: Any, given: socket.socket | None = None) -> Any:
        return Server(
            application,
            descriptors,
            _sock=given,
            bind_socket=given is None,
            dispatcher=threads,
            adj=adjustments,
            sockinfo=address,
        )

    found = [server((given.family, given.type, given.proto, given.getsockname()), given) for given in inherited]
    # As waitress.create_server does; a name such as localhost may stand for several addresses.
    addresses: Any = adjustments.listen
    return Listeners(found or [server(address) for address in addresses], descriptors, adjustments)


def server_options(host: str, port: int, *, behind_proxy: bool, connections: int, timeout: int) -> dict[str, Any]:
    """Return the adjustments of waitress.

    A connection that is silent for `timeout` seconds is closed, in the middle of a request too. X-Forwarded-* is
    dropped unless a proxy of ours writes it.
    """
    options: dict[str, Any] = {
        "host": host,
        "port": port,
        "threads": THREADS,
        "ident": None,
        "max_request_body_size": LARGEST_BODY,
        "clear_untrusted_proxy_headers": True,
        "connection_limit": connections,
        "channel_timeout": timeout,
        "cleanup_interval": max(1, timeout // 6),
        # select() cannot look at a descriptor above 1,023.
        "asyncore_use_poll": True,
    }
    if behind_proxy:
        options |= {
            "trusted_proxy": "*",
            "trusted_proxy_count": 1,
            "trusted_proxy_headers": "x-forwarded-for x-forwarded-proto",
        }
    return options


def affordable(connections: int) -> int:
    """How many connections at once the limit of open files allows, which is raised as far as the process may.

    Without a file for the next one, accepting would fail over and over, and so would opening the database.
    """
    wanted = connections * PER_CONNECTION + RESERVE
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= allowed < wanted:
        raised = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        # macOS has a limit of its own below what it says.
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (raised, most))
            allowed = raised
    if allowed < 0:
        return connections
    return max(1, min(connections, (allowed - RESERVE) // PER_CONNECTION))


def share_memory() -> None:
    """Have the threads share their memory: by itself each gets a place of its own, which grows to what the largest
    report took that it ever wrote, and is not given back. Before threads are started; nothing where the C library has
    no such thing."""
    with suppress(AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, ARENAS)
