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
from factcheck.base.http.problem_details import problem_of

PROBLEMS = (DomainError, ValidationError, IntegrityError, ProtectedError, RestrictedError)
"""What is answered in words, next to the field it is about; anything else is a bug."""


@dataclass(frozen=True, slots=True)
class FormProblem:
    """What is wrong with the form that has this prefix, in words by field; None stands for the whole."""

    prefix: str | None
    messages: dict[str | None, list[str]]


class NotSaved(Exception):
    """Saving stopped at one form; the cause is what stopped it."""

    def __init__(self, problem: FormProblem) -> None:
        super().__init__(problem)
        self.problem = problem


FORM_PROBLEMS: WeakKeyDictionary[HttpRequest, FormProblem] = WeakKeyDictionary()
"""What the form of a request says when it is shown once more; it goes with the request. Words alone: an exception
would hold the request that it is kept under."""


@contextmanager
def naming_form(prefix: str | None) -> Iterator[None]:
    """Turn a problem inside into NotSaved, which names the form that it belongs to."""
    try:
        yield
    except PROBLEMS as error:
        raise NotSaved(FormProblem(prefix, messages_of(error))) from error


def messages_of(error: BaseException) -> dict[str | None, list[str]]:
    """What is wrong by field, in words; None stands for the whole."""
    if isinstance(error, DomainError):
        return {error.field: [error.message]}
    if isinstance(error, ValidationError):
        if hasattr(error, "error_dict"):
            return {
                None if name == NON_FIELD_ERRORS else name: ValidationError(errors).messages
                for name, errors in error.error_dict.items()
            }
        return {None: error.messages}
    if isinstance(error, IntegrityError) and not isinstance(error, (ProtectedError, RestrictedError)):
        violation = violation_of(error)
        field = violation.fields[0] if len(violation.fields) == 1 else None
        return {field: [violation.message]}
    problem = problem_of(error)
    return {None: [problem.detail if problem else str(error)]}


def in_words(error: BaseException) -> str:
    """All that is wrong in one line."""
    return " ".join(text for texts in messages_of(error).values() for text in texts)
