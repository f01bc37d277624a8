"""A card in the page of another site shows the newest verdict; no other page of the register is shown there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests import factories as make
from tests.browser.conftest import BROWSER

pytestmark = BROWSER


@contextmanager
def foreign(body: str) -> Iterator[str]:
    """The address of another site, on which this page stands."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *said: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_another_site_shows_the_card_and_nothing_else(
    chromium: Any, live_register: None, live_server: Any, settings: Any
) -> None:
    settings.FACTCHECK_BASE_URL = live_server.url
    first = make.make_published(make.make_claim("It rained in Z.", dispute=make.make_dispute("Rain", slug="rain")))
    corrected = make.make_corrected(verdict=first, reason="The photograph was older.")
    long = make.make_published(make.make_claim("It rained in Z, and in all the villages around it. " * 4))
    make.make_corrected(verdict=long, reason="The photograph was older than anybody had thought. " * 5)
    framed = [f"/claims/{first.claim_id}/card/", "/disputes/rain/card/"]
    shut = [f"/claims/{first.claim_id}/", "/disputes/rain/", "/", "/admin/login/", "/api/docs/"]
    body = "".join(f'<iframe src="{live_server.url}{path}" title="{path}"></iframe>' for path in (*framed, *shut))
    page = chromium.new_context(viewport={"width": 390, "height": 844}).new_page()
    with foreign(f"<h1>Elsewhere</h1>{body}") as address:
        page.goto(address, wait_until="networkidle")
    shown = {frame.url: frame.locator("body").inner_text() for frame in page.frames[1:]}
    for path in framed:
        assert corrected.rating.label in shown[live_server.url + path]
    assert "The photograph was older." in shown[live_server.url + framed[0]]
    assert sorted(
        url.removeprefix(live_server.url) for url, text in shown.items() if "chrome-error" not in url
    ) == sorted(framed)
    for path in framed:
        page.goto(live_server.url + path)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
            assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == [], (path, scheme)
    for verdict in (first, long):
        for most in ("", "&maxwidth=300"):
            asked = f"/oembed/?url={live_server.url}/claims/{verdict.claim_id}/{most}"
            named = page.request.get(live_server.url + asked).json()
            page.set_viewport_size({"width": named["width"], "height": named["height"]})
            page.goto(f"{live_server.url}/claims/{verdict.claim_id}/card/")
            assert "The photograph was older" in page.locator("main").inner_text()
            foot = page.get_by_role("link", name="Statements, evidence and reasons").bounding_box()
            assert foot["y"] + foot["height"] <= named["height"], (verdict.claim_id, most)
