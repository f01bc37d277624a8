"""The stylesheet of the desk's short classes, made of the theme's (`factcheck/base/http/short.py`)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

from factcheck.base.http.short import CLASSES, KEPT, STAR, STATES, name_of

OWN = Path(__file__).parents[1] / "factcheck" / "static" / "factcheck"
LEAST = 250
"""Bytes that a class has to save on some page."""
LEADING = re.compile(r"^(?::is\()?\.((?:\\.|[\w-])+)")


def blocks(css: str) -> Iterator[tuple[str, str]]:
    """Each rule of a stylesheet: what stands before its braces, and what stands in them."""
    place = begin = depth = inside = 0
    while place < len(css):
        letter = css[place]
        if letter == "\\":
            place += 1
        elif letter == "{":
            depth += 1
            inside = place + 1 if depth == 1 else inside
        elif letter == "}":
            depth -= 1
            if depth == 0:
                yield css[begin : inside - 1].strip(), css[inside:place]
                begin = place + 1
        elif letter == ";" and depth == 0:
            begin = place + 1
        place += 1


@cache
def theme() -> str:
    """What the theme says of its classes of looks."""
    css = files("unfold").joinpath("static/unfold/css/styles.css").read_text(encoding="utf-8")
    return next(body for head, body in blocks(re.sub(r"/\*.*?\*/", "", css)) if head == "@layer utilities")


def _leading(selector: str) -> str:
    found = LEADING.match(selector)
    return re.sub(r"\\(.)", r"\1", found[1]) if found else ""


def _selectors(head: str) -> list[str]:
    return re.split(r",(?![^()\[\]]*[)\]])(?<!\\,)", head)


def _classes_of(css: str) -> Iterator[str]:
    for head, body in blocks(css):
        if head.startswith("@"):
            yield from _classes_of(body)
        else:
            yield from map(_leading, _selectors(head))


@cache
def of_looks() -> frozenset[str]:
    """The classes of looks alone: none that a script or a stylesheet of ours, or a mark of a group, goes by."""
    ours = " ".join(path.read_text(encoding="utf-8") for path in OWN.glob("*.*") if path.name != "short.css")
    named = set(re.findall(r"\.(-?[A-Za-z][\w-]*)", ours))
    marks = {"", "group", "peer", "container", "material-symbols-outlined"}
    return frozenset(_classes_of(theme())) - named - STATES - marks


def chosen(pages: Collection[bytes]) -> set[frozenset[str]]:
    """The sets of classes that are worth one of their own."""
    found: set[frozenset[str]] = set()
    for page in pages:
        parts = KEPT.split(page)
        drawn = b"".join([*parts[::3], *(kept.partition(b">")[0] for kept in parts[1::3])])
        saved: Counter[frozenset[str]] = Counter()
        for match in CLASSES.finditer(drawn):
            given = match[0].decode().replace("&#x27;", "'").replace("&amp;", "&").split()
            looks = frozenset(given) & of_looks()
            if not STATES & set(given):
                saved[looks] += sum(len(one) + 1 for one in looks) - 9
        found |= {looks for looks, bytes_ in saved.items() if bytes_ >= LEAST}
    return found


def sheet(sets: Collection[frozenset[str]]) -> str:
    """The stylesheet with a class for each of the sets."""
    names = {name_of(classes): classes for classes in sets}
    heads = [f"/*{name}: {' '.join(sorted(names[name])).replace('*', STAR)}*/" for name in sorted(names)]
    return "\n".join([*heads, *_rules(theme(), names), ""])


def _rules(css: str, names: dict[str, frozenset[str]]) -> Iterator[str]:
    for head, body in blocks(css):
        if head.startswith("@"):
            if within := "".join(_rules(body, names)):
                yield f"{head}{{{within}}}"
            continue
        mine = [
            selector.replace(LEADING.match(selector)[1], name, 1)  # type: ignore[index]
            for selector in _selectors(head)
            for name in sorted(names)
            if _leading(selector) in names[name]
        ]
        if mine:
            yield f"{','.join(mine)}{{{body}}}"
