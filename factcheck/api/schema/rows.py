"""How rows are told, alone and among many, and in which words."""

from __future__ import annotations

import re
from typing import Any

from drf_spectacular.plumbing import get_doc, is_basic_serializer, is_serializer
from drf_spectacular.utils import OpenApiParameter

from factcheck.api.parameters import known_parameters
from factcheck.api.schema.grammar import names_parameter
from factcheck.api.sparse import askable_fields

FIELDS = (
    "The fields to answer a row with, separated by commas; by default all. The others are missing then, those too that"
    " always come otherwise: a client that holds answers against their shape asks for whole rows."
)
INCLUDE = {
    True: "Parts to add to each row, separated by commas.",
    False: "Parts as in the list, separated by commas. A row by itself has all of them without it.",
}
"""In lists, and of a row by itself."""


def parts_of_rows(view: Any, is_list: bool) -> list[OpenApiParameter]:
    """The parameters by which a caller says what of a row is wanted."""
    taken, found = known_parameters(view), []
    if "fields" in taken:
        found.append(names_parameter("fields", askable_fields(view), FIELDS))
    if "include" in taken:
        found.append(names_parameter("include", view.include_fields, INCLUDE[is_list]))
    return found


def listed(serializer: Any, view: Any) -> Any:
    """The serializer as it is among many, where some parts of a row come only when they are asked for."""
    if not is_serializer(serializer) or not is_basic_serializer(serializer):
        return serializer
    kind: Any = serializer if isinstance(serializer, type) else type(serializer)
    parts = getattr(getattr(kind, "Meta", None), "parts", ())
    if not parts:
        return serializer
    # With a context of its own: that of a list would leave the parts out.
    row = kind(context={"view": view})
    asked_for = bool(getattr(view, "include_fields", ()))
    row.is_listed = True
    row.not_always = frozenset(parts)
    if not asked_for:
        for name in parts:
            row.fields.pop(name, None)
    return row


def words_of(serializer_class: type[Any]) -> str:
    """What a serializer says of itself, else what its model is in the world."""
    if own := serializer_class.__dict__.get("__doc__"):
        return get_doc(type("Words", (), {"__doc__": own}))
    model = getattr(getattr(serializer_class, "Meta", None), "model", None)
    return get_doc(type("Words", (), {"__doc__": model.__doc__})) if model is not None else ""


def first_sentence(text: str) -> str:
    """The first sentence, without its full stop."""
    return re.split(r"(?<=[^.])[.;:](?:\s|$)", text.strip(), maxsplit=1)[0].replace("\n", " ")
