"""How many independent origins stand behind a claim or dispute, as programs read it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.logic import wording
from claims.logic.origins import BEARINGS, SIDES, TOGETHER, Origins

_OF_VOICES = ("total", "sources", "origins", "relaying")


def _figure(*counts: str) -> dict[str, Any]:
    about = {
        "total": "How many statements or pieces of evidence.",
        "sources": "How many sources speak.",
        "relaying": "How many of these sources only passed it on: none of their statements is the end of a chain.",
        "origins": "How many of them are independent: what repeats or derives from one counts once.",
    }
    properties: dict[str, Any] = {name: {"type": "integer", "description": about[name]} for name in counts}
    properties["words"] = {
        "type": "string",
        "description": "The same in words, such as “7 sources (5 only at second hand), 2 origins”.",
    }
    title = "CountOfVoices" if "sources" in counts else "CountOfEvidence"
    return {"title": title, "type": "object", "required": [*counts, "words"], "properties": properties}


def _schema(title: str, sides: tuple[str, ...], bearings: tuple[str, ...]) -> dict[str, Any]:
    parts = {
        "voices": (
            sides,
            _figure(*_OF_VOICES),
            "The statements, by side; a relay is on that of its ",
        ),
        "evidence": (bearings, _figure("total", "origins"), "The evidence, by bearing; counted by the furthest "),
    }
    return {
        "title": title,
        "type": "object",
        "readOnly": True,
        "required": list(parts),
        "properties": {
            name: {
                "title": f"{title}{name.capitalize()}",
                "type": "object",
                "required": list(keys),
                "properties": dict.fromkeys(keys, figure),
                "description": f"{text}origin.",
            }
            for name, (keys, figure, text) in parts.items()
        },
    }


class _OriginsField(serializers.Field):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Origins) -> dict[str, Any]:
        voices, evidence = wording.origins(value)
        return {
            "voices": {
                side: {**{name: getattr(said, name) for name in _OF_VOICES}, "words": voices[side]}
                for side, said in value.voices.items()
            },
            "evidence": {
                bearing: {"total": shown.total, "origins": shown.origins, "words": evidence[bearing]}
                for bearing, shown in value.evidence.items()
            },
        }


@extend_schema_field(_schema("ClaimOrigins", (*SIDES, TOGETHER), (*BEARINGS, TOGETHER)))
class ClaimOriginsField(_OriginsField):
    """Independent origins on one claim."""


@extend_schema_field(_schema("DisputeOrigins", (TOGETHER,), (TOGETHER,)))
class DisputeOriginsField(_OriginsField):
    """Independent origins on a dispute as a whole."""
