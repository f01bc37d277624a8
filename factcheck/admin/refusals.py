"""Carries what a rule refuses while a form is saved back to the form, next to the field it is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError, RestrictedError
from django.http import HttpRequest

from factcheck.base.errors import DomainError
from factcheck.base.http.constraints import violation_of
from factcheck.base.http.faults import fault_of

REFUSALS = (DomainError, ValidationError, IntegrityError, ProtectedError, RestrictedError)


class Refused(Exception):
    """Saving stopped at the form with this prefix; its cause is the refusal itself."""

    def __init__(self, prefix: str | None, messages: dict[str | None, list[str]]) -> None:
        super().__init__(prefix, messages)
        self.prefix = prefix
        self.messages = messages


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was refused to the form with this prefix, in words by field; None stands for the whole."""

    prefix: str | None
    messages: dict[str | None, list[str]]


REFUSED: WeakKeyDictionary[HttpRequest, Refusal] = WeakKeyDictionary()
"""What the form of a request says when it is shown once more; it goes with the request. Words alone: an exception
would hold the request that it is kept under."""


@contextmanager
def refusing(prefix: str | None) -> Iterator[None]:
    """Turn a refusal inside into Refused, which names the form that it belongs to."""
    try:
        yield
    except REFUSALS as refusal:
        raise Refused(prefix, messages_of(refusal)) from refusal


def messages_of(refusal: BaseException) -> dict[str | None, list[str]]:
    """The words of a refusal by field; None stands for the whole."""
    if isinstance(refusal, DomainError):
        return {refusal.field: [refusal.message]}
    if isinstance(refusal, ValidationError):
        if hasattr(refusal, "error_dict"):
            return {
                None if name == NON_FIELD_ERRORS else name: ValidationError(errors).messages
                for name, errors in refusal.error_dict.items()
            }
        return {None: refusal.messages}
    if isinstance(refusal, IntegrityError) and not isinstance(refusal, (ProtectedError, RestrictedError)):
        violation = violation_of(refusal)
        field = violation.fields[0] if len(violation.fields) == 1 else None
        return {field: [violation.message]}
    fault = fault_of(refusal)
    return {None: [fault.detail if fault else str(refusal)]}


def in_words(refusal: BaseException) -> str:
    """All words of a refusal in one line."""
    return " ".join(text for texts in messages_of(refusal).values() for text in texts)
