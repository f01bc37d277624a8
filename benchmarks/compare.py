"""Whether two applications gave the same answer, field by field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

DERIVED = frozenset({"discounted", "origins", "contradicted_by", "taken_back", "stale"})
"""What no peer makes: it follows from rules of the register and not from rows."""
PAGING = frozenset({"next", "count"})
"""How to go on, which each does in its own way."""


def differences(product: str, peer: str) -> list[str]:
    """What is otherwise in the answer of the peer, as `place: product | peer`; empty where the two say the same."""
    return list(_differences(json.loads(product), json.loads(peer), ""))


def _differences(mine: Any, other: Any, place: str) -> Iterator[str]:
    match mine, other:
        case dict(), dict():
            for name in sorted((mine.keys() | other.keys()) - DERIVED - PAGING):
                yield from _differences(mine.get(name, "missing"), other.get(name, "missing"), f"{place}.{name}")
        case list(), list() if len(mine) == len(other):
            for number, pair in enumerate(zip(mine, other, strict=True)):
                yield from _differences(*pair, f"{place}[{number}]")
        case _ if mine != other:
            yield f"{place}: {str(mine)[:60]} | {str(other)[:60]}"
