"""The rows that the desk talks about: any recorded noun, named as the audit trail names it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from factcheck.audit.access import is_desk
from factcheck.audit.differences import recorded_models
from factcheck.base.desk_address import url_of
from factcheck.base.people import Reader
from factcheck.models.recorded import RecordedModel

Named = tuple[str, int]
"""A noun and the number of a row of it."""


def find_row(user: Reader, noun: str, number: int) -> RecordedModel | None:
    """The row, if there is one and `user` works on the desk and may see it."""
    return find_rows(user, [(noun, number)]).get((noun, number))


def find_rows(user: Reader, named: Iterable[Named]) -> dict[Named, RecordedModel]:
    """Those of these rows that `user` may see, with one query for each noun; none for who is not of the desk."""
    if not is_desk(user):
        return {}
    models: dict[str, Any] = recorded_models()
    wanted: dict[str, set[int]] = defaultdict(set)
    for noun, number in named:
        if noun in models:
            wanted[noun].add(number)
    return {
        (noun, row.pk): row
        for noun, numbers in wanted.items()
        for row in models[noun]._default_manager.visible_to(user).filter(pk__in=numbers)
    }


def name_of(row: RecordedModel) -> Named:
    return row._meta.model_name or "", row.pk


def in_short(noun: str, number: int) -> str:
    """The row by its number alone, for what leaves the register."""
    model = recorded_models().get(noun)
    return f"{model._meta.verbose_name if model is not None else noun} {number}"


def who_may_see(people: Collection[Any], noun: str, number: int) -> list[Any]:
    """Those of these people who work on the desk and may see the row."""
    return [person for person in people if find_row(person, noun, number) is not None]


_SHOWN_ON: dict[str, str] = {}


def shown_on(noun: str, reference: str) -> None:
    """Rows of this noun are read on the page of the row to which `reference` leads, as long as they stand."""
    _SHOWN_ON[noun] = reference


def place_of(row: RecordedModel) -> str:
    """The address at which `row` is read on the desk: the page of the row under which it stands, where it is marked, or
    its own."""
    noun, number = name_of(row)
    field = _SHOWN_ON.get(noun)
    above = getattr(row, f"{field}_id") if field and getattr(row, "withdrawn_at", None) is None else None
    if field is None or above is None:
        return url_of(type(row), number)
    model: Any = row._meta.get_field(field).related_model
    return f"{url_of(model, above)}?new={noun}.{number}"
