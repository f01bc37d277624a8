"""The page that tells administrators how the service is doing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.choices import ExportStatus
from claims.models import Export
from claims.services import service_state
from factcheck.base import marks
from factcheck.base.room import Space
from factcheck.base.statistics import refresh_statistics
from tests.factories import make_claim

PAGE = "/admin/state/"


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.FACTCHECK_DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def shown(administrator: Any, folder: Path, client: Client) -> Any:
    """What the page says."""
    client.force_login(administrator)

    def shown() -> str:
        answer = client.get(PAGE)
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    return shown


@pytest.mark.parametrize(("who", "status"), [("administrator", 200), ("ann", 403), ("rob", 403)])
def test_only_who_manages_accounts_sees_it(
    request: pytest.FixtureRequest, client: Client, folder: Path, who: str, status: int
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(PAGE).status_code == status
    assert (PAGE in client.get("/admin/").content.decode()) == (status == 200)


def test_nobody_is_sent_to_log_in(register: None, client: Client) -> None:
    assert client.get(PAGE).status_code == 302


def test_what_is_not_known_is_to_be_looked_at(shown: Any) -> None:
    page = shown()
    assert "none is known" in page
    assert "none was seen" in page
    assert "nothing waits" in page


def test_what_was_just_done_is_well(shown: Any) -> None:
    marks.leave_mark(marks.BACKUP, bytes=2_000_000)
    marks.leave_mark(marks.WORKER)
    page = shown()
    assert "just now, 1.9 MB" in page
    assert "seen just now" in page
    assert "Triggers against changed history</dt><dd>in place" in page


def test_what_waits_too_long_and_a_full_disk_are_told(
    shown: Any, administrator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    long_ago = timezone.now() - timedelta(hours=3)
    Export.objects.create(
        kind="list", query="/api/v1/claims/", format="csv", made_by=administrator, status=ExportStatus.QUEUED,
        requested_at=long_ago, schema_version=1,
    )  # fmt: skip
    monkeypatch.setattr(service_state, "free_space", lambda: Space(1_000_000, 10_000_000_000))
    page = shown()
    assert "1 export, 0 jobs" in page
    assert "asked for 3 hours ago" in page
    assert "Make room" in page


def test_a_damaged_mark_is_not_known(folder: Path) -> None:
    marks.leave_mark(marks.WORKER)
    (folder / "state" / "worker.json").write_text("[1]")
    assert marks.read_mark(marks.WORKER) is None
    assert [path.name for path in (folder / "state").iterdir()] == ["worker.json"]


def test_it_asks_as_much_of_a_large_register(shown: Any) -> None:
    shown()
    with CaptureQueriesContext(
        connection,
    ) as few:
        shown()
    for _ in range(10):
        make_claim()
    with CaptureQueriesContext(connection) as many:
        shown()
    assert len(few) == len(many)


def test_statistics_of_few_rows_are_stale_when_there_are_many(shown: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL counts changes itself, once they are committed")
    make_claim()
    refresh_statistics()
    with connection.cursor() as cursor:
        # Other tests of this process may have given away more numbers than any that is written here.
        cursor.execute("UPDATE sqlite_sequence SET seq = 5000 + 20 * seq WHERE name = 'claims_claim'")
    make_claim()
    assert "claims_claim" in shown()
