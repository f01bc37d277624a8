"""What a reader has to know of the words that a quote leaves out, and of those right beside it.

Three things are looked for in what is left out. A negation is one of the words below, whole, in whatever case and
accents. Another speaker is guessed from a double quotation mark, a word of saying, or a colon behind a word: a guess
that would rather warn once too often. And it may simply be long. A negation right before or behind the quote, with
nothing but white space between them, is named as well: "order the raid" is cut from "did not order the raid".

Languages that negate within the verb (Turkish, Azerbaijani) or by tone are not understood; nobody is told that there
is no negation.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TypedDict

LONG = 1_000
"""More characters than this left out, in all, are named."""
SHOWN_WORDS = 3
BESIDE = 40
"""Characters before and behind a quote in which a word is looked for."""


class Caution(TypedDict):
    """What a reader has to know: a code, and the words for which it is given."""

    code: str
    found: str


_WORDS = {
    "en": "not no never none neither nor nobody nothing nowhere without cannot hardly dont didnt doesnt isnt wasnt",
    "de": "nicht nichts nie niemals niemand kein keine keinen keinem keiner keines weder ohne nein",
    "fr": "ne pas non jamais rien aucun aucune ni sans",
    "es": "no nunca jamás nada nadie ningún ninguno ninguna sin tampoco",
    "it": "non nessuno niente nulla senza",
    "pt": "não nunca nem ninguém nenhum nenhuma sem",
    "nl": "niet geen nooit niemand niets zonder",
    "pl": "nie nigdy nikt nic bez żaden żadna",
    "ru": "не нет ни никогда никто никого никому ничто ничего нельзя никак без",
    "uk": "не ні немає ніколи ніхто нікого ніщо нічого жоден жодна без",
    "az": "deyil yox heç",
    "tr": "değil yok hayır hiç asla",
    "ar": "لا ليس ليست ليسوا لم لن ولا ولم ولن فلا فلم وليس غير بدون دون كلا أبدا",
    "fa": "نه نیست نیستند نبود هرگز هیچ بدون",
    "he": "לא ולא אין אינו אינה בלי מעולם",
}
_NEGATING_CHARACTERS = "不没沒無无未勿否别別莫非"
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
_APOSTROPHES = "'’‘ʼ`＇"
_WORD = re.compile(r"[^\W_]+")
_DOUBLE_MARK = re.compile('["“”„‟«»「」『』〝〞＂]')
_LABEL = re.compile(r"\w\s?[:：]\s")


def plain(text: str) -> str:
    """The text without case, accents and what has no width."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in folded if unicodedata.category(letter) not in {"Mn", "Mc", "Me", "Cf"})


_NEGATIONS = {plain(word): word for words in _WORDS.values() for word in words.split()}
_VERBS_OF_SAYING = {plain(word): word for words in _SAYING.values() for word in words.split()}


def warn(gaps: Sequence[str], before: str, after: str) -> list[Caution]:
    """What a reader has to know of a quote that leaves out these texts, and stands between these two."""
    found: list[tuple[str, list[str]]] = [
        ("negation", [word for gap in gaps for word, _start, _end in negations(gap)]),
        ("speaker", [mark for gap in gaps for mark in _speakers(gap)]),
        ("long", [f"{length:,}"] if (length := sum(map(len, gaps))) > LONG else []),
        ("negation_beside", [*_at_end(before[-BESIDE:]), *_at_start(after[:BESIDE])]),
    ]
    return [
        {"code": code, "found": ", ".join(list(dict.fromkeys(words))[:SHOWN_WORDS])} for code, words in found if words
    ]


def negations(text: str) -> Iterator[tuple[str, int, int]]:
    """Each negation in the text in its own spelling, with the offsets of it in the `plain` text."""
    simple = plain(text)
    for match in _WORD.finditer(simple):
        word, start, end = match.group(), match.start(), match.end()
        if word in _NEGATIONS:
            yield _NEGATIONS[word], start, end
        elif word == "t" and start > 1 and simple[start - 1] in _APOSTROPHES and simple[start - 2] == "n":
            yield "n’t", start, end
        elif word == "n" and simple[end : end + 1] and simple[end] in _APOSTROPHES:
            yield "n’", start, end
        else:
            for place, letter in enumerate(word, start):
                if letter in _NEGATING_CHARACTERS:
                    yield letter, place, place + 1


def _at_end(text: str) -> list[str]:
    simple = plain(text)
    return [word for word, _start, end in negations(text) if not simple[end:].strip(f" \t\n\r\u00a0{_APOSTROPHES}有")]


def _at_start(text: str) -> list[str]:
    simple = plain(text)
    return [word for word, start, _end in negations(text) if start == len(simple) - len(simple.lstrip())]


def _speakers(text: str) -> Iterator[str]:
    """What may show that somebody else speaks: a mark, a colon behind a word, or a word of saying."""
    for pattern in (_DOUBLE_MARK, _LABEL):
        if match := pattern.search(text):
            yield match.group().strip()[-1]
    for match in _WORD.finditer(plain(text)):
        if (word := match.group()) in _VERBS_OF_SAYING:
            yield _VERBS_OF_SAYING[word]
        else:
            yield from (letter for letter in word if letter in _SAYING_CHARACTERS)
