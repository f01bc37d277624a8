"""The addresses that the tests of the ground floor ask: one recorded noun, and views that fail in known ways."""

import errno

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import DataError, IntegrityError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from claims.admin.rule import rules_view
from factcheck.api.filters import (
    BooleanFilter,
    ChoiceFilter,
    DateTimeFilter,
    NumberFilter,
    ReferenceFilter,
    StrictFilterSet,
    TagFilter,
)
from factcheck.api.serializers import RecordedSerializer
from factcheck.api.viewset import RecordedViewSet
from factcheck.base.http import handlers
from sources.choices import SourceKind
from sources.models import Source

handler400, handler403 = handlers.handler400, handlers.handler403
handler404, handler500 = handlers.handler404, handlers.handler500

FAILURES = {
    "bug": ZeroDivisionError("a bug"),
    "value": ValueError("also a bug"),
    "overflow": OverflowError("int too large"),
    "data": DataError("out of range"),
    "integrity": IntegrityError("FOREIGN KEY constraint failed"),
    "locked": OperationalError("database is locked"),
    "missing-table": OperationalError("no such table: nothing"),
    "tree": OperationalError("Expression tree is too large (maximum depth 1000)"),
    "interrupted": OperationalError("interrupted"),
    "full": OperationalError("database or disk is full"),
    "no-room": OSError(errno.ENOSPC, "No space left on device"),
    "quota": OSError(errno.EDQUOT, "Disk quota exceeded"),
    "read-only": OperationalError("attempt to write a readonly database"),
    "no-right": PermissionError(errno.EACCES, "Permission denied"),
    "too-many-files": OSError(errno.EMFILE, "Too many open files"),
    "no-file": FileNotFoundError(errno.ENOENT, "No such file or directory"),
    "denied": PermissionDenied(),
}


class SourceSerializer(RecordedSerializer):
    class Meta:
        model = Source
        fields = ("id", "kind", "name", "slug", "part_of", "aliases", "withheld", "withheld_reason", "version")
        read_only_fields = ("version",)


class SourceFilterSet(StrictFilterSet):
    kind = ChoiceFilter(choices=SourceKind)
    version = NumberFilter()
    withheld = BooleanFilter()
    alias = TagFilter(field_name="aliases")
    part_of = ReferenceFilter(queryset=Source.objects.all(), slug_field="slug")
    since = DateTimeFilter(field_name="created_at", lookup_expr="gte")

    class Meta:
        model = Source
        fields: tuple[str, ...] = ()


class SourceViewSet(RecordedViewSet):
    """Sources, as far as the tests need them."""

    queryset = Source.objects.all()
    serializer_class = SourceSerializer
    filterset_class = SourceFilterSet
    searchable = True
    ordering_fields = {"name": "name", "created": "created_at", "kind": "kind", "updated_at": "updated_at"}
    include_fields = ("parts",)
    action_permissions = {"rename": "sources.change_source"}

    @action(detail=True, methods=["post"])
    def rename(self, request: HttpRequest, pk: str) -> Response:
        """Give it another name."""
        source = self.get_object()
        source.name = f"{source.name} again"
        source.save()
        return Response({"name": source.name})


def fail(request: HttpRequest, how: str) -> HttpResponse:
    raise FAILURES[how]


def run_slow_statement() -> bytes:
    """Some tens of milliseconds of the database's time."""
    rows = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT count(*) FROM n"
    with connection.cursor() as cursor:
        cursor.execute(rows)
        return b"%d" % cursor.fetchone()[0]


def slow(request: HttpRequest) -> HttpResponse:
    return HttpResponse(run_slow_statement())


def slow_stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(run_slow_statement() for _ in range(1))


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p>A page</p>")


def bug(request: HttpRequest) -> HttpResponse:
    raise OverflowError("without anything that a client could have made")


router = SimpleRouter()
router.register("sources", SourceViewSet, basename="test-source")

urlpatterns = [
    path("admin/balance/", page, name="balance-page"),
    path("admin/rules/", admin.site.admin_view(rules_view), name="rules-page"),
    # What the frame and the forms of the desk name.
    *(
        path(f"admin/{name}/", page, name=name)
        for name in (
            "alive",
            "notices",
            "near",
            "find",
            "board",
            "state",
            "understood",
            "read",
            "desk-app",
            "glossary",
            "tour",
            "tour-steps",
            "second-factor",
            "account",
            "again",
        )
    ),
    path("admin/together/<str:noun>/<int:number>/", page, name="together"),
    path("admin/read/<int:number>/", page, name="read-document"),
    path("admin/", admin.site.urls),
    path("api/v1/", include(router.urls)),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(), name="docs"),
    path("api/fail/<str:how>/", fail),
    path("fail/<str:how>/", fail),
    path("bug/", bug),
    path("api/slow/", slow),
    path("slow/", slow),
    path("slow/stream/", slow_stream),
    path("page/", page),
]

KIND = SourceKind.values[0]
