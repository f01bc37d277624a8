"""A list with its filters, as one reader may read it, from beginning to end: what every export of rows is made from.

The list is named by its address, of the API or of the admin, so that filters, rights and refusals are its own.
"""

from __future__ import annotations

import io
from array import array
from collections.abc import Collection, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import (
    ALL_VAR,
    ERROR_FLAG,
    ORDER_VAR,
    PAGE_VAR,
    SEARCH_VAR,
)
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.http import QueryDict
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone
from django.utils.functional import cached_property
from rest_framework.pagination import BasePagination

from claims.exports.lists.addresses import addressed
from claims.exports.lists.datafeed import Entry
from claims.exports.lists.linked import RELATED, entries_of
from claims.exports.lists.nouns import Noun, noun_of, noun_shown_by
from claims.exports.record import Counter, maker_of
from claims.reports.content.dossier import Imprint
from factcheck.api.parameters import PAGING
from factcheck.api.refusals import Problem, bad_parameter
from factcheck.audit.access import is_desk
from factcheck.base.errors import Forbidden

BATCH = 500
HOW_SHOWN = {PAGE_VAR, ORDER_VAR, ALL_VAR, ERROR_FLAG}
"""What the admin's addresses say about how a list is shown; the rows in it are the same."""
HELD_BY_OTHERS = frozenset({"claims"})
"""What comes along by default is all that hangs on a row, but not rows that are a list of their own."""


def listing(address: str, user: Any, *, ids: Collection[int] | None = None) -> Listing:
    """The list at `address`, a path with its query such as `/api/v1/claims/?status=published`, as `user` may read it.

    `ids` restricts it to a selection. Raises what the list itself would answer: a refusal that names the parameter, or
    that says that the list is not for this reader. Raises Problem for an address that is no list.
    """
    user = AnonymousUser() if user is None else user
    address = address.removeprefix(settings.FACTCHECK_BASE_URL)
    parts = urlsplit(address)
    try:
        match = resolve("" if parts.netloc else parts.path)
    except Resolver404:
        raise _no_list(address) from None
    request = _request(parts.path, parts.query, user)
    request.resolver_match = match
    if (noun := noun_shown_by(match.func)) and match.func.actions.get("get") == "list":  # type: ignore[attr-defined]
        for name in PAGING:
            if name in request.GET:
                raise bad_parameter(
                    name, f"An export has all rows, in order of their ids: leave {name} out.", "not_for_exports"
                )
        view = _view(noun, request)
        return Listing(noun, view, view.filter_queryset(view.get_queryset()), user, address, ids)
    rows = _admin_rows(match, request)
    noun = noun_of(rows.model)
    if noun is None:
        raise _no_list(address)
    return Listing(noun, _view(noun, _request(parts.path, "", user)), rows, user, address, ids)


def _no_list(address: str) -> Problem:
    return Problem(
        400,
        "not_a_list",
        f"{address[:100]!r} is not the address of a list whose rows can be exported, such as /api/v1/claims/.",
    )


def _request(path: str, query: str, user: Any) -> Any:
    """A request for the list at `path` by `user`, as if it came in by the door."""
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query.encode().decode("latin-1"),
            "SERVER_NAME": urlsplit(settings.FACTCHECK_BASE_URL).hostname or "localhost",
            "SERVER_PORT": "80",
            "wsgi.input": io.BytesIO(),
        }
    )
    request.user = user
    return request


class WholeBatch(BasePagination):
    """Lets a view make its page of a batch: what it loads along with a page comes along with that."""

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any]:
        return list(queryset)


def _view(noun: Noun, http: Any) -> Any:
    """The view of the noun at work on its list. Raises what it refuses before it looks at rows."""
    view: Any = noun.view()
    view.action_map, view.args, view.kwargs, view.format_kwarg = {"get": "list"}, (), {}, None
    view.pagination_class, view._paginator = None, WholeBatch()
    view.request = view.initialize_request(http)
    view.initial(view.request)
    return view


def _admin_rows(match: ResolverMatch, request: Any) -> Any:
    """The rows of a list of the admin."""
    model_admin = getattr(match.func, "model_admin", None)
    if model_admin is None or not str(match.url_name).endswith("_changelist"):
        raise _no_list(request.get_full_path())
    if not model_admin.has_view_permission(request):
        raise Forbidden("This list is not for you.", code="permission_denied")
    shown = QueryDict(mutable=True)
    for name, values in request.GET.lists():
        if name not in HOW_SHOWN:
            shown.setlist(name, values)
    request.GET = shown
    try:
        return model_admin.get_changelist_instance(request).get_queryset(request)
    except PermissionDenied:
        raise Forbidden("This list is not for you.", code="permission_denied") from None
    except (IncorrectLookupParameters, SuspiciousOperation):
        names = ", ".join(sorted(set(shown) - {SEARCH_VAR}))
        raise Problem(400, "invalid_parameter", f"The list refuses a filter or its value: {names[:300]}.") from None


class Listing:
    """The rows of one list, read in batches, so that any number of them takes the same memory.

    Which rows they are is decided once, at the beginning; each is then read as it is, as long as its reader may read
    it. `counter.done` says how many were read so far.
    """

    def __init__(
        self, noun: Noun, view: Any, chosen: Any, user: Any, address: str, selected: Collection[int] | None = None
    ) -> None:
        self.noun, self.view, self.user = noun, view, user
        self.chosen, self.selected = chosen, selected
        self.counter = Counter()
        self.query = f"{settings.FACTCHECK_BASE_URL}{address}"
        self.maker = maker_of(user) if user.is_authenticated else ""
        self.imprint = Imprint(
            newsroom=settings.FACTCHECK_NEWSROOM,
            base_url=settings.FACTCHECK_BASE_URL,
            moment=timezone.localtime(timezone.now()),
            desk=is_desk(user),
        )

    @property
    def type(self) -> str:
        """What one of its rows is called in files."""
        return self.noun.type

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

    def total(self) -> int:
        """How many rows there are."""
        return len(self.ids)

    def include(self, wanted: Collection[str] | None = None) -> None:
        """What of the parts that hang on a row comes along: those in the address or, where it names none, `wanted`;
        all of them for None."""
        if "include" not in self.view.request.query_params:
            known = frozenset(self.view.include_fields)
            self.view.included = known - HELD_BY_OTHERS if wanted is None else known & frozenset(wanted)

    def serializer(self) -> Any:
        """The serializer of one row, as the view of the list has it."""
        return self.view.get_serializer()

    def rows(self) -> Iterator[dict[str, Any]]:
        """The API's own representation of each row, with addresses in it, in order of the ids."""
        address = addressed(self.serializer(), self.noun, self.imprint)
        for page in self.batches():
            for row in self.view.get_serializer(page, many=True).data:
                self.counter.done += 1
                yield address(row)

    def entries(self) -> Iterator[Entry]:
        """Each row as an entry of a feed, in order of the ids."""
        self.include(())
        for page in self.batches(*RELATED.get(self.noun.prefix, ())):
            for entry in entries_of(self.noun.prefix, page, self.user, self.imprint):
                self.counter.done += 1
                yield entry

    def batches(self, *related: str) -> Iterator[list[Any]]:
        """The rows themselves, some at a time, with all that the view of the list loads along with a page."""
        for start in range(0, len(self.ids), BATCH):
            some = self.view.get_queryset().filter(pk__in=self.ids[start : start + BATCH].tolist())
            if related:
                some = some.select_related(*related)
            yield self.view.paginate_queryset(some.order_by("pk"))
