"""What a monitor is told, and whom it is told to; statements that take long."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import OperationalError, connection
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from factcheck import metrics
from factcheck.base import marks, slow
from factcheck.base.http import measures
from factcheck.base.slow import watch_connection

TOKEN = "a-token-of-more-than-twenty-letters"


@pytest.fixture(autouse=True)
def turned_on(settings: LazySettings, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.FACTCHECK_METRICS, settings.FACTCHECK_DATA_DIR = True, tmp_path
    monkeypatch.setattr(measures, "of_this_process", measures.Measures())
    monkeypatch.setattr(metrics, "of_this_process", measures.of_this_process)


def ask(**meta: str) -> HttpResponse:
    return metrics.metrics(RequestFactory().get("/metrics", **meta))  # type: ignore[arg-type]


def test_it_is_off_unless_it_is_asked_for(settings: LazySettings) -> None:
    settings.FACTCHECK_METRICS = False
    with pytest.raises(Http404):
        ask()


@pytest.mark.parametrize(
    ("token", "meta", "status"),
    [
        ("", {"REMOTE_ADDR": "127.0.0.1"}, 200),
        ("", {"REMOTE_ADDR": "::1"}, 200),
        ("", {"REMOTE_ADDR": "192.0.2.7"}, 401),
        ("", {"REMOTE_ADDR": ""}, 401),
        (TOKEN, {"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}, 200),
        (TOKEN, {"REMOTE_ADDR": "127.0.0.1"}, 401),
        (TOKEN, {"REMOTE_ADDR": "127.0.0.1", "HTTP_AUTHORIZATION": "Bearer x"}, 401),
    ],
)
@pytest.mark.django_db
def test_it_is_for_this_machine_or_for_who_has_the_token(
    settings: LazySettings, token: str, meta: dict[str, str], status: int
) -> None:
    settings.FACTCHECK_METRICS_TOKEN = token
    assert ask(**meta).status_code == status


def test_behind_a_proxy_its_client_counts(settings: LazySettings) -> None:
    settings.FACTCHECK_BEHIND_PROXY = True
    assert ask(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.7").status_code == 401


def test_the_numbers_are_those_of_the_register(ann: Any) -> None:
    middleware = measures.MeasuresMiddleware(lambda _request: HttpResponse(status=404))
    middleware(RequestFactory().get("/"))
    measures.of_this_process.count(503, 20.0)
    marks.leave_mark(marks.BACKUP)
    lines = ask().content.decode().splitlines()
    for line in (
        'factcheck_requests_total{status="4xx"} 1',
        'factcheck_requests_total{status="5xx"} 1',
        'factcheck_request_seconds_bucket{le="10.0"} 1',
        'factcheck_request_seconds_bucket{le="+Inf"} 2',
        "factcheck_request_seconds_count 2",
        "factcheck_database_up 1",
        'factcheck_waiting{what="exports"} 0',
        "factcheck_unguarded_tables 0",
    ):
        assert line in lines
    for name in ("disk_free_bytes", "chain_head", "backup_time_seconds"):
        assert any(line.startswith(f"factcheck_{name} ") for line in lines)
    assert all(line.startswith(("# HELP factcheck_", "# TYPE factcheck_", "factcheck_")) for line in lines)


def test_without_a_database_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(metrics, "load_state", fail)
    assert "factcheck_database_up 0" in ask().content.decode().splitlines()


@pytest.mark.django_db
@pytest.mark.parametrize(("limit", "lines"), [(0, 0), (1, 1), (60_000, 0)])
def test_a_slow_statement_is_in_the_log_without_its_values(
    settings: LazySettings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, limit: int, lines: int
) -> None:
    settings.FACTCHECK_SLOW_QUERY_MS = limit
    moments = iter((0.0, 0.5))
    monkeypatch.setattr(slow.time, "perf_counter", lambda: next(moments))
    caplog.set_level(logging.WARNING, logger="factcheck.slow")
    watch_connection(connection)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s", ["a secret"])
    finally:
        connection.execute_wrappers[:] = [one for one in connection.execute_wrappers if one is not slow.timed]
    told: list[Any] = [record.msg for record in caplog.records if record.name == "factcheck.slow"]
    assert len(told) == lines
    for line in told:
        assert (line["event"], line["milliseconds"], line["sql"]) == ("slow_query", 500, "SELECT %s")
        assert "secret" not in str(line)
