"""Answers that stay the same until the process ends: made once, compressed once, with an ETag."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import HttpResponse
from rest_framework.request import Request

from factcheck.api.conditional import etag_of, not_modified, tags_in

WORTH_PACKING = 1_000
"""Bytes; a shorter text fits into one packet anyway."""
_REFUSED = re.compile(r"\s*q=0(?:\.0{0,3})?\s*")


@dataclass(frozen=True)
class Prepared:
    """The bytes of an answer, plain and compressed. Nothing secret may be in it: it is compressed with what is not."""

    body: bytes
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)
    packed: bytes = field(init=False)
    """Empty where it is not worth it."""
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        packed = gzip.compress(self.body, mtime=0) if len(self.body) > WORTH_PACKING else b""
        object.__setattr__(self, "packed", packed)
        object.__setattr__(self, "etag", etag_of(self.body))

    def answer(self, request: Request) -> HttpResponse:
        """The answer in the form that the client can unpack, or a 304 if it has that form already."""
        packed = bool(self.packed) and accepts_gzip(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        response = HttpResponse(self.packed if packed else self.body, content_type=self.content_type)
        # Other bytes, another strong tag.
        response["ETag"] = f'{self.etag[:-1]}-gzip"' if packed else self.etag
        response["Vary"] = "Accept-Encoding"
        if packed:
            response["Content-Encoding"] = "gzip"
        for name, value in self.headers.items():
            response[name] = value
        known = tags_in(request, "If-None-Match")
        if known is None or response["ETag"].strip('"') in known:
            return not_modified(response)
        return response


def accepts_gzip(header: str) -> bool:
    """Whether the header Accept-Encoding names gzip, and not as what is refused."""
    for entry in header.split(","):
        name, _semicolon, weight = entry.partition(";")
        if name.strip().lower() == "gzip":
            return not _REFUSED.fullmatch(weight)
    return False
