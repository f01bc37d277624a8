"""What is asked of rows that were just stored, inside their transaction, by whoever knows more than their own model.

An app says once, when it is loaded, what is asked of a noun; every door then asks it. Rows that come from a file of
another register, or from a fixture, are not asked: what they were before a rule was made is listed, not refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:  # which asks them
    from factcheck.models.recorded import RecordedModel

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


AnyRow = TypeVar("AnyRow", bound="RecordedModel")


def changed(rows: Sequence[AnyRow], *names: str) -> list[AnyRow]:
    """Those of the rows that are new, or of which one of these values is. What was changed in bulk does not say what it
    was: then it may be."""
    return [row for row in rows if row._before is None or any(_differs(row, name) for name in names)]


def _differs(row: RecordedModel, name: str) -> bool:
    return bool(getattr(row._before, name) != getattr(row, name))
