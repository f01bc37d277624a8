"""A POST that is sent twice acts once: the header Idempotency-Key, for a client that lost the answer."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from typing import Protocol

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse, QueryDict
from rest_framework.request import Request

from factcheck.api.problem import Problem
from factcheck.api.renderers import to_json
from factcheck.audit.kept import Answer, Attempt

HEADER = "Idempotency-Key"
_KEY = re.compile(r"[\x20-\x7e]{1,255}")
KEPT_HEADERS = ("Location", "ETag", "Retry-After", "Preference-Applied")


class Store(Protocol):
    """Where answers are kept; both calls run inside the transaction of the write."""

    def begin(self, attempt: Attempt) -> tuple[str, Answer] | None:
        """The fingerprint and answer kept under this key, or None. Raises Conflict while another transaction
        runs with the same key, where the engine lets two run at once."""

    def keep(self, attempt: Attempt, answer: Answer) -> None:
        """Keep the answer."""


def attempt_of(request: Request) -> Attempt | None:
    """The attempt behind a POST with a key, or None without one; 400 for a key that is none."""
    key = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None or request.method != "POST" or not request.user.is_authenticated:
        return None
    if not _KEY.fullmatch(key) or not key.strip():
        raise Problem(400, "invalid_header", f"{HEADER} is 1 to 255 printable ASCII characters.")
    target = f"{request.method} {request.path}"
    query = request.META.get("QUERY_STRING", "")
    digest = hashlib.sha256(f"{target}?{query}\n".encode())
    for part in body_parts(request):
        digest.update(part)
    return Attempt(request.user.pk, key, digest.hexdigest(), target[:2000])


def body_parts(request: Request) -> Iterator[bytes]:
    """The body as it came; of a form with files the fields and the contents, since its stream is read only
    once. Each with its length before it, so that no content is taken for the next field."""
    form = request.data if request.content_type.startswith("multipart/") else None
    # A body that says it is multipart and is empty is read as no form at all.
    if not isinstance(form, QueryDict):
        yield request._request.body
        return
    for name, values in sorted(form.lists()):
        for value in values:
            if isinstance(value, UploadedFile):
                yield f"\nfile {len(name)} {value.size} {name}=".encode()
                yield from value.chunks()
                value.seek(0)
            else:
                yield f"\nfield {len(name)} {len(value)} {name}={value}".encode()


def answer_once(attempt: Attempt | None, store: Store, act: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer of `act`, or the one that is kept from the first time (`Idempotent-Replayed: true`).

    Write and kept answer are one transaction: there is never one without the other. A refusal is not kept, so
    that a corrected request may use the key again.
    """
    if attempt is None:
        return act()
    with transaction.atomic():
        if kept := store.begin(attempt):
            fingerprint, answer = kept
            if fingerprint != attempt.fingerprint:
                raise Problem(
                    422,
                    "idempotency_mismatch",
                    f"This {HEADER} was used for another request. Take a new key for a new request.",
                )
            if not answer.status:
                raise Problem(
                    410,
                    "answer_erased",
                    "This request was done. Its answer was removed since, by an erasure: read what it made anew.",
                )
            return replay(answer)
        response = act()
        if response.status_code < 400:
            store.keep(attempt, answer_from(response))
        return response


def answer_from(response: HttpResponse) -> Answer:
    """What is to be kept of a response that is not rendered yet."""
    data = getattr(response, "data", None)
    body = b"" if response.status_code == 204 else to_json(data) if data is not None else bytes(response.content)
    headers = {name: response[name] for name in KEPT_HEADERS if response.has_header(name)}
    content_type = "application/json" if data is not None else response.get("Content-Type", "application/json")
    return Answer(response.status_code, body, content_type, headers)


def replay(answer: Answer) -> HttpResponse:
    """The kept answer, marked as such."""
    response = HttpResponse(answer.body, status=answer.status, content_type=answer.content_type)
    if not answer.body:
        del response["Content-Type"]
    for name, value in answer.headers.items():
        response[name] = value
    response["Idempotent-Replayed"] = "true"
    return response
