"""What is asked of rows that were just stored, inside their transaction, by whoever knows more than their own model.

An app says once, when it is loaded, what is asked of a noun; every door then asks it. Rows that come from a file of
another register, or from a fixture, are not asked: what they were before a rule was made is listed, not refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

Guard = Callable[[Sequence[Any]], None]

_guards: dict[type, list[Guard]] = defaultdict(list)


def guard(model: type, ask: Guard) -> None:
    """Call `ask` with the rows of `model` that were created or changed; what it raises undoes the change.

    What a row was before is in its `_before`, None for a new one.
    """
    _guards[model].append(ask)


def ask_guards(rows: Sequence[Any]) -> None:
    """Raise whatever the guards of these rows, all of one noun, raise."""
    for ask in _guards[type(rows[0])] if rows else ():
        ask(rows)
