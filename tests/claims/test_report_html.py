"""The HTML report: complete, self-contained, and nothing in it but what its data says."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import RequestFactory

from claims.pages.site import frame_context
from claims.reports.formats import html
from claims.reports.load.dossier import load_claim, load_dispute
from tests.claims.report_case import ARABIC, AZERBAIJANI, RUSSIAN, make_rivals
from tests.factories import make_attribution, make_claim

pytestmark = pytest.mark.usefixtures("register")

VOID = {"meta", "link", "br", "img", "input", "hr", "rect"}


class Page(HTMLParser):
    """The elements of a page in order, with their attributes and the text in them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def report(ann: Any, reviewer: Any, anonymous: Any) -> str:
    return html.write(load_dispute(make_rivals(ann, reviewer), anonymous)).decode()


def test_the_report_holds_everything_that_was_said_and_decided(report: str) -> None:
    for part in (
        "What caused the deaths?",
        "Mostly supported",
        "The file supports it.",
        "A court published its file.",
        "Still open.",
        "The State",
        "spokesperson",
        RUSSIAN,
        AZERBAIJANI,
        ARABIC,
        "The cause of the second death is being established.",
        "by V. Translator",
        "Not allowed to speak",
        "page 12",
        "June 2025",
        "https://archive.example.org/paper/1",
        "It names the cause.",
        "probably true (2)",
        "We have nothing to add.",
        "Half true",
        "3 on a scale from 1 (worst) to 5 (best)",
        "One cause or the other.",
        "1 death",
        "In the reading of the desk at most one of the claims on it can hold.",
    ):
        assert part in report, part


def test_likelihood_and_confidence_stand_apart(report: str) -> None:
    assert "<dt>How likely it is true</dt><dd>Likely (55–80\u00a0%)</dd>" in report
    assert "<dt>Confidence in this</dt><dd>Moderate</dd>" in report


def test_the_chain_leads_from_the_outlet_back_to_the_origin(report: str) -> None:
    label = '<span class="quiet">Back to the origin: </span>'
    assert f'<p class="chain">{label}The Paper ← A Wire ← Investigative Committee</p>' in report


def test_data_is_never_markup(report: str) -> None:
    page = Page(report)
    assert not page.all("script")
    for attributes in page.all("a"):
        assert re.match(
            r"https?://|#(claim|evidence|document|source|matrix|about|sources|documents|method|history|reply)\b",
            attributes["href"] or "",
        ), attributes
    assert not [name for _tag, attributes in page.elements for name in attributes if name.startswith("on")]


def test_the_file_fetches_nothing(report: str) -> None:
    page = Page(report)
    assert [link["rel"] for link in page.all("link")] == ["canonical"]
    assert not [tag for tag, attributes in page.elements if "src" in attributes or "style" in attributes]
    style = re.search(r"<style>(.*?)</style>", report, re.DOTALL)
    assert style is not None
    assert "url(" not in style[1]
    assert "@import" not in style[1]
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policies = [meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert policies == [f"default-src 'none'; style-src 'sha256-{digest}'"]


def test_texts_name_their_language_direction_date_and_place(report: str) -> None:
    page = Page(report)
    quotes = page.all("blockquote")
    assert {"ru", "az", "ar"} <= {block.get("lang") for block in quotes}
    assert {block.get("lang") for block in quotes if block.get("dir") == "auto"} == {"ar"}
    assert "https://checkers.example.org/1" in {block.get("cite") for block in quotes}
    assert {"2025-06", "2025-06-28", "2025-07-03"} <= {block["datetime"] for block in page.all("time")}
    kinds = ("attribution", "evidence", "source", "document", "claim")
    ids = [attributes.get("id") or "" for _tag, attributes in page.elements]
    assert [kind for kind in kinds if not any(re.fullmatch(rf"{kind}-\d+", name) for name in ids)] == []


def test_sections_and_tables_are_named(report: str) -> None:
    page = Page(report)
    ids = {attributes["id"] for _tag, attributes in page.elements if "id" in attributes}
    named = [section["aria-labelledby"] for section in page.all("section") if "aria-labelledby" in section]
    assert len(named) >= 7
    assert set(named) <= ids
    # A table right under its heading needs no name of its own.
    named_here = [table for table in page.all("table") if table.get("class") not in {"claims", "bearings"}]
    assert len(page.all("caption")) == len(named_here) >= 1
    assert all(head.get("scope") in {"col", "row"} for head in page.all("th"))
    assert all(picture.get("aria-labelledby") for picture in page.all("svg") if picture.get("role") == "img")
    scrolled = [block for block in page.all("div") if block.get("tabindex")]
    assert scrolled
    assert all(block["role"] and block["aria-label"] for block in scrolled)


def test_headings_are_in_order_and_ids_are_unique(report: str) -> None:
    page = Page(report)
    levels = [int(tag[1]) for tag, _attributes in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    ids = [attributes["id"] for _tag, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_the_rating_is_told_in_words_beside_its_colour(report: str) -> None:
    for mark in re.findall(r'<span class="rating">.*?</span>', report, re.DOTALL):
        assert 'aria-hidden="true"' in mark
        assert re.search(r"</svg> \w+", mark)


def test_the_desk_copy_says_what_is_not_published(ann: Any, reviewer: Any) -> None:
    report = html.write(load_dispute(make_rivals(ann, reviewer), reviewer)).decode()
    for part in ("Desk copy", "Draft: this claim is not published.", "Unpublished verdict", "Only the desk reads"):
        assert part in report, part
    assert 'content="noindex"' in report


def test_the_page_links_its_style_instead(ann: Any, reviewer: Any, anonymous: Any) -> None:
    dossier = load_dispute(make_rivals(ann, reviewer), anonymous)
    page = Page(html.page(dossier, frame_context(RequestFactory().get("/disputes/deaths-in-custody/"))))
    assert not page.all("style")
    links = {link["href"] for link in page.all("link") if link["rel"] in {"canonical", "stylesheet"}}
    assert links == {dossier.address, "/static/claims/report.css", "/static/claims/pages.css"}


def test_the_report_of_one_claim_has_it_as_its_heading(anonymous: Any) -> None:
    claim = make_claim("The plane was hit.", published=True)
    make_attribution(claim)
    report = html.write(load_claim(claim, anonymous)).decode()
    assert re.search(r"<h1[^>]*>The plane was hit.</h1>", report)
    levels = [int(tag[1]) for tag, _attributes in Page(report).elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert "No verdict yet" in report
