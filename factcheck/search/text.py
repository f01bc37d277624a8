"""What is stored of a row for searching, and what of a term the indexes can look up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from factcheck.base.folding import fold_for_search
from factcheck.search.nouns import SearchedNoun

FIELD_END = "\n"
"""Between fields: no folded term has it, so that none is found across two of them."""
PAIR = "\x02"
"""Before each pair of letters of a script without spaces; no folded text has it."""
TRIGRAM = 3

_UNSPACED = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\U00020000-\U0003ffff]"
)
"""Letters of Thai, Lao, Tibetan, Burmese, Khmer, Chinese and Japanese, where a word may be one or two letters long."""


def searched_text(row: Any, noun: SearchedNoun) -> str:
    """The folded text by which `row` is found: its fields, and after them the pairs that its letters make."""
    text = FIELD_END.join(fold_for_search(part) for name in noun.fields for part in _parts(getattr(row, name)))
    pairs = "".join(dict.fromkeys(_pairs(text)))
    return f"{text}{FIELD_END}{pairs}" if pairs else text


def _parts(value: object) -> Iterator[str]:
    """The texts of a field: a list of names or tags has several."""
    if isinstance(value, list | tuple):
        for entry in value:
            yield from _parts(entry)
    elif value is not None:
        yield str(value)


def _pairs(text: str) -> Iterator[str]:
    # Two marks, so that one letter alone makes a trigram as well.
    for found in _UNSPACED.finditer(text):
        yield f"{PAIR}{PAIR}{text[found.start() : found.start() + 2].rstrip()}"


def pair_of(term: str) -> str | None:
    """What of the stored pairs has to be there where this short term is; None for one that makes no pair."""
    if len(term) >= TRIGRAM or not _UNSPACED.match(term):
        return None
    return f"{PAIR}{PAIR}{term}" if len(term) == 1 else f"{PAIR}{term}"
