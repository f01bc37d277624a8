"""One example for each body, made of the examples, choices and types of its fields."""

from __future__ import annotations

import re
from typing import Any

BASE = "https://register.example.org"
BY_NAME: dict[str, Any] = {
    "text": "The ship was hit by a torpedo.",
    "title": "Who sank the ship?",
    "question": "Who sank the ship?",
    "summary": "Two reports say so, and nothing speaks against it.",
    "name": "Harbour Office",
    "label": "Harbour Office",
    "slug": "harbour-office",
    "quote": "It was a torpedo.",
    "country": "NO",
    "language": "en",
    "quote_language": "en",
    "email": "desk@register.example.org",
    "wikidata_id": "Q42",
    "code": "supported",
    "words": "7 sources, 2 origins",
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "query": "/api/v1/claims/?status=published",
    "colour": "#1a7f37",
    "media_type": "application/pdf",
    "actions": ["claim.published"],
    "action": "claim.published",
    "url": "https://archive.example.org/report",
    "website": "https://harbour.example.org/",
    "cursor": "eyJvIjoiaWQifQ:c2lnbmF0dXJl",
    "level": "warn",
}
FORMATS = {
    "date-time": "2025-07-02T12:00:00Z",
    "date": "2025-07-02",
    "uri": f"{BASE}/api/v1/claims/?cursor=eyJvIjoiaWQifQ",
    "decimal": "38.5",
}
TEXTS = ("A text.", f"sha256:{'0' * 64}", "7", "harbour-office", "NO", "Q42", "38.5", "2025-07", "published", "")
"""Tried in this order where a text has no example of its own."""
DEEPEST = 12


def add_examples(result: dict[str, Any]) -> None:
    """Put an example beside each body in JSON, and beside each parameter that has none."""
    schemas = result["components"]["schemas"]
    kept = result["components"].setdefault("examples", {})
    for methods in result["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                schema = parameter["schema"]
                if not {"example", "enum", "default"} & schema.keys() and "example" not in parameter:
                    schema["example"] = example_of(schema, schemas, parameter["name"])
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            for body in bodies:
                for media_type, content in body.get("content", {}).items():
                    _add(media_type, content, schemas, kept)


def _add(media_type: str, content: dict[str, Any], schemas: dict[str, Any], kept: dict[str, Any]) -> None:
    schema = content["schema"]
    if not media_type.startswith("multipart/") and ("json" not in media_type or "x-ndjson" in media_type):
        if schema.get("format") != "binary" and "type" in schema:
            content.setdefault("example", "…")
        return
    if "$ref" not in schema:
        content.setdefault("example", example_of(schema, schemas))
        return
    name = schema["$ref"].rsplit("/", 1)[-1]
    if name not in kept:
        kept[name] = {"value": example_of(schema, schemas)}
    content["examples"] = {name: {"$ref": f"#/components/examples/{name}"}}


def example_of(schema: dict[str, Any], schemas: dict[str, Any], name: str = "", depth: int = 0) -> Any:
    """A value that the schema allows; `name` is that of the field."""
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rsplit("/", 1)[-1]], schemas, name, depth + 1)
    for key in ("example", "const", "default"):
        if key in schema:
            return schema[key]
    if "enum" in schema:
        return schema["enum"][0]
    for key in ("allOf", "anyOf", "oneOf"):
        if key in schema:
            return example_of(schema[key][0], schemas, name, depth + 1)
    kinds = schema.get("type")
    kind = kinds[0] if isinstance(kinds, list) else kinds
    if kind == "object":
        properties = schema.get("properties", {})
        return {inner: example_of(row, schemas, inner, depth + 1) for inner, row in properties.items()}
    if kind == "array":
        found = BY_NAME.get(name)
        if isinstance(found, list):
            return found
        return [example_of(schema["items"], schemas, name.removesuffix("s"), depth + 1)] if depth < DEEPEST else []
    return _plain(kind, schema, name)


def _plain(kind: str | None, schema: dict[str, Any], name: str) -> Any:
    if kind == "integer":
        return max(1, schema.get("minimum", 1))
    if kind == "number":
        return 0.5
    if kind == "boolean":
        return False
    if kind == "null":
        return None
    if found := FORMATS.get(schema.get("format", "")):
        return found
    return next(
        (
            text
            for text in (_first_choice(schema) or None, BY_NAME.get(name), *TEXTS)
            if isinstance(text, str) and _fits(text, schema)
        ),
        "",
    )


def _first_choice(schema: dict[str, Any]) -> str:
    """The first of the texts among which a pattern chooses; empty for other patterns."""
    found = re.match(r"\^!\?\((\w+)\|", schema.get("pattern", ""))
    return found[1] if found else ""


def _fits(text: str, schema: dict[str, Any]) -> bool:
    long_enough = schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", len(text))
    return long_enough and bool(re.search(schema.get("pattern", ""), text))
