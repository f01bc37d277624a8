"""A group of fields that is folded away stands open where something in it is wrong."""

from __future__ import annotations

from django.contrib.admin.helpers import Fieldset
from django.contrib.admin.utils import flatten


def is_folded(group: Fieldset) -> bool:
    """As Django's is_collapsible, which looks for a wrong field among the lines of the group and so overlooks one that
    shares its line with others."""
    return "collapse" in group.classes and group.form.errors.keys().isdisjoint(flatten(group.fields))  # type: ignore[attr-defined]


# The groups of rows below a page are made by Django's own helpers, which take no class of ours.
Fieldset.is_collapsible = property(is_folded)  # type: ignore[assignment,method-assign]
