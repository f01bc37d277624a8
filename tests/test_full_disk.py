"""On a full disk, or one that may not be written, every door says so, and nothing that is half written stays."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.db.transaction import atomic, set_rollback
from django.test import Client
from django.test.client import encode_multipart
from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from claims.models import Claim
from factcheck.base import download
from factcheck.base.http.problem_details import problem_of
from factcheck.base.http.request_log import NAME
from factcheck.base.sqlite3.lock import FileLock
from sources.models import Snapshot
from tests.base.test_sqlite_queue import add_database, forget_database
from tests.factories import make_claim, make_document
from tests.full_disk import no_room

ONLY_SQLITE = pytest.mark.skipif(connection.vendor != "sqlite", reason="asks what SQLite does")
SMALL, LARGE = 200_000, 3_000_000
"""Above the second, Django keeps what is uploaded in a temporary file."""


# Python complains of files that the libraries could not write and so did not close.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def untouched(register: None, kept_files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing new is kept, and nothing half written is left where files are kept or wait."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = files_in(kept_files)
    yield
    assert files_in(kept_files) | files_in(tmp_path) == before
    assert not Snapshot.objects.exists()


def files_in(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def copy(size: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("page.html", b"x" * size, "text/html")


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_an_upload_over_rest_is_refused(ann: Any, api: Any, untouched: None, size: int) -> None:
    body = encode_multipart("B", {"document": make_document().pk, "file": copy(size)})
    client = api(ann)
    client.raise_request_exception = False
    with no_room():
        response = client.generic("POST", "/api/v1/snapshots/upload/", body, "multipart/form-data; boundary=B")
    assert (response.status_code, response.json()["code"]) == (507, "storage_full")


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_an_upload_in_the_admin_is_refused(ann: Any, client: Client, untouched: None, size: int) -> None:
    client.force_login(ann)
    client.raise_request_exception = False
    fields = {"document": make_document().pk, "taken_at_0": "2025-07-01", "taken_at_1": "12:00:00", "copy": copy(size)}
    with no_room():
        response = client.post("/admin/sources/snapshot/add/", fields)
    assert response.status_code == 507
    assert "no room left" in response.content.decode()


def test_a_fetched_copy_is_refused(
    ann: Any, api: Any, untouched: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetched(url: str, target: Any, **how: Any) -> download.Download:
        target.write(b"x" * SMALL)
        return download.Download(url=url, content_type="text/html")

    settings.FACTCHECK_FETCH = True
    monkeypatch.setattr("factcheck.base.download.download", fetched)
    client, fields = api(ann), {"document": make_document(url="https://example.org/news").pk}
    client.raise_request_exception = False
    with no_room():
        response = client.post("/api/v1/snapshots/fetch/", fields)
    assert (response.status_code, response.json()["code"]) == (507, "storage_full")


def test_a_workbook_is_refused(api: Any, register: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def close(self: Any) -> None:
        raise FileCreateError(OSError(errno.ENOSPC, "No space left on device"))

    monkeypatch.setattr(Workbook, "close", close)
    client = api()
    client.raise_request_exception = False
    response = client.get(f"/api/v1/claims/{make_claim(published=True).pk}/report/xlsx/")
    assert (response.status_code, response.json()["code"]) == (507, "storage_full")


# --- the log ---


@pytest.mark.parametrize(
    ("fault", "code"), [("database or disk is full", 507), ("database is locked", 503), ("no such table: x", 500)]
)
def test_what_is_logged_is_what_is_answered(
    ann: Any, api: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fault: str, code: int
) -> None:
    def initial(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError(fault)

    monkeypatch.setattr("rest_framework.views.APIView.initial", initial)
    caplog.set_level("INFO", logger=NAME)
    client = api(ann)
    client.raise_request_exception = False
    answer = client.get("/api/v1/sources/")
    (line,) = [record.msg for record in caplog.records if record.name == NAME]
    assert (answer.status_code, line["code"]) == (code, code)
    assert line["event"] == ("request_failed" if code == 500 else "request_finished")
    assert code == 500 or answer["Retry-After"]


# --- the database ---


def create(api: Any, user: Any) -> Any:
    client = api(user)
    client.raise_request_exception = False
    return client.post("/api/v1/claims/", {"text": "x" * 9_000})


@ONLY_SQLITE
def test_a_database_without_room_refuses_a_change(ann: Any, api: Any) -> None:
    raw = connection.connection
    # What earlier tests left free would be room.
    free = raw.execute("PRAGMA freelist_count").fetchone()[0] * raw.execute("PRAGMA page_size").fetchone()[0]
    raw.execute("CREATE TABLE filler AS SELECT zeroblob(?) AS data", [free])
    pages = raw.execute("PRAGMA page_count").fetchone()[0]
    raw.execute(f"PRAGMA max_page_count = {pages}")
    try:
        response = create(api, ann)
    finally:
        raw.execute("PRAGMA max_page_count = 1073741823")
    assert (response.status_code, response.json()["code"]) == (507, "storage_full")
    assert not Claim.objects.exists()


def test_a_database_that_may_only_be_read_refuses_a_change(ann: Any, api: Any) -> None:
    sqlite = connection.vendor == "sqlite"
    # PostgreSQL forgets the order with the savepoint.
    with atomic(), connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON" if sqlite else "SET TRANSACTION READ ONLY")
        response = create(api, ann)
        if sqlite:
            cursor.execute("PRAGMA query_only = OFF")
        set_rollback(True)
    assert (response.status_code, response.json()["code"]) == (503, "read_only")


@ONLY_SQLITE
def test_a_lock_that_cannot_be_written_is_told_as_such(
    tmp_path: Path, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def acquire(self: FileLock, timeout: float) -> bool:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(FileLock, "acquire", acquire)
    with django_db_blocker.unblock():
        alias = add_database("unwritable", str(tmp_path / "register.sqlite3"))
        with pytest.raises(OperationalError) as caught, atomic(alias):
            pass
        forget_database(alias)
    problem = problem_of(caught.value)
    assert problem is not None
    assert (problem.status, problem.code) == (503, "read_only")
