"""How words are set in a picture: SVG breaks no lines, so they are broken here."""

from __future__ import annotations

from textwrap import wrap
from unicodedata import east_asian_width

from claims.logic.direction import set_alone

Lines = tuple[tuple[int, str], ...]
"""Short lines, each with its baseline."""


def short(text: str, room: int, most: int) -> list[str]:
    """The text in at most `most` lines of `room` letters; what does not fit is cut, with an ellipsis."""
    # Characters of East Asian scripts are twice as wide.
    room = room // 2 + 1 if any(east_asian_width(character) in "WF" for character in text) else room
    lines = wrap(text, room) or [""]
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1][: room - 1].rstrip()}…"]
    return [set_alone(text, line) for line in lines]


def set_in_lines(texts: list[str], first: int, step: int) -> Lines:
    """Each text with its baseline, the first at `first`."""
    return tuple((first + step * number, text) for number, text in enumerate(texts))
