"""In which direction a text is read."""

from __future__ import annotations

import re
import unicodedata

LEFT_MARK, RIGHT_MARK = "\u200e", "\u200f"
"""Letters without a shape, of a text from left to right and of one from right to left."""
_EMBEDDED, _END = "\u202b", "\u202c"
_TURNED = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")


def runs_to_the_left(text: str) -> bool:
    """Whether the text is read from right to left: its first letter with a direction decides, as in HTML (dir=auto)."""
    if text.isascii():
        return False
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


def turns(text: str) -> bool:
    """Whether it has letters that are read from right to left."""
    return not text.isascii() and _TURNED.search(text) is not None


def set_alone(text: str, line: str) -> str:
    """A line of this text as a drawing sets it alone, whose lines all run from left to right: in the direction of its
    text, in which a bracket at the end of a line may stand on the other side."""
    return f"{_EMBEDDED}{line}{_END}" if runs_to_the_left(text) else line
