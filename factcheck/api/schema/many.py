"""How requests about many rows are told."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent

from factcheck.api.preference import MAX_ROWS, PREFERENCE
from factcheck.api.schema.values import ID, named
from factcheck.api.serializers import MAX_BULK

NAMED_BY: dict[str, Any] = {
    "id": {**ID, "description": "The row."},
    "version": {
        "type": "integer",
        "minimum": 1,
        "description": "The version that you read; needed where the row is public.",
        "example": 3,
    },
}


def rows_of(each: dict[str, Any]) -> dict[str, Any]:
    """As many rows as one request may have."""
    words = f"Up to {MAX_BULK}, all or none; up to {MAX_ROWS} with `Prefer: {PREFERENCE}`, each row by itself."
    return {"type": "array", "items": each, "minItems": 1, "maxItems": MAX_ROWS, "description": words}


def called(auto_schema: AutoSchema, new: dict[str, Any]) -> list[dict[str, Any]]:
    """A row that is entered, or changed in what it names, and many of them, each with the version that it names."""
    name = new["$ref"].rsplit("/", 1)[-1]
    shape = {**auto_schema.registry[name, ResolvedComponent.SCHEMA].schema, "required": ["external_id"]}
    own = "Called" + name.removeprefix("New").removesuffix("Request")
    each = {**shape, "properties": {"version": NAMED_BY["version"], **shape.get("properties", {})}}
    return [named(auto_schema, own, shape), rows_of(named(auto_schema, f"{own}AmongMany", each))]


def changes(auto_schema: AutoSchema, one: dict[str, Any]) -> dict[str, Any]:
    """Many changes: each what a PATCH of one takes, and which row and version it is about."""
    name = one["$ref"].rsplit("/", 1)[-1]
    shape = auto_schema.registry[name, ResolvedComponent.SCHEMA].schema
    changed = {**shape, "required": ["id"], "properties": {**NAMED_BY, **shape.get("properties", {})}}
    return rows_of(named(auto_schema, name.removeprefix("Patched").removesuffix("Request") + "Change", changed))
