"""What is remembered of a request that must act only once."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request with a key: `fingerprint` covers method, path, query and body."""

    actor_id: int
    key: str
    fingerprint: str
    target: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered the first time, to be said again to the byte."""

    status: int
    body: bytes
    content_type: str
    headers: dict[str, str] = field(default_factory=dict)
