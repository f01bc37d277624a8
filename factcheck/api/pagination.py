"""Pages by position instead of by number: no COUNT, no OFFSET, and no row twice when rows are added
meanwhile."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.core import signing
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured, ValidationError
from django.db.models import Field, Q, QuerySet
from drf_spectacular.settings import spectacular_settings
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from factcheck.api.parameters import known_parameters, number_in
from factcheck.api.problem import bad_parameter
from factcheck.api.schema.grammar import CURSOR
from factcheck.base.http.address import public_url
from factcheck.models.choosing import first_rows

MOST_COUNTED = 10_000
"""So many rows are counted on demand; counting on would read the whole register."""
SALT = "factcheck.cursor.position"
SALT_BEFORE = "factcheck.cursor"
"""Of the cursors that held the time as well. Clients may hold them still: they are read until 0.2."""


class Order(NamedTuple):
    """The order of a list: as it is called, its column, and whether that and the id among equals descend."""

    name: str
    column: str
    descending: bool
    falling: bool

    def columns(self, reverse: bool) -> list[str]:
        """As a queryset takes it, or turned round."""
        keys = {self.column: self.descending, "id": self.falling} if self.column != "id" else {"id": self.descending}
        return [f"{'-' if down != reverse else ''}{column}" for column, down in keys.items()]


class SignedCursorPagination(CursorPagination):
    """Keyset pages over one column and the id.

    A cursor holds the position, the ordering and a digest of the filters, and is signed: one that was made
    up, or belongs to another question, is a 400. The column may not be null, since null has no place in an
    order. `view.ordering_fields` is a list of columns, or a dict of public name to column; `view.crossed_fields` are
    columns whose index has the id the other way round, so that they are ordered in that way alone.
    """

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    page_size_query_description = "How many rows a page holds, 1 to 200."
    cursor_query_description = "Where the page begins: take it from `next` or `previous`, it cannot be made up."
    ordering_query_param = "ordering"
    ordering = "-id"
    page: list[Any]
    counted: int | None = None

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: object = None
    ) -> list[Any]:
        assert isinstance(queryset, QuerySet)
        self.request = request
        self.page_size = self.get_page_size(request)
        self.base_url = public_url(request.get_full_path())
        self.order = self.read_ordering(request, view)
        self.field = column_field(queryset, self.order.column)
        self.counted = self.count(queryset) if self.is_counted(request) else None
        position = self.read_cursor(request)
        self.reverse = bool(position and position["r"])
        if position:
            queryset = queryset.filter(self.beyond(position["k"]))
        rows = first_rows(queryset.order_by(*self.order.columns(self.reverse)), self.page_size + 1)
        more = len(rows) > self.page_size
        self.page = rows[: self.page_size]
        if self.reverse:
            self.page.reverse()
        self.has_next = more if not self.reverse else bool(self.page)
        self.has_previous = more if self.reverse else bool(position and self.page)
        return self.page

    def is_counted(self, request: Request) -> bool:
        """Whether the caller asks how many rows there are."""
        given = request.query_params.get("count", "false")
        if given not in {"true", "false"}:
            raise bad_parameter("count", "Enter true or false.")
        return given == "true"

    def count(self, rows: QuerySet[Any]) -> int:
        """How many rows there are; one more than MOST_COUNTED where they are not counted any further."""
        return rows.order_by().values("pk")[: MOST_COUNTED + 1].count()

    def get_page_size(self, request: Request) -> int:
        return number_in(request, self.page_size_query_param, self.page_size, self.max_page_size)

    def read_ordering(self, request: Request, view: object) -> Order:
        """The ordering that was asked for, or that of the list. Raises a 400 for one that there is not."""
        allowed = ordering_columns(view)
        name = request.query_params.get(self.ordering_query_param)
        if name is None:
            name = str(getattr(view, "default_ordering", None) or self.ordering)
        elif name not in orderings(view):
            raise bad_parameter(self.ordering_query_param, say_orderings(view))
        first, _comma, second = name.partition(",")
        bare = first.removeprefix("-")
        return Order(name, allowed.get(bare, bare), first.startswith("-"), (second or first).startswith("-"))

    def beyond(self, key: list[Any]) -> Q:
        """The rows after the position; the first condition alone lets an index on the column be walked."""
        value, pk = key
        than, than_id = ("lt" if down != self.reverse else "gt" for down in (self.order.descending, self.order.falling))
        if self.order.column == "id":
            return Q(**{f"id__{than}": pk})
        column = self.order.column
        return Q(**{f"{column}__{than}e": value}) & (Q(**{f"{column}__{than}": value}) | Q(**{f"id__{than_id}": pk}))

    def digest(self, request: Request) -> str:
        """What the question was, apart from the position and the size of a page."""
        skipped = {self.cursor_query_param, self.page_size_query_param, "count"}
        asked = sorted((name, values) for name, values in request.query_params.lists() if name not in skipped)
        return hashlib.sha256(json.dumps([request.path, asked]).encode()).hexdigest()[:16]

    def read_cursor(self, request: Request) -> dict[str, Any] | None:
        encoded = request.query_params.get(self.cursor_query_param)
        if encoded is None:
            return None
        problem = bad_parameter(
            self.cursor_query_param,
            "This cursor was not made for this list, ordering and filter.",
            "invalid_cursor",
        )
        try:
            position = unsigned(encoded)
            if position["o"] != self.order.name or position["d"] != self.digest(request):
                raise problem
            position["k"][0] = self.field.to_python(position["k"][0])
        except (signing.BadSignature, ValidationError, ValueError, TypeError, KeyError):
            raise problem from None
        return position

    def link_from(self, row: object, *, reverse: bool) -> str:
        get: Any = row.get if isinstance(row, dict) else lambda name: _follow(row, name)
        value: Any = get(self.order.column)
        text = value.isoformat() if hasattr(value, "isoformat") else value if isinstance(value, int) else str(value)
        position = {"o": self.order.name, "k": [text, get("id")], "r": int(reverse), "d": self.digest(self.request)}
        # Without the time: the same page has the same links, and with them the same ETag.
        cursor = signing.Signer(salt=SALT).sign_object(position)
        return str(replace_query_param(str(self.base_url), self.cursor_query_param, cursor))

    def get_next_link(self) -> str | None:
        return self.link_from(self.page[-1], reverse=False) if self.has_next else None

    def get_previous_link(self) -> str | None:
        return self.link_from(self.page[0], reverse=True) if self.has_previous else None

    def page_facts(self) -> dict[str, Any]:
        """What an answer says of its page: the addresses of those beside it, and how many rows there are if asked."""
        facts: dict[str, Any] = {"next": self.get_next_link(), "previous": self.get_previous_link()}
        if self.counted is not None:
            facts |= {"count": min(self.counted, MOST_COUNTED), "count_exact": self.counted <= MOST_COUNTED}
        return facts

    def get_paginated_response(self, data: object) -> Response:
        links = self.page_facts()
        named = {"next": links["next"], "prev": links["previous"]}
        header = ", ".join(f'<{url}>; rel="{name}"' for name, url in named.items() if url)
        return Response({**links, "results": data}, headers={"Link": header} if header else {})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        new = str(spectacular_settings.OAS_VERSION).startswith("3.1")
        link = {
            "format": "uri",
            **({"type": ["string", "null"]} if new else {"type": "string", "nullable": True}),
        }
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {**link, "description": "The address of the next page, or null on the last."},
                "previous": {**link, "description": "The address of the page before, or null on the first."},
                "count": {
                    "type": "integer",
                    "description": f"With `count=true`: how many rows there are on all pages, at most {MOST_COUNTED}.",
                },
                "count_exact": {
                    "type": "boolean",
                    "description": "With `count=true`: whether that is all of them; false where there are more.",
                },
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        standing = getattr(view, "default_ordering", None) or self.ordering
        rows = [
            _parameter(
                "count",
                f"Whether to say how many rows there are on all pages; they are counted up to {MOST_COUNTED}.",
                {"type": "boolean", "default": False},
            ),
            _parameter("cursor", self.cursor_query_description, dict(CURSOR)),
            _parameter(
                "page_size",
                self.page_size_query_description,
                {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": self.max_page_size,
                    "default": SignedCursorPagination.page_size,
                },
            ),
            _parameter(
                "ordering",
                f"The order of the rows, by default {standing}; among equals that of the id, in the same direction.",
                {"type": "string", "enum": orderings(view)},
            ),
        ]
        taken = known_parameters(view)
        return [row for row in rows if row["name"] in taken]


def unsigned(cursor: str) -> Any:
    """What a cursor holds; BadSignature for one that nobody here signed."""
    try:
        return signing.Signer(salt=SALT).unsign_object(cursor)
    except signing.BadSignature:
        return signing.loads(cursor, salt=SALT_BEFORE)


def ordering_columns(view: object) -> dict[str, str]:
    """Public name to column; the id is always there."""
    declared = getattr(view, "ordering_fields", None) or ()
    columns = dict(declared) if isinstance(declared, dict) else {name: name for name in declared}
    return {"id": "id", **columns, **{name: name for name in crossed(view)}}


def crossed(view: object) -> tuple[str, ...]:
    """Columns whose index has the id the other way round."""
    return tuple(getattr(view, "crossed_fields", ()))


def orderings(view: object) -> list[str]:
    """Every order by one of the columns, and by the id after a moment: hardly any two rows have the same, so that no
    index has to hold both directions. After a crossed column the id always stands."""
    found = []
    for name in sorted(ordering_columns(view)):
        if name in crossed(view):
            found += [f"{name},-id", f"-{name},id"]
            continue
        found += [name, f"-{name}"]
        if name.endswith("_at"):
            found += [f"{first}{name},{second}id" for first in ("", "-") for second in ("", "-")]
    return found


def say_orderings(view: object) -> str:
    """In words, what a list can be ordered by."""
    names = sorted({*ordering_columns(view)} - {*crossed(view)})
    words = f"Order by one of {', '.join(names)}; put - before it to turn the order round."
    if any(name.endswith("_at") for name in names):
        words += " After a moment, such as -updated_at, the id may follow: -updated_at,id."
    if both := [f"{name},-id or -{name},id" for name in crossed(view)]:
        words += f" Or by {', or by '.join(both)}."
    return words


def column_field(queryset: QuerySet[Any], column: str) -> Field[Any, Any]:
    """The field that reads a position back: a column, one reached over relations, or an annotation."""
    if column in queryset.query.annotations:
        return queryset.query.annotations[column].output_field
    model, *rest = queryset.model, *column.split("__")
    field: Any = None
    for name in rest:
        field = model._meta.get_field(name)
        if field.null:
            raise ImproperlyConfigured(f"{column} may be null, and null has no place in an order.")
        model = field.related_model
    if field is None:
        raise FieldDoesNotExist(column)
    return field


def _follow(row: object, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "required": False, "in": "query", "description": str(description), "schema": schema}
