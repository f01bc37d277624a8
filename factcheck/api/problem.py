"""The problems that the REST layer finds itself; apart from their handler, since the framework's settings import it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rest_framework import exceptions


class Problem(exceptions.APIException):
    """What is wrong with a request, found by the REST layer itself, with the status and code of its answer."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Iterable[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail, code)
        self.status_code = status
        self.code = code
        self.errors = list(errors)
        self.headers = dict(headers or {})


def bad_parameter(name: str, detail: str, code: str = "invalid_parameter") -> Problem:
    """The 400 for one query parameter."""
    return Problem(400, code, detail, errors=[{"field": name, "code": code, "detail": detail}])
