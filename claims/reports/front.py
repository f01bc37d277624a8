"""In front of Django: a hot public answer is given again before anything makes a request of the question.

What the whole chain of middlewares answered once is answered again as it was, to the letter, to whoever asks the same
in the same way, as long as nothing was changed in the register: status, headers and bytes. New are the id of the
request, what is left of the quota, and the line of the log. All else, and whatever is in doubt, goes the long way.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from claims.reports.remembered import FOUND, Found
from claims.services.prepared import generation
from factcheck.api.conditional import only_tag, tag_of
from factcheck.api.prepared import LASTING
from factcheck.api.ratelimit import COUNTED, COUNTING, Counting, headers_for
from factcheck.base.http.hostile import has_control
from factcheck.base.http.measures import of_this_process
from factcheck.base.http.request_id import HEADER, safe_id
from factcheck.base.http.request_log import address_in, line_of, write_line
from factcheck.base.http.wsgi import GuardedWSGIHandler

_ASKED = (
    *("PATH_INFO", "QUERY_STRING", "SCRIPT_NAME", "wsgi.url_scheme"),
    *("HTTP_HOST", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_PORT"),
    *("HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING"),
)
"""On these an answer may depend: who says the same in all of them has asked the same."""
_ALONE = {
    *(name for name in _ASKED if name.startswith("HTTP_")),
    *("HTTP_IF_NONE_MATCH", "HTTP_X_FORWARDED_FOR", "HTTP_X_REQUEST_ID"),
    # What nothing looks at on the way to what everybody is answered.
    *("HTTP_USER_AGENT", "HTTP_ACCEPT_LANGUAGE", "HTTP_CONNECTION", "HTTP_CACHE_CONTROL", "HTTP_PRAGMA", "HTTP_DNT"),
    *("HTTP_REFERER", "HTTP_UPGRADE_INSECURE_REQUESTS", "HTTP_PRIORITY", "HTTP_X_REAL_IP", "HTTP_VIA", "HTTP_ORIGIN"),
    *("HTTP_SEC_FETCH_SITE", "HTTP_SEC_FETCH_MODE", "HTTP_SEC_FETCH_DEST", "HTTP_SEC_FETCH_USER", "HTTP_SEC_GPC"),
    *("HTTP_SEC_CH_UA", "HTTP_SEC_CH_UA_MOBILE", "HTTP_SEC_CH_UA_PLATFORM"),
}
"""A question with any other header goes the long way."""
_RENEWED = {HEADER, "RateLimit", "RateLimit-Policy"}
"""Headers of answers that are another's each time."""
MOST = 2_000
"""So many questions are known at once. Their bytes are those that `RememberedAnswers` holds."""
LONGEST = 1_000
"""Characters of the longest question that is known: whoever makes up others takes no more memory than that."""
QUESTION = "factcheck.question"
"""Where the environment of a request keeps what was asked; no header can have a name with a dot."""

Start = Callable[..., Any]
Question = tuple[str, ...]


class Answered(NamedTuple):
    """What the whole chain answered to a question, but for its bytes."""

    found: Found | bytes
    """Where the bytes are remembered, or these where they last."""
    counting: Counting
    line: str
    """How the log names the request."""
    tag: str
    ways: dict[int, tuple[str, list[tuple[str, str]]]]
    """By status, 200 and 304: its line and its headers."""

    def status(self, known: str | None) -> int:
        """With which to answer whoever knows this tag; 0 for anything but one tag, which the long way understands."""
        if known is None:
            return 200
        tag = only_tag(known)
        if tag is None:
            return 0
        return 304 if tag == self.tag else 200


class FrontHandler(GuardedWSGIHandler):
    """The application of the register."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[Question, Answered] = {}
        self.generation = ""
        # A replica is chosen by a middleware, and a shared cache is told until when an answer holds.
        self.idle = bool(settings.FACTCHECK_REPLICAS or settings.FACTCHECK_CACHE_URLS)

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Any:
        if not self.idle and (question := question_of(environ)) is not None:
            answered = self.answers.get(question)
            again = self.again(answered, environ, start_response) if answered is not None else None
            if again is not None:
                return [again]
            environ[QUESTION] = question
        return super().__call__(environ, start_response)

    def again(self, answered: Answered, environ: dict[str, Any], start_response: Start) -> bytes | None:
        """The bytes, where the answer holds and whoever asks has not used up the quota."""
        began = time.perf_counter()
        status = answered.status(environ.get("HTTP_IF_NONE_MATCH"))
        body = self.standing(answered) if status in answered.ways else None
        if body is None:
            return None
        address = address_in(environ)
        left = answered.counting(address)
        renew()
        if any(each.refused for each in left):
            environ[COUNTED] = left
            return None
        line, headers = answered.ways[status]
        name = safe_id(environ.get("HTTP_X_REQUEST_ID", ""))
        told = headers_for(left) if answered.counting.told else []
        start_response(line, [*headers, *told, (HEADER, name)])
        write_line(answered.line, status, {"request_id": name, "ip": address})
        if settings.FACTCHECK_METRICS:
            of_this_process.count(status, time.perf_counter() - began)
        return body if status == 200 else b""

    def standing(self, answered: Answered) -> bytes | None:
        """The bytes that hold now; None where anything was changed that they may tell of."""
        if isinstance(answered.found, bytes):
            return answered.found
        memory, (_generation, _day, edition), key = answered.found
        renew()
        try:
            begun = generation()
        except DatabaseError:
            return None  # which is told there in its own words
        told = memory.find((begun, timezone.localdate(), edition), key)
        return told.body if told is not None and tag_of(told.headers["ETag"]) == answered.tag else None

    def get_response(self, request: Any) -> Any:
        """Django's own way; what it answered is known from now on."""
        response = super().get_response(request)
        found = request.META.get(FOUND) or request.META.get(LASTING)
        if QUESTION in request.META and found is not None:
            self.know(request, response, found)
        return response

    def know(self, request: HttpRequest, response: HttpResponseBase, found: Found | bytes) -> None:
        """Keep what was answered beside the bytes."""
        if response.status_code not in {200, 304} or response.streaming or response.cookies:
            return
        begun = found.of[0] if isinstance(found, Found) else self.generation
        if begun != self.generation or len(self.answers) >= MOST:
            self.generation, self.answers = begun, {}
        headers = [(name, value) for name, value in response.items() if name not in _RENEWED]
        counting, tag = request.META.get(COUNTING, Counting()), tag_of(response["ETag"])
        fresh = Answered(found, counting, line_of(request), tag, {})
        answered = self.answers.get(request.META[QUESTION], fresh)
        if (answered.found, answered.tag) != (found, tag):
            answered = fresh
        answered.ways[response.status_code] = (f"{response.status_code} {response.reason_phrase}", headers)
        self.answers[request.META[QUESTION]] = answered


def renew() -> None:
    """As the signals of requests do: a connection that was lost or is too old is made anew."""
    if connection.connection is not None and not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def question_of(environ: dict[str, Any]) -> Question | None:
    """What was asked, where it may be answered here: by nobody in particular, and in no particular way."""
    if environ.get("REQUEST_METHOD") != "GET" or environ.get("CONTENT_TYPE") or "HTTP_HOST" not in environ:
        return None
    if environ.get("CONTENT_LENGTH") not in {None, "", "0"}:
        return None
    named = [name for name in environ if name.startswith("HTTP_")]
    if not _ALONE.issuperset(named) or has_control("".join([environ[name] for name in named])):
        return None
    question = tuple([environ.get(name, "") for name in _ASKED])
    return question if sum(map(len, question)) <= LONGEST else None
