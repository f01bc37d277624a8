"""How the fields of serializers are told: references, people, choices, what may be empty or hidden."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Choices
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import Direction
from rest_framework import serializers

from factcheck.api.schema.grammar import EDTF_OR_EMPTY
from factcheck.api.shown import ShownSerializer, hidden_value
from factcheck.base.fields import EdtfDateField

ID: dict[str, Any] = {"type": "integer", "format": "int64", "minimum": 1, "example": 7}
BY_ID: dict[str, Any] = {
    "title": "RowById",
    "type": "object",
    "required": ["id"],
    "properties": {"id": {**ID, "description": "The id of the row."}},
}
BY_NAME: dict[str, Any] = {
    "type": "string",
    "pattern": "^([-a-zA-Z0-9_]+:)?[-a-zA-Z0-9_]+$",
    "description": "The slug of a dispute or source, the code of a rating or scale; of a rating whose code several "
    "scales have, after the code of its own (`stars:supported`).",
    "example": "kremlin",
}
BY_REF: dict[str, Any] = {
    "title": "RowByRef",
    "type": "object",
    "required": ["ref"],
    "properties": {
        "ref": {
            "type": "string",
            "minLength": 1,
            "maxLength": 100,
            "description": "The name that the row was given in this request.",
            "example": "ministry",
        }
    },
}
REASONED: dict[str, Any] = {
    "type": "object",
    "description": "Nothing but the reason, where one is needed.",
    "properties": {},
}
REASON: dict[str, Any] = {
    "type": "string",
    "maxLength": 2000,
    "description": "Why; or send the header X-Change-Reason. Required for public rows.",
    "example": "The agency corrected its report.",
}
PERSON: dict[str, Any] = {
    "type": "object",
    "description": "A member of the desk.",
    "required": ["id", "label"],
    "properties": {
        "id": {"type": ["integer", "null"], "description": "The user; null outside the desk.", "example": 3},
        "label": {
            "type": "string",
            "description": "The person's name, or “Desk” where that is not told.",
            "example": "Desk",
        },
    },
}


class ReferenceExtension(OpenApiSerializerFieldExtension):
    """A Reference is written as an id or an object and read as an object, one for each model."""

    target_class = "factcheck.api.reference.Reference"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        if direction == "request":
            known = written(auto_schema, by_name=bool(self.target.short_name), by_ref=takes_refs(self.target))
            if self.target.or_new is None:
                return known
            new = auto_schema.resolve_serializer(self.target.or_new, direction).ref
            name = f"{known['$ref'].rsplit('/', 1)[-1]}OrNew"
            return named(auto_schema, name, {"description": "A known row, or a new one.", "anyOf": [known, new]})
        model = self.target.model
        identity: dict[str, Any] = {**ID, "description": "Its id."}
        if self.target.may_lack_id:
            told = "Its id; null where the reader may not know which it is."
            identity |= {"type": ["integer", "null"], "description": told}
        masked = getattr(model, "masked", ())
        told = f"The row in words. {MASKED}" if masked else "The row in words."
        properties = {
            "id": identity,
            "label": {"type": "string", "description": told, "example": "A row in words"},
        }
        for name in getattr(model, "reference_fields", ()):
            column = plain_text(
                name_choices(auto_schema, auto_schema._map_model_field(model._meta.get_field(name), None))
            )
            told = " ".join(filter(None, (column.get("description", ""), MASKED if name in masked else "")))
            properties[name] = {**column, **({"description": told} if told else {})}
        shape = {
            "type": "object",
            "description": f"A {model._meta.verbose_name} where another row refers to it.",
            "required": list(properties),
            "properties": properties,
        }
        return named(auto_schema, self.target.described_as or f"{model.__name__}Reference", shape)


class PersonExtension(OpenApiSerializerFieldExtension):
    """A member of the desk, or null where the column may be empty."""

    target_class = "factcheck.api.shown.PersonField"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        return nullable(named(auto_schema, "Person", PERSON))


def written(auto_schema: AutoSchema, *, by_name: bool, by_ref: bool) -> dict[str, Any]:
    """How a request refers to a row: one schema for all that take the same."""
    told = "A row by its id, alone or in the object that stands for it in answers"
    told += ", by its short name" if by_name else ""
    told += ", or by the `ref` that a row before it in the same request was given." if by_ref else "."
    ways = [ID, *([BY_NAME] if by_name else []), BY_ID, *([BY_REF] if by_ref else [])]
    name = "Id" + ("OrName" if by_name else "") + ("OrRef" if by_ref else "")
    return named(auto_schema, name, {"description": told, "anyOf": ways})


def takes_refs(field: Any) -> bool:
    """Whether the field stands in a row of a request whose rows refer to each other by name."""
    holder = field.parent.parent if isinstance(field.parent, serializers.ManyRelatedField) else field.parent
    return bool(getattr(holder, "takes_refs", False))


def named(auto_schema: AutoSchema, name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A reference to the schema, which stands under this name among the components."""
    component = ResolvedComponent(name, ResolvedComponent.SCHEMA, schema, object=name)
    auto_schema.registry.register_on_missing(component)
    return dict(component.ref)


def nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema, or null."""
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    if "type" in schema:
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        return schema if "null" in types else {**schema, "type": [*types, "null"]}
    for key in ("anyOf", "oneOf"):
        if key in schema:
            has_null = {"type": "null"} in schema[key]
            return schema if has_null else {**schema, key: [*schema[key], {"type": "null"}]}
    return schema


def describe(
    auto_schema: AutoSchema, field: serializers.Field, schema: dict[str, Any], direction: str
) -> dict[str, Any]:
    """What the framework says of a field, with what it does not know."""
    column = column_of(field)
    if isinstance(field, serializers.ChoiceField):
        # Of a field that is only read the framework does not say that it may be empty.
        if direction == "response" and getattr(column, "blank", False) and "" not in schema.get("enum", [""]):
            schema = {**schema, "enum": [*schema["enum"], ""]}
        return name_choices(auto_schema, schema)
    schema = plain_text(schema)
    if direction == "response":
        schema.pop("default", None)
        if is_hidden_as_null(field):
            schema = nullable(schema)
    if isinstance(column, EdtfDateField) and schema.get("type") == "string":
        schema = {**schema, **EDTF_OR_EMPTY}
    return schema


MASKED = "Outside the desk it tells of nothing that is withheld or was withdrawn, and may be empty for that."
"""Of what `shown_to` masks."""


def whom_shown(field: serializers.Field) -> str:
    """Who reads what stands in the field, where that is not everybody who reads the row; or nothing."""
    holder, name = field.parent, field.field_name
    if not isinstance(holder, ShownSerializer):
        return ""
    if name in getattr(holder.Meta, "desk_fields", ()):
        return "For the desk alone, and empty for everybody else."
    if name in getattr(holder.Meta.model, "masked", ()):
        return MASKED
    return ""


def is_hidden_as_null(field: serializers.Field) -> bool:
    """Whether the field is null for readers outside the desk."""
    holder = field.parent
    hidden = getattr(holder.Meta, "desk_fields", ()) if isinstance(holder, ShownSerializer) else ()
    return field.field_name in hidden and hidden_value(field) is None


def column_of(field: serializers.Field) -> Any:
    """The column of the model that a field shows, if it shows one."""
    model = getattr(getattr(field.parent, "Meta", None), "model", None)
    columns = {column.name: column for column in model._meta.concrete_fields} if model is not None else {}
    return columns.get(field.source or "")


def plain_text(schema: dict[str, Any]) -> dict[str, Any]:
    """Text with a pattern, or empty: the framework makes two alternatives of that, programs want one kind of text."""
    alternatives = schema.get("oneOf", [])
    empty = {"type": "string", "maxLength": 0}
    if empty not in alternatives or len(alternatives) != 2:
        return schema
    (text,) = (row for row in alternatives if row != empty)
    rest = {name: value for name, value in schema.items() if name != "oneOf"}
    pattern = text.get("pattern", "^.*$")
    if not re.search(pattern, ""):
        pattern = f"^(|{pattern.removeprefix('^').removesuffix('$')})$"
    return {**rest, **text, "pattern": pattern}


def name_choices(auto_schema: AutoSchema, schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with its choices under the name that the register's own vocabulary has for them."""
    choices = schema.get("enum")
    if not choices:
        return schema
    rest = {k: v for k, v in schema.items() if k not in {"enum", "type", "x-spec-enum-id", "default", "nullable"}}
    values = [value for value in choices if value not in ("", None)]
    found = vocabulary_of(values)
    kind = "integer" if all(isinstance(value, int) for value in values) else "string"
    may_be_empty, may_be_null = "" in choices, None in choices or schema.get("nullable") is True
    shape: dict[str, Any] = {"type": kind, "enum": [*values, *([""] if may_be_empty else [])]}
    if found is None:
        return {**rest, **(nullable({**shape, "enum": [*shape["enum"], None]}) if may_be_null else shape)}
    shape["description"] = meanings(found, values)
    name = found.__name__ + ("OrEmpty" if may_be_empty else "")
    if may_be_empty:
        shape["description"] += "\n\nEmpty where it is not said."
    told = named(auto_schema, name, shape)
    told = nullable(told) if may_be_null else told
    return {"allOf": [told], **rest} if "$ref" in told and rest else {**told, **rest}


def meanings(vocabulary: type[Choices], values: Iterable[Any]) -> str:
    """Each value with its meaning."""
    labels = dict(vocabulary.choices)
    return "\n".join(f"* `{value}`: {labels[value]}" for value in values)


def vocabulary_of(values: list[Any]) -> type[Choices] | None:
    """The vocabulary of the register that has exactly these values, if one has."""
    wanted = set(map(str, values))
    return next((kind for kind in vocabularies(Choices) if {str(value) for value in kind.values} == wanted), None)


def vocabularies(base: type[Choices]) -> Iterable[type[Choices]]:
    """Every vocabulary of the register, in the order in which they were written."""
    for kind in base.__subclasses__():
        if kind.__module__.split(".")[0] != "django" and getattr(kind, "values", None):
            yield kind
        yield from vocabularies(kind) if not getattr(kind, "values", None) else ()
