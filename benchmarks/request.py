"""What is asked of an application, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field

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
