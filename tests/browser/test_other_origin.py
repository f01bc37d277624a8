"""What a page of another website gets out of the register in a real browser: what the public may read, nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from knox.models import AuthToken

from claims.models import Claim
from tests import factories as make
from tests.browser.conftest import BROWSER
from tests.claims.report_case import make_rivals

pytestmark = BROWSER

FETCH = """async ([address, options]) => {
  try {
    const response = await fetch(address, options);
    return [response.status, response.headers.get("ETag"), await response.text()];
  } catch (refused) {
    return refused.name;
  }
}"""
BLOCKED = "TypeError"
"""What fetch throws where the browser keeps the answer to itself."""


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[str]:
    """The address of another website with an empty page: another port of one host, so that cookies would go along."""
    (tmp_path / "index.html").write_text("<!doctype html><title>Elsewhere</title>")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=tmp_path)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_page_of_another_website_reads_what_the_public_reads_and_nothing_else(
    chromium: Any, live_register: None, live_server: Any, elsewhere: str, settings: Any
) -> None:
    ann = make.make_user("ann", "Researcher")
    make_rivals(ann, make.make_user("vera", "Reviewer"))
    token, claims = AuthToken.objects.create(ann)[1], f"{live_server.url}/api/v1/claims/"
    everything, public = Claim.objects.count(), Claim.objects.filter(status="published").count()
    assert public < everything
    # The visitor is logged in to the register, in the same browser.
    desk = Client()
    desk.force_login(ann)
    session = desk.cookies[django_settings.SESSION_COOKIE_NAME].value
    context = chromium.new_context()
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{claims}?count=true")
    assert f'"count":{everything}' in page.content()

    page.goto(elsewhere)

    def fetched(address: str, **options: Any) -> Any:
        return page.evaluate(FETCH, [address, options])

    status, etag, text = fetched(claims + "?count=true")
    assert (status, f'"count":{public}' in text) == (200, True)
    assert etag
    assert fetched(f"{claims}?count=true", headers={"If-None-Match": etag})[0] == 304
    # A refusal is public too, and readable.
    assert fetched(claims + "?raiting=1")[0] == 400

    bearer = {"Authorization": f"Bearer {token}"}
    kept_away = {
        "with the cookie of the visitor": fetched(claims, credentials="include"),
        "with a token": fetched(claims, headers=bearer),
        "what the desk keeps": fetched(f"{live_server.url}/api/v1/tokens/", credentials="include"),
        "the desk": fetched(f"{live_server.url}/admin/", credentials="include"),
        "a public page": fetched(live_server.url),
        "writing with a token": fetched(claims, method="POST", headers=bearer, body='{"text": "It is so."}'),
        "writing with the cookie": fetched(claims, method="POST", credentials="include", body='{"text": "It is so."}'),
        "deleting": fetched(f"{claims}1/", method="DELETE", credentials="include"),
    }
    assert {what for what, answer in kept_away.items() if answer != BLOCKED} == set()
    assert Claim.objects.count() == everything

    settings.FACTCHECK_CORS_ORIGINS = [elsewhere]
    page.goto(elsewhere)
    assert f'"count":{everything}' in fetched(f"{claims}?count=true&page_size=5", headers=bearer)[2]
    assert fetched(f"{claims}?page_size=4", credentials="include") == BLOCKED
    context.close()
