"""What is copied from other servers comes from public hosts alone, step by step, and within limits."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from factcheck.base import fetch
from factcheck.base.download import TooLong, download
from factcheck.base.fetch import FetchError, TargetRefused

BODY = b"<p>It was so.</p>"


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        name = self.path.partition("?")[0]
        if name.startswith("/hop/"):
            left = int(name.removeprefix("/hop/"))
            self.say(302, b"", Location=f"/hop/{left - 1}" if left else "/page#part")
        elif name == "/inside":
            self.say(301, b"", Location="http://169.254.169.254/latest")
        elif name == "/scheme":
            self.say(301, b"", Location="file:///etc/passwd")
        elif name == "/nonsense":
            self.say(301, b"", Location="http://[::1")
        elif name == "/packed":
            self.say(200, b"x", **{"Content-Encoding": "gzip"})
        elif name == "/gone":
            self.say(404, b"No such page")
        elif name == "/endless":
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"x" * 1_000)
            except OSError:
                return
        elif name == "/slow":
            self.send_response(200)
            self.end_headers()
            try:
                for _second in range(100):
                    self.wfile.write(b"x")
                    time.sleep(0.1)
            except OSError:
                return
        else:
            self.say(200, BODY, **{"Content-Type": "text/html; charset=utf-8"})

    def say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None: ...


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def copy(url: str, **how: Any) -> tuple[Any, bytes]:
    target = io.BytesIO()
    found = download(url, target, **{"longest": 10_000, "agent": "Test", "private": True, **how})
    return found, target.getvalue()


def test_a_page_is_copied_with_what_its_sender_calls_it(site):
    found, body = copy(f"{site}/page")
    assert (found.url, found.content_type, body) == (f"{site}/page", "text/html; charset=utf-8", BODY)


def test_redirects_are_followed_five_times(site):
    found, body = copy(f"{site}/hop/4")
    assert (found.url, body) == (f"{site}/page", BODY)
    with pytest.raises(FetchError, match="more than 5 times"):
        copy(f"{site}/hop/5")


@pytest.mark.parametrize(
    ("path", "error", "words"),
    [
        ("/scheme", TargetRefused, "http"),
        ("/nonsense", TargetRefused, "no web address"),
        ("/packed", FetchError, "packed"),
        ("/gone", FetchError, "404"),
        ("/endless", TooLong, "larger than 10,000 bytes"),
    ],
)
def test_what_is_no_page_is_refused_in_words(site, path, error, words):
    with pytest.raises(error, match=words):
        copy(site + path)


def test_a_slow_answer_ends_at_the_deadline(site):
    with pytest.raises(FetchError, match="No whole answer"):
        copy(f"{site}/slow", deadline=0.5)


def test_a_length_that_is_stated_is_refused_before_anything_is_read(site):
    with pytest.raises(TooLong):
        copy(f"{site}/page", longest=len(BODY) - 1)
    assert copy(f"{site}/page", longest=len(BODY))[1] == BODY


def test_no_private_address_is_asked_at_the_first_step(site):
    with pytest.raises(TargetRefused):
        copy(f"{site}/page", private=False)
    with pytest.raises(TargetRefused, match="no address on the public internet"):
        copy("http://inside.example.org/", private=False, resolver=lambda *_asked: ["10.0.0.1"])


def test_each_step_of_a_redirect_is_resolved_and_checked(monkeypatch):
    """The first host is public, the one it redirects to is not."""
    asked: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    monkeypatch.setattr(fetch, "is_public", lambda _address: len(asked) == 1)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    port = server.server_address[1]
    monkeypatch.setattr(fetch, "_PORTS", {80, 443, port})
    Elsewhere.target = f"http://second.example.org:{port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with pytest.raises(TargetRefused):
            copy(f"http://first.example.org:{port}/", private=False, resolver=resolver)
    finally:
        server.shutdown()
        server.server_close()
    assert asked == ["first.example.org", "second.example.org"]


class Elsewhere(Pages):
    target = ""

    def do_GET(self) -> None:
        self.say(302, b"", Location=self.target)
