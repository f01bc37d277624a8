"""Outgoing requests to addresses that somebody else chose: to public hosts alone, short and bounded.

Nothing here follows a redirect; `factcheck.base.download` does, and checks each step as if it were the first.

The check stands where the connection is made. An address that was checked earlier may mean another machine by then
(DNS rebinding), and a second reading of the same URL may find another host in it.
"""

from __future__ import annotations

import contextlib
import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpcore
import httpx
from django.conf import settings

DEADLINE = 15.0
"""Seconds for the whole exchange: name, connection, handshake, request and answer."""
LONGEST_BODY = 64 * 1024
"""Bytes of an answer that are read; the rest stays with the sender."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], list[str]]

NOT_PUBLIC = "The host name leads to no address on the public internet."
_PORTS = {80, 443}
_LOCAL = {"localhost", "localdomain", "local", "internal", "intranet", "lan", "test", "invalid"}
"""Endings of names that are kept for one machine or network (RFC 6761, RFC 6762, RFC 8375, ICANN)."""
_UNICAST = ipaddress.ip_network("2000::/3")
# Python 3.11 calls these global. Through a translator or tunnel they lead to IPv4 addresses that are not.
_NOT_PUBLIC = [
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # relays of 6to4
        "2001::/23",  # protocol assignments, among them Teredo
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation (RFC 9637)
    )
]


class FetchError(Exception):
    """The request brought no whole answer; the text says why and holds nothing of the answer."""


class TargetRefused(FetchError):
    """The address leads where this service does not connect to."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and the beginning of the body, as it came: no content coding is undone."""

    status: int
    body: bytes


def is_public(address: Address) -> bool:
    """Whether this is the address of one host on the public internet."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        # Everything outside 2000::/3 is local, a translator's (64:ff9b::/96, ::/96) or not assigned.
        if address not in _UNICAST:
            return False
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return not any(address.version == network.version and address in network for network in _NOT_PUBLIC)


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name by the resolver of the system. Raises OSError or UnicodeError."""
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def check_target(url: str, *, private: bool = False) -> httpcore.URL:
    """The parts of `url` to connect to. Raises TargetRefused for what can be told without asking for the name.

    `private` allows every host and port: for development, with a receiver on the same machine.
    """
    try:
        parts = httpx.URL(url)
        scheme, host, port, target = parts.raw_scheme, parts.raw_host, parts.port, parts.raw_path
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise TargetRefused("This is no web address.") from error
    if scheme not in {b"http", b"https"} or not host:
        raise TargetRefused("The address has to start with http:// or https://.")
    if parts.userinfo:
        raise TargetRefused("The address must not hold a user name or password.")
    if port not in {None, *_PORTS} and not private:
        raise TargetRefused("The port has to be 80 or 443.")
    if settings.FACTCHECK_OUTSIDE_HOSTS and not _is_named(host.decode("ascii")):
        raise TargetRefused("The register may not ask that host: FACTCHECK_OUTSIDE_HOSTS names those that it may.")
    with contextlib.suppress(ValueError):
        literal = ipaddress.ip_address(host.decode("ascii"))
        if not private and not is_public(literal):
            raise TargetRefused("The address is not one on the public internet.")
    return httpcore.URL(scheme=scheme, host=host, port=port, target=target)


def _is_named(host: str) -> bool:
    """Whether the operator named this host, or one that it lies below."""
    name = f".{host.rstrip('.').lower()}"
    return any(name.endswith(f".{allowed.lower().strip('.')}") for allowed in settings.FACTCHECK_OUTSIDE_HOSTS)


def check_host(url: str, *, deadline: float, resolver: Resolver = resolve) -> None:
    """Raise TargetRefused where the host of `url` has addresses, and none of them is on the public internet.

    For who enters an address, to be told at once; it is checked again whenever something is sent. A name that is not
    known, or not found within `deadline` seconds, may lead somewhere by then.
    """
    target = check_target(url)
    name = target.host.decode("ascii").rstrip(".").lower()
    if name.rpartition(".")[2] in _LOCAL or name.endswith(".home.arpa"):
        raise TargetRefused("The host name means a machine of this network, not one on the public internet.")
    backend = _CheckedBackend(time.monotonic() + deadline, False, resolver)
    try:
        found = backend.addresses(name, 443)
    except (FetchError, httpcore.TimeoutException):
        return
    if not found:
        raise TargetRefused(NOT_PUBLIC)


