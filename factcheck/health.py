"""Answers for the platform that runs the register: does the process live, and can it serve."""

from http import HTTPStatus

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from factcheck.base.breaker import primary
from factcheck.base.room import free_space, is_nearly_full

RETRY_AFTER_SECONDS = "5"


class _Applied:
    """Remembers that the migrations were found applied: reading them all takes too long for a probe."""

    known = False


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process answers at all; asks nobody else, so a slow database restarts nothing."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers, has every migration, and there is room on the disk; else 503 and why."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "postgresql" and primary.is_open:
        return _not_ready("database_unavailable", "The database does not answer.")
    if is_nearly_full(free := free_space()):
        return _not_ready(
            "storage_nearly_full", f"Only {free.megabytes:,} MB are free where the register keeps its data."
        )
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
        if not _Applied.known:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return _not_ready("migrations_pending", "The database lacks migrations; run manage.py migrate.")
            _Applied.known = True
    except (DatabaseError, InterfaceError):
        # What the driver says may name hosts and users: it belongs in the log, not in the answer.
        return _not_ready("database_unavailable", "The database does not answer.")
    return JsonResponse({"status": "ok"})


def _not_ready(code: str, detail: str) -> HttpResponse:
    return JsonResponse(
        {
            "type": "about:blank",
            "title": HTTPStatus.SERVICE_UNAVAILABLE.phrase,
            "status": HTTPStatus.SERVICE_UNAVAILABLE.value,
            "code": code,
            "detail": detail,
        },
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        content_type="application/problem+json",
        headers={"Retry-After": RETRY_AFTER_SECONDS},
    )
