"""Text is sent in less space to who can read it so (RFC 9110, section 8.4): Brotli, or gzip."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from functools import lru_cache

import brotli
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.utils.text import compress_sequence, compress_string
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from factcheck.base.http.session import may_have_session

SHORTEST = 600
"""Bytes: below it, what is saved is less than what the headers of a packet take."""
QUALITY = 4
"""Of Brotli, up to 11: from here on each step takes much longer and saves little."""
THOROUGH = 9
"""For what is compressed once and sent many times."""
LONGEST_HEADER = 200
"""Of a longer one no answer is remembered in any coding, and none is packed."""
CODINGS = ("br", "gzip")
"""Those that are offered, the one that is preferred first."""
_TEXT = re.compile(r"text/|image/svg\+xml|application/(vnd\.oai\.openapi|x-ndjson|([a-z.]+\+)?(json|xml|yaml))")
_PROTECTED = "no-transform"


class CompressionMiddleware:
    """Inside of what remembers answers: each coding of an answer is made once.

    Never where somebody is known by a cookie: a page that has a secret of theirs and words of somebody else would tell
    the secret by its length. A token is sent by programs, which nobody makes ask.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # Of what comes piece by piece, gzip sends each piece at once.
        coding = coding_for(request, ("gzip",) if response.streaming else CODINGS)
        if coding and not may_have_session(request) and may_be_encoded(request, response):
            encode(response, coding)
        return response


def coding_for(request: HttpRequest, codings: tuple[str, ...] = CODINGS) -> str:
    """The one of these in which the client would have the answer; empty for none."""
    accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
    return _chosen(accepted, codings) if accepted and len(accepted) < LONGEST_HEADER else ""


@lru_cache(maxsize=128)
def _chosen(accepted: str, codings: tuple[str, ...]) -> str:
    return parse_accept_header(accepted, Accept).best_match(codings) or ""


def may_be_encoded(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether the answer is text, whole, as long as it takes, and not encoded already."""
    if response.status_code in {204, 206, 304} or response.has_header("Content-Encoding"):
        return False
    if not _TEXT.match(response.get("Content-Type", "")) or _PROTECTED in response.get("Cache-Control", ""):
        return False
    if isinstance(response, StreamingHttpResponse):
        return request.method == "GET" and not response.has_header("Content-Range")
    return isinstance(response, HttpResponse) and len(response.content) >= SHORTEST


def compressed(body: bytes, coding: str, quality: int = QUALITY) -> bytes:
    """The bytes in this coding."""
    return brotli.compress(body, quality=quality) if coding == "br" else compress_string(body)


def encode(response: HttpResponseBase, coding: str) -> None:
    """The answer in this coding. Its ETag becomes weak: other bytes, which say the same."""
    if isinstance(response, StreamingHttpResponse):
        pieces = response.streaming_content
        assert not isinstance(pieces, AsyncIterator), "the service is answered by threads"
        response.streaming_content = compress_sequence(pieces)
        del response["Content-Length"]
    else:
        assert isinstance(response, HttpResponse)
        response.content = compressed(response.content, coding)
        response["Content-Length"] = str(len(response.content))
    response["Content-Encoding"] = coding
    etag = response.get("ETag", "")
    if etag and not etag.startswith("W/"):
        response["ETag"] = f"W/{etag}"
