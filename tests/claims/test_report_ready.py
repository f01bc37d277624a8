"""Reports that take a second are made by a worker while their reader waits, or at once where none is free."""

from __future__ import annotations

from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult

from claims.exports import ready
from claims.models import Export, Prepared
from factcheck.base.errors import Busy
from tests.factories import make_attribution, make_claim, make_dispute

pytestmark = pytest.mark.usefixtures("register")
BROWSER = {"HTTP_ACCEPT": "text/html,application/xhtml+xml"}


@pytest.fixture(autouse=True)
def slow_writer(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was written, in their order; quicker than a real report."""
    written: list[str] = []

    def write(entry: Any, dossier: Any) -> bytes:
        written.append(entry.name)
        return f"{entry.name} of {dossier.version}, {len(written)}".encode()

    monkeypatch.setattr("claims.reports.formats.catalogue.Format.write", write)
    return written


@pytest.fixture
def waiting(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Readers wait; what happens meanwhile is given to this, by default nothing."""
    settings.FACTCHECK_REPORT_WAIT = 5
    moments = iter(range(1_000))
    monkeypatch.setattr("claims.exports.ready.time.monotonic", lambda: next(moments))

    def meanwhile(act: Any = lambda: None) -> None:
        monkeypatch.setattr("claims.exports.ready.time.sleep", lambda _pause: act())

    meanwhile()
    return meanwhile


def work() -> None:
    for job in DBTaskResult.objects.ready():
        job.task.call(*job.args_kwargs["args"], **job.args_kwargs["kwargs"])
        job.set_successful(None)


def begin() -> None:
    """A worker takes what waits, and is not done with it."""
    DBTaskResult.objects.update(status="RUNNING")
    Export.objects.filter(status="queued").update(status="running")


def address(dispute: Any, name: str = "pdf", query: str = "") -> str:
    return f"/api/v1/disputes/{dispute.slug}/report/{name}/{query}"


@pytest.fixture
def dispute() -> Any:
    claim = make_claim(dispute=make_dispute(), published=True)
    return claim.dispute


def test_a_report_is_made_by_a_worker_and_kept_until_something_changes(dispute, api, waiting, slow_writer):
    waiting(work)
    first = api().get(address(dispute))
    assert (first.status_code, first["Content-Type"]) == (200, "application/pdf")
    assert Prepared.objects.get(form="report-pdf").row == dispute.pk
    waiting()
    again = api().get(address(dispute))
    assert (again.content, again["ETag"]) == (first.content, first["ETag"])
    assert again["Content-Disposition"] == first["Content-Disposition"] != ""
    assert api().get(address(dispute), HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    assert slow_writer == ["pdf"]
    make_attribution(dispute.claims.get())
    waiting(work)
    changed = api().get(address(dispute))
    assert changed.content != first.content
    assert slow_writer == ["pdf", "pdf"]


def test_what_takes_longer_is_told_to_programs_and_browsers(dispute, api, editor, waiting, slow_writer, monkeypatch):
    waiting(begin)
    told = api().get(address(dispute, "docx"))
    assert (told.status_code, told["Retry-After"], told["Cache-Control"]) == (202, "2", "no-store")
    assert "again" in told.json()["detail"]
    page = api().get(address(dispute, "docx"), **BROWSER)
    assert (page.status_code, page["Refresh"]) == (202, "2")
    assert b"being made" in page.content
    own = api(editor).get(address(dispute, "docx"))
    assert own.status_code == 202
    assert own["Location"] == f"/api/v1/exports/{Export.objects.get().pk}/"
    assert not own.has_header("ETag")
    DBTaskResult.objects.all().delete()
    monkeypatch.setattr(ready._waiting, "acquire", lambda **_patience: False)
    assert api().get(address(dispute)).status_code == 202
    assert DBTaskResult.objects.get().args_kwargs["args"] == ["dispute", dispute.pk, "pdf"]
    assert slow_writer == []


def test_without_a_worker_it_is_made_at_once_and_nobody_waits_again(dispute, api, editor, waiting, slow_writer):
    assert api().get(address(dispute)).status_code == 200
    assert slow_writer == ["pdf"]
    DBTaskResult.objects.update(enqueued_at="2026-01-01T00:00Z")
    jobs = DBTaskResult.objects.count()
    waiting(lambda: pytest.fail("nobody takes what waits"))
    assert api().get(address(dispute, "docx")).status_code == 200
    assert api(editor).get(address(dispute, "docx")).status_code == 200
    assert DBTaskResult.objects.count() == jobs
    assert [(row.status, row.file.name) for row in Export.objects.all()] == [("done", "")]


def test_who_is_signed_in_gets_an_export_of_their_own_once_a_day(dispute, api, editor, reviewer, waiting, slow_writer):
    waiting(work)
    first = api(editor).get(address(dispute, query="?since=2025-01-01"))
    assert first.status_code == 200
    [record] = Export.objects.all()
    assert (record.kind, record.format, record.status, record.made_by) == ("report", "pdf", "done", editor)
    assert (record.size, bool(record.file)) == (len(first.content), True)
    again = api(editor).get(address(dispute, query="?since=2025-01-01"))
    assert (again.content, again["ETag"], Export.objects.count()) == (first.content, first["ETag"], 1)
    assert api(reviewer).get(address(dispute, query="?since=2025-01-01")).content != first.content
    assert api(editor).get(address(dispute)).content != first.content
    make_attribution(dispute.claims.get())
    assert api(editor).get(address(dispute, query="?since=2025-01-01")).content != first.content
    assert Export.objects.count() == 4
    assert not Prepared.objects.filter(form="report-pdf").exists()


def test_an_export_that_no_worker_takes_is_called_off_and_the_report_made_at_once(dispute, api, editor, waiting):
    assert api(editor).get(address(dispute)).status_code == 200
    assert sorted(Export.objects.values_list("status", flat=True)) == ["cancelled", "done"]


def test_nobody_has_a_worker_make_what_they_may_not_read(api, waiting, slow_writer):
    hidden = make_claim(dispute=make_dispute(visibility="restricted"))
    for wanted in (
        address(hidden.dispute),
        f"/api/v1/claims/{hidden.pk}/report/pdf/",
        "/api/v1/claims/999/report/pdf/",
    ):
        assert api().get(wanted).status_code == 404
    assert not DBTaskResult.objects.exists()
    ready.prepare_report.call("claim", hidden.pk, "pdf")
    assert not Prepared.objects.filter(form="report-pdf").exists()


def test_two_are_written_at_a_time(dispute, api, monkeypatch):
    monkeypatch.setattr(ready._writing, "acquire", lambda **_patience: False)
    client = api()
    client.raise_request_exception = False
    answer = client.get(address(dispute))
    assert (answer.status_code, answer.json()["code"], "Retry-After" in answer) == (503, "busy", True)
    assert client.get(address(dispute, "json")).status_code == 200
    with pytest.raises(Busy), ready.in_turn(ready.FORMATS["docx"]):
        pass
