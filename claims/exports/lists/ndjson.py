"""Writes rows as JSON, one object to a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from factcheck.api.renderers import to_json

PIECE = 65_536


def write_lines(type_: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The rows, each an object that begins with its type, in pieces of some thousand bytes."""
    piece = bytearray()
    for row in rows:
        piece += to_json({"type": type_, **row})
        piece += b"\n"
        if len(piece) >= PIECE:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece)
