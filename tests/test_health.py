"""The probes: alive while the process answers, ready when the database does and has every migration."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse
from django.test import RequestFactory

from factcheck import health
from factcheck.base.room import Space


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What earlier tests found out about the migrations is not known, and not kept."""
    health._Applied.known = False
    yield
    health._Applied.known = False


def ask(rf: RequestFactory) -> HttpResponse:
    return health.readyz(rf.get("/readyz"))


def test_alive_without_a_database(rf: RequestFactory) -> None:
    answer = health.healthz(rf.get("/healthz"))
    assert (answer.status_code, json.loads(answer.content)) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_ready_with_a_migrated_database(rf: RequestFactory) -> None:
    answer = ask(rf)
    assert (answer.status_code, json.loads(answer.content)) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_not_ready_without_every_migration(rf: RequestFactory) -> None:
    MigrationRecorder(connection).record_unapplied("auth", "0012_alter_user_first_name_max_length")
    answer = ask(rf)
    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["code"] == "migrations_pending"


@pytest.mark.django_db
def test_not_ready_without_a_database_and_says_nothing_about_it(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise OperationalError("connection to server at db.internal, user register failed")

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = ask(rf)
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert json.loads(answer.content)["code"] == "database_unavailable"
    assert b"db.internal" not in answer.content


MB = 1_000_000


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("free", "total", "status"),
    [
        (255 * MB, 10_000 * MB, 503),
        (300 * MB, 10_000 * MB, 200),
        (255 * MB, 1_000 * MB, 200),
        (0, 12 * MB, 503),
    ],
)
def test_not_ready_with_little_room(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch, free: int, total: int, status: int
) -> None:
    monkeypatch.setattr(health, "free_space", lambda: Space(free, total))
    answer = ask(rf)
    assert answer.status_code == status
    assert status == 200 or json.loads(answer.content)["code"] == "storage_nearly_full"


@pytest.mark.django_db
def test_how_little_is_for_the_operator_to_say(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(health, "free_space", lambda: Space(400 * MB, 10_000 * MB))
    settings.FACTCHECK_DISK_LOW_MB = 500
    assert ask(rf).status_code == 503
    settings.FACTCHECK_DISK_LOW_PERCENT = 0
    assert ask(rf).status_code == 200


@pytest.mark.django_db
def test_once_ready_a_probe_costs_one_query(rf: RequestFactory, django_assert_num_queries: object) -> None:
    ask(rf)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert ask(rf).status_code == 200


def test_probes_only_read(rf: RequestFactory) -> None:
    assert health.readyz(rf.post("/readyz")).status_code == 405
