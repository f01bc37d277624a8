"""What a reader has to know of the words that a quote leaves out, and of those right beside it.

Four things are looked for in what is left out. A negation (`claims.logic.negations`). A symbol of mathematics, money
or the like, which may say as much as a word. Another speaker, guessed from a double quotation mark, a word of saying,
or a colon behind a word: a guess that would rather warn once too often. And it may simply be long. A negation right
before or behind the quote is named as well: "order the raid" is cut from "did not order the raid", and "guilty" from
"not “guilty”". Only what ends a clause stands between the two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TypedDict

from claims.logic.negations import WORD, negations, plain, says_not

LONG = 1_000
"""More characters than this left out, in all, are named."""
SHOWN_WORDS = 3
BESIDE = 40
"""Characters before and behind a quote in which a word is looked for."""


class Caution(TypedDict):
    """What a reader has to know: a code, and the words for which it is given."""

    code: str
    found: str


_SAYING = {
    "en": "said says told tells asked asks replied added answered claimed stated",
    "de": "sagte sagt fragte erklärte antwortete",
    "fr": "dit demanda déclaré déclare répondu",
    "es": "dijo dice preguntó respondió declaró",
    "ru": "сказал сказала сказали заявил заявила спросил ответил ответила",
    "uk": "сказав сказала заявив заявила запитав відповів",
    "az": "dedi bildirdi soruşdu",
    "tr": "dedi sordu açıkladı",
    "ar": "قال قالت وقال أضاف",
    "zh": "",
}
_SAYING_CHARACTERS = "说說问問称稱答"
_DOUBLE_MARK = re.compile('["“”„‟«»「」『』〝〞＂]')
_LABEL = re.compile(r"\w\s?[:：]\s")
_SYMBOLS = frozenset({"Sm", "Sc", "So"})
# Dots that follow each other are an ellipsis, which leaves out and ends nothing.
_SEEN_THROUGH = re.compile(r"(?:\.{2,}|_|[^\w.,:;!?。、،؛؟।])*")

_VERBS_OF_SAYING = {plain(word): word for words in _SAYING.values() for word in words.split()}


def warn(gaps: Sequence[str], before: str, after: str) -> list[Caution]:
    """What a reader has to know of a quote that leaves out these texts, and stands between these two."""
    found: list[tuple[str, list[str]]] = [
        ("negation", [word for gap in gaps for word, _start, _end in negations(gap)]),
        ("symbol", [sign for gap in gaps for sign in symbols(gap) if not says_not(sign)]),
        ("speaker", [mark for gap in gaps for mark in _speakers(gap)]),
        ("long", [f"{length:,}"] if (length := sum(map(len, gaps))) > LONG else []),
        ("negation_beside", [*_at_end(before[-BESIDE:]), *_at_start(after[:BESIDE])]),
    ]
    return [
        {"code": code, "found": ", ".join(list(dict.fromkeys(words))[:SHOWN_WORDS])} for code, words in found if words
    ]


def symbols(text: str) -> Iterator[str]:
    """The signs of the text that are no mere marks: mathematics, money, pictures; but no dots of an ellipsis."""
    return (sign for sign in text if sign != "⋯" and not sign.isalnum() and unicodedata.category(sign) in _SYMBOLS)


def _at_end(text: str) -> list[str]:
    simple = plain(text)
    return [word for word, _start, end in negations(text) if _SEEN_THROUGH.fullmatch(simple[end:].rstrip("有"))]


def _at_start(text: str) -> list[str]:
    simple = plain(text)
    return [word for word, start, _end in negations(text) if _SEEN_THROUGH.fullmatch(simple[:start])]


def _speakers(text: str) -> Iterator[str]:
    """What may show that somebody else speaks: a mark, a colon behind a word, or a word of saying."""
    for pattern in (_DOUBLE_MARK, _LABEL):
        if match := pattern.search(text):
            yield match.group().strip()[-1]
    for match in WORD.finditer(plain(text)):
        if (word := match.group()) in _VERBS_OF_SAYING:
            yield _VERBS_OF_SAYING[word]
        else:
            yield from (letter for letter in word if letter in _SAYING_CHARACTERS)
