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
from rest_framework import serializers

from factcheck.api.reference import Reference
from factcheck.api.shown import PersonField

SEPARATOR = "; "
PAGE_OF = frozenset({"claim", "dispute"})
"""The models whose rows have a page for people."""
TOLD_ALONG = {"source": ("slug",), "document": ("url",), "rating": ("code", "leaning"), "dispute": ("slug",)}
"""What a reference says beside id and words, by its model."""

Value = Callable[[Any], Any]
Cell = tuple[str, str, Value]
"""The name of a column, what it means, and how its value is found in a row."""


@dataclass(frozen=True, slots=True)
class Flat:
    """The columns of a table, what they mean, and how a row becomes flat."""

    columns: tuple[str, ...]
    meanings: Mapping[str, str]
    cells: tuple[Cell, ...]

    def flatten(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The row by its columns."""
        return {name: value(row) for name, _meaning, value in self.cells}


def flat_of(serializer: Any) -> Flat:
    """The form of the rows that `serializer` makes."""
    cells = tuple(_row(serializer))
    return Flat(tuple(cell[0] for cell in cells), {name: meaning for name, meaning, _value in cells}, cells)


def _row(serializer: Any) -> Iterator[Cell]:
    """The cells of an object, its own address after its id."""
    for name, field in serializer.fields.items():
        if field.write_only:
            continue
        yield from _within(name, _cells(field))
        if name == "id":
            yield "address", "Where the row is read by programs.", _named("address")
            if _model_name(serializer) in PAGE_OF:
                yield "page", "Where the row is read by people.", _named("page")


def _within(name: str, cells: Iterator[Cell]) -> Iterator[Cell]:
    """The cells of a field as cells of the row that holds it."""
    for own, meaning, value in cells:
        yield f"{name}{own}", meaning, _then(name, value)


def _then(name: str, value: Value) -> Value:
    def of(row: Any) -> Any:
        held = row.get(name) if row is not None else None
        return "" if held is None else value(held)

    return of


def _named(name: str) -> Value:
    return lambda row: "" if row is None else row.get(name, "")


def _cells(field: Any) -> Iterator[Cell]:
    """The cells of one field; what follows its name in the columns, and a value of what the field holds."""
    meaning = str(field.help_text or ("The number of the row." if field.field_name == "id" else ""))
    if isinstance(field, Reference):
        yield from _reference(field, meaning)
    elif isinstance(field, PersonField):
        yield "_id", f"{meaning} The id.", _named("id")
        yield "", meaning, _named("label")
    elif isinstance(field, serializers.ManyRelatedField) and isinstance(field.child_relation, Reference):
        yield "_ids", f"{meaning} The ids.", lambda rows: _joined([str(row["id"]) for row in rows])
        yield "", meaning, lambda rows: _joined([str(row["label"]) for row in rows])
        yield (
            "_addresses",
            f"{meaning} Where they are read by programs.",
            lambda rows: _joined([row.get("address", "") for row in rows]),
        )
    elif isinstance(field, serializers.ListSerializer):
        yield "", meaning, _as_json
    elif isinstance(field, serializers.BaseSerializer):
        for name, what, value in _row(field):
            yield f"_{name}", what, value
    elif shape := _schema(field).get("properties"):
        yield from _described(shape)
    elif isinstance(field, serializers.DecimalField):
        yield "", meaning, lambda value: Decimal(str(value))
    else:
        yield "", meaning, _plain


def _reference(field: Reference, meaning: str) -> Iterator[Cell]:
    yield "_id", f"{meaning} The id.", _named("id")
    yield "", meaning, _named("label")
    for name in TOLD_ALONG.get(model_of(field)._meta.model_name, ()):
        yield f"_{name}", f"{meaning} The {name}.", _named(name)
    yield "_address", f"{meaning} Where it is read by programs.", _named("address")


def model_of(field: Reference) -> Any:
    """The model that a reference refers to."""
    queryset: Any = getattr(field, "queryset", None)
    if queryset is not None:
        return queryset.model
    # One that is only read has no queryset: its path leads there.
    parent: Any = field.parent
    model = parent.Meta.model
    for name in field.source_attrs:
        model = model._meta.get_field(name).related_model
    return model


def _model_name(serializer: Any) -> str:
    model = getattr(getattr(serializer, "Meta", None), "model", None)
    return str(model._meta.model_name) if model is not None else ""


def _schema(field: Any) -> Mapping[str, Any]:
    """What the documentation of the API says of a field that makes an object of its own."""
    told = getattr(field, "_spectacular_annotation", {}).get("field", {})
    return told if isinstance(told, dict) else {}


def _described(properties: Mapping[str, Any]) -> Iterator[Cell]:
    """The cells of an object as its description has it; numbers are not repeated in words."""
    for name, told in properties.items():
        if inner := told.get("properties"):
            for own, meaning, value in _described(inner):
                yield f"_{name}{own}", meaning, _then(name, value)
        elif name != "words":
            yield f"_{name}", str(told.get("description", "")), _then(name, _plain)


def _joined(values: list[str]) -> str:
    """The values one after another; as JSON where one holds the sign between them."""
    if any(SEPARATOR.strip() in value for value in values):
        return _as_json(values)
    return SEPARATOR.join(values)


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        return _joined(value)
    return _as_json(value) if isinstance(value, dict | list) else value


def _as_json(value: Any) -> str:
    return orjson.dumps(value, default=str).decode() if value not in ([], {}) else ""
