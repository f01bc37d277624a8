"""The pages of the public site as a visitor gets them, for tests that read or open all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.test import Client

from tests.browser.conftest import CHROMIUM

LOCATION = re.compile(r"<loc>([^<]+)</loc>")


def fetch(address: str) -> tuple[int, str, bytes]:
    """Status, type and body of an address of the site; files of the site's style are read where they lie."""
    asked = urlsplit(address)
    if asked.path.startswith("/static/"):
        found = finders.find(re.sub(r"\.[0-9a-f]{12}(?=\.)", "", asked.path.removeprefix("/static/")))
        assert isinstance(found, str), address
        return 200, "text/css" if found.endswith(".css") else "image/svg+xml", Path(found).read_bytes()
    answer = Client().get(f"{asked.path}?{asked.query}" if asked.query else asked.path)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, answer["Content-Type"], body


def listed() -> Iterator[str]:
    """The paths of all pages that the sitemap names."""
    for index in LOCATION.findall(fetch("/sitemap.xml")[2].decode()):
        for address in LOCATION.findall(fetch(index)[2].decode()):
            yield urlsplit(address).path


LOWEST = "all => Math.max(...all.map(one => one.getBoundingClientRect().bottom))"
LETTERS = """() => Math.min(99, ...[...document.querySelectorAll(".wide > svg")].map(
  drawn => 12 * drawn.getBoundingClientRect().width / drawn.viewBox.baseVal.width))"""
"""The size of the letters of the picture that has the smallest, in pixels of the window."""
WIDE = """() => Math.max(document.documentElement.scrollWidth,
  ...[...document.querySelectorAll(".wide:has(> table)")].map(one => one.scrollWidth))"""


def seen(
    pages: Mapping[str, tuple[int, str, bytes]], windows: Iterable[tuple[int, int]]
) -> Iterator[tuple[str, int, int, float, float, float]]:
    """Opens the pages in a browser: address, width and height of the window, where the last claim that is told first
    ends, how wide the page or a table of it is, and the size of the smallest letters in its pictures."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where a browser is

    def answer(route: Any) -> None:
        status, kind, body = pages.get(route.request.url) or fetch(route.request.url)
        route.fulfill(status=status, content_type=kind, body=body)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for width, height in windows:
            page = browser.new_context(viewport={"width": width, "height": height}).new_page()
            page.route("**/*", answer)
            for address in pages:
                page.goto(address)
                lowest = page.locator(".opening > .claims tr").evaluate_all(LOWEST)
                wide = page.evaluate(WIDE)
                yield address, width, height, lowest, wide, page.evaluate(LETTERS)
        browser.close()
