"""What is done to the document as a whole: an address for each format, names, tags, examples."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from drf_spectacular.plumbing import get_doc

from factcheck.api.schema import headers
from factcheck.api.schema.examples import add_examples
from factcheck.api.schema.shared import share
from factcheck.api.schema.values import nullable

Endpoint = tuple[str, str, str, Callable[..., Any]]
FORMAT = "{format_name}"
TAGS = {"root": "Where programs begin: the addresses of all lists."}


def name_formats(endpoints: list[Endpoint]) -> list[Endpoint]:
    """One address for each format, where the address names it: each answers in one media type."""
    found: list[Endpoint] = []
    for path, regex, method, callback in endpoints:
        formats = getattr(callback.cls, "formats", None) if FORMAT in path else None  # type: ignore[attr-defined]
        names = formats if formats is not None else [FORMAT]
        found += [(path.replace(FORMAT, name), regex, method, callback) for name in names]
    return found


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """The document with the names, tags and examples that are told of all of it at once."""
    # A copy: constants of the modules stand in it, and the next document is made of them too.
    result = copy.deepcopy(result)
    schemas = result["components"]["schemas"]
    for schema in [*schemas.values(), *_bodies(result)]:
        _name_titled(schema, schemas)
    result["tags"] = _tags(result, generator)
    _drop_unused(result)
    add_examples(result)
    result["components"]["headers"] = headers.RATE_LIMIT
    for operation in operations(result):
        for response in operation["responses"].values():
            limits = {name: {"$ref": f"#/components/headers/{name}"} for name in headers.RATE_LIMIT}
            response["headers"] = response.get("headers", {}) | limits
    share(result)
    return result


def operations(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every operation of the document."""
    for methods in result["paths"].values():
        yield from methods.values()


def _bodies(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for operation in operations(result):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for body in bodies:
            for content in body.get("content", {}).values():
                yield content["schema"]


def _name_titled(schema: Any, schemas: dict[str, Any]) -> None:
    """Put each object that has a title among the components, under that name."""
    for place, inner in list(schema.items() if isinstance(schema, dict) else enumerate(schema)):
        if not isinstance(inner, dict | list):
            continue
        _name_titled(inner, schemas)
        if isinstance(inner, dict) and inner.keys() == {"allOf"} and len(inner["allOf"]) == 1:
            inner = schema[place] = inner["allOf"][0]
        if isinstance(inner, dict) and "title" in inner and _is_object(inner):
            schema[place] = _move(inner, schemas)


def _is_object(schema: dict[str, Any]) -> bool:
    kind = schema.get("type")
    return kind == "object" or (isinstance(kind, list) and "object" in kind)


def _move(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    about: dict[str, Any] = {key: schema[key] for key in ("description", "readOnly") if key in schema}
    shape = {key: value for key, value in schema.items() if key not in {*about, "title"}} | {"type": "object"}
    known = schemas.setdefault(schema["title"], shape)
    if {**known, "description": ""} != {**shape, "description": ""}:
        raise ValueError(f"Two different things are called {schema['title']}.")
    told = {"$ref": f"#/components/schemas/{schema['title']}"}
    if isinstance(schema["type"], list):
        return {**nullable(told), **about}
    return {"allOf": [told], **about} if about else told


def _tags(result: dict[str, Any], generator: Any) -> list[dict[str, str]]:
    """The nouns, each with what its first view says of it."""
    texts = dict(TAGS)
    for path, _regex, _method, callback in generator.endpoints:
        noun = next(iter(part for part in path.split("/")[3:] if part), "root")
        texts.setdefault(noun, get_doc(callback.cls))
    used = {tag for operation in operations(result) for tag in operation["tags"]}
    return [{"name": name, "description": texts[name]} for name in sorted(used)]


def _drop_unused(result: dict[str, Any]) -> None:
    """Leave out the components that nothing refers to."""
    schemas = result["components"]["schemas"]
    reached: set[str] = set()
    waiting = list(_refs(result["paths"]))
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += _refs(schemas[name])
    result["components"]["schemas"] = {name: schemas[name] for name in sorted(reached)}


def _refs(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].rsplit("/", 1)[-1]
        for inner in part.values():
            yield from _refs(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _refs(inner)
