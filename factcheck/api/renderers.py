"""Writes JSON with orjson."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework import renderers
from rest_framework.utils.encoders import JSONEncoder

OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


class JSONRenderer(renderers.JSONRenderer):
    """Compact UTF-8 JSON; dates are ISO 8601 with `Z`. It takes no `indent` from the Accept header."""

    def render(
        self, data: object, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return b"" if data is None else to_json(data)


def to_json(data: object) -> bytes:
    """The JSON of `data`. What orjson cannot write, because a value of an older import is no text, is
    escaped: one such row must not break the list it stands in."""
    try:
        return orjson.dumps(data, default=_default, option=OPTIONS)
    except TypeError:
        return json.dumps(data, cls=JSONEncoder, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def _default(value: object) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return JSONEncoder().default(value)
