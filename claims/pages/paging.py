"""Long lists a page at a time, by the row after which to go on: the last page costs what the first one does."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest

from factcheck.models.choosing import first_rows

PARAMETER = "after"


def page_of(rows: QuerySet[Any], request: HttpRequest, order: tuple[str, ...], size: int) -> tuple[list[Any], str]:
    """The next `size` rows after the one whose id is in the address, and the query for those that follow, if any do.

    `order` names fields of the row and ends with its id; a minus turns one round. Raises Http404 for a row that is not
    among them.
    """
    key = request.GET.get(PARAMETER, "")
    if key:
        rows = _following(rows, _anchor(rows, key), order)
    found = first_rows(rows.order_by(*order), size + 1)
    if len(found) <= size:
        return found, ""
    query = request.GET.copy()
    query[PARAMETER] = str(found[size - 1].pk)
    return found[:size], f"?{query.urlencode()}"


def _anchor(rows: QuerySet[Any], key: str) -> Model:
    anchor = rows.filter(pk=key).first() if key.isascii() and key.isdigit() and len(key) < 19 else None
    if anchor is None:
        raise Http404
    return anchor


def _following(rows: QuerySet[Any], anchor: Model, order: tuple[str, ...]) -> QuerySet[Any]:
    further, same = Q(pk__in=[]), Q()
    for entry in order:
        name = entry.removeprefix("-")
        value = getattr(anchor, name)
        further |= same & Q(**{f"{name}__{'lt' if entry.startswith('-') else 'gt'}": value})
        same &= Q(**{name: value})
    return rows.filter(further)
