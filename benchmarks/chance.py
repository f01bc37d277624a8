"""Numbers and words that look like chance and are the same every time."""

from __future__ import annotations

SYLLABLES = ("ba", "re", "to", "mi", "ka", "lu", "ne", "so", "di", "va", "pe", "gor", "lin", "sta", "cha", "wen")


def pick(number: int, salt: int, below: int) -> int:
    """A number below `below` that looks like chance."""
    mixed = (number * 0x9E3779B1 + salt * 0x85EBCA77) & 0xFFFFFFFF
    mixed ^= mixed >> 15
    mixed = (mixed * 0x2C1B3C6D) & 0xFFFFFFFF
    mixed ^= mixed >> 12
    return mixed % below


def skewed(number: int, salt: int, below: int) -> int:
    """The same, but low numbers are drawn far more often, as a few sources say most of what is said."""
    return int(below * (pick(number, salt, 100_000) / 100_000) ** 3)


def _word(number: int) -> str:
    return "".join(SYLLABLES[pick(number, salt, len(SYLLABLES))] for salt in range(2 + number % 3))


WORDS = [_word(number) for number in range(3_000)]
SENTENCES = [
    " ".join(WORDS[skewed(20 * number + place, 5, 3_000)] for place in range(10 + number % 9)).capitalize() + "."
    for number in range(4_096)
]


def sentence(number: int, salt: int) -> str:
    """A sentence of 10 to 18 words."""
    return SENTENCES[pick(number, salt, 4_096)]
