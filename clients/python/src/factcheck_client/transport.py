"""Requests that are sent again when that is safe, and answers to files."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx

from factcheck_client.problems import Problem, problem_of

BUSY = {429, 503}
LOST = {502, 504}
"""A gateway lost the answer: what was asked may have been done."""


class Transport:
    """Sends requests to one register.

    429 and 503 are sent again after `Retry-After`, which no request of ours waits for longer than `patience` seconds;
    a lost connection or answer only where sending twice acts once: what reads, and what carries an Idempotency-Key.
    """

    def __init__(self, client: httpx.Client, attempts: int, patience: float) -> None:
        self.client, self.attempts, self.patience = client, attempts, patience

    def send(self, method: str, address: str | httpx.URL, **parts: Any) -> httpx.Response:
        """The answer, read whole; what is refused is raised as a `Problem`."""
        with self.stream(method, address, **parts) as response:
            response.read()
        return response

    @contextmanager
    def stream(
        self,
        method: str,
        address: str | httpx.URL,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        data: Any = None,
        files: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Iterator[httpx.Response]:
        """The answer, of which nothing is read yet; what is refused is raised as a `Problem`."""
        request = self.client.build_request(
            method,
            address,
            params=None if params is None else {name: written(value) for name, value in params.items()},
            json=json,
            data=data,
            files=files,
            headers=dict(headers or {}),
        )
        response = self.answered(request, twice=method in {"GET", "HEAD"} or "Idempotency-Key" in request.headers)
        try:
            yield response
        finally:
            response.close()

    def answered(self, request: httpx.Request, twice: bool) -> httpx.Response:
        """The answer to a request; `twice`: to send it twice acts once."""
        for attempt in range(1, self.attempts + 1):
            last = attempt == self.attempts
            try:
                response = self.client.send(request, stream=True)
            except httpx.TransportError:
                if last or not twice:
                    raise
                time.sleep(self.pause(attempt))
                continue
            if response.is_success:
                return response
            problem = refusal(response)
            wait = self.pause(attempt) if problem.retry_after is None else problem.retry_after
            again = problem.status in BUSY or (
                twice and (problem.status in LOST or problem.code == "idempotency_in_progress")
            )
            if last or not again or wait > self.patience:
                raise problem
            time.sleep(wait)
        raise AssertionError("there is at least one attempt")

    def following(self, address: str) -> httpx.URL:
        """The address of a next page, at the register that we ask, whatever name it has for itself: a token goes to
        nobody else."""
        return self.client.base_url.copy_with(raw_path=httpx.URL(address).raw_path)

    def pause(self, attempt: int) -> float:
        """Seconds until the next attempt, where the register named none: twice as long each time, and never the same
        for two clients."""
        return min(self.patience, 0.25 * float(2**attempt) * random.uniform(0.5, 1))  # noqa: S311 - no secret

    def save(self, to: str | os.PathLike[str], address: str, params: Mapping[str, Any] | None = None) -> Path:
        """Write what stands at an address into a file as it comes, and give its path: it is there whole or not."""
        target = Path(to)
        begun = target.with_name(target.name + ".part")
        try:
            with self.stream("GET", address, params=params) as response, begun.open("wb") as file:
                for piece in response.iter_bytes():
                    file.write(piece)
            begun.replace(target)
        finally:
            begun.unlink(missing_ok=True)
        return target


def refusal(response: httpx.Response) -> Problem:
    try:
        response.read()
    finally:
        response.close()
    return problem_of(response, seconds(response.headers.get("Retry-After")))


def seconds(header: str | None) -> float | None:
    """What a Retry-After says, in seconds from now: it is a number of them, or a date (RFC 9110, section 10.2.3)."""
    if header is None:
        return None
    if header.isascii() and header.isdigit():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def written(value: Any) -> str:
    """A value of a filter as the address takes it: lists with commas, moments and days as ISO 8601, false, null."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple | set | frozenset):
        return ",".join(map(written, value))
    return str(value.isoformat() if hasattr(value, "isoformat") else value)
