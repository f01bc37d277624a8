"""Questions about a row that are asked once a page: the admin asks for permissions a dozen times."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from factcheck.models.recorded import RecordedModel

Answer = TypeVar("Answer")


def ask_once(obj: RecordedModel, what: str, ask: Callable[[], Answer]) -> Answer:
    """Ask a question about a row once: the admin asks for permissions a dozen times a page."""
    # Beside the row's own values, as a cached property would: the answers go with the object, which lives for a page.
    answers = obj.__dict__.setdefault("_answers", {})
    if what not in answers:
        answers[what] = ask()
    return answers[what]


def was_published(obj: RecordedModel) -> bool:
    """Whether the public has been able to read the row, asked once a page: of most nouns the same as whether it can."""
    if type(obj).was_published is RecordedModel.was_published:
        return ask_once(obj, "public", obj.is_public)
    return ask_once(obj, "was_published", obj.was_published)
