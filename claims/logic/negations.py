"""Finds what says "not" in a text: words by a table of languages, and signs that say so by their Unicode name.

The words of all languages are looked for in every text: what a text is written in is not always known, and a reader
is rather told once too often. What negates within a word (the prefix of a Czech verb, the suffix of a Turkish one) is
no word and is not found; nobody is told that there is no negation.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_WORDS = {
    "en": "not no never none neither nor nobody nothing nowhere without cannot hardly dont didnt doesnt isnt wasnt",
    "de": "nicht nichts nie niemals niemand kein keine keinen keinem keiner keines weder ohne nein",
    "fr": "ne pas non jamais rien aucun aucune ni sans",
    "es ca": "no nunca jamás nada nadie ningún ninguno ninguna sin tampoco mai sense",
    "it": "non nessuno niente nulla senza",
    "pt": "não nunca nem ninguém nenhum nenhuma sem",
    "ro": "nu niciodată nimeni nimic niciun nicio fără",
    "nl": "niet geen nooit niemand niets zonder",
    "sv": "inte icke ej aldrig ingen inget inga ingenting varken utan",
    "da nb nn no": "ikke ikkje ej aldrig aldri ingen ingenting intet verken hverken uden uten",
    "fi et": "ei emme ette eivät älä ilman pole mitte",
    "lv lt": "nav ne nekad nė nėra niekada be",
    "pl": "nie nigdy nikt nic bez żaden żadna",
    "cs sk": "ne není nejsou nikdy nikdo nic nikto nie žádný žiadny bez",
    "sl hr bs": "ne ni nije niso nisu nisam nikoli nikad nikada niko nitko ništa nema brez bez",
    "hu": "nem nincs ne soha senki semmi sem",
    "sq": "nuk asnjë kurrë askush asgjë mos",
    "ru": "не нет ни никогда никто никого никому ничто ничего нельзя никак без",
    "uk be": "не ні немає ніколи ніхто нікого ніщо нічого жоден жодна без няма ніколі нічога",
    "bg mk sr": "не няма нема нито ниту никога никој никой нищо ништо ништа није нису никада нико без",
    "el": "δεν μην δε όχι ούτε ποτέ κανείς κανένας καμία τίποτα χωρίς",
    "hy": "չէ ոչ երբեք ոչինչ չի չեն առանց",
    "ka": "არ არა ვერ ნუ არც არასდროს არავინ არაფერი",
    "az": "deyil yox heç",
    "tr": "değil yok hayır hiç asla",
    "ar": "لا ليس ليست ليسوا لم لن ولا ولم ولن فلا فلم وليس غير بدون دون كلا أبدا",
    "fa": "نه نیست نیستند نبود هرگز هیچ بدون",
    "ur": "نہیں نہ مت بغیر کبھی",
    "he": "לא ולא אין אינו אינה בלי מעולם",
    "hi": "नहीं न मत ना कभी बिना",
    "bn": "না নয় নেই নি নাই",
    "id ms": "tidak bukan tak belum jangan tanpa",
    "vi": "không chưa chẳng",
    "ko": "안 못",
}
_PARTS = {
    "zh": "不 没 沒 無 无 未 勿 否 别 別 莫 非",
    "ja": "ない なかっ ません",
    "ko": "않 없 못 아니",
    "th": "ไม่ มิได้",
}
"""What negates wherever it stands, in languages that are written without spaces or put it inside the verb."""
LANGUAGES = frozenset(tag for tags in (*_WORDS, *_PARTS) for tag in tags.split())
"""The languages whose words are known, as the first part of a BCP 47 tag."""

_APOSTROPHES = "'’‘ʼ`＇"
_OVERLAYS = "\u0338\u20e0"  # a stroke through a sign, as in ≠, and the circle that forbids
# The vowels of Indian and Thai script are marks to Unicode, and parts of a word to everyone else.
WORD = re.compile(r"(?:[^\W_]|[\u0900-\u0963\u0971-\u0dff\u0e31-\u0e3a\u0e40-\u0e4e])+")
_SIGN = re.compile(r"!=|[^\w\s!-/:-@\[-`{-~]")
_SAYS_NOT = re.compile(r"\b(?:NOT|NO|CROSS MARK|BALLOT .*X|BOX WITH X|MULTIPLICATION X|PROHIBITED|THUMBS DOWN)\b")


def plain(text: str) -> str:
    """The text without case, accents and what has no width."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in folded if not _is_dropped(letter))


def _is_dropped(letter: str) -> bool:
    if letter.isascii() or letter in _OVERLAYS or "\u0900" <= letter <= "\u0eff" or letter in "\u3099\u309a":
        return False  # in the scripts of India and Thailand, and in kana, another mark is another word
    return unicodedata.category(letter) in {"Mn", "Mc", "Me", "Cf"}


_NEGATIONS = {plain(word): word for words in _WORDS.values() for word in words.split()}
_NEGATING_PARTS = {plain(part): part for parts in _PARTS.values() for part in parts.split()}
_PART = re.compile("|".join(sorted(_NEGATING_PARTS, key=len, reverse=True)))


def negations(text: str) -> Iterator[tuple[str, int, int]]:
    """Each negation in the text in its own spelling, with the offsets of it in the `plain` text: words, then signs."""
    simple = plain(text)
    for match in WORD.finditer(simple):
        word, start, end = match.group(), match.start(), match.end()
        if word in _NEGATIONS:
            yield _NEGATIONS[word], start, end
        elif word == "t" and start > 1 and simple[start - 1] in _APOSTROPHES and simple[start - 2] == "n":
            yield "n’t", start, end
        elif word == "n" and simple[end : end + 1] and simple[end] in _APOSTROPHES:
            yield "n’", start, end
        elif not word.isascii():
            for part in _PART.finditer(word):
                yield _NEGATING_PARTS[part.group()], start + part.start(), start + part.end()
    for match in _SIGN.finditer(simple):
        sign, start, end = match.group(), match.start(), match.end()
        if sign in _OVERLAYS:
            start = max(0, start - 1)
            yield unicodedata.normalize("NFC", simple[start:end]), start, end
        elif says_not(sign):
            yield sign, start, end


@lru_cache(maxsize=4_096)
def says_not(sign: str) -> bool:
    """Whether a sign that is no letter says "not": ≠, ¬, ❌, 🚫."""
    if sign == "!=" or any(overlay in unicodedata.normalize("NFD", sign) for overlay in _OVERLAYS):
        return True
    return unicodedata.category(sign) in {"Sm", "So"} and _SAYS_NOT.search(unicodedata.name(sign, "")) is not None


def unknown_language(text: str, tag: str) -> str:
    """The language (BCP 47), or where none is given the script, whose words of negation are not known; else empty."""
    language = tag.split("-", maxsplit=1)[0].casefold()
    if language not in {"", "und", "mul"}:
        return "" if language in LANGUAGES else tag
    scripts = (_script(letter) for letter in unicodedata.normalize("NFKC", text) if letter.isalpha())
    return next((script.capitalize() for script in scripts if script and script not in _SCRIPTS), "")


@lru_cache(maxsize=20_000)
def _script(letter: str) -> str:
    """The script of a letter, by the first word of its name; nothing for what stands in several."""
    return unicodedata.name(letter, "").split(" ")[0] if unicodedata.category(letter) != "Lm" else ""


_SCRIPTS = {_script(letter) for word in (*_WORDS.values(), *_PARTS.values()) for letter in word if letter.isalpha()}
_SCRIPTS |= {"KATAKANA", "BOPOMOFO"}
