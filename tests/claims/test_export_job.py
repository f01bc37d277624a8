"""Exports: their record, their making by a worker, their files, and what happens when a worker is stopped."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from claims.exports.job import ProgressRecord, Superseded, look_after, recover_stalled, request_export, run_export
from claims.exports.record import BROKEN_OFF, RowCounter, record_stream
from claims.models import Export
from factcheck.audit.models import AuditEntry
from factcheck.base.errors import Conflict, RuleViolation
from factcheck.worker import Worker
from tests.factories import make_claim, make_dispute, make_export, make_kept_export

pytestmark = pytest.mark.usefixtures("register")
ROWS = b"row\nrow\n"


def ask(user: Any, query: str = "/api/v1/claims/", kind: str = "list", name: str = "ndjson", **how: Any) -> Export:
    return request_export(actor=user, kind=kind, query=query, format=name, **how)


def made(export: Export) -> Export:
    """The export after a worker had it."""
    run_export.call(export.pk)
    export.refresh_from_db()
    return export


def content(export: Export) -> str:
    return (Path(settings.MEDIA_ROOT) / export.file.name).read_text(encoding="utf-8")


def test_a_download_is_on_record_with_how_it_ended(ann: Any) -> None:
    def rows(counter: RowCounter, fault: Exception | None = None) -> Any:
        for _number in range(2):
            counter.done += 1
            yield b"row\n"
        if fault:
            raise fault

    def taken(user: Any, fault: Exception | None = None) -> Any:
        counter = RowCounter()
        how = {"kind": "list", "query": "/api/v1/claims/", "format": "csv", "counter": counter}
        return record_stream(rows(counter, fault), user=user, **how)

    make_claim()
    assert b"".join(taken(AnonymousUser())) == ROWS
    assert not Export.objects.exists()
    assert b"".join(taken(ann)) == ROWS
    with pytest.raises(RuleViolation):
        list(taken(ann, RuleViolation("A filter no longer holds.")))
    with pytest.raises(ZeroDivisionError):
        list(taken(ann, ZeroDivisionError("secret inside")))
    left = taken(ann)
    next(left)
    left.close()
    whole, refused, broken, cut = Export.objects.order_by("pk")
    assert (whole.status, whole.rows, whole.size, whole.maker) == ("done", 2, 8, "Ann Archer")
    assert whole.digest == f"sha256:{hashlib.sha256(ROWS).hexdigest()}"
    head = AuditEntry.objects.exclude(action="export.asked").first()
    assert (whole.head_entry, whole.head_hash) == (head.pk, head.hash)
    assert [row.status for row in (refused, broken, cut)] == ["failed"] * 3
    assert refused.problem == "A filter no longer holds."
    assert "secret" not in broken.problem
    assert (cut.problem, cut.done) == (BROKEN_OFF, 1)


def test_a_job_is_made_with_the_rights_that_its_maker_has_then(ann: Any) -> None:
    make_claim("A public claim.", published=True)
    make_claim("A draft.")
    first, second, third = ask(ann), ask(ann), ask(ann, desk=False)
    assert (first.status, first.maker, DBTaskResult.objects.count()) == ("queued", "Ann Archer", 3)
    assert "A draft." in content(made(first))
    assert (first.status, first.rows, first.total) == ("done", 2, 2)
    assert first.size == len(content(first).encode())
    assert "A draft." not in content(made(third))
    ann.groups.clear()
    assert "A draft." not in content(made(second))
    late = ask(ann)
    ann.is_active = False
    ann.save()
    assert (made(late).status, late.problem) == ("failed", "The account that asked for it is not active any more.")


def test_what_cannot_be_made_is_refused_or_told(ann: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    dispute = make_dispute("Gone tomorrow")
    for wrong, field in (
        ({"query": "https://elsewhere.example.org/api/v1/claims/"}, "query"),
        ({"query": "/api/v1/claims/?ids=1,x"}, "query"),
        ({"query": "//["}, "query"),
        ({"name": "docx"}, "format"),
        ({"as_of": timezone.now()}, "as_of"),
        ({"kind": "report", "name": "html", "query": "/api/v1/claims/"}, "query"),
        ({"kind": "register", "name": "ndjson"}, "kind"),
    ):
        with pytest.raises(RuleViolation) as refusal:
            ask(ann, **wrong)
        assert refusal.value.field == field
    export = ask(ann, f"/api/v1/claims/?dispute={dispute.pk}")
    report = ask(ann, f"/admin/claims/dispute/{dispute.pk}/change/", "report", "markdown")
    assert report.query == f"/api/v1/disputes/{dispute.pk}/"
    dispute.delete()
    assert made(export).status == made(report).status == "failed"
    assert "There is no dispute" in export.problem
    assert "There is no such dispute" in report.problem
    monkeypatch.setattr("claims.exports.job.MOST_WAITING", 1)
    ask(ann)
    with pytest.raises(Conflict, match="not done yet"):
        ask(ann)


def test_the_file_is_handed_out_until_it_expires(ann: Any, editor: Any, api: Any) -> None:
    make_claim("It rained.", published=True)
    own, public = ask(ann, "/api/v1/claims/?ids=1,999999999"), ask(ann, desk=False)
    url = f"/api/v1/exports/{own.pk}/file/"
    waiting = api(ann).get(url)
    assert (waiting.status_code, waiting.json()["code"]) == (409, "export_not_done")
    made(own)
    made(public)
    whole = api(ann).get(url)
    assert b"".join(whole.streaming_content).decode() == content(own)
    assert (whole["ETag"], whole["Content-Length"]) == (f'"{own.digest}"', str(own.size))
    assert "attachment" in whole["Content-Disposition"]
    assert api(ann).get(url, HTTP_IF_NONE_MATCH=f'"{own.digest}"').status_code == 304
    # Who sees all records still fetches no copy made with somebody else's rights.
    assert api(editor).get(f"/api/v1/exports/{own.pk}/").status_code == 200
    assert api(editor).get(url).status_code == 403
    links = [api(ann).get(f"/api/v1/exports/{row.pk}/").json()["link"] for row in (own, public)]
    paths = [link.removeprefix(settings.FACTCHECK_BASE_URL) for link in links]
    visitor, member = Client(), Client()
    member.force_login(ann)
    assert b"".join(visitor.get(paths[1]).streaming_content).decode() == content(public)
    assert visitor.get(paths[0])["Location"].startswith("/admin/login/")
    assert b"".join(member.get(paths[0]).streaming_content).decode() == content(own)
    member.force_login(editor)
    assert member.get(paths[0]).status_code == 403
    assert visitor.get(paths[1][:-2] + "x/").status_code == 404
    Export.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    gone = api(ann).get(url)
    assert (gone.status_code, gone.json()["code"]) == (410, "export_expired")
    assert visitor.get(paths[1]).status_code == 410
    out = io.StringIO()
    call_command("prune_exports", stdout=out)
    assert out.getvalue() == "2 files removed.\n"
    assert not (Path(settings.MEDIA_ROOT) / own.file.name).exists()
    assert Export.objects.get(pk=own.pk).digest == own.digest
    assert api(ann).get(url).status_code == 410


def test_what_a_killed_worker_left_is_taken_up_again_three_times(ann: Any) -> None:
    export = ask(ann)
    later = timezone.now() + timedelta(minutes=3)

    def killed() -> None:
        """As a worker leaves it that is killed in the middle, looked at when it has been silent for long."""
        DBTaskResult.objects.filter(status="READY").update(status="RUNNING")
        Export.objects.filter(pk=export.pk).update(
            status="running", started_at=timezone.now(), seen_at=timezone.now() - timedelta(minutes=3)
        )

    killed()
    assert recover_stalled() == 1
    export.refresh_from_db()
    assert (export.status, recover_stalled()) == ("queued", 0)
    killed()
    assert made_by_next(ask(ann), export) == "queued"
    assert made(export).status == "done"
    run_export.call(export.pk)  # a task that comes twice finds nothing to do
    killed()
    assert recover_stalled() == 0
    export.refresh_from_db()
    assert (export.status, "3 times" in export.problem) == ("failed", True)
    # One that was stopped just now is looked after when it has been silent for long enough.
    Export.objects.filter(pk=export.pk).update(status="running", seen_at=timezone.now())
    recover_stalled()
    recover_stalled()
    waiting = DBTaskResult.objects.get(task_path=look_after.module_path)
    assert timezone.now() < waiting.run_after < later
    with pytest.raises(Superseded):
        ProgressRecord(Export(pk=export.pk, started_at=later))(1, 2)


def made_by_next(other: Export, export: Export) -> str:
    """The state of an export that was left behind, after the next job."""
    run_export.call(other.pk)
    export.refresh_from_db()
    return export.status


def test_a_worker_that_dies_is_started_anew_and_ends_with_the_server(tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = ("/bin/sh", "-c", f"echo started >> {log}; test $(wc -l < {log}) -lt 2 || exec sleep 60")
    with Worker(command, first_pause=0.01) as worker:
        while not log.exists() or log.read_text().count("started") < 2:
            assert worker._thread.is_alive()
    assert worker.child is not None
    assert worker.child.returncode is not None
    assert not worker._thread.is_alive()


def test_a_worker_is_asked_once_to_end_and_finishes_what_it_is_at(tmp_path: Path) -> None:
    log = tmp_path / "log"
    # A worker that is asked again drops what it is at.
    script = f"trap 'echo asked >> {log}' TERM; echo started >> {log}; "
    script += f"while test $(wc -l < {log}) -lt 2; do sleep 0.05; done; sleep 0.5"
    with Worker(("/bin/sh", "-c", script)) as worker:
        while not log.exists():
            assert worker._thread.is_alive()
        # As the handler of SIGTERM does, before the server has answered what it was asked.
        worker.leave()
        while "asked" not in log.read_text():
            assert worker.child is not None
    assert log.read_text().splitlines() == ["started", "asked"]


def test_commands_write_lists_and_record_them(ann: Any, tmp_path: Path) -> None:
    make_claim("It rained.", published=True)
    make_claim("A draft.")
    target = tmp_path / "claims.xlsx"
    out = io.StringIO()
    call_command("export_list", "/api/v1/claims/", "--format", "xlsx", "-o", str(target), "--as", "ann", stdout=out)
    assert out.getvalue() == f"Wrote {target}: 2 rows, {target.stat().st_size:,} bytes.\n"
    call_command("export_list", "/api/v1/claims/?status=published", stdout=out)
    assert "It rained." in out.getvalue()
    assert "A draft." not in out.getvalue()
    assert list(Export.objects.order_by("pk").values_list("maker", "rows")) == [("Ann Archer", 2), ("system", 1)]
    call_command("verify_export", str(target), stdout=out)
    assert "Made by: Ann Archer" in out.getvalue()
    target.write_bytes(target.read_bytes() + b"x")
    with pytest.raises(CommandError, match="1 fault"):
        call_command("verify_export", str(target), stdout=out, stderr=io.StringIO())
    with pytest.raises(CommandError, match="zq"):
        call_command("export_list", "/api/v1/claims/?zq=1", stdout=out)


def test_reports_are_recorded_for_who_is_signed_in(ann: Any, api: Any) -> None:
    claim = make_claim("It rained.", published=True)
    url = f"/api/v1/claims/{claim.pk}/report/markdown/"
    assert api().get(url).status_code == 200
    assert not Export.objects.exists()
    answer = api(ann).get(url)
    export = Export.objects.get()
    assert (export.kind, export.query, export.size) == ("report", f"/api/v1/claims/{claim.pk}/", len(answer.content))
    api(ann).head(url)
    assert api(ann).get(url, HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
    assert Export.objects.count() == 1


def test_exports_are_asked_for_once_for_each_key(ann: Any, rob: Any, api: Any) -> None:
    body = {"kind": "list", "query": "/api/v1/claims/", "format": "csv"}
    sent = [api(ann).post("/api/v1/exports/", body, HTTP_IDEMPOTENCY_KEY="one") for _time in range(2)]
    assert [answer.status_code for answer in sent] == [202, 202]
    assert sent[0].json() == sent[1].json()
    assert sent[0]["Location"].endswith(f"/api/v1/exports/{sent[0].json()['id']}/")
    for wrong, field in (
        ({"zq": 1}, "zq"),
        ({"kind": "register"}, "kind"),
        ({"format": "zip"}, "format"),
        ({"query": 7.5}, "query"),
        ({"query": "/api/v1/audit/"}, None),
        ({"since": "yesterday"}, "since"),
        ({"as_of": "2999-01-01"}, "as_of"),
        ({"desk": "perhaps"}, "desk"),
    ):
        refused = api(ann).post("/api/v1/exports/", {**body, **wrong})
        assert refused.status_code == 400, wrong
        assert field is None or refused.json()["errors"][0]["field"] == field
    make_kept_export(rob)
    make_export(rob)
    assert [row["made_by"]["label"] for row in api(ann).get("/api/v1/exports/").json()["results"]] == ["Ann Archer"]
    assert api(rob).get("/api/v1/exports/?made_by=rob&status=done&kind=list").json()["results"][1]["link"]
