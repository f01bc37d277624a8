"""Lists that are read page by page over REST and whole by an export: one set of rows, rights, refusals and forms."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeAlias, TypeVar, cast

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import QuerySet
from django.http import QueryDict
from django_filters import FilterSet
from rest_framework import mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from factcheck.api.parameters import PAGING, included
from factcheck.api.problem import bad_parameter
from factcheck.api.reference import REPRESENTED
from factcheck.api.sparse import only

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from factcheck.base.people import Reader

# A name of its own, since a viewset has a method `list`.
Rows: TypeAlias = list[Any]
AnyRow = TypeVar("AnyRow", bound=models.Model)


@dataclass(frozen=True, slots=True)
class ListRequest:
    """Who reads a list, and with which parameters: all that permissions, filters and serializers ask a request for."""

    user: User | AnonymousUser
    query_params: QueryDict
    method: str = "GET"
    # By these two a view tells who has to sign in (401) from who may not (403).
    authenticators: tuple[str, ...] = ("reader",)

    @property
    def successful_authenticator(self) -> bool:
        return self.user.is_authenticated


class ExportableList(mixins.ListModelMixin, viewsets.GenericViewSet[AnyRow]):
    """The list of a noun. Its rows are chosen, loaded and represented by the same methods for a page and an export."""

    exportable: ClassVar[bool] = True
    """Whether its rows may be exported; not where they tell of the register instead of standing in it."""
    filterset_class: ClassVar[type[FilterSet] | None] = None
    searchable: ClassVar[bool] = False
    include_fields: tuple[str, ...] = ()
    included: frozenset[str] = frozenset()
    """Those of `include_fields` that come along with the rows."""
    shown_names: frozenset[str] | None = None
    """The fields that the caller wants of a row, where not all."""

    @classmethod
    def for_export(cls, reader: Reader, query_params: QueryDict) -> Self:
        """The list as `reader` asks for it with these parameters, whole instead of in pages.

        Raises what the list itself would answer: NotAuthenticated, PermissionDenied, or a 400 that names the parameter.
        """
        for name in (*PAGING, "fields"):
            if name in query_params:
                raise bad_parameter(
                    name,
                    f"An export has all rows, whole and in order of their ids: leave {name} out.",
                    "not_for_exports",
                )
        view = cls()
        view.action, view.args, view.kwargs, view.format_kwarg = "list", (), {}, None
        view.pagination_class = None
        view.request = cast(Request, ListRequest(reader or AnonymousUser(), query_params))
        view.check_permissions(view.request)
        view.included = included(view.request, view)
        return view

    def includes(self, name: str) -> bool:
        """Whether the caller asked for this part with `?include=`."""
        return name in self.included

    def select_rows(self) -> QuerySet[Any]:
        """The rows of the list: those that its reader may see and that its parameters choose."""
        return self.filter_queryset(self.get_queryset())

    def load_related(self, rows: Rows) -> None:
        """Load what is shown with these rows and hangs on them; the same number of queries for any number of rows."""

    def read_rows(self, ids: Collection[int], *related: str) -> Rows:
        """The rows with these ids that the reader may see now, in order of their ids, with all that is shown with them.

        `related` names relations to load beside those of the list.
        """
        rows = self.get_queryset().filter(pk__in=ids).order_by("pk")
        found = list(rows.select_related(*related) if related else rows)
        self.load_related(found)
        return found

    def represent(self, rows: Rows) -> Sequence[dict[str, Any]]:
        """The rows as the API shows them to the reader."""
        context = {**self.get_serializer_context(), REPRESENTED: {}}
        found = cast(Sequence[dict[str, Any]], self.get_serializer(rows, many=True, context=context).data)
        return found if self.shown_names is None else [only(row, self.shown_names) for row in found]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.select_rows())
        assert page is not None, "every list has pages"
        self.load_related(page)
        return self.get_paginated_response(self.represent(page))
