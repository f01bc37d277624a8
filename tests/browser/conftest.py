"""The browser of this machine, where it has one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db import connection

CHROMIUM = next(
    (path for name in ("/usr/bin/chromium", "chromium", "chromium-browser") if (path := shutil.which(name))), None
)
BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed on this machine"),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="what a browser shows is the same on both engines"),
]
"""The marks of a module that drives it."""
PATIENCE = 60_000
"""Milliseconds after which what is waited for does not come any more, on a machine with much else to do."""
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
"""WCAG 2.2 AA, with what it took over."""


def barriers(page: Any, part: str = "html", but: Sequence[str] = ()) -> list[dict[str, Any]]:
    """What in the part of the page that a selector names, but for what others name, breaks WCAG 2.2 AA, as far as axe
    can tell."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - only where a browser is

    # Of what is right it would make a list that takes longer than to find it.
    options = {"runOnly": {"type": "tag", "values": LEVELS}, "resultTypes": ["violations"]}
    context = {"include": [[part]], "exclude": [[one] for one in but]}
    found: list[dict[str, Any]] = Axe().run(page, context=context, options=options).response["violations"]
    return found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where a browser is

    # The browser's driver runs an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(autouse=True)
def closed_pages(request: pytest.FixtureRequest) -> Iterator[None]:
    """No page is left open: one of the desk asks every half minute for who else is there."""
    yield
    if "chromium" in request.fixturenames:
        for context in request.getfixturevalue("chromium").contexts:
            context.close()
