"""The viewset under every recorded noun: one transaction, one actor, one reason for each change."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol, TypeVar

from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.exceptions import APIException, NotFound
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from factcheck.api.bulk.ask import ask_for_job
from factcheck.api.bulk.jobs import accepted
from factcheck.api.conditional import PUBLIC, TOLD_TO, ConditionalMixin, check_if_match, etag_of, require_if_match
from factcheck.api.entry import AuditEntrySerializer
from factcheck.api.exportable import AnyRow, ExportableList
from factcheck.api.fields import MAX_INTEGER
from factcheck.api.filters import PlainSearchBackend, StrictFilterBackend
from factcheck.api.idempotency import answer_once, attempt_of
from factcheck.api.many import ManyMixin, bulk_size
from factcheck.api.pagination import SignedCursorPagination
from factcheck.api.parameters import check_parameters, included, known_parameters
from factcheck.api.parsers import MergePatchParser, StrictJSONParser
from factcheck.api.permissions import ModelRolePermissions, is_extra_action
from factcheck.api.preference import BRIEF, is_brief, wants_job, wants_little
from factcheck.api.reason import change_reason
from factcheck.api.renderers import to_json
from factcheck.api.serializers import MAX_BULK
from factcheck.api.sparse import only, wanted_fields
from factcheck.audit.access import DESK
from factcheck.audit.context import recording
from factcheck.audit.followers import together
from factcheck.audit.models import AuditEntry
from factcheck.audit.models.entry import AuditEntryQuerySet
from factcheck.audit.models.idempotency import IdempotencyKey
from factcheck.audit.trust import gathering, trusting
from factcheck.base.errors import DomainError
from factcheck.base.http.address import public_url
from factcheck.base.people import Reader
from factcheck.models.recorded import RecordedModel, guard_public

Row = TypeVar("Row", bound=RecordedModel)


class ReadableRows(Protocol):
    """Rows of a noun, each with its own rule of who may read it."""

    def visible_to(self, user: Reader) -> QuerySet: ...


class HistoryPage:
    """What the paginator asks of a view: entries have no order but their own."""

    action = "history"


SAFE = ("GET", "HEAD", "OPTIONS")


class RecordedReadOnlyViewSet(ConditionalMixin, mixins.RetrieveModelMixin, ExportableList[AnyRow]):
    """Lists and shows the rows of `queryset` that the user may see.

    A noun sets `queryset`, `serializer_class`, and as needed `filterset_class`, `searchable`,
    `ordering_fields`, `crossed_fields`, `default_ordering`, `include_fields` (names for `?include=`, asked by
    `self.includes(name)`), `action_parameters` (`{"match": {"text", "limit"}}`), `extra_parameters` (for list
    and detail, `{"as_of"}`), `exportable` (False where its rows are never exported).
    """

    permission_classes = (ModelRolePermissions,)
    filter_backends = (StrictFilterBackend, PlainSearchBackend)
    pagination_class = SignedCursorPagination
    parser_classes = (StrictJSONParser, MergePatchParser)

    action_parameters: dict[str, set[str]] = {}
    action_permissions: dict[str, str] = {}
    extra_parameters: set[str] = set()
    slug_field: str | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.action != "list":
            # A list knows its filters as well, and is checked where it is filtered.
            check_parameters(request, known_parameters(self))
        self.included = included(request, self)
        if self.action in {"list", "retrieve"}:
            self.choose_fields(request)

    def choose_fields(self, request: Request) -> None:
        """Take down the fields that the caller wants of a row, those among them that come with `include` alone."""
        if (wanted := wanted_fields(request, self)) is None:
            return
        self.shown_names = wanted | self.included
        # What comes with a part that was named comes along.
        self.included |= wanted & {*self.include_fields}
        if wanted & {*self.parts_of_row} and not self.included:
            self.included = frozenset(self.include_fields)

    @property
    def parts_of_row(self) -> tuple[str, ...]:
        """What of a row comes on request in lists."""
        return self.include_fields

    @property
    def answers_many(self) -> bool:
        """Whether the answer has many rows, of which parts come on request alone."""
        if self.action == "create":
            return isinstance(self.request.data, list)
        return self.action == "list" or str(self.action).endswith("_many")

    @property
    def takes_many(self) -> bool:
        """Whether the request is about many rows."""
        act = str(self.action)
        return isinstance(self.request.data, list) and (act in {"create", "by_external_id"} or act.endswith("_many"))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        response: Any = super().retrieve(request, *args, **kwargs)
        if self.shown_names is not None and isinstance(response, Response):
            response.data = only(response.data, self.shown_names)
        return response

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows.none()
        return self.visible(rows)

    def finalize_response(self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        public = request.method == "GET" and not request.user.is_authenticated
        if public and getattr(self, "action", None) in {"list", "retrieve"}:
            rows = getattr(self, "queryset", None)
            if rows is not None and issubclass(rows.model, RecordedModel):
                setattr(response, TOLD_TO, PUBLIC)
        return response

    def visible(self, rows: ReadableRows) -> QuerySet:
        """Those of `rows` that the user may read."""
        return rows.visible_to(self.request.user)

    def get_object(self) -> Any:
        """The row in the path, by id or, where the noun has one, by slug, if the user may see it."""
        key = str(self.kwargs[self.lookup_url_kwarg or self.lookup_field])
        number = int(key) if key.isascii() and key.isdigit() and len(key) < 20 else 0
        if 0 < number <= MAX_INTEGER:
            found: dict[str, Any] = {"pk": number}
        elif self.slug_field and not key.isdigit():
            found = {self.slug_field: key}
        else:
            raise NotFound
        row = get_object_or_404(self.get_queryset(), **found)
        self.check_object_permissions(self.request, row)
        self.current_object = row
        return row


class RecordedViewSet(
    ManyMixin[Row],
    mixins.CreateModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
    RecordedReadOnlyViewSet[Row],
):
    """Also creates and changes (one, or an array all or nothing) and deletes.

    Every unsafe request runs in one transaction with the caller as actor and the reason that the caller gave.
    A row that the public can read is changed only by who names its version.
    """

    action_permissions = {"history": DESK}
    action_parameters = {"history": {"cursor", "page_size"}}
    # Actions that change nothing themselves, or whose service asks for what it needs.
    unguarded_actions: frozenset[str] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        name = (request.method or "").lower()
        if request.method not in SAFE and hasattr(self, name):
            setattr(self, name, self.recorded(getattr(self, name)))

    def recorded(self, act: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """The handler, run in one transaction and once for each Idempotency-Key."""

        def run(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            # Everything is read before the transaction begins: a slow body must not keep the other writers
            # waiting.
            attempt = attempt_of(request)
            reason = change_reason(request)
            if self.takes_many and wants_job(request):
                self.refuse_if_match(request)
                keys = IdempotencyKey.objects.all()
                return answer_once(attempt, keys, lambda: accepted(ask_for_job(request, reason)))

            def write() -> HttpResponse:
                with recording(actor=request.user, reason=reason):
                    return self.tagged(act(request, *args, **kwargs))

            def write_trusting() -> HttpResponse:
                with (
                    suppress(APIException, DomainError, ValidationError, DatabaseError),
                    recording(actor=request.user, reason=reason),
                    trusting(),
                ):
                    return self.tagged(act(request, *args, **kwargs))
                # Which row is refused, and why, shows when all of it is asked for.
                return write()

            if self.action == "create":
                return answer_once(attempt, IdempotencyKey.objects.all(), write_trusting)
            return answer_once(attempt, IdempotencyKey.objects.all(), write)

        return run

    def tagged(self, response: HttpResponse) -> HttpResponse:
        """The answer with its ETag and what was preferred, set here already so that a kept answer has them too."""
        if wants_little(self.request) and hasattr(response, "data") and is_brief(response.data):
            response["Preference-Applied"] = BRIEF
        if self.current_object is not None and hasattr(response, "data") and response.data is not None:
            version = getattr(self.current_object, "version", None)
            response["ETag"] = etag_of(to_json(response.data), version)
        return response

    def answer(self, row: RecordedModel, status: int = status.HTTP_200_OK) -> Response:
        """The answer of an action: the row as it is now."""
        self.current_object = row
        return Response(only(self.get_serializer(row).data, self.shown_names), status=status)

    @extend_schema(responses=AuditEntrySerializer(many=True), filters=False)
    @action(detail=True, methods=["get"])
    def history(self, request: Request, pk: str) -> Response:
        """What was done to the row, newest first: who, when, why, and the values before and after. For the desk."""
        entries = self.history_of(self.get_object())
        self.current_object = None
        paginator = SignedCursorPagination()
        paginator.ordering = "-id"
        page = paginator.paginate_queryset(entries, request, view=HistoryPage())
        return paginator.get_paginated_response(AuditEntrySerializer(page, many=True).data)

    def history_of(self, row: Row) -> AuditEntryQuerySet:
        """The entries of the trail that tell the row's history."""
        return AuditEntry.objects.of(row)

    def get_object(self) -> Any:
        row = super().get_object()
        if self.request.method not in SAFE:
            self.guard_row(row)
        return row

    def guard_row(self, row: Row) -> None:
        """Raise unless this request may change the row as it stands now.

        The right to change what is public, and the reason for it, are the model's rule; it is asked here too,
        before anything is validated. That the version is named (428, 412) is the API's own.
        """
        extra = is_extra_action(self)
        if extra and self.action in self.unguarded_actions:
            return
        if not row.is_public():
            check_if_match(self.request, row)
            return
        if not extra:
            guard_public(type(row), [row.pk], changing=True)
        require_if_match(self.request, row)

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        many = isinstance(request.data, list)
        if many and not 1 <= len(request.data) <= MAX_BULK:
            raise bulk_size()
        serializer = self.get_serializer(data=request.data, **({"many": True} if many else {}))
        serializer.is_valid(raise_exception=True)
        with together(), gathering():
            self.perform_create(serializer)
        self.current_object = None if many else serializer.instance
        headers = {} if many else self.location_of(serializer.instance)
        return Response(serializer.data, status=status.HTTP_201_CREATED, headers=headers)

    def perform_update(self, serializer: BaseSerializer) -> None:
        super().perform_update(serializer)
        self.current_object = serializer.instance

    def location_of(self, row: RecordedModel | None) -> dict[str, str]:
        """The Location header of a new row."""
        name = self.lookup_url_kwarg or self.lookup_field
        try:
            path = self.reverse_action("detail", kwargs={name: getattr(row, self.lookup_field)}, request=None)
        except NoReverseMatch:
            return {}
        return {"Location": public_url(path)}
