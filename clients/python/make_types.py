"""Writes the types of the Python client from the OpenAPI document: `make_types.py DOCUMENT.json TYPES.py`.

Each object of the document is a TypedDict: rows stay plain dicts, and the types cost nothing when a program runs.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HEAD = '''\
"""The rows of the register and what they are entered with. Made from the OpenAPI document by `make python-client`."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

'''
LEFT_OUT = re.compile(r".+(Page|Entered|OrMany)$")
"""Pages and lists, which the client takes apart."""
SIMPLE = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
UNNAMED = {"object": "dict[str, Any]", "array": "list[Any]"}


def types_of(document: dict[str, Any]) -> str:
    """The module with the types of a document, in the order of their names."""
    schemas = document["components"]["schemas"]
    kept = sorted(name for name in schemas if not LEFT_OUT.fullmatch(name))
    return HEAD + "\n\n".join("\n".join(declared(name, schemas[name])) + "\n" for name in kept)


def declared(name: str, schema: dict[str, Any]) -> Iterator[str]:
    if "properties" not in schema:
        yield f"{name}: TypeAlias = {quoted(written(schema))}"
        return
    required = set(schema.get("required", ()))
    fields = {
        field: written(shape) if field in required else f"NotRequired[{written(shape)}]"
        for field, shape in schema["properties"].items()
    }
    if any(field in {"for", "from", "class", "in"} or not field.isidentifier() for field in fields):
        yield f"{name} = TypedDict({name!r}, {{"
        yield from (f"    {field!r}: {quoted(shape)}," for field, shape in fields.items())
        yield "})"
        return
    yield f"class {name}(TypedDict):"
    if words := " ".join(str(schema.get("description", "")).split()):
        yield f"    {json.dumps(words, ensure_ascii=False)}"
    yield from (f"    {field}: {shape}" for field, shape in fields.items())
    if not fields and not words:
        yield "    pass"


def quoted(shape: str) -> str:
    """What stands where it is evaluated may name a type that comes later."""
    return json.dumps(shape, ensure_ascii=False).replace("\\'", "'") if re.search(r"[A-Z]\w*|\|", shape) else shape


def written(schema: dict[str, Any]) -> str:
    """A shape of the document as a type of Python."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[1]
    if "enum" in schema:
        return f"Literal[{', '.join(repr(value) for value in schema['enum'])}]"
    for word in ("oneOf", "anyOf", "allOf"):
        if word in schema:
            return " | ".join(dict.fromkeys(map(written, schema[word])))
    kinds = schema.get("type", "object")
    return " | ".join(one_kind(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds))


def one_kind(kind: str, schema: dict[str, Any]) -> str:
    if kind == "array" and "items" in schema:
        return f"list[{written(schema['items'])}]"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"dict[str, {written(schema['additionalProperties'])}]"
    return SIMPLE.get(kind) or UNNAMED[kind]


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    target.write_text(types_of(json.loads(source.read_text(encoding="utf-8"))), encoding="utf-8")
