"""A list with its filters, as one reader may read it, from beginning to end: what every export of rows is made from.

The list is named by its address, of the API or of the admin, so that filters, rights and refusals are its own.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from rest_framework.serializers import Serializer

from claims.api.prepared import PreparedViewSet
from claims.api.registry import Noun
from claims.choices import Audience
from claims.exports.lists import ndjson
from claims.exports.lists.addresses import Change, make_addressing
from claims.exports.lists.datafeed import Entry
from claims.exports.lists.kept import read_kept_lines, read_kept_rows
from claims.exports.lists.linked import RELATED, make_entries
from claims.exports.lists.nouns import EXPORTABLE, get_noun
from claims.exports.record import RowCounter, get_maker
from claims.reports.content.dossier import Imprint
from claims.services.prepared import audience_of
from factcheck.api.problem import Problem, bad_parameter
from factcheck.audit.access import is_desk
from factcheck.base.http.address import public_url
from factcheck.base.text import forbidden_character

if TYPE_CHECKING:
    from factcheck.api.exportable import ExportableList
    from factcheck.base.people import Reader

BATCH = 500
HELD_BY_OTHERS = frozenset({"claims"})
"""What comes along by default is all that hangs on a row, but not rows that are a list of their own."""
_API_LIST = re.compile(r"/api/v1/([a-z-]+)/")


def get_listing(address: str, reader: Reader, *, ids: Collection[int] | None = None) -> Listing:
    """The list at `address`, a path with its query such as `/api/v1/claims/?status=published`, for `reader`.

    `ids` restricts it to a selection. Raises what the list itself would answer: a refusal that names the parameter, or
    that says that the list is not for this reader. Raises Problem for an address that is no list.
    """
    address = address.removeprefix(settings.FACTCHECK_BASE_URL)
    parts = urlsplit(address)
    path, parameters = "" if parts.netloc else parts.path, QueryDict(parts.query)
    check_text_of(parameters)
    if (found := _API_LIST.fullmatch(path)) and (noun := EXPORTABLE.get(found[1])):
        view = noun.viewset.for_export(reader, parameters)
        return Listing(noun, view, view.select_rows(), address, ids)
    if path.startswith("/admin/") and (listing := _get_admin_listing(path, parameters, reader, address, ids)):
        return listing
    raise Problem(
        400,
        "not_a_list",
        f"{address[:100]!r} is not the address of a list whose rows can be exported, such as /api/v1/claims/.",
    )


def _get_admin_listing(
    path: str, parameters: QueryDict, reader: Reader, address: str, ids: Collection[int] | None
) -> Listing | None:
    """The list of the admin at this path, if its rows can be exported."""
    # Only now: the pages of the admin take longer to be imported than all else, and a worker has not shown one yet.
    admin.autodiscover()
    from factcheck.admin.exportable import find_model_admin, select_rows  # noqa: PLC0415

    model_admin = find_model_admin(path)
    noun = get_noun(model_admin.model) if model_admin is not None else None
    if model_admin is None or noun is None:
        return None
    # The admin says which rows, the API how they are shown.
    rows = select_rows(model_admin, reader, parameters)
    return Listing(noun, noun.viewset.for_export(reader, QueryDict()), rows, address, ids)


def check_text_of(parameters: QueryDict) -> None:
    """Raise a 400 that names the parameter whose name or value no database takes.

    What comes in by an address is looked at before any view; this address came in a body, a parameter or on the command
    line.
    """
    for name, values in parameters.lists():
        for text in (name, *values):
            if found := forbidden_character(text):
                shown = name.encode("ascii", "backslashreplace").decode()[:100]
                raise bad_parameter(shown, f"Remove the character {found} from the address.")


class Listing:
    """The rows of one list, read in batches, so that any number of them takes the same memory.

    Which rows they are is decided once, at the beginning; each is then read as it is, as long as its reader may read
    it. `counter.done` says how many were read so far.
    """

    def __init__(
        self,
        noun: Noun,
        view: ExportableList,
        chosen: QuerySet[Any],
        address: str,
        selected: Collection[int] | None = None,
    ) -> None:
        self.noun, self.view, self.reader = noun, view, view.request.user
        self.chosen, self.selected = chosen, selected
        self.counter = RowCounter()
        self.query = public_url(address)
        self.maker = get_maker(self.reader) if self.reader.is_authenticated else ""
        self.imprint = Imprint(
            newsroom=settings.FACTCHECK_NEWSROOM,
            base_url=settings.FACTCHECK_BASE_URL,
            moment=timezone.localtime(timezone.now()),
            desk=is_desk(self.reader),
        )

    @property
    def stem(self) -> str:
        """What the name of a file begins with."""
        return f"{self.noun.prefix}-{self.imprint.moment:%Y-%m-%d}"

    @cached_property
    def ids(self) -> array[int]:
        """The ids of the rows, in order: eight bytes a row are all that is kept of them."""
        chosen, wanted = self.chosen, None if self.selected is None else set(self.selected)
        if wanted is not None and len(wanted) <= BATCH:
            chosen = chosen.filter(pk__in=wanted)
        found = chosen.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=10_000)
        return array("q", (pk for pk in found if wanted is None or pk in wanted))

    def count(self) -> int:
        """How many rows there are."""
        return len(self.ids)

    def include(self, wanted: Collection[str] | None = None) -> None:
        """Show those parts that hang on a row which the address names or, where it names none, those in `wanted`;
        all of them for None."""
        if "include" not in self.view.request.query_params:
            known = frozenset(self.view.include_fields)
            self.view.included = known - HELD_BY_OTHERS if wanted is None else known & frozenset(wanted)

    def get_serializer(self) -> Serializer:
        """The serializer of one row, as the view of the list has it."""
        return cast(Serializer, self.view.get_serializer())

    def represent_rows(self) -> Iterator[dict[str, Any]]:
        """The API's own representation of each row, with addresses in it, in order of the ids."""
        add_addresses = make_addressing(self.get_serializer(), self.noun, self.imprint)
        for row in self._read_represented():
            self.counter.done += 1
            yield add_addresses(row)

    def write_lines(self) -> Iterator[bytes]:
        """Each row as a line of JSON that begins with its type, in order of the ids, some lines at a time."""
        if (audience := self._audience()) is None:
            yield from ndjson.write_lines(self.noun.type, self.represent_rows())
            return
        view, make_line = cast(PreparedViewSet, self.view), self.make_line()
        for ids in self.split_ids():
            lines = read_kept_lines(view, ids, audience, make_line)
            self.counter.done += len(lines)
            yield b"\n".join([*lines, b""])

    def make_line(self) -> Change:
        """What makes of a row of the API, with all its parts, what a line says of it."""
        view = self.view.for_export(self.reader, QueryDict())
        view.included = frozenset(view.include_fields)
        add_addresses = make_addressing(cast(Serializer, view.get_serializer()), self.noun, self.imprint)
        return lambda row: {"type": self.noun.type, **add_addresses(row)}

    def _read_represented(self) -> Iterator[dict[str, Any]]:
        """The API's own representation of each row: of what is kept ready, where parts are told that cost more."""
        if (audience := self._audience()) is None:
            for batch in self.read_batches():
                yield from self.view.represent(batch)
            return
        for ids in self.split_ids():
            yield from read_kept_rows(cast(PreparedViewSet, self.view), ids, audience)

    def _audience(self) -> Audience | None:
        """For whom the rows are kept ready; None where they are built for this reader, or tell nothing that hangs on
        them."""
        kept = isinstance(self.view, PreparedViewSet) and self.view.included
        return audience_of(self.reader) if kept else None

    def make_entries(self) -> Iterator[Entry]:
        """Each row as an entry of a feed, in order of the ids."""
        self.include(())
        for batch in self.read_batches(*RELATED.get(self.noun.prefix, ())):
            for entry in make_entries(self.noun.prefix, batch, self.reader, self.imprint):
                self.counter.done += 1
                yield entry

    def read_batches(self, *related: str) -> Iterator[list[Any]]:
        """The rows themselves, some at a time, with all that the view of the list loads along with a page."""
        for ids in self.split_ids():
            yield self.view.read_rows(ids, *related)

    def split_ids(self) -> Iterator[list[int]]:
        """The ids of the rows, some at a time."""
        for start in range(0, len(self.ids), BATCH):
            yield self.ids[start : start + BATCH].tolist()
