"""The public pages in a real browser: without scripts, in light and dark, for everybody, and with no word to others."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from pypdf import PdfReader

from claims.models import Dispute
from factcheck.audit.context import acting
from sources.models import Source
from tests import factories as make
from tests.browser.conftest import BROWSER, PATIENCE
from tests.claims.report_case import make_rivals

pytestmark = BROWSER


@pytest.fixture
def site(chromium: Any, live_register: None, live_server: Any, settings: Any) -> Site:
    settings.FACTCHECK_BASE_URL = live_server.url
    author, reviewer = make.make_user("ann", "Researcher"), make.make_user("vera", "Reviewer")
    make_rivals(author, reviewer)
    return Site(chromium, live_server.url)


class Site:
    """The register as a visitor opens it; `faults` are errors of the browser and requests to anybody else."""

    def __init__(self, browser: Any, address: str) -> None:
        self.browser, self.address = browser, address
        self.faults: list[str] = []

    def visitor(self, **how: Any) -> Any:
        page = self.browser.new_context(**how).new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda said: self.faults.append(said.text))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda asked: self.faults.append(asked.url) if self.outside(asked.url) else None)
        return page

    def outside(self, url: str) -> bool:
        return not url.startswith((self.address, "data:"))


def test_a_visitor_without_scripts_finds_a_claim_and_its_report(site: Site) -> None:
    page = site.visitor(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page.goto(site.address)
    page.keyboard.press("Tab")
    assert page.locator(":focus").text_content() == "Skip to the content"
    page.get_by_role("searchbox").fill("heart failure")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("main").get_by_role("link", name="One man died of heart failure.").first.click()
    page.get_by_role("heading", level=1, name="One man died of heart failure.").wait_for()
    page.get_by_role("link", name="Take this report away").click()
    assert page.url.endswith("#take-away")
    page.get_by_role("link", name="What has changed").click()
    page.locator("#look-back-since").fill("2020-01-01")
    page.get_by_role("button", name="Show").first.click()
    page.get_by_role("heading", name="What has changed since 1 January 2020, 23:59 UTC").wait_for()
    assert page.url.endswith("?since=2020-01-01#changes")
    assert page.locator("#look-back-since").input_value() == "2020-01-01"
    page.get_by_role("link", name="Deaths in custody").first.click()
    page.get_by_role("heading", level=1, name="Deaths in custody").wait_for()
    assert site.faults == []


def test_no_page_shuts_anybody_out(site: Site) -> None:
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - only where a browser is

    axe, dispute = Axe(), Dispute.objects.get()
    said = dispute.claims.order_by("pk").first().attributions.order_by("pk").first().source
    # Every piece of which pages are made is on one of these.
    pages = ("/", "/?q=men", "/corrections/", "/method/", f"/disputes/{dispute.slug}/", f"/sources/{said.slug}/")
    page = site.visitor(viewport={"width": 390, "height": 844})
    for path in pages:
        page.goto(site.address + path)
        # WCAG 2.2 asks for targets of a size, which axe does not look at unless it is told to.
        sized = {"rules": {"target-size": {"enabled": True}}}
        for scheme, options in (("light", sized), ("dark", {"runOnly": ["color-contrast"]})):
            page.emulate_media(color_scheme=scheme)
            found = axe.run(page, options={"resultTypes": ["violations"], **options}).response["violations"]
            assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == [], (path, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    assert site.faults == []


def test_a_long_name_widens_no_report_and_sources_stay_apart(site: Site) -> None:
    dispute = Dispute.objects.get()
    with acting(reason="Renamed"):
        Source.objects.update(name=Concat(Value("N" * 150), Cast("pk", CharField())))
    page = site.visitor()
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(f"{site.address}/disputes/{dispute.slug}/")
        page.get_by_text("N" * 150).first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        breaks = "rows => rows.map(row => getComputedStyle(row).display)"
        assert "none" not in page.locator(".claims td br").evaluate_all(breaks)
    assert site.faults == []


MARKED = """() => {
    const mark = (element, text) => {
        const added = document.createElement("span");
        added.style = "font-size: 1px; text-transform: none; letter-spacing: 0";
        added.textContent = ` ${text} `;
        element.prepend(added);
    };
    const heads = [...document.querySelectorAll("main h1, main h2, main h3, main h4")];
    return [...document.querySelectorAll("main table")].map((table, number) => {
        const rows = [...table.querySelectorAll("tbody tr")];
        rows.forEach((row, place) => mark(row.cells[0], `table${number}row${place}!`));
        mark(table.tHead.rows[0].cells[0], `table${number}head!`);
        const head = heads.filter(one => one.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING).pop();
        const box = table.closest(".wide") || table, next = head.nextElementSibling;
        const near = next === box || (next && next.nextElementSibling === box);
        if (near) mark(head, `table${number}title!`);
        return [rows.length, near];
    });
}"""
"""Gives each heading, head of a table and row a name that can be read in print: of each table how many rows it has, and
whether it stands under its heading, with one paragraph between them at most."""


def test_no_printed_page_ends_between_a_heading_and_its_table_nor_in_a_small_one(site: Site) -> None:
    dispute = Dispute.objects.get(title="Deaths in custody")
    page = site.visitor()
    page.goto(f"{site.address}/disputes/{dispute.slug}/")
    tables = page.evaluate(MARKED)
    assert sum(near for _rows, near in tables) >= 3
    # Each time another thing comes to lie at the foot of a page.
    for height in (0, 200, 420, 610, 720):
        page.evaluate(f"document.querySelector('main').style.paddingTop = '{height}px'")
        printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
        pages = [part.extract_text() for part in printed]
        for number, (rows, near) in enumerate(tables):
            together = ["head", *(["title"] if near else []), *(f"row{n}" for n in range(rows if rows < 7 else 2))]
            # Where the page ends in a long table, the next one has its head again.
            found = [next(n for n, text in enumerate(pages) if f"table{number}{name}!" in text) for name in together]
            assert len(set(found)) == 1, (height, number, together, found)
    assert site.faults == []


def test_a_page_that_is_printed_is_hardly_longer_than_its_pdf(site: Site) -> None:
    dispute = Dispute.objects.get(title="Deaths in custody")
    page = site.visitor()
    page.goto(f"{site.address}/disputes/{dispute.slug}/")
    printed = len(PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages)
    report = page.request.get(f"{site.address}/api/v1/disputes/{dispute.slug}/report/pdf/").body()
    assert printed <= len(PdfReader(io.BytesIO(report)).pages) + 1
