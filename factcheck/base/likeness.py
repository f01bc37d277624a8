"""Whether two names, sentences or addresses are probably those of one thing: what a person is asked before they enter
it a second time. It is a question, never a decision, so that it may be wrong now and then."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from urllib.parse import parse_qsl, urlencode, urlsplit

from factcheck.base.folding import fold_for_search

NEAR = 0.8
"""From here on two texts are shown as near: the share of letters, or of words, that stand in both in the same order."""
LONGEST = 500
"""Characters of a text that are compared."""
SHORTEST_WORD, PART = 3, 4
"""Shorter words are in every text; of longer ones both ends are looked up, so that the other may be mistyped."""

_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_WORD = re.compile(r"\w+")
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|mc_cid|mc_eid|igshid|igsh|_ga|ref|ref_src|ref_url|cmpid|at_medium|at_campaign|smid|spm|si"
)
"""Parameters by which sites follow where a reader came from; the page is the same without them."""


def words_of(text: str) -> list[str]:
    """The words of a text, folded, without what stands in brackets unless that is all."""
    folded = fold_for_search(text[:LONGEST])
    return _WORD.findall(_BRACKETS.sub(" ", folded)) or _WORD.findall(folded)


def likeness(one: str, other: str) -> float:
    """How near two texts are, from 0 to 1.

    The better of two measures (Ratcliff and Obershelp's, of `difflib`): over the letters of the words in alphabetical
    order, so that "Bloggs, Joe" is "Joe Bloggs", and over the words as they stand. Where all words of the shorter, two
    at least, stand in the longer, they are near.
    """
    ours, theirs = words_of(one), words_of(other)
    if not ours or not theirs:
        return 0.0
    letters = SequenceMatcher(None, " ".join(sorted(ours)), " ".join(sorted(theirs)), autojunk=False).ratio()
    words = SequenceMatcher(None, ours, theirs, autojunk=False).ratio()
    few, many = sorted((set(ours), set(theirs)), key=len)
    part = 0.9 if len(few) >= 2 and few <= many and len(many) - len(few) <= 3 else 0.0
    return max(letters, words, part)


def parts_of(text: str, most: int = 6) -> list[str]:
    """What to look up in an index for texts that may be near: both ends of the longest words."""
    words = dict.fromkeys(words_of(text))
    longest = sorted((word for word in words if len(word) >= SHORTEST_WORD), key=len, reverse=True)
    return list(dict.fromkeys(part for word in longest[:most] for part in (word[:PART], word[-PART:])))


def same_page(url: str) -> str:
    """An address without what does not make it another page: scheme, www, tracking parameters, order of the others,
    fragment, last slash. Empty for what is no address.

    >>> same_page("https://www.Example.org/a/?utm_source=x&b=1&a=2#top"), same_page("http://example.org/a?a=2&b=1")
    ('example.org/a?a=2&b=1', 'example.org/a?a=2&b=1')
    """
    host = host_of(url)
    if not host:
        return ""
    parts = urlsplit(_with_scheme(url))
    kept = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0]))
    return f"{host}{parts.path.rstrip('/')}{'?' if kept else ''}{urlencode(kept)}"


def host_of(url: str) -> str:
    """The host of an address, without www and m; empty for what is no address.

    >>> host_of("https://www.Example.org:443/a"), host_of("no address")
    ('example.org', '')
    """
    try:
        host = (urlsplit(_with_scheme(url)).hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return ""
    return host if "." in host else ""


def _with_scheme(url: str) -> str:
    return url.strip() if "://" in url else f"https://{url.strip()}"
