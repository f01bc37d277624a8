"""The viewset under every recorded noun: one transaction, one actor, one reason for each change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import NoReverseMatch
from rest_framework import mixins, status, viewsets
from rest_framework.exceptions import NotFound
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from factcheck.audit.context import recording
from factcheck.audit.models.idempotency import IdempotencyKey
from factcheck.audit.rest.published import guard_published, is_public
from factcheck.audit.rest.reason import change_reason
from factcheck.base.rest.conditional import ConditionalMixin, check_if_match, etag_of
from factcheck.base.rest.fields import MAX_INTEGER
from factcheck.base.rest.filters import PlainSearchBackend, StrictFilterBackend
from factcheck.base.rest.idempotency import answer_once, attempt_of
from factcheck.base.rest.pagination import SignedCursorPagination
from factcheck.base.rest.parameters import check_parameters, included, known_parameters
from factcheck.base.rest.parsers import MergePatchParser, StrictJSONParser
from factcheck.base.rest.permissions import ModelRolePermissions, is_extra_action
from factcheck.base.rest.refusals import Problem
from factcheck.base.rest.renderers import to_json
from factcheck.base.rest.serializers import MAX_BULK

SAFE = ("GET", "HEAD", "OPTIONS")


class RecordedReadOnlyViewSet(ConditionalMixin, mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Lists and shows the rows of `queryset` that the user may see.

    A noun sets `queryset`, `serializer_class`, and as needed `filterset_class`, `search_fields`, `ordering_fields`,
    `default_ordering`, `include_fields` (names for `?include=`, asked by `self.includes(name)`),
    `action_parameters` (`{"match": {"text", "limit"}}`), `extra_parameters` (for list and detail, `{"as_of"}`).
    """

    permission_classes = (ModelRolePermissions,)
    filter_backends = (StrictFilterBackend, PlainSearchBackend)
    pagination_class = SignedCursorPagination
    parser_classes = (StrictJSONParser, MergePatchParser)

    include_fields: tuple[str, ...] = ()
    action_parameters: dict[str, set[str]] = {}
    action_permissions: dict[str, str] = {}
    extra_parameters: set[str] = set()

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.action != "list":
            # A list knows its filters as well, and is checked where it is filtered.
            check_parameters(request, known_parameters(self))
        self.included = included(request, self)

    def includes(self, name: str) -> bool:
        """Whether the caller asked for this part with `?include=`."""
        return name in getattr(self, "included", ())

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows.none()
        return rows.visible_to(self.request.user)

    def get_object(self) -> Any:
        """The row in the path, if the user may see it; filters are for lists."""
        key = str(self.kwargs[self.lookup_url_kwarg or self.lookup_field])
        if self.lookup_field in {"pk", "id"} and not (key.isascii() and key.isdigit() and 0 < int(key[:20]) <= MAX_INTEGER):
            raise NotFound
        row = get_object_or_404(self.get_queryset(), **{self.lookup_field: key})
        self.check_object_permissions(self.request, row)
        self.current_object = row
        return row


class RecordedViewSet(
    mixins.CreateModelMixin, mixins.UpdateModelMixin, mixins.DestroyModelMixin, RecordedReadOnlyViewSet
):
    """Also creates (one, or an array all or nothing), changes and deletes.

    Every unsafe request runs in one transaction with the caller as actor. What the public can read, before or after
    the change, needs `sources.correct_published`, a reason and If-Match; for an action its own permission takes the
    place of the first. `guards_creation = False` is for nouns whose new rows are public by nature.
    """

    guards_creation = True
    # Actions that change nothing themselves, or whose service asks for what it needs.
    unguarded_actions: frozenset[str] = frozenset()

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in SAFE:
            name = request.method.lower()
            setattr(self, name, self.recorded(getattr(self, name, self.http_method_not_allowed)))

    def recorded(self, act: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """The handler, run in one transaction and once for each Idempotency-Key."""

        def run(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            # Everything is read before the transaction begins: a slow body must not keep the other writers waiting.
            attempt = attempt_of(request)
            reason = change_reason(request)

            def write() -> HttpResponse:
                with recording(actor=request.user, reason=reason):
                    return self.tagged(act(request, *args, **kwargs))

            return answer_once(attempt, IdempotencyKey.objects.all(), write)

        return run

    def tagged(self, response: HttpResponse) -> HttpResponse:
        """The answer with its ETag, set here already so that a kept answer has it too."""
        if self.action in {"create", "update", "partial_update"} and self.current_object is not None:
            version = getattr(self.current_object, "version", None)
            response["ETag"] = etag_of(to_json(response.data), version)  # type: ignore[attr-defined]
        return response

    def get_object(self) -> Any:
        row = super().get_object()
        if self.request.method not in SAFE:
            self.guard_row(row)
        return row

    def guard_row(self, row: Any) -> None:
        """Raise unless this request may change the row as it stands now."""
        extra = is_extra_action(self)
        if extra and self.action in self.unguarded_actions:
            return
        self.was_public = is_public(row)
        if self.was_public:
            guard_published(self.request, row, **({"permission": None} if extra else {}))
        else:
            check_if_match(self.request, row)

    def create(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        many = isinstance(request.data, list)
        if many and not 1 <= len(request.data) <= MAX_BULK:
            raise Problem(400, "bulk_size", f"Send 1 to {MAX_BULK} rows at once.")
        serializer = self.get_serializer(data=request.data, **({"many": True} if many else {}))
        serializer.is_valid(raise_exception=True)
        self.perform_create(serializer)
        for row in serializer.instance if many else [serializer.instance]:
            self.guard_new(row)
        self.current_object = None if many else serializer.instance
        headers = {} if many else self.location_of(serializer.instance)
        return Response(serializer.data, status=status.HTTP_201_CREATED, headers=headers)

    def guard_new(self, row: Any) -> None:
        """Raise when a new row would be public at once and the caller may not publish; the transaction undoes it."""
        if self.guards_creation and is_public(row):
            guard_published(self.request, row, version=False)

    def perform_update(self, serializer: Any) -> None:
        super().perform_update(serializer)
        self.current_object = serializer.instance
        if not getattr(self, "was_public", False) and is_public(serializer.instance):
            guard_published(self.request, serializer.instance, version=False)

    def location_of(self, row: Any) -> dict[str, str]:
        """The Location header of a new row."""
        name = self.lookup_url_kwarg or self.lookup_field
        try:
            return {"Location": self.reverse_action("detail", kwargs={name: getattr(row, self.lookup_field)})}
        except NoReverseMatch:
            return {}
