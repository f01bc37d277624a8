"""Walks the links, contents and bookmarks of a report in each form, and tells those that do not lead where they say."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import docx
import html5lib
from docx.oxml.ns import qn
from pypdf import PdfReader
from pypdf.generic import Destination

NUMBER = re.compile(r"[Cc]laim \d+|E\d+|S\d+|\[\d+\]")


def squeezed(text: str) -> str:
    return "".join(text.split())


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _leads(words: str, target: str) -> bool:
    """Whether a link with these words leads to what begins with its own number or title."""
    return squeezed(target).lower().startswith(squeezed(words).lower())


def targets(page: Any) -> dict[str, str]:
    """The text of each element of a page that links can find, by its anchor."""
    return {element.get("id"): _text(element) for element in page.iter() if element.get("id")}


def html(body: bytes) -> tuple[dict[str, str], list[str], set[str]]:
    """The places of a report in HTML, its faults, and the addresses to which it leads."""
    page = html5lib.parse(body, namespaceHTMLElements=False)
    places, links = targets(page), [(a.get("href"), _text(a)) for a in page.iter("a") if a.get("href")]
    ids = Counter(element.get("id") for element in page.iter() if element.get("id"))
    faults = [f"{name} stands {count} times" for name, count in ids.items() if count > 1]
    for href, words in links:
        if href.startswith("#") and not _leads(words, places.get(href[1:], "")):
            faults.append(f"{words!r} leads to {href}: {places.get(href[1:], 'nowhere')[:60]!r}")
    contents = [a.get("href") for nav in page.iter("nav") if nav.get("class") == "contents" for a in nav.iter("a")]
    order = [f"#{name}" for name in places if f"#{name}" in contents]
    if contents != order:
        faults.append(f"the contents are in another order: {contents}")
    numbers = {words for _href, words in links if NUMBER.fullmatch(words)}
    if not numbers:
        faults.append("no number is a link")
    return places, faults, {href for href, _words in links if not href.startswith("#")}


def pdf(body: bytes, places: Mapping[str, str]) -> Iterator[str]:
    """The faults of the same report as PDF."""
    reader = PdfReader(io.BytesIO(body))
    pages = [squeezed(page.extract_text()) for page in reader.pages]
    entries = list(_flat(reader.outline))
    if not entries:
        yield "there is no outline"
    for entry in entries:
        number = reader.get_destination_page_number(entry)
        if number is None or squeezed(str(entry.title)) not in pages[number]:
            yield f"the outline leads from {entry.title!r} to page {number}"
    written = {page.indirect_reference.idnum: _pieces(page) for page in reader.pages}
    begins = tuple(squeezed(text)[:4].lower() for text in places.values() if text)
    named, links = reader.named_destinations, 0
    for page in reader.pages:
        for annotation in page.get("/Annots") or ():
            link = annotation.get_object()
            there = link.get("/Dest") or (link.get("/A") or {}).get("/D")
            if there is None:
                continue
            links += 1
            if isinstance(there, str):  # a heading
                place = named[there]
                to, edge, top = place.raw_get("/Page"), float(place["/Left"]), float(place["/Top"])
            else:
                to, _kind, edge, top, *_zoom = there.get_object()
            pieces = [row for row in written[to.idnum] if top - _FAR < row[0] < top - _NEAR and row[1] > edge - 3]
            line = max((height for height, _left, _text in pieces), default=0)
            left, low, _right, high = map(float, link["/Rect"])
            on = [
                text
                for height, at, text in written[page.indirect_reference.idnum]
                if low <= height <= high and abs(at - left) < 1
            ]
            words = squeezed("".join(on[:1]))
            found = squeezed("".join(text for height, _left, text in pieces if height == line)).lower()
            if not found.startswith(begins) or (NUMBER.fullmatch(words) and not found.startswith(words.lower())):
                yield f"{words!r} leads to {found[:40]!r}"
    if not links:
        yield "there is no link"


_NEAR, _FAR = 10, 45
"""Points: how far the line to which a link leads is below its destination."""


def _pieces(page: Any) -> list[tuple[float, float, str]]:
    """The pieces of text of a page, each with its height above the foot and its distance from the left."""
    pieces: list[tuple[float, float, str]] = []

    def note(text: str, outer: Any, inner: Any, *_font: Any) -> None:
        if text.strip():
            (x, y), (a, b, c, d, left, low) = inner[4:6], outer
            pieces.append((x * b + y * d + low, x * a + y * c + left, text))

    page.extract_text(visitor_text=note)
    return pieces


def _flat(entries: Any) -> Iterator[Destination]:
    for entry in entries:
        if isinstance(entry, list):
            yield from _flat(entry)
        else:
            yield entry


def word(body: bytes, places: Mapping[str, str]) -> Iterator[str]:
    """The faults of the same report as DOCX."""
    root = docx.Document(io.BytesIO(body)).element
    marked = {
        mark.get(qn("w:name")): "".join(text.text or "" for text in mark.getparent().iter(qn("w:t")))
        for mark in root.iter(qn("w:bookmarkStart"))
    }
    if len(marked) != len(list(root.iter(qn("w:bookmarkStart")))):
        yield "a bookmark stands twice"
    for link in root.iter(qn("w:hyperlink")):
        anchor = link.get(qn("w:anchor"))
        if anchor is None:
            continue
        words = "".join(text.text or "" for text in link.iter(qn("w:t")))
        place = places.get(anchor.replace("_", "-"), "")
        if anchor not in marked or not _leads(words, place) or squeezed(marked[anchor])[:20] not in squeezed(place):
            yield f"{words!r} leads to {anchor}: {marked.get(anchor, 'nowhere')[:60]!r}"
