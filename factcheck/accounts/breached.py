"""A list of passwords that were found in breaches, as they are published: looked into without reading it through."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import BinaryIO

DIGITS = 40
"""Of a SHA-1 in hexadecimal, with which each line begins."""


def is_listed(password: str, file: Path) -> bool:
    """Whether the digest of this password begins a line of `file`, whose lines are in order of theirs.

    Published lists have SHA-1 of passwords that everybody knows; nothing is kept safe by it here.
    """
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().encode()
    with file.open("rb") as lines:
        low, high = 0, lines.seek(0, 2)
        while low < high:
            middle = (low + high) // 2
            found = _digest_from(lines, middle)
            if found and found < wanted:
                low = middle + 1
            else:
                high = middle
        return _digest_from(lines, low) == wanted


def _digest_from(lines: BinaryIO, place: int) -> bytes:
    """What the first line begins with that begins at this byte or later; empty behind the last."""
    lines.seek(max(0, place - 1))
    if place:
        lines.readline()
    return lines.readline()[:DIGITS].lower()
