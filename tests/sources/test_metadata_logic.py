"""What a page says of itself is read with where it says so; what it does to the reader, and what is a guess."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from sources.logic.copies import decoded
from sources.logic.metadata import article_in, fit, read_page

ARTICLE = """<!doctype html><html lang="en-GB"><head><title>Bridge fell - The Daily</title>
<meta property="og:site_name" content="The Daily Online"><meta property="og:title" content="Bridge fell">
<meta property="og:locale" content="en_US"><meta property="article:published_time" content="2024-03-06T01:00:00Z">
<meta name="author" content="The desk">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "X"},
{"@type": ["NewsArticle"], "headline": "Bridge  fell at noon", "datePublished": "2024-03-05T23:00:00-02:00",
"author": [{"@type": "Person", "name": "Jane Roe"}, {"name": "John Doe"}], "publisher": {"name": "The Daily"}}]}
</script></head><body><nav><a href="/">Home</a><a href="/more">All the news</a></nav>
<article><h1>Bridge fell at noon</h1>
<p>The bridge of Aldbury fell at noon on Tuesday, the Ministry of Transport said in a statement in the evening.</p>
<p>“It was rust,” said the engineer Joan Doe, who had inspected the bridge in the spring and had warned of it.</p>
<p>The haulier denied that any of its lorries had been on the bridge that day, or on any of the days before it.</p>
</article><footer>Subscribe to our letters now!</footer></body></html>"""


def told(page: str) -> dict[str, tuple[str, str]]:
    return {name: (said.value, said.origin) for name, said in read_page(page).items() if said.declared}


def test_what_a_page_declares_is_read_the_most_exact_first_and_says_where_it_stands() -> None:
    assert told(ARTICLE) == {
        "kind": ("article", "JSON-LD NewsArticle"),
        "title": ("Bridge fell at noon", "JSON-LD headline"),
        "outlet": ("The Daily", "JSON-LD publisher"),
        "authors": ("Jane Roe, John Doe", "JSON-LD author"),
        # The day where it was published, not the one in Greenwich.
        "published_on": ("2024-03-05", "JSON-LD datePublished"),
        "language": ("en-GB", "html lang"),
    }


def test_other_marks_are_read_where_there_is_no_linked_data() -> None:
    page = (
        '<html><head><title>A title</title><meta name="citation_author" content="Roe, Jane">'
        '<meta name="citation_author" content="https://example.org/jane"><meta name="citation_author" content="Doe">'
        '<meta name="DC.date" content="2024-03"><meta property="og:locale" content="pt_BR"></head><p>It is so.</p>'
    )
    assert told(page) == {
        "title": ("A title", "the title of the page"),
        "authors": ("Roe, Jane, Doe", "meta citation_author"),
        "published_on": ("2024-03", "meta dc.date"),
        "language": ("pt-BR", "meta og:locale"),
    }


def test_what_a_program_makes_out_of_the_looks_of_a_page_is_a_guess() -> None:
    page = "<html><body><article><h1>Rust</h1><p class='author'>By Jane Roe</p><time>5 March 2024</time>"
    said = read_page(f"{page}<p>{'The bridge fell at noon, and nobody was hurt. ' * 9}</p></article></body></html>")
    assert said
    assert all(not one.declared and "trafilatura" in one.origin for one in said.values())


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("published_on", "2024-03-05T10:00:00+01:00", "2024-03-05"),
        ("published_on", "2024-03", "2024-03"),
        ("published_on", "5 March 2024", ""),
        ("language", "en_US", "en-US"),
        ("language", "<script>", ""),
        ("title", " a\u202e b\x00\n c ", "a b c"),
        ("title", "x" * 2_000, "x" * 1_000),
    ],
)
def test_a_value_is_what_the_register_takes_or_nothing(field: str, value: str, stored: str) -> None:
    assert fit(field, value) == stored


def test_the_article_is_found_among_what_stands_around_it() -> None:
    lines = article_in(ARTICLE).split("\n")
    assert lines[-1].startswith("The haulier denied")
    assert not any("Subscribe" in line or "All the news" in line for line in lines)


@pytest.mark.parametrize(
    "page",
    [
        "",
        "\x00" * 50,
        "no page at all",
        "http://127.0.0.1/",
        "<html" * 10_000,
        "<div>" * 20_000,
        "<table>" * 5_000,
        '<?xml version="1.0" encoding="utf-16"?><html><p>x',
        f'<script type="application/ld+json">{"[" * 50_000}</script>',
        '<script type="application/ld+json">{"@type": [1, {}], "author": {"name": {}}, "headline": [1]}</script>',
        '<html lang="en en"><meta name="author"><meta property="article:published_time" content="soon"><p>x',
        '<!DOCTYPE html [<!ENTITY x SYSTEM "http://127.0.0.1/x">]><html lang="&x;"><p>&x;',
        '<html lang="\ud800"><p>\ud800',
    ],
)
def test_a_hostile_page_says_nothing_and_asks_nobody(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_to: Any) -> None:
        raise AssertionError("nothing is asked of the network")

    monkeypatch.setattr(socket.socket, "connect", connect)
    assert told(page) == {}
    article_in(page)


def test_a_page_is_decoded_as_its_sender_or_itself_says() -> None:
    page = "<html><head><meta charset='windows-1251'><title>Мост упал</title></head></html>".encode("cp1251")
    assert told(decoded(page, ""))["title"][0] == "Мост упал"
