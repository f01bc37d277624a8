"""ETags, and the conditions that requests put on them (RFC 9110, section 13; RFC 6585, section 3)."""

from __future__ import annotations

import hashlib
import re
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from factcheck.api.problem import Problem
from factcheck.base.errors import PreconditionRequired, StaleVersion
from factcheck.models.recorded import RecordedModel

_LIST = re.compile(r'\s*(?:W/)?"[\x21\x23-\x7e]*"(?:\s*,\s*(?:W/)?"[\x21\x23-\x7e]*")*\s*')
_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e]*)"')
_VERSION = re.compile(r"([0-9]{1,18})(?:-[0-9a-f]{16})?")
MAX_HEADER = 4_096
TOLD_TO = "told_to"
"""Set on an answer that follows from the rows of the register, its address and the day alone, the same for a whole
audience: which that is."""
PUBLIC = "public"
"""The audience of whoever has no account."""


def parse_tags(header: str, name: str) -> list[str] | None:
    """The opaque parts of the tags in a header, or None for `*`; 400 for anything else.

    `W/` is dropped: proxies that compress mark every tag weak, and the part that is compared here says the
    version of the row, not the bytes.
    """
    if header.strip() == "*":
        return None
    if len(header) > MAX_HEADER or not _LIST.fullmatch(header):
        raise Problem(400, "invalid_header", f'The header {name} is not a list of ETags such as "7-0123456789abcdef".')
    return _TAG.findall(header)


def only_tag(header: str) -> str | None:
    """The opaque part of the tag in a header that holds exactly one, in the plainest way; None for any other."""
    found = _TAG.fullmatch(header) if len(header) <= MAX_HEADER else None
    return found[1] if found is not None else None


def tags_in(request: HttpRequest, name: str) -> list[str] | None:
    """The tags in the header `name`: none when it is missing, None for `*`."""
    header = request.META.get(f"HTTP_{name.upper().replace('-', '_')}")
    return [] if header is None else parse_tags(header, name)


def tag_of(etag: str) -> str:
    """The opaque part of one ETag."""
    return etag.removeprefix("W/").strip('"')


def etag_of(body: bytes, version: int | None = None) -> str:
    """A strong ETag: for one row its version and a digest of the body, for a list the digest."""
    digest = hashlib.sha256(body).hexdigest()
    return f'"{digest[:24]}"' if version is None else f'"{version}-{digest[:16]}"'


def check_if_match(request: HttpRequest, obj: RecordedModel) -> bool:
    """Raise StaleVersion (412) when `If-Match` names other versions than the row has; False when it is
    missing."""
    if "HTTP_IF_MATCH" not in request.META:
        return False
    tags = tags_in(request, "If-Match")
    if tags is not None:
        versions = {int(found[1]) for tag in tags if (found := _VERSION.fullmatch(tag))}
        if obj.version not in versions:
            raise StaleVersion(
                f"This {obj._meta.verbose_name} was changed since you read it, to version {obj.version}. "
                "Read it again and repeat your change."
            )
    return True


def require_if_match(request: HttpRequest, obj: RecordedModel) -> None:
    """As check_if_match, and raise PreconditionRequired (428) when the header is missing."""
    if not check_if_match(request, obj):
        raise PreconditionRequired(
            "Say which version your change is based on: send the ETag of your last read as If-Match."
        )


class ConditionalMixin(APIView):
    """Gives each answer of a viewset its ETag, and answers 304 to who has it already.

    `current_object` is the row an answer is about; `get_object` and the create and update steps set it.
    """

    current_object: Any = None
    known_tags: list[str] | None = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        # Read here, where a refusal is still answered as one.
        self.known_tags = tags_in(request, "If-None-Match")

    def finalize_response(self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any) -> Any:
        # A plain response too, whatever the stubs say: a problem, a kept answer, a file.
        response = super().finalize_response(request, cast(Response, response), *args, **kwargs)
        if not isinstance(response, Response) or response.has_header("ETag"):
            return response
        action = getattr(self, "action", None)
        written = action in {"create", "update", "partial_update"}
        if request.method not in {"GET", "HEAD"} and not (written and self.current_object is not None):
            return response
        if response.status_code not in {200, 201}:
            return response
        response.render()
        version = getattr(self.current_object, "version", None) if action != "list" else None
        response["ETag"] = etag_of(response.content, version)
        if request.method in {"GET", "HEAD"} and self.is_known(response["ETag"]):
            return not_modified(response)
        return response

    def is_known(self, etag: str) -> bool:
        """Whether the caller has this already. A body that is the same needs no sending, whoever compressed it."""
        return self.known_tags is None or etag.strip('"') in self.known_tags


def not_modified(response: HttpResponse) -> HttpResponse:
    """The 304 for a 200, with the headers that RFC 9110 wants kept."""
    answer = HttpResponse(status=304)
    for name in ("ETag", "Vary", "Cache-Control", "Content-Location", "Expires", "Link"):
        if response.has_header(name):
            answer[name] = response[name]
    del answer["Content-Type"]
    return answer
