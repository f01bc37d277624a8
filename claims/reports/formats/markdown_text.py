"""Text of the register in Markdown: nothing in it is taken for markup."""

from __future__ import annotations

import re

_INLINE = re.compile(r"[\\`*\[\]<>|~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
# At the beginning of a line these would open a heading, list, quotation, rule or numbered list.
_OPENER = re.compile(r"^(?:([#+\-=:])|(\d{1,9})([.)]))", re.MULTILINE)


def text(value: str) -> str:
    """The value with everything escaped that Markdown or HTML would take for markup."""
    escaped = _INLINE.sub(lambda found: "\\" + found.group(), value.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (line.strip() for line in escaped.split("\n"))
    return _OPENER.sub(lambda f: f"\\{f[1]}" if f[1] else f"{f[2]}\\{f[3]}", "\n".join(lines))


def line(value: str) -> str:
    """The same on one line."""
    return text(" ".join(value.split()))


def quoted(value: str) -> str:
    """A block quotation."""
    return "\n".join(f"> {part}".rstrip() for part in text(value).split("\n"))
