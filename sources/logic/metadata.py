"""What a page says of itself: its title, outlet, authors, date, language and kind, each with where it says so."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from factcheck.base.text import without_forbidden

LONGEST_VALUE = 1_000
LONGEST_LOOKED_INTO = 2_000_000
"""Characters of a page that are looked into: what a page says of itself stands at its beginning."""
DEEPEST = 12

META = {
    "title": ("og:title", "citation_title", "dc.title"),
    "outlet": ("og:site_name", "citation_journal_title", "citation_publisher", "dc.publisher"),
    "authors": ("citation_author", "author", "dc.creator", "article:author", "parsely-author"),
    "published_on": (
        "article:published_time",
        "citation_publication_date",
        "dc.date",
        "dc.date.issued",
        "parsely-pub-date",
        "pubdate",
        "publishdate",
        "date",
    ),
    "language": ("dc.language", "content-language", "og:locale"),
}
"""The names of `meta` under which pages tell these, the more exact first."""
KINDS = {
    **dict.fromkeys(
        (
            "Article",
            "NewsArticle",
            "ReportageNewsArticle",
            "AnalysisNewsArticle",
            "BackgroundNewsArticle",
            "OpinionNewsArticle",
            "ReviewNewsArticle",
        ),
        "article",
    ),
    **dict.fromkeys(("SocialMediaPosting", "BlogPosting", "DiscussionForumPosting"), "post"),
    "VideoObject": "video",
    "Dataset": "dataset",
    "Report": "report",
}
"""The types of schema.org that are one of our kinds of documents."""
_DAY = re.compile(r"\s*(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?=$|[T\s])")
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What may stand in a field, and where it was read, in words. `declared` says whether the page itself calls it so;
    what a program made out of its looks is a guess."""

    value: str
    origin: str
    declared: bool = True


def read_page(page: str) -> dict[str, Proposal]:
    """What an HTML page says of itself, by the names of the fields of a document, and its `outlet`.

    What it declares comes first, JSON-LD before `meta` before other marks; where it declares no date, author or outlet,
    what a program makes out of its looks. Nothing is asked of the network, and a page that cannot be read says nothing.
    """
    tree = _tree(page)
    if tree is None:
        return {}
    found: dict[str, Proposal] = {}
    for name, value, origin in _declared(tree):
        if name not in found and (told := fit(name, value)):
            found[name] = Proposal(told, origin)
    for name, value in _guessed(tree):
        if name not in found and (told := fit(name, value)):
            found[name] = Proposal(told, "the looks of the page, by the program trafilatura", declared=False)
    return found


def article_in(page: str) -> str:
    """The words of the article alone, a paragraph a line, without what stands around it on the page; empty where no
    article is made out. It is for reading: it may leave out words that the page has."""
    tree = _tree(page)
    if tree is None:
        return ""
    # Only now: hardly any process reads a page, and it takes a while.
    from trafilatura import extract  # noqa: PLC0415

    try:
        text = extract(tree, include_comments=False, include_tables=True, favor_recall=True)
    except Exception:  # noqa: BLE001 - whatever a page of somebody else does to the library: it is only not read
        return ""
    lines = (" ".join(line.split()) for line in _clean(text or "").split("\n"))
    return "\n".join(line for line in lines if line)


def _tree(page: str) -> Any:
    from lxml import etree, html  # noqa: PLC0415 - as above

    # A tree, and never a text: the library takes a text that looks like an address for one to be fetched.
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(_clean(page)[:LONGEST_LOOKED_INTO].encode(), parser=parser)
    except (etree.LxmlError, LookupError, ValueError):
        return None


# --- what a page declares ---


def _declared(tree: Any) -> Iterator[tuple[str, str, str]]:
    """As (field, value, where it stands), the most exact first."""
    yield from _linked_data(tree)
    yield "language", tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "", "html lang"
    yield from _meta(tree)
    for element in tree.iterfind(".//*[@itemprop='datePublished']"):
        yield "published_on", element.get("datetime") or element.get("content") or "", "itemprop datePublished"
    title = tree.find(".//title")
    if title is not None:
        yield "title", title.text_content(), "the title of the page"


def _meta(tree: Any) -> Iterator[tuple[str, str, str]]:
    told: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("http-equiv") or ""
        told.setdefault(name.lower(), []).append(element.get("content") or "")
    for field, names in META.items():
        for name in names:
            values = told.get(name, [])
            if field == "authors":
                # Each of several has one of their own; some give the address of a profile.
                values = [", ".join(value for value in values[:50] if "://" not in value)]
            yield field, _first(values), f"meta {name}"


def _linked_data(tree: Any) -> Iterator[tuple[str, str, str]]:
    for element in tree.iter("script"):
        if (element.get("type") or "").lower() != "application/ld+json":
            continue
        try:
            data = json.loads(element.text or "")
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data):
            kind = next((name for name in _texts(node.get("@type")) if name in KINDS), None)
            if kind is None:
                continue
            yield "kind", KINDS[kind], f"JSON-LD {kind}"
            for name in ("headline", "name"):
                yield "title", _first(node.get(name)), f"JSON-LD {name}"
            yield "outlet", _first(_names(node.get("publisher"))), "JSON-LD publisher"
            yield "authors", ", ".join(_names(node.get("author"))), "JSON-LD author"
            for name in ("datePublished", "uploadDate"):
                yield "published_on", _first(node.get(name)), f"JSON-LD {name}"
            yield "language", _first(node.get("inLanguage")), "JSON-LD inLanguage"


def _nodes(data: object, deep: int = 0) -> Iterator[dict[str, Any]]:
    if deep > DEEPEST:
        return
    if isinstance(data, list):
        for entry in data[:100]:
            yield from _nodes(entry, deep + 1)
    elif isinstance(data, dict):
        yield data
        yield from _nodes(data.get("@graph"), deep + 1)
        yield from _nodes(data.get("mainEntity"), deep + 1)


def _texts(value: object) -> list[str]:
    return [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]


def _first(value: object) -> str:
    return next(iter(_texts(value)), "")


def _names(value: object) -> list[str]:
    entries: Iterable[object] = value[:50] if isinstance(value, list) else [value]
    named = (entry.get("name") if isinstance(entry, dict) else entry for entry in entries)
    return [" ".join(name.split()) for entry in named for name in _texts(entry) if name.strip() and "://" not in name]


# --- what a program makes out ---


def _guessed(tree: Any) -> Iterator[tuple[str, str]]:
    from trafilatura import extract_metadata  # noqa: PLC0415 - as above

    try:
        found = extract_metadata(tree, extensive=False)
    except Exception:  # noqa: BLE001 - as above
        return
    if found is not None:
        yield "published_on", found.date or ""
        yield "authors", (found.author or "").replace("; ", ", ")
        yield "outlet", found.sitename or ""


def fit(name: str, value: str) -> str:
    """The value as the register takes it; empty where it is of no use."""
    value = " ".join(_clean(value).split())[:LONGEST_VALUE].strip()
    if name == "published_on":
        # The day where it was published: a moment of the clock says less than it seems to.
        found = _DAY.match(value)
        return found[1] if found else ""
    if name == "language":
        return value.replace("_", "-") if _TAG.fullmatch(value) else ""
    return value


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", without_forbidden(text))
