"""What the register refuses, as exceptions: RFC 9457 with a stable code and the fields that it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field of a request: `field` is its path, such as `claims.0.text`."""

    field: str
    code: str
    detail: str


class Problem(Exception):
    """A refusal. `code` is for programs and does not change, `detail` is for people, `errors` name the fields,
    `request_id` is what the register's log knows the request by."""

    def __init__(self, status: int, body: Mapping[str, Any], retry_after: float | None = None) -> None:
        self.status = status
        self.code = str(body.get("code", ""))
        self.detail = str(body.get("detail", ""))
        self.request_id = str(body.get("request_id", ""))
        self.errors = [
            FieldError(str(one.get("field", "")), str(one.get("code", "")), str(one.get("detail", "")))
            for one in body.get("errors", [])
        ]
        self.retry_after = retry_after
        """After how many seconds the register is to be asked again, where it said so."""
        super().__init__(status, self.code, self.detail)

    @property
    def fields(self) -> dict[str, str]:
        """What is wrong with each field, by its path."""
        return {error.field: error.detail for error in self.errors}

    def __str__(self) -> str:
        told = [f"{error.field}: {error.detail}" for error in self.errors if error.detail != self.detail]
        return "\n".join([f"{self.status} {self.code}: {self.detail}", *told])


class Invalid(Problem):
    """400, 413, 415 or 422: the request itself; `errors` say what to change."""


class NotLoggedIn(Problem):
    """401: no token, or one that does not hold."""


class Forbidden(Problem):
    """403: not the role or the scope for it."""


class NotFound(Problem):
    """404: nothing here that this reader may see."""


class NotNow(Problem):
    """409: the state of the row is against it, as a published verdict is against every change."""


class Conflict(Problem):
    """412: somebody changed the row first. Nothing was written."""

    read: Mapping[str, Any] = {}
    """The row as it was read, on which the change was based."""
    sent: Mapping[str, Any] = {}
    """What was to be changed."""
    current: Mapping[str, Any] = {}
    """The row as it stands now."""


class Busy(Problem):
    """429 or 503, also after all attempts: `retry_after` says when to come again."""


CLASSES: dict[int, type[Problem]] = {
    400: Invalid,
    401: NotLoggedIn,
    403: Forbidden,
    404: NotFound,
    409: NotNow,
    412: Conflict,
    413: Invalid,
    415: Invalid,
    422: Invalid,
    429: Busy,
    503: Busy,
}


def problem_of(response: httpx.Response, retry_after: float | None = None) -> Problem:
    """The exception for a refusal; what stands between may have answered it with something else than a problem."""
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict) or "detail" not in body:
        body = {"code": "not_a_problem", "detail": f"{response.reason_phrase}: {response.text[:200]}"}
    return CLASSES.get(response.status_code, Problem)(response.status_code, body, retry_after)