def post(
    url: str,
    *,
    content: bytes,
    headers: Mapping[str, str],
    private: bool = False,
    deadline: float = DEADLINE,
    longest: int = LONGEST_BODY,
    resolver: Resolver = resolve,
) -> Answer:
    """POST `content` and return the answer, whatever its status; a redirect is an answer like any other.

    Neither proxies nor passwords are taken from the environment. Raises TargetRefused when `url` leads to no public
    host (unless `private`), FetchError for everything else that goes wrong, at the latest after `deadline` seconds.
    """
    end = time.monotonic() + deadline
    with exchange("POST", url, headers, content, end=end, private=private, resolver=resolver) as response:
        return Answer(response.status, _beginning(response, longest))


@contextlib.contextmanager
def exchange(
    method: str,
    url: str,
    headers: Mapping[str, str],
    content: bytes | None = None,
    *,
    end: float,
    private: bool = False,
    resolver: Resolver = resolve,
) -> Iterator[httpcore.Response]:
    """One request, its answer still to be read inside; all of it until `end` on the monotonic clock.

    Raises TargetRefused and FetchError as `post` does, also for what goes wrong while the body is read.
    """
    target = check_target(url, private=private)
    backend = _CheckedBackend(end, private, resolver)
    sent = {"Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close", **headers}
    begun = time.monotonic()
    try:
        with (
            httpcore.ConnectionPool(network_backend=backend, max_keepalive_connections=0) as pool,
            pool.stream(method, target, headers=list(sent.items()), content=content) as response,
        ):
            yield response
    except FetchError:
        raise
    except httpcore.TimeoutException as error:
        raise FetchError(f"No whole answer within {round(max(end - begun, 0), 1):g} seconds.") from error
    except (httpcore.ConnectError, ssl.SSLError) as error:
        raise FetchError(f"No connection: {error or type(error).__name__}") from error
    except (httpcore.NetworkError, OSError) as error:
        raise FetchError(f"The connection broke: {error or type(error).__name__}") from error
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, ValueError) as error:
        raise FetchError(f"The answer is not HTTP: {error or type(error).__name__}") from error


def _beginning(response: httpcore.Response, longest: int) -> bytes:
    body = bytearray()
    for chunk in response.iter_stream():
        body += chunk[: longest - len(body)]
        if len(body) >= longest:
            break
    return bytes(body)


class _CheckedBackend(httpcore.NetworkBackend):
    """Connects to an address that it has looked up and checked itself, and gives every step what time is left."""

    def __init__(self, end: float, private: bool, resolver: Resolver) -> None:
        self.end, self.private, self.resolver = end, private, resolver
        self.inner = httpcore.SyncBackend()

    def connect_tcp(self, host: str, port: int, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        failure: Exception | None = None
        for address in self.addresses(host, port):
            try:
                stream = self.inner.connect_tcp(address, port, timeout=_left(self.end))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            if not self.private and not _is_public_text(stream.get_extra_info("server_addr")[0]):
                stream.close()
                raise TargetRefused("The connection leads to no address on the public internet.")
            return _TimedStream(stream, self.end)
        raise failure or TargetRefused(NOT_PUBLIC)

    def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of `host` that may be connected to."""
        found = self._looked_up(host, port)
        return found if self.private else [address for address in found if _is_public_text(address)]

    def _looked_up(self, host: str, port: int) -> list[str]:
        # The system's resolver knows no time limit; a thread that hangs in it is left to itself.
        answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

        def look_up() -> None:
            try:
                answers.put(self.resolver(host, port))
            except Exception as error:  # noqa: BLE001 - whatever it is, the thread that waits has to hear of it
                answers.put(error)

        threading.Thread(target=look_up, name="resolve", daemon=True).start()
        try:
            found = answers.get(timeout=_left(self.end))
        except queue.Empty:
            raise httpcore.ConnectTimeout from None
        if isinstance(found, (OSError, UnicodeError)):
            raise FetchError("The host name is not known.") from found
        if isinstance(found, Exception):
            raise found
        return found

    def connect_unix_socket(self, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        raise TargetRefused("Sockets of this machine are no target.")


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every read and write ends at one moment: a byte a second does not keep it open."""

    def __init__(self, inner: httpcore.NetworkStream, end: float) -> None:
        self.inner, self.end = inner, end

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.inner.read(max_bytes, _left(self.end))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.inner.write(buffer, _left(self.end))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _TimedStream(self.inner.start_tls(ssl_context, server_hostname, _left(self.end)), self.end)

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)

    def close(self) -> None:
        self.inner.close()


def _is_public_text(address: str) -> bool:
    try:
        return is_public(ipaddress.ip_address(address))
    except ValueError:
        return False


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left
