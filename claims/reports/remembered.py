"""Answers that one process remembers for the next reader, until anything changes in the register.

What is kept in the database (`claims.services.prepared`) is the work of making an answer; this saves the way through
views, permissions and filters as well. Each request first asks for the generation, which changes in the transaction of
every change: what was remembered of another one is forgotten, so that nobody is told what is no longer so.
"""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from threading import Lock
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from claims.choices import Audience
from claims.services.prepared import edition, generation
from claims.services.token import is_token_of_desk
from factcheck.api.conditional import TOLD_TO, etag_of, not_modified, tag_of, tags_in
from factcheck.api.problem import Problem
from factcheck.base import shared_cache
from factcheck.base.http.compression import coding_for
from factcheck.base.http.request_log import client_address

LONGEST = 1_000_000
"""Bytes of the longest answer that is remembered."""

ASKED = ("HTTP_ACCEPT", "HTTP_HOST", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO")
"""The headers on which an answer may depend; for requests with others (`_PARTLY`) none is remembered."""
_PARTLY = ("HTTP_RANGE", "HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE")
_VARYING = {"accept", "accept-encoding", "cookie", "authorization", "origin"}

_OF_ROWS = ("/api/v1/", "/claims/", "/disputes/", "/sources/", "/verdicts/", "/corrections/", "/sitemap")
"""What begins like this may tell of rows, as the home page does; for anything else the database is not asked."""

_OF_SOMEBODY = ("/api/v1/me/", "/api/v1/tokens/")

Of = tuple[str, date, str]
"""The generation, the day and the edition of which an answer tells."""
Key = tuple[str, ...]
FOUND = "factcheck.found"
"""Where the environment of a request keeps what it was answered from; no header can have a name with a dot."""


class Told(NamedTuple):
    """An answer as it was given: its headers, its bytes, and what a shared cache is told of it."""

    headers: dict[str, str]
    body: bytes
    tags: tuple[str, ...] = ()


class Memory:
    """The answers of one generation on one day, those asked for longest ago given up first."""

    def __init__(self, limit: int) -> None:
        self.limit, self.size = limit, 0
        self.of: Of | None = None
        self.answers: OrderedDict[Key, Told] = OrderedDict()
        self.lock = Lock()

    def find(self, of: Of, key: Key) -> Told | None:
        with self.lock:
            if of != self.of:
                self.answers.clear()
                self.of, self.size = of, 0
                return None
            if key in self.answers:
                self.answers.move_to_end(key)
            return self.answers.get(key)

    def keep(self, of: Of, key: Key, told: Told) -> None:
        with self.lock:
            if of != self.of or key in self.answers:
                return
            self.answers[key] = told
            self.size += _size_of(key, told)
            while self.size > self.limit:
                self.size -= _size_of(*self.answers.popitem(last=False))


class Found(NamedTuple):
    """Where an answer is remembered."""

    memory: Memory
    of: Of
    key: Key


def _size_of(key: Key, told: Told) -> int:
    """Bytes in memory, roughly."""
    return len(told.body) + sum(map(sys.getsizeof, key)) + 1_000


class RememberedAnswers:
    """Middleware, before views ask who reads: gives the answer that another reader of the same audience was given. The
    desk is known by its tokens alone: who has a session in the admin is asked for as always."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.memory = Memory(settings.FACTCHECK_REMEMBERED_MB * 1_000_000)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "GET" or not self.memory.limit or not _asks_for_rows(request):
            return self.get_response(request)
        try:
            audience = _audience(request)
            begun = generation() if audience else ""
        except DatabaseError:
            return self.get_response(request)  # which says so in its own words
        # Where nothing was ever changed there is no generation, and what comes in past the models begins none.
        if not begun:
            return self.get_response(request)
        of = (begun, timezone.localdate(), edition())
        asked = ("PATH_INFO", "QUERY_STRING", *ASKED)
        said = (request.META.get(name, "") for name in asked)
        key = (audience, request.scheme or "", coding_for(request), *said)
        told = self.memory.find(of, key)
        if told is not None and (answer := _again(request, told)) is not None:
            request.META[FOUND] = Found(self.memory, of, key)
            return answer
        response = self.get_response(request)
        if _may_be_remembered(response, audience):
            assert isinstance(response, HttpResponse)
            response.setdefault("ETag", etag_of(response.content))
            told = Told(dict(response.items()), response.content, tuple(shared_cache.tags_of(request)))
            self.memory.keep(of, key, told)
            request.META[FOUND] = Found(self.memory, of, key)
        return response


def _asks_for_rows(request: HttpRequest) -> bool:
    """Whether the request asks for rows, and for the whole answer."""
    path = request.path_info
    if path == "/api/v1/" or path.startswith(_OF_SOMEBODY) or not (path == "/" or path.startswith(_OF_ROWS)):
        return False
    return not any(name in request.META for name in _PARTLY)


def _audience(request: HttpRequest) -> str:
    """With whom the reader reads the same; empty where that takes more than a look at the request and the token."""
    if settings.SESSION_COOKIE_NAME in request.META.get("HTTP_COOKIE", ""):
        return ""
    if "HTTP_AUTHORIZATION" not in request.META:
        return Audience.PUBLIC.value
    of_api = request.path_info.startswith("/api/v1/")
    return (
        Audience.DESK.value
        if of_api and is_token_of_desk(request.META["HTTP_AUTHORIZATION"], client_address(request))
        else ""
    )


def _may_be_remembered(response: HttpResponseBase, audience: str) -> bool:
    """Whether the answer follows from the register and its address alone, for this audience."""
    if getattr(response, TOLD_TO, "") != audience or response.status_code != 200 or response.streaming:
        return False
    assert isinstance(response, HttpResponse)
    varying = {name.strip().lower() for name in response.get("Vary", "").split(",") if name.strip()}
    return not response.cookies and varying <= _VARYING and len(response.content) <= LONGEST


def _again(request: HttpRequest, told: Told) -> HttpResponse | None:
    """The answer, or 304 to who names its ETag; None where the view has to say what is wrong with the request."""
    shared_cache.tag(request, *told.tags)
    response = HttpResponse(told.body, headers=told.headers)
    if "HTTP_IF_NONE_MATCH" not in request.META:
        return response
    try:
        known = tags_in(request, "If-None-Match")
    except Problem:
        return None
    return not_modified(response) if known is None or tag_of(told.headers["ETag"]) in known else response
