"""Which nouns can be searched, and by which of their fields: each says so once, when its app is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

ROOM = 2**56
"""How many rows of a noun can be searched."""


@dataclass(frozen=True, slots=True)
class SearchedNoun:
    """A noun, its lasting number in the index, and the fields by which its rows are found."""

    model: type[models.Model]
    number: int
    fields: tuple[str, ...]

    @property
    def first(self) -> int:
        """What is added to the number of a row for its number in the index."""
        return self.number * ROOM

    def key(self, pk: int) -> int:
        """The number in the index of the row with this number."""
        return self.first + pk

    def differs(self, one: models.Model, other: models.Model) -> bool:
        """Whether two versions of a row are found by different words."""
        return any(getattr(one, name) != getattr(other, name) for name in self.fields)


_nouns: dict[type[models.Model], SearchedNoun] = {}


def add_searched_noun(model: type[models.Model], number: int, fields: Sequence[str]) -> SearchedNoun:
    """Rows of `model` are found by these fields from now on. The number stays with the noun for good."""
    taken = next((noun for noun in _nouns.values() if noun.number == number), None)
    assert taken is None or taken.model is model, f"{number} is the number of {taken}"
    assert 0 < number < 2**63 // ROOM
    _nouns[model] = noun = SearchedNoun(model, number, tuple(fields))
    return noun


def searched_nouns() -> list[SearchedNoun]:
    """All nouns that can be searched, in order of their numbers."""
    return sorted(_nouns.values(), key=lambda noun: noun.number)


def searched_noun(model: type[Any]) -> SearchedNoun | None:
    """What `model` is searched by, if it is."""
    return _nouns.get(model)
