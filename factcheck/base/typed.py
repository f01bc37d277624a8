"""Dates, languages and addresses as people type them, read into the one form in which they are stored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

import pycountry

from factcheck.base import edtf

_NAMES = {name: place for place, month in enumerate(map(str.lower, edtf.MONTHS), 1) for name in (month, month[:3])} | {
    "sept": 9
}
_DAY, _MONTH, _YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"(?P<name>[a-z]{3,9})\.?", r"(?P<year>\d{4})"
_WORDED = [
    re.compile(rf"{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}"),
    re.compile(rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}"),
    re.compile(rf"{_MONTH},?\s+{_YEAR}"),
]
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.]\s*(\d{1,2})(?:\s*[-/.]\s*(\d{1,2}))?")
_YEAR_LAST = re.compile(r"(?:(\d{1,2})\s*([-/.])\s*)?(\d{1,2})\s*[-/.]\s*(\d{4})")
EXAMPLES = "17 July 2014, 28.9.2016, July 2014, 2014 or 2014-07-17T14:05Z"


class Unclear(ValueError):
    """Cannot be read, or can be read in two ways; its words say what to type instead."""


def read_date(text: str) -> str:
    """The EDTF date that somebody means. Raises Unclear.

    With points the day comes first, as wherever dates are written so. With strokes or hyphens that depends on the
    country: what can be read both ways is refused.

    >>> [read_date(text) for text in ("17 July 2014", "28.9.2016", "9/28/2016", "July 2014", "2014-7-3")]
    ['2014-07-17', '2016-09-28', '2016-09-28', '2014-07', '2014-07-03']
    """
    typed = " ".join(text.split())
    if edtf.span(typed) is not None:
        return typed
    found = next((match for shape in _WORDED if (match := shape.fullmatch(typed.casefold()))), None)
    if found is not None and found["name"] in _NAMES:
        return _made(typed, found["year"], _NAMES[found["name"]], found.groupdict().get("day"))
    if found := _YEAR_FIRST.fullmatch(typed):
        return _made(typed, found[1], found[2], found[3])
    if found := _YEAR_LAST.fullmatch(typed):
        first, sign, second, year = found.groups()
        if first is None or sign == "." or first == second or int(first) > 12:
            return _made(typed, year, second, first)
        if int(second) > 12:
            return _made(typed, year, first, second)
        one, other = (edtf.in_words(_made(typed, year, *pair)) for pair in ((second, first), (first, second)))
        raise Unclear(f"{typed} can be {one} or {other}: type the month as a word, or {year}-{second:0>2}-{first:0>2}.")
    raise Unclear(f"Enter a date as exact as it is known: {EXAMPLES}.")


def _made(typed: str, year: str, month: str | int, day: str | None) -> str:
    made = f"{int(year):04}-{int(month):02}" + (f"-{int(day):02}" if day is not None else "")
    if edtf.span(made) is None:
        raise Unclear(f"There is no day {typed}. Enter a date such as {EXAMPLES}.")
    return made


def read_language(text: str) -> str:
    """The language tag (BCP 47) that somebody means by a tag or by an English name. Raises Unclear.

    >>> read_language("Russian"), read_language("serbian (latin)"), read_language("PT-br"), read_language("sr-Latn")
    ('ru', 'sr-Latn', 'pt-BR', 'sr-Latn')
    """
    typed = " ".join(text.split())
    primary, *rest = re.split(r"[-_]", typed)
    # Tags first: En and Fo are the names of other languages, too.
    if _is_code(primary.lower()) and all(re.fullmatch(r"[A-Za-z0-9]{2,8}", part) for part in rest):
        cased = [part.upper() if len(part) == 2 else part.title() if len(part) == 4 else part.lower() for part in rest]
        return "-".join((primary.lower(), *cased))
    name, _bracket, script = typed.casefold().rstrip(")").partition("(")
    scripts = [one.alpha_4 for one in pycountry.scripts if one.name.casefold() == script.strip()] if script else []
    if (code := _languages().get(name.strip())) and bool(script) == bool(scripts):
        return "-".join((code, *scripts))
    raise Unclear("Enter a language by its English name or its tag (BCP 47): Russian, Azerbaijani, en or sr-Latn.")


def _is_code(text: str) -> bool:
    found = {2: "alpha_2", 3: "alpha_3"}.get(len(text))
    return found is not None and text.isascii() and pycountry.languages.get(**{found: text}) is not None


@cache
def _languages() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in pycountry.languages:
        code = getattr(language, "alpha_2", None) or language.alpha_3
        for name in _names_of(language.name):
            # Of two with one name the one with a short code is meant.
            if len(found.get(name, "xxx")) > len(code) or name not in found:
                found[name] = code
    return found | {"farsi": "fa", "mandarin": "zh", "cantonese": "yue", "flemish": "nl", "moldovan": "ro"}


def _names_of(name: str) -> Iterator[str]:
    bare = re.sub(r"\s*\([^)]*\)", "", name).casefold()
    yield bare
    if bare.startswith("modern "):
        yield bare.removeprefix("modern ")


def read_address(text: str) -> str:
    """A web address, completed where only its scheme is missing; anything else comes back as it is.

    >>> read_address("www.example.org/x"), read_address("javascript:alert(1)"), read_address("no address")
    ('https://www.example.org/x', 'javascript:alert(1)', 'no address')
    """
    typed = text.strip()
    if re.search(r"\s", typed) or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d+(?:/|$))", typed):
        return typed
    try:
        host = urlsplit(f"https://{typed}").hostname or ""
    except ValueError:
        return typed
    is_host = re.fullmatch(r"[^\s./]+(\.[^\s./]+)*\.[^\W\d_]{2,}", host)
    return f"https://{typed}" if is_host and "@" not in typed else typed
