"""Answers held against the OpenAPI document, taken at its word: what it does not declare must not come.

A field that the document does not have, one that it says always comes and that is missing, and a value of another type
are told with their place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema
import jsonschema_rs
from drf_spectacular.generators import SchemaGenerator

NOT_OURS = {
    "Content-Type", "Content-Length", "Vary", "Allow", "Cache-Control", "X-Frame-Options", "X-Content-Type-Options",
    "Referrer-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Content-Security-Policy",
    "Permissions-Policy", "X-Request-ID", "Content-Disposition", "Content-Language", "Content-Encoding", "Connection",
    "Last-Modified", "Accept-Ranges", "X-Robots-Tag", "Strict-Transport-Security", "Server-Timing",
    "Access-Control-Allow-Origin", "Access-Control-Expose-Headers",
}  # fmt: skip
"""Headers of every answer, whatever the operation."""


@cache
def present_document() -> dict[str, Any]:
    """The document of this register, which takes seconds to make: once for all who only read it."""
    made: dict[str, Any] = SchemaGenerator().get_schema(public=True)
    return made


class Described:
    """The document, ready to be asked whether an answer is as it says."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = json.loads(json.dumps(document))
        for schema in self.document["components"]["schemas"].values():
            close(schema)
        self.made: dict[tuple[str, str, str], Any] = {}

    def operations(self, method: str = "get") -> Iterator[tuple[str, dict[str, Any]]]:
        """The path and the operation of each address that takes this method."""
        for path, methods in self.document["paths"].items():
            if method in methods:
                yield path, methods[method]

    def faults(self, path: str, method: str, response: Any) -> list[str]:
        """What an answer says that the document does not, or the other way round."""
        operation = self.document["paths"][path][method]
        told = self.resolved(operation["responses"].get(str(response.status_code)))
        if told is None:
            return [f"{response.status_code} is not among its answers"]
        found = [f"header {name}" for name in set(response.headers) - NOT_OURS - set(told.get("headers", ()))]
        kind = response.headers.get("Content-Type", "").split(";")[0]
        contents = told.get("content", {})
        if not contents:
            return found
        body = b"".join(response.streaming_content) if response.streaming else response.content
        if kind not in contents:
            return [*found, f"{kind} is not among its media types"]
        if "json" in kind and "ndjson" not in kind:
            fast, exact = self.validators(path, method, str(response.status_code), kind)
            value = json.loads(body)
            if not fast.is_valid(value):
                found += sorted({place_of(error) for error in exact.iter_errors(value)})
        return found

    def resolved(self, answer: dict[str, Any] | None) -> Any:
        """What is said of an answer, which many operations may share."""
        if answer is None or "$ref" not in answer:
            return answer
        return self.document["components"]["responses"][answer["$ref"].rsplit("/", 1)[-1]]

    def validators(self, path: str, method: str, status: str, kind: str) -> tuple[Any, Any]:
        """The schema of one answer, read once: by a fast library, and by one that says where a fault is."""
        key = (f"{method} {path}", status, kind)
        if key not in self.made:
            told = self.resolved(self.document["paths"][path][method]["responses"][status])
            schema = told["content"][kind]["schema"]
            whole = {**close(schema), "components": self.document["components"]}
            fast = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
            formats = jsonschema.Draft202012Validator.FORMAT_CHECKER
            self.made[key] = fast, jsonschema.Draft202012Validator(whole, format_checker=formats)
        return self.made[key]


def place_of(error: jsonschema.ValidationError) -> str:
    """Where the fault is and what, without the numbers of rows; of alternatives in the one that fits best."""
    path = [str(part) for part in error.absolute_path if not isinstance(part, int)]
    inner = [one for one in error.context or () if one.validator != "type" or one.path]
    if inner:
        return place_of(max(inner, key=lambda one: len(one.absolute_path)))
    return f"{'.'.join(path)}: {error.message[:200]}"


def parameters_of(document: dict[str, Any], operation: dict[str, Any]) -> list[dict[str, Any]]:
    """The parameters of an operation, those that it shares with others too."""
    shared = document["components"]["parameters"]
    return [shared[row["$ref"].rsplit("/", 1)[-1]] if "$ref" in row else row for row in operation.get("parameters", ())]


def close(schema: Any) -> Any:
    """The schema, in which an object has no fields but those that it declares; changed in place."""
    if isinstance(schema, list):
        for inner in schema:
            close(inner)
    elif isinstance(schema, dict):
        for inner in schema.values():
            close(inner)
        kind = schema.get("type")
        if "properties" in schema and (kind == "object" or (isinstance(kind, list) and "object" in kind)):
            schema.setdefault("additionalProperties", False)
    return schema
