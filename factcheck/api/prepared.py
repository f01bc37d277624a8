"""Answers that stay the same until the process ends: made once, compressed once, with an ETag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import HttpResponse
from rest_framework.request import Request

from factcheck.api.conditional import etag_of, not_modified, tag_of, tags_in
from factcheck.base.http.compression import CODINGS, SHORTEST, THOROUGH, coding_for, compressed

LASTING = "factcheck.lasting"
"""Where the environment of a request keeps the bytes of an answer that everybody gets until the process ends; no header
can have a name with a dot."""


@dataclass(frozen=True)
class Prepared:
    """The bytes of an answer, plain and compressed. Nothing secret may be in it: it is compressed with what is not."""

    body: bytes
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)
    packed: Mapping[str, bytes] | None = None
    """In each coding, where that is known already."""
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        if self.packed is None:
            object.__setattr__(self, "packed", packed_forms(self.body))
        object.__setattr__(self, "etag", etag_of(self.body))

    def answer(self, request: Request) -> HttpResponse:
        """The answer in the form that the client can unpack, or a 304 if it has it already."""
        packed = self.packed or {}
        coding = coding_for(request) if packed else ""
        body = request.META[LASTING] = packed.get(coding, self.body)
        response = HttpResponse(body, content_type=self.content_type)
        response["ETag"] = f"W/{self.etag}" if coding else self.etag
        response["Vary"] = "Accept-Encoding"
        if coding:
            response["Content-Encoding"] = coding
        for name, value in self.headers.items():
            response[name] = value
        known = tags_in(request, "If-None-Match")
        return not_modified(response) if known is None or tag_of(self.etag) in known else response


def packed_forms(body: bytes) -> dict[str, bytes]:
    """The bytes in each coding; none where it is not worth it."""
    return {coding: compressed(body, coding, THOROUGH) for coding in CODINGS} if len(body) >= SHORTEST else {}
