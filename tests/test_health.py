"""The probes: alive while the process answers, ready when the database does and has every migration."""

import json
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse
from django.test import RequestFactory

from factcheck import health


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


@pytest.mark.django_db
def test_once_ready_a_probe_costs_one_query(rf: RequestFactory, django_assert_num_queries: object) -> None:
    ask(rf)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert ask(rf).status_code == 200


def test_probes_only_read(rf: RequestFactory) -> None:
    assert health.readyz(rf.post("/readyz")).status_code == 405
