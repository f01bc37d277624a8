"""Writes the blocks of a report as HTML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from html import escape
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from claims.logic.direction import turns
from claims.reports.outline.blocks import (
    Block,
    Card,
    Contents,
    Facts,
    Heading,
    Items,
    Paragraph,
    Picture,
    Quote,
    Run,
    Runs,
    Table,
    plain,
)

# Elements. Nothing below becomes markup but through these four: what is not safe already is escaped.


def opened(name: str, **attributes: str) -> SafeString:
    """The start of an element. Attributes without a value are left out; `class_` and `aria_label` are written as HTML
    has them."""
    shown = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items() if value
    )
    return mark_safe(f"<{name}{shown}>")  # noqa: S308 - names are ours, values escaped


def element(name: str, content: str = "", /, **attributes: str) -> SafeString:
    """An element with its content."""
    return mark_safe(f"{opened(name, **attributes)}{conditional_escape(content)}</{name}>")  # noqa: S308 - escaped


def together(parts: Iterable[str]) -> SafeString:
    """The parts one after the other."""
    return mark_safe("".join(map(conditional_escape, parts)))  # noqa: S308 - escaped


def lines(text: str) -> SafeString:
    """A text, its line breaks kept."""
    return mark_safe(escape(text).replace("\n", "<br>"))  # noqa: S308 - escaped


# Sections.


class _Open(NamedTuple):
    """An element that is not closed yet, with the level of the heading that opened it."""

    level: int
    name: str

    @property
    def end(self) -> SafeString:
        return mark_safe(f"</{self.name}>")  # noqa: S308 - the name is ours


FEW = 6
"""For as many claims the first screen has room beside its picture."""

_OPENING, _PICTURED = _Open(9, "div"), _Open(9, "div")
"""What a reader reads first, and a picture with its tables. The latter is within all that headings open."""


def body(blocks: Iterable[Block]) -> SafeString:
    """The blocks in order. A heading that links find opens a section up to the next heading of its level; from the
    title on what is read first stands together, and a picture beside the tables that follow it."""
    blocks = tuple(blocks)
    lines = sum(len(block.rows) for block in blocks if isinstance(block, Table) and block.role == "claims")
    parts: list[SafeString] = []
    still: list[_Open] = []
    for block in blocks:
        heads = isinstance(block, Heading) and block.role != "question"
        if still and (still[-1] is _PICTURED and not isinstance(block, Table)):
            parts.append(still.pop().end)
        if still and still[-1] is _OPENING and (heads or isinstance(block, Contents)):
            parts.append(still.pop().end)
        if isinstance(block, Heading) and heads:
            while still and still[-1].level >= block.level:
                parts.append(still.pop().end)
            if block.level == 1:
                parts.append(opened("div", class_="opening many" if lines > FEW else "opening"))
                still.append(_OPENING)
            elif block.anchor:
                class_ = "" if block.role == "part" else block.role
                parts.append(opened("section", class_=class_, id=block.anchor, aria_labelledby=f"{block.anchor}-title"))
                still.append(_Open(block.level, "section"))
        if isinstance(block, Picture):
            parts.append(opened("div", class_="pictured"))
            still.append(_PICTURED)
        parts.append(_block(block))
    parts += [entry.end for entry in reversed(still)]
    return together(parts)


# Blocks.


def _block(block: Block) -> SafeString:
    match block:
        case Heading():
            return _heading(block)
        case Paragraph():
            return _filled("p", block.runs, class_=_PARAGRAPHS.get(block.role, block.role))
        case Quote():
            shown = together(element("p", lines(text)) for text in block.paragraphs)
            return element(
                "blockquote", shown, class_=block.role, lang=block.lang, dir=_direction(block.text), cite=block.cite
            )
        case Facts():
            return _facts(block)
        case Table():
            return _table(block)
        case Items():
            name = "ol" if block.ordered else "ul"
            return element(name, together(_card("li", card) for card in block.cards), class_=block.role)
        case Picture():
            # Our own drawing, in which the names of rows are escaped.
            drawing = mark_safe(block.svg)  # noqa: S308
            label = f"Picture: {block.title}"
            shown = element("div", drawing, class_="wide", role="region", aria_label=label, tabindex="0")
            return together((shown, _block(block.note))) if block.note else shown
        case Card():
            return _card("div", block)
        case Contents():
            return _contents(block)


_PARAGRAPHS = {
    "": "prose",
    "intro": "prose",
    "over": "claim-number",
    "correction": "corrected",
    "rating": "verdict-rating",
    "summary": "verdict-summary",
}
"""Classes that the pages of the site know by other names."""


def _heading(block: Heading) -> SafeString:
    class_ = "part" if block.role == "part" else "question" if block.role == "question" else ""
    if not class_ and block.level > 2:
        class_ = "subpart"
    # A question opens no section, and so bears its anchor itself.
    anchor = f"{block.anchor}-title" if block.anchor and block.role != "question" else block.anchor
    title = _filled(f"h{block.level}", block.runs, class_=class_, id=anchor)
    return together((element("p", block.over, class_="claim-number"), title)) if block.over else title


def _contents(block: Contents) -> SafeString:
    entries = (element("li", element("a", _entry(row), href=f"#{row.anchor}")) for row in block.entries)
    listed = element("ol", together(entries))
    return element(
        "nav", together((element("p", "Contents", class_="part"), listed)), class_="contents", aria_label="Contents"
    )


def _entry(row: Heading) -> SafeString:
    # The words of a claim stand right above.
    return element("span", row.over) if row.over else together(_run(replace(run, link="")) for run in row.runs)


def _facts(block: Facts) -> SafeString:
    pairs = (
        element("div", together((_filled("dt", (label,)), _filled("dd", content)))) for label, content in block.pairs
    )
    return element("dl", together(pairs), class_="facts")


def _table(block: Table) -> SafeString:
    bounds = len(block.rows) - block.totals
    # In a narrow window each row stands by itself, and its cells have their heads beside them.
    heads = [plain(cell) if block.role in {"claims", "bearings", "matrix"} else "" for cell in block.head]
    rows = [element("tr", together(_cells(row, heads, block.row_heads))) for row in block.rows]
    head = element("tr", together(_filled("th", cell, scope="col") for cell in block.head))
    named = (element("caption", block.caption),) if block.caption else ()
    parts = [*named, element("thead", head), element("tbody", together(rows[:bounds]))]
    if block.totals:
        parts.append(element("tfoot", together(rows[bounds:])))
    made = element("table", together(parts), class_=block.role)
    if block.role != "matrix":
        return made
    # It may be wider than the window; whoever has no mouse scrolls it once it has the focus.
    return element("div", made, class_="wide", role="group", aria_label=block.caption, tabindex="0")


def _cells(row: tuple[Runs, ...], heads: list[str], row_heads: int) -> Iterable[SafeString]:
    for place, (cell, head) in enumerate(zip(row, heads, strict=True)):
        if place < row_heads:
            yield _filled("th", cell, scope="row")
        else:
            yield _filled("td", cell, data_label=head)


_CARDS = {"draft": "verdict draft", "earlier": "verdict earlier", "relay": "statement relay", "entry": ""}


def _card(name: str, card: Card) -> SafeString:
    strip = (_strip(card.colour),) if card.colour else ()
    content = together((*strip, *map(_block, card.blocks)))
    return element(name, content, class_=_CARDS.get(card.role, card.role), id=card.anchor)


# Text.


def _filled(name: str, content: Runs, **attributes: str) -> SafeString:
    """An element with these runs; a text that stands alone gives it its language and direction."""
    if len(content) != 1:
        return element(name, together(map(_run, content)), **attributes)
    (run,) = content
    return element(name, _styled(run), **attributes, lang=run.lang, dir=_direction(run.text))


def _run(run: Run) -> SafeString:
    direction = _direction(run.text)
    return element("span", _styled(run), lang=run.lang, dir=direction) if run.lang or direction else _styled(run)


def _direction(text: str) -> str:
    """A text with letters that are read from right to left finds its direction by itself, apart from its neighbours."""
    return "auto" if turns(text) else ""


def _styled(run: Run) -> SafeString:
    shown = _rating(run.text, run.colour) if run.colour else lines(run.text)
    match run.style:
        case "strong":
            shown = shown if run.colour else element("strong", shown)
        case "flag":
            shown = element("strong", shown, class_="flag")
        case "code":
            shown = element("code", shown)
        case "quiet":
            shown = element("span", shown, class_="quiet")
        case "stance":
            shown = element("span", shown, class_="stance")
        case "mark":
            shown = element("abbr", shown, class_=f"mark {run.text.lower()}", title=run.title)
    if run.datetime:
        shown = element("time", shown, datetime=run.datetime)
    if run.link:
        shown = element("a", shown, href=run.link, title=run.title)
    return shown


# A register has few ratings, and each stands in many places.


@lru_cache(maxsize=256)
def _rating(label: str, colour: str) -> SafeString:
    shown = render_to_string("claims/report/_rating.html", {"rating": {"label": label, "colour": colour}})
    return mark_safe(shown.strip())  # noqa: S308 - escaped by the template


@lru_cache(maxsize=256)
def _strip(colour: str) -> SafeString:
    return render_to_string("claims/report/_strip.html", {"rating": {"colour": colour}})
