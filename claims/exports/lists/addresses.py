"""Puts addresses into the API's own representation of rows: of the row itself, and of whatever it refers to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rest_framework.fields import Field
from rest_framework.relations import ManyRelatedField
from rest_framework.serializers import ListSerializer, Serializer

from claims.api.registry import Noun
from claims.exports.lists.nouns import PAGES, get_noun
from claims.reports.content.dossier import Imprint
from factcheck.api.reference import Reference

Change = Callable[[Any], Any]


def make_addressing(serializer: Serializer, noun: Noun | None, imprint: Imprint) -> Change:
    """A function that adds the addresses to a row of `noun` which `serializer` has represented.

    Everything that is the same for all rows is worked out here, once.
    """
    changes = {name: found for name, field in serializer.fields.items() if (found := _get_change(field, imprint))}
    addresses = imprint.addresses(noun.prefix) if noun else ""
    page_key = PAGES.get(noun.prefix, "") if noun else ""
    pages = imprint.pages(noun.prefix) if noun else ""

    def add_addresses(row: dict[str, Any]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for name, value in row.items():
            change = changes.get(name)
            result[name] = value if change is None or value is None else change(value)
            # Right after the id, where a reader of the file looks for them.
            if name == "id" and addresses:
                result["address"] = f"{addresses}{value}/"
                if page_key:
                    result["page"] = f"{pages}{row[page_key]}/"
        return result

    return add_addresses


def _get_change(field: Field, imprint: Imprint) -> Change | None:
    """How the value of one field changes, or None when it stays as it is."""
    if isinstance(field, ListSerializer) and field.child is not None:
        return _for_each(_get_change(field.child, imprint))
    if isinstance(field, ManyRelatedField):
        return _for_each(_get_change(field.child_relation, imprint))
    if isinstance(field, Reference):
        return _make_referring(get_noun(field.model), imprint)
    if isinstance(field, Serializer):
        return make_addressing(field, get_noun(getattr(getattr(field, "Meta", None), "model", None)), imprint)
    return None


def _make_referring(noun: Noun | None, imprint: Imprint) -> Change | None:
    if noun is None:
        return None
    addresses = imprint.addresses(noun.prefix)

    def add_address(value: dict[str, Any]) -> dict[str, Any]:
        # What is withheld has no id, and so no address.
        return {**value, "address": f"{addresses}{value['id']}/" if value["id"] else ""}

    return add_address


def _for_each(change: Change | None) -> Change | None:
    return (lambda values: [change(value) for value in values]) if change else None
