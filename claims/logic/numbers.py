"""Where a number of a text begins and ends: its sign, its groups of digits, its decimals and its per cent are of it.

A space joins groups of three digits behind one to three others: "1 471", but not "2023 471". What is written without a
space between digits is one number too, as in "5–7", "2023-10-17", "10:30" and "1/2".
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 24
"""So many characters before and behind a place are looked at."""

_THIN = " \u00a0\u2007\u2008\u2009\u200a\u202f"
_JOINS = r"[.,:/⁄'’‘ʼ´`′·×*^+_٫٬،‐‑‒–−-]"
_NUMBER = re.compile(
    # A sign. A dash is one where it touches the digits and nothing before it; ">" begins the lines of quoted mail.
    r"(?:[−±∓≈≤≥≠]\s?|[+~∼]|(?<=[^\n])[<>]\s?|(?<![\w)‐‑‒–—-])[‐‑‒–﹣－-])?"
    rf"(?:(?<!\w)\d{{1,3}}(?:[{_THIN}]\d{{3}})+(?!\d)|(?:(?<![\w.,])[.,٫])?\d+)"
    rf"(?:{_JOINS}\d+)*"
    r"(?:\s?[%‰‱٪])?"
)
# Chinese and Japanese write numbers without spaces, with digits among them. 一百 is 百, and 一 ends other words.
_HAN_LEFT = frozenset("〇零二三四五六七八九十百千万萬亿億兆两兩")
_HAN_RIGHT = _HAN_LEFT | {"一"}


def cuts_number(text: str, before: int, after: int) -> bool:
    """Whether what ends at the offset `before`, and what begins at `after`, are parts of one number of the text."""
    if before > after or not text:
        return False
    left, between = _visible(text[max(0, before - LONGEST) : before]), _visible(text[before:after])
    right = _visible(text[after : after + LONGEST])
    if not left or not right:
        return False
    if not between and _is_numeral(left[-1], _HAN_LEFT) and _is_numeral(right[0], _HAN_RIGHT):
        return True
    start, end = len(left), len(left) + len(between)
    return any(one.start() < start and one.end() > end for one in _NUMBER.finditer(left + between + right))


def _is_numeral(letter: str, han: frozenset[str]) -> bool:
    return letter in han or letter.isdecimal()


def _visible(text: str) -> str:
    return text if text.isascii() else "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
