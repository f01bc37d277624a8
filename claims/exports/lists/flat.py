"""Rows of the API as flat rows of a table: one fixed list of columns, worked out from the serializer's own fields.

A reference becomes its id, its words and its address; references become three cells with one entry after another; an
object becomes columns that begin with its name. What has no such form is JSON in one cell. Nothing is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson
from rest_framework.fields import DecimalField, Field
from rest_framework.relations import ManyRelatedField
from rest_framework.serializers import ListSerializer, Serializer

from factcheck.api.reference import Reference
from factcheck.api.shown import PersonField

SEPARATOR = "; "
PAGE_OF = frozenset({"claim", "dispute"})
"""The models whose rows have a page for people."""

Value = Callable[[Any], object]
Cell = tuple[str, str, Value]
"""The name of a column, what it means, and how its value is found in a row."""


@dataclass(frozen=True, slots=True)
class Flat:
    """The columns of a table, what they mean, and how a row becomes flat."""

    columns: tuple[str, ...]
    meanings: Mapping[str, str]
    cells: tuple[Cell, ...]

    def flatten(self, row: Mapping[str, Any]) -> dict[str, object]:
        """The row by its columns."""
        return {name: value(row) for name, _meaning, value in self.cells}


def make_flat(serializer: Serializer) -> Flat:
    """The form of the rows that `serializer` makes."""
    cells = tuple(_make_cells(serializer))
    return Flat(tuple(cell[0] for cell in cells), {name: meaning for name, meaning, _value in cells}, cells)


def _make_cells(serializer: Serializer) -> Iterator[Cell]:
    """The cells of an object, its own address after its id."""
    for name, field in serializer.fields.items():
        if field.write_only:
            continue
        yield from _prefix_cells(name, _make_cells_of_field(field))
        if name == "id":
            yield "address", "Where the row is read by programs.", _make_getter("address")
            if _get_model_name(serializer) in PAGE_OF:
                yield "page", "Where the row is read by people.", _make_getter("page")


def _prefix_cells(name: str, cells: Iterator[Cell]) -> Iterator[Cell]:
    """The cells of a field as cells of the row that holds it."""
    for own, meaning, value in cells:
        yield f"{name}{own}", meaning, _make_inner_getter(name, value)


def _make_inner_getter(name: str, value: Value) -> Value:
    def get(row: Mapping[str, Any] | None) -> object:
        held = row.get(name) if row is not None else None
        return "" if held is None else value(held)

    return get


def _make_getter(name: str) -> Value:
    return lambda row: "" if row is None else row.get(name, "")


def _make_cells_of_field(field: Field) -> Iterator[Cell]:
    """The cells of one field; what follows its name in the columns, and a value of what the field holds."""
    meaning = str(field.help_text or ("The number of the row." if field.field_name == "id" else ""))
    if isinstance(field, Reference):
        yield from _make_reference_cells(field, meaning)
    elif isinstance(field, PersonField):
        yield "_id", f"{meaning} The id.", _make_getter("id")
        yield "", meaning, _make_getter("label")
    elif isinstance(field, ManyRelatedField) and isinstance(field.child_relation, Reference):
        yield "_ids", f"{meaning} The ids.", lambda rows: _join([str(row["id"]) for row in rows])
        yield "", meaning, lambda rows: _join([str(row["label"]) for row in rows])
        yield (
            "_addresses",
            f"{meaning} Where they are read by programs.",
            lambda rows: _join([row.get("address", "") for row in rows]),
        )
    elif isinstance(field, ListSerializer):
        yield "", meaning, _dump
    elif isinstance(field, Serializer):
        for name, what, value in _make_cells(field):
            yield f"_{name}", what, value
    elif shape := _get_schema(field).get("properties"):
        yield from _make_described_cells(shape)
    elif isinstance(field, DecimalField):
        yield "", meaning, lambda value: Decimal(str(value))
    else:
        yield "", meaning, _simplify


def _make_reference_cells(field: Reference, meaning: str) -> Iterator[Cell]:
    yield "_id", f"{meaning} The id.", _make_getter("id")
    yield "", meaning, _make_getter("label")
    for name in getattr(field.model, "reference_fields", ()):
        yield f"_{name}", f"{meaning} The {name}.", _make_getter(name)
    yield "_address", f"{meaning} Where it is read by programs.", _make_getter("address")


def _get_model_name(serializer: Serializer) -> str:
    model = getattr(getattr(serializer, "Meta", None), "model", None)
    return str(model._meta.model_name) if model is not None else ""


def _get_schema(field: Field) -> Mapping[str, Any]:
    """What the documentation of the API says of a field that makes an object of its own."""
    described = getattr(field, "_spectacular_annotation", {}).get("field", {})
    return described if isinstance(described, dict) else {}


def _make_described_cells(properties: Mapping[str, Any]) -> Iterator[Cell]:
    """The cells of an object as its description has it; numbers are not repeated in words."""
    for name, schema in properties.items():
        if inner := schema.get("properties"):
            for own, meaning, value in _make_described_cells(inner):
                yield f"_{name}{own}", meaning, _make_inner_getter(name, value)
        elif name != "words":
            yield f"_{name}", str(schema.get("description", "")), _make_inner_getter(name, _simplify)


def _join(values: list[str]) -> str:
    """The values one after another; as JSON where one holds the sign between them."""
    if any(SEPARATOR.strip() in value for value in values):
        return _dump(values)
    return SEPARATOR.join(values)


def _simplify(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        return _join(value)
    if isinstance(value, list) and all(isinstance(entry, dict) and "words" in entry for entry in value):
        return _join([entry["words"] for entry in value])
    return _dump(value) if isinstance(value, dict | list) else value


def _dump(value: object) -> str:
    return orjson.dumps(value, default=str).decode() if value not in ([], {}) else ""
