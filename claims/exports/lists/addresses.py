"""Puts addresses into the API's own representation of rows: of the row itself, and of whatever it refers to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rest_framework.relations import ManyRelatedField
from rest_framework.serializers import BaseSerializer, ListSerializer

from claims.exports.lists.flat import model_of
from claims.exports.lists.nouns import PAGES, Noun, noun_of
from claims.reports.content.dossier import Imprint
from factcheck.api.reference import Reference

Change = Callable[[Any], Any]


def addressed(serializer: Any, noun: Noun | None, imprint: Imprint) -> Change:
    """What adds the addresses to a row that `serializer` made, a row of `noun`; worked out once for all rows."""
    changes = {name: found for name, field in serializer.fields.items() if (found := _change(field, imprint))}

    def change(row: dict[str, Any]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for name, value in row.items():
            of_field = changes.get(name)
            result[name] = value if of_field is None or value is None else of_field(value)
            if name == "id" and noun is not None:
                result["address"] = imprint.address(noun.prefix, value)
                if noun.prefix in PAGES:
                    result["page"] = imprint.page(noun.prefix, row[PAGES[noun.prefix]])
        return result

    return change


def _change(field: Any, imprint: Imprint) -> Change | None:
    """How the value of one field changes, or None when it stays as it is."""
    if isinstance(field, ListSerializer):
        return _each(_change(field.child, imprint))
    if isinstance(field, ManyRelatedField):
        return _each(_change(field.child_relation, imprint))
    if isinstance(field, Reference):
        return _referring(noun_of(model_of(field)), imprint)
    if isinstance(field, BaseSerializer) and hasattr(field, "fields"):
        return addressed(field, noun_of(getattr(getattr(field, "Meta", None), "model", None)), imprint)
    return None


def _referring(noun: Noun | None, imprint: Imprint) -> Change | None:
    if noun is None:
        return None
    prefix = noun.prefix
    return lambda value: {**value, "address": imprint.address(prefix, value["id"])}


def _each(change: Change | None) -> Change | None:
    return (lambda values: [change(value) for value in values]) if change else None
