"""Outgoing requests reach public hosts alone, end in time, and take no more than they were told to."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpcore
import pytest

from factcheck.base import fetch
from factcheck.base.fetch import FetchError, TargetRefused, is_public, post
from tests.certificate import untrusted_context

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

NOT_PUBLIC = (
    "127.0.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "192.0.0.8",
    "192.88.99.1",
    "198.18.0.1",
    "203.0.113.7",
    "224.0.0.251",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1",
    "2002:7f00:1::1",
    "2001:0:7f00:1::1",
    "2001:db8::1",
    "3fff::1",
    "fc00::1",
    "fe80::1",
    "fe80::1%1",
    "fec0::1",
    "ff02::1",
)
FORMS = (
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://0/",
    "http://0.0.0.0/",
    "http://localhost/",
    "http://localhost./",
    "http://LOCALHOST/",
    "http://[::1]/",
    "http://[::]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[2002:7f00:1::]/",
    "http://[fe80::1%25lo]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://①②⑦.⓪.⓪.①/",
    "http://127.0.0.1.:80/",
    "http://user:pw@127.0.0.1/",
    "http://example.org@127.0.0.1/",
    "http://example.org\\@127.0.0.1/",
    "http:///etc/passwd",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "http://127.0.0.1:6379/",
)


@contextmanager
def server(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server on this machine that lets `talk` answer each connection; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _peer = listener.accept()
                except OSError:
                    return
                with connection:
                    try:
                        talk(connection)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/hook"
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def answering(answer: bytes, seen: list[bytes] | None = None) -> Callable[[socket.socket], None]:
    def talk(connection: socket.socket) -> None:
        received = connection.recv(65_536)
        if seen is not None:
            seen.append(received)
        connection.sendall(answer)

    return talk


def send(url: str, **options: Any) -> fetch.Answer:
    return post(url, content=b"{}", headers={"Content-Type": "application/json"}, **options)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_address_that_is_not_public_is_told(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_address_that_is_public_is_told(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("url", FORMS)
def test_no_spelling_leads_to_this_machine(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[Any] = []
    monkeypatch.setattr(socket, "create_connection", lambda *args, **_kwargs: connected.append(args))
    with pytest.raises(FetchError):
        send(url)
    assert connected == []


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "169.254.169.254", "64:ff9b::7f00:1", "not an address"])
def test_name_that_leads_inside_is_refused(address: str) -> None:
    with pytest.raises(TargetRefused):
        send("http://rebind.example.org/", resolver=lambda _host, _port: [address])


def test_name_is_asked_for_once_and_its_checked_address_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([["127.0.0.1", "1.1.1.1"], ["127.0.0.1"]])
    asked: list[str] = []
    connected: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    def connect(address: tuple[str, int], *args: Any, **kwargs: Any) -> socket.socket:
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(FetchError):
        send("http://rebind.example.org/", resolver=resolver)
    assert asked == ["rebind.example.org"]
    assert connected == ["1.1.1.1"]


def test_connection_that_ended_elsewhere_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []
    with server(answering(OK, seen)) as url:
        port = int(url.rsplit(":", 1)[1].split("/")[0])
        real = httpcore.SyncBackend.connect_tcp
        # As a router or a hosts file would do it: asked for a public address, the connection is a local one.
        monkeypatch.setattr(
            httpcore.SyncBackend, "connect_tcp", lambda self, _host, _port, **_kwargs: real(self, "127.0.0.1", port)
        )
        with pytest.raises(TargetRefused):
            send("http://public.example.org/", resolver=lambda _host, _port: ["1.1.1.1"])
    assert not any(seen)


def test_only_hosts_that_are_named_are_asked_where_some_are(settings: Any) -> None:
    settings.FACTCHECK_OUTSIDE_HOSTS = ["Archive.org", "hooks.example.org"]
    for url in ("https://archive.org/x", "http://WEB.archive.org./", "https://hooks.example.org/"):
        assert fetch.check_target(url)
    for url in (
        "https://example.org/",
        "https://notarchive.org/",
        "https://archive.org.example.com/",
        "http://8.8.8.8/",
    ):
        with pytest.raises(TargetRefused, match="FACTCHECK_OUTSIDE_HOSTS"):
            fetch.check_target(url, private=True)


def test_only_the_ports_of_the_web_are_open() -> None:
    with pytest.raises(TargetRefused, match="port"):
        send("http://one.one.one.one:6379/")


def test_private_target_is_reached_where_it_is_allowed() -> None:
    seen: list[bytes] = []
    with server(answering(OK, seen)) as url:
        answer = send(url, private=True)
    assert (answer.status, answer.body) == (200, b"ok")
    request = seen[0].lower()
    assert request.startswith(b"post /hook http/1.1\r\n")
    assert b"accept-encoding: identity\r\n" in request
    assert b"content-length: 2\r\n" in request


def test_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with server(answering(OK)) as url:
        assert send(url, private=True).status == 200


def test_redirect_is_not_followed() -> None:
    with server(answering(OK)) as secret:
        redirect = f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {secret}\r\nContent-Length: 0\r\n\r\n".encode()
        with server(answering(redirect)) as url:
            answer = send(url, private=True)
    assert (answer.status, answer.body) == (307, b"")


def test_body_is_counted_and_cut_and_never_unpacked() -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n".encode()
    with server(answering(head + bomb)) as url:
        answer = send(url, private=True, longest=1_000)
    assert answer.body == bomb[:1_000]


def test_endless_body_ends() -> None:
    def talk(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65_536)

    with server(talk) as url:
        assert len(send(url, private=True).body) == fetch.LONGEST_BODY


@pytest.mark.parametrize("first", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"])
def test_slow_answer_ends_at_the_deadline(first: bytes) -> None:
    stop = threading.Event()

    def talk(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(first)
        while not stop.wait(0.05):
            connection.sendall(b"X" if first else b"")

    with server(talk) as url:
        # The server would go on until it is stopped, which is after this has ended.
        with pytest.raises(FetchError, match=r"within 0\.5 seconds"):
            send(url, private=True, deadline=0.5)
        stop.set()


def test_slow_name_ends_at_the_deadline() -> None:
    ended = threading.Event()

    def resolver(host: str, port: int) -> list[str]:
        ended.wait(30)
        return ["1.1.1.1"]

    with pytest.raises(FetchError, match="within"):
        send("http://slow.example.org/", deadline=0.3, resolver=resolver)
    assert not ended.is_set()
    ended.set()


@pytest.mark.parametrize("answer", [b"", b"\x00\xff\x00 nonsense\r\n\r\n", b"SSH-2.0-OpenSSH_9\r\n"])
def test_answer_that_is_no_http_is_an_error(answer: bytes) -> None:
    with server(answering(answer)) as url, pytest.raises(FetchError):
        send(url, private=True)


def test_unknown_name_is_an_error() -> None:
    def resolver(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(FetchError, match="not known"):
        send("http://nowhere.example.org/", resolver=resolver)


def test_certificate_is_asked_for_in_the_name_of_the_host() -> None:
    # The server speaks no TLS: what counts is that a plain answer is not taken for one.
    with server(answering(OK)) as url, pytest.raises(FetchError, match="No connection"):
        send(url.replace("http:", "https:"), private=True)


def test_a_certificate_that_nobody_trusts_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    context, heard = untrusted_context(tmp_path), []

    def talk(connection: socket.socket) -> None:
        try:
            heard.append(context.wrap_socket(connection, server_side=True).recv(65_536))
        except OSError:
            heard.append(b"")

    with server(talk) as url, pytest.raises(FetchError, match="certificate verify failed"):
        send(url.replace("http:", "https:"), private=True)
    assert heard == [b""]
