"""What a receiver may be told of alone: the disputes and the sources that an entry of the trail is about."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from factcheck.audit.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Subject:
    """`public` gives those of some ids that anybody may read, `of` those that an entry is about as anybody knows."""

    public: Callable[[Collection[int]], set[int]]
    of: Callable[[AuditEntry], set[int]]


SUBJECTS: dict[str, Subject] = {}
"""By the field of the webhook. The app that knows these rows says so when it is loaded, as with `announce`."""


def narrow(name: str, subject: Subject) -> None:
    """Let webhooks be narrowed by their field of this name."""
    SUBJECTS[name] = subject
