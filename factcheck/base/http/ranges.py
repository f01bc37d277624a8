"""Parts of a file for who asks for them (RFC 9110, section 14): a download goes on where it was broken off."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from werkzeug.datastructures import Range
from werkzeug.http import parse_if_range_header, parse_range_header, quote_etag
from whitenoise.responders import SlicedFile

from factcheck.base.http.problem import problem_response

if TYPE_CHECKING:
    from rest_framework.request import Request

UNREADABLE = "The file has {size} bytes. Ask for bytes below that, or for all of it without Range."


def ranged_response(request: HttpRequest | Request, content: IO[bytes], *, size: int, etag: str) -> HttpResponseBase:
    """The whole `content` of `size` bytes, or one part of it (206), or a 416; it is closed in each case.

    Several parts at once, another unit than bytes, an `If-Range` that is not this ETag, and storages that cannot
    seek are answered with the whole, as the standard allows.
    """
    seekable = content.seekable()
    wanted = _wanted(request, size, etag) if seekable else None
    response: HttpResponseBase
    if wanted is None:
        response = _streamed(content, 200, size)
    elif (bounds := wanted.range_for_length(size)) is None:
        content.close()
        response = problem_response(416, "range_not_satisfiable", UNREADABLE.format(size=size), request=request)
        response["Content-Range"] = f"bytes */{size}"
    else:
        start, stop = bounds
        response = _streamed(SlicedFile(content, start, stop - 1), 206, stop - start)
        response["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    if seekable:
        response["Accept-Ranges"] = "bytes"
    return response


def _streamed(content: Any, status: int, length: int) -> FileResponse:
    # Closed by the response.
    response = FileResponse(content, status=status, content_type="application/octet-stream")
    response["Content-Length"] = str(length)
    return response


def _wanted(request: HttpRequest | Request, size: int, etag: str) -> Range | None:
    """The one part that is asked for of this very file, or None for all of it."""
    if request.method != "GET" or not (header := request.headers.get("Range")):
        return None
    if condition := request.headers.get("If-Range"):
        # Neither a date, which the answer does not carry, nor a weak tag is this file for sure.
        known = parse_if_range_header(condition)
        if condition.startswith("W/") or known.etag is None or quote_etag(known.etag) != etag:
            return None
    found = parse_range_header(header)
    if found is None or found.units != "bytes" or len(found.ranges) != 1:
        return None
    # The last bytes, more of them than there are, are all of it.
    return None if found.ranges[0][0] < -size else found
