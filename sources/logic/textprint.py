"""The fingerprint of a text by its words, so that the same article is known again however it was copied."""

from __future__ import annotations

import hashlib
import re

from factcheck.base.folding import fold_for_search

LEAST = 12
"""Words; a shorter text, such as "Not found", may stand anywhere."""
_WORD = re.compile(r"\w+")


def textprint(text: str) -> str:
    """64 hexadecimal digits that two texts share where their words are the same in the same order, whatever their
    letters' case and accents, their marks, blanks and line ends. Empty for a text of fewer than `LEAST` words.

    >>> words = "One two three four five six seven eight nine ten eleven twelve."
    >>> textprint(words) == textprint(words.upper().replace(" ", "\\n"))
    True
    """
    words = _WORD.findall(fold_for_search(text))
    return hashlib.sha256(" ".join(words).encode()).hexdigest() if len(words) >= LEAST else ""
