"""What a shared cache is told: how long an answer holds, what shows in it, and what to forget after a change."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from factcheck.base import shared_cache
from tests import factories as f
from tests.api.test_races import client_of


class Cache:
    """Stands for Varnish: remembers what it was told to forget, and may be out of order."""

    def __init__(self) -> None:
        self.told: list[set[str]] = []
        self.status = 200
        cache = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_PURGE(self) -> None:
                cache.told.append(set(self.headers["Surrogate-Key"].split()))
                self.send_response(cache.status)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def cache(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cache]:
    cache = Cache()
    thread = threading.Thread(target=cache.server.serve_forever, args=(0.01,))
    thread.start()
    settings.FACTCHECK_CACHE_URLS = [cache.url]
    monkeypatch.setattr(shared_cache, "PAUSES", (0.0, 0.0, 0.0))
    yield cache
    shared_cache._thread.finish()
    shared_cache._silent_until.clear()
    cache.server.shutdown()
    thread.join()
    cache.server.server_close()


def test_only_what_everybody_reads_may_be_kept(cache: Cache, editor: Any) -> None:
    claim = f.make_claim(published=True, dispute=f.make_dispute())
    address = f"/api/v1/claims/{claim.pk}/"
    answer = Client().get(address)
    assert answer["Surrogate-Control"].startswith("max-age=")
    assert answer["Surrogate-Key"] == f"everything claim-{claim.pk}"
    assert answer["Cache-Control"] == "no-cache"
    assert Client().get("/api/v1/claims/")["Surrogate-Key"] == "everything register"
    assert Client().get(f"/claims/{claim.pk}/")["Surrogate-Key"].startswith(f"everything claim-{claim.pk} ")

    known = {"HTTP_AUTHORIZATION": "Bearer x"}
    for client, path, headers in [
        (client_of(editor), address, known),
        (Client(), address, {"HTTP_COOKIE": "sessionid=abcdefghij"}),
        (Client(), "/api/v1/claims/999999/", {}),
        (Client(), "/verdicts/feed/", {}),
        (Client(), "/readyz", {}),
    ]:
        assert not client.get(path, **headers).has_header("Surrogate-Key"), path


def test_a_change_is_told_by_what_shows_it(cache: Cache, editor: Any, django_capture_on_commit_callbacks: Any) -> None:
    source = f.make_source()
    claim, other = f.make_claim(published=True), f.make_claim(published=True)
    f.make_attribution(claim, source=source)
    said = {"HTTP_IF_MATCH": "*", "HTTP_X_CHANGE_REASON": "A test."}
    with django_capture_on_commit_callbacks(execute=True):
        answer = client_of(editor).patch(f"/api/v1/sources/{source.pk}/", {"name": "Another name"}, **said)
    assert answer.status_code == 200, answer.content
    assert cache.told[0] >= {"register", f"claim-{claim.pk}"}
    assert f"claim-{other.pk}" not in cache.told[0]


def test_a_cache_that_is_out_of_order_holds_up_no_change_and_is_told_again(
    cache: Cache, editor: Any, django_capture_on_commit_callbacks: Any
) -> None:
    claim = f.make_claim(published=True)
    cache.status = 503
    said = {"HTTP_IF_MATCH": "*", "HTTP_X_CHANGE_REASON": "A test."}
    with django_capture_on_commit_callbacks(execute=True):
        answer = client_of(editor).patch(f"/api/v1/claims/{claim.pk}/", {"context": "Other words"}, **said)
    assert answer.status_code == 200, answer.content
    shared_cache._thread.finish()
    assert len(cache.told) == 1 + len(shared_cache.PAUSES)
    assert all(f"claim-{claim.pk}" in told for told in cache.told)


def test_all_is_forgotten_by_hand(cache: Cache, settings: Any) -> None:
    call_command("purge_cache")
    assert cache.told == [{"everything"}]
    cache.status = 403
    with pytest.raises(CommandError, match="it answered 403"):
        call_command("purge_cache")
    settings.FACTCHECK_CACHE_URLS = []
    with pytest.raises(CommandError, match="set FACTCHECK_CACHE_URLS"):
        call_command("purge_cache")
