"""What is asked of an application, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

Answer = tuple[int, dict[str, str], bytes]
"""Status, headers by their names in lower case, body."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of an application. `{number}` in path and body is a number that no request had before."""

    path: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    reader: str = "public"

    def numbered(self, number: int, mark: str = "{number}") -> Request:
        given = {name: getattr(self, name).replace(mark, str(number)) for name in ("path", "body")}
        return replace(self, **given)


@contextmanager
def count_nothing() -> Iterator[list[Any]]:
    """For an application whose statements nobody counts."""
    yield []


@dataclass(frozen=True, slots=True)
class Application:
    """An application that can be asked in this process, and served."""

    answer: Callable[[Request], Answer]
    serve: Callable[[], int]
    """Serves it on this machine from a thread of its own; returns the port."""
    prepare: Callable[[Request], Request] = lambda request: request
    """Says who asks, in the way of the application."""
    count: Callable[[], AbstractContextManager[list[Any]]] = count_nothing
    """Collects the statements that are sent to the database meanwhile."""
    close: Callable[[], None] = lambda: None
    """Gives back what it holds."""
