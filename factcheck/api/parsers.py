"""Reads JSON as strictly as the register stores it, and says where it is wrong."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from django.utils.http import parse_header_parameters
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import JSONParser

from factcheck.api.preference import wants_job
from factcheck.api.problem import Problem
from factcheck.base.files import Readable

MAX_BYTES, MAX_BYTES_LATER = 1_000_000, 2_500_000
MAX_DEPTH = 32
_PLAIN = frozenset({int, float, bool, type(None)})
"""What in a document is never refused."""
MAX_INTEGER = 2**63 - 1


class _BadNumber:
    """Stands in the parsed document for a number that is refused, until the walk knows its place."""

    def __init__(self, code: str, detail: str) -> None:
        self.code, self.detail = code, detail


class _Repeating(dict[str, Any]):
    """An object in which a key came twice: JSON leaves open which one counts."""

    repeated = ""


class StrictJSONParser(JSONParser):
    """UTF-8, one megabyte, 32 levels, 64-bit numbers, no NUL, no lone surrogate, no key twice.

    It derives from the framework's parser, since only for that one the framework keeps `request.body`
    readable.
    """

    media_type = "application/json"

    def parse(
        self, stream: Readable, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        check_media_type(media_type or self.media_type, self.media_type)
        view, request = ((parser_context or {}).get(name) for name in ("view", "request"))
        # What a worker does may be larger, where there are workers for it.
        most = (
            MAX_BYTES_LATER if request is not None and hasattr(view, "recorded") and wants_job(request) else MAX_BYTES
        )
        body = stream.read(most + 1)
        if len(body) > most:
            raise Problem(413, "too_large", f"The body is larger than {most:,} bytes.")
        return parse_json(body)


class MergePatchParser(StrictJSONParser):
    """A JSON merge patch (RFC 7396) changes the fields it names, which is what PATCH does here with any
    JSON."""

    media_type = "application/merge-patch+json"


def check_media_type(given: str, wanted: str) -> None:
    """Raise 415 unless `given` is exactly `wanted`, in UTF-8: the framework would take `*/*` for JSON too."""
    name, parameters = parse_header_parameters(given)
    charset = parameters.get("charset", "utf-8").lower()
    if name.lower() != wanted or charset not in {"utf-8", "utf8"}:
        raise UnsupportedMediaType(given, detail=f"Send {wanted} in UTF-8.")


def parse_json(body: bytes) -> Any:
    """The object or array in `body`, `{}` when there is none. Raises a 400 Problem with a JSON pointer."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _problem("json_not_utf8", f"The body is not UTF-8 (byte {error.start}).") from None
    if not text.strip(" \t\r\n"):
        return {}
    try:
        document = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=lambda name: _BadNumber("json_number", f"{name} is no JSON number."),
        )
    except json.JSONDecodeError as error:
        detail = f"The body is not JSON: {error.msg}, line {error.lineno}, column {error.colno}."
        raise _problem("json_syntax", detail) from None
    except RecursionError:
        raise _problem("json_depth", f"The JSON is nested deeper than {MAX_DEPTH} levels.") from None
    if not isinstance(document, (dict, list)):
        raise _problem("json_type", "Send a JSON object, or an array of objects.")
    # Only what is escaped can be what no text may have: the bytes were read as UTF-8, and controls as syntax.
    _check(document, texts="\\u" in text)
    return document


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) == len(pairs):
        return result
    repeating = _Repeating(result)
    seen: set[str] = set()
    for key, _value in pairs:
        if key in seen:
            repeating.repeated = key
            break
        seen.add(key)
    return repeating


def _integer(digits: str) -> Any:
    # Python refuses to read integers of more than 4,300 digits at all, hence the look at the length first.
    number = int(digits) if len(digits) <= 20 else MAX_INTEGER + 1
    if abs(number) > MAX_INTEGER:
        return _BadNumber("json_number", "The number does not fit in 64 bits.")
    return number


def _float(digits: str) -> Any:
    number = float(digits)
    if math.isinf(number) or len(digits) > 400:
        return _BadNumber("json_number", "The number is out of range.")
    return number


def _check(document: object, *, texts: bool) -> None:
    """Walk the document with a list instead of recursion; raise at the first value that is refused. Its texts are
    looked at on demand."""
    passed = _PLAIN if texts else _PLAIN | {str}
    waiting: list[tuple[Any, tuple[str, ...]]] = [(document, ())]
    while waiting:
        value, path = waiting.pop()
        if isinstance(value, str):
            _check_text(value, path)
        elif isinstance(value, _BadNumber):
            raise _problem(value.code, value.detail, path)
        elif isinstance(value, (dict, list)):
            if len(path) >= MAX_DEPTH:
                raise _problem("json_depth", f"The JSON is nested deeper than {MAX_DEPTH} levels.", path)
            if isinstance(value, _Repeating):
                raise _problem("json_duplicate_key", f"The key {value.repeated!a} comes twice.", path)
            if texts and isinstance(value, dict):
                for key in value:
                    _check_text(key, path)
            children = value.items() if isinstance(value, dict) else enumerate(value)
            waiting += reversed([(child, (*path, str(key))) for key, child in children if type(child) not in passed])


def _check_text(text: str, path: tuple[str, ...]) -> None:
    # The other control characters are left to the fields, which can name themselves.
    if "\x00" in text:
        raise _problem("json_text", "Remove the character U+0000.", path)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        found = f"U+{ord(text[error.start]):04X}"
        raise _problem("json_text", f"Remove the lone surrogate {found}: it is half a character.", path) from None


def _problem(code: str, detail: str, path: tuple[str, ...] = ()) -> Problem:
    pointer = "".join("/" + _visible(part).replace("~", "~0").replace("/", "~1") for part in path)
    place = {"field": ".".join(_visible(part) for part in path) or None, "pointer": pointer}
    return Problem(400, code, detail, errors=[{**place, "code": code, "detail": detail}])


def _visible(part: str) -> str:
    return part.encode("ascii", "backslashreplace").decode() if not part.isprintable() else part
