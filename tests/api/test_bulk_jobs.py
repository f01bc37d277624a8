"""Many rows are done by a worker, piece by piece: each is stored or refused, and told of by its place."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from knox.models import AuthToken
from rest_framework.test import APIClient

from claims.models import Claim
from factcheck.accounts.tokens import issue_token
from factcheck.api.bulk import work
from factcheck.api.bulk.pieces import pieces_of
from factcheck.api.bulk.work import NOT_VALID, recover_stalled_jobs, run_bulk
from factcheck.audit.differences import history_models
from factcheck.audit.models import AuditEntry, BulkJob, BulkPiece
from factcheck.audit.verification import Break, verify
from tests import factories as f
from tests.api.nouns import address

pytestmark = pytest.mark.django_db
CLAIMS, JOBS = "/api/v1/claims/", "/api/v1/jobs/"
LATER = {"HTTP_PREFER": "respond-async"}


@pytest.fixture
def client(desk: Any, client_of: Any) -> APIClient:
    return client_of(desk.researcher)


def token_client(user: Any, scope: str = "write") -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_token(user, name='t', scope=scope)[1]}")
    return client


def texts(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{"text": f"Claim {number}.", **more} for number in range(count)]


def done(client: APIClient, asked: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The job and its results after a worker had it."""
    run_bulk.call(number_of(asked))
    path = f"{JOBS}{number_of(asked)}/"
    return client.get(path).json(), client.get(f"{path}results/").json()


def number_of(asked: Any) -> int:
    """The id of the job that was taken on."""
    assert (asked.status_code, asked.content) == (202, b""), asked.content
    return int(asked["Location"].rstrip("/").rpartition("/")[2])


def test_what_a_worker_does_is_told_row_by_row(client):
    rows = texts(250)
    rows[7]["text"], rows[120] = "", {"text": "No such dispute.", "dispute": 999}
    asked = client.post(CLAIMS, rows, HTTP_X_CHANGE_REASON="From the wire.", **LATER)
    assert (asked["Preference-Applied"], asked["Retry-After"]) == ("respond-async", "2")
    waiting = client.get(f"{JOBS}{number_of(asked)}/")
    assert (waiting.json()["status"], waiting["Retry-After"]) == ("queued", "2")
    assert not Claim.objects.exists()
    job, results = done(client, asked)
    assert {name: job[name] for name in ("status", "rows", "stored", "refused", "problem")} == {
        "status": "done",
        "rows": 250,
        "stored": 248,
        "refused": 2,
        "problem": "",
    }
    assert [result["row"] for result in results] == list(range(250))
    told = [[(e["field"], e["code"]) for e in results[row]["errors"]] for row in (7, 120)]
    assert told == [[("7.text", "blank")], [("120.dispute", "does_not_exist")]]
    assert {result["status"] for result in results if result["id"]} == {201}
    assert Claim.objects.get(pk=results[249]["id"]).text == "Claim 249."
    assert set(AuditEntry.objects.filter(action="claim.created").values_list("reason", flat=True)) == {"From the wire."}
    assert not BulkPiece.objects.exclude(rows=[]).exists(), "the rows themselves are not kept"
    assert not [found for found in verify(history_models()) if isinstance(found, Break)]


def test_one_refused_by_the_register_alone_does_not_keep_the_others(client):
    f.make_claim(external_id="wire:1")
    rows = [{"text": f"C {number}.", "external_id": f"wire:{number}"} for number in range(5)]
    job, results = done(client, client.post(CLAIMS, rows, **LATER))
    assert (job["stored"], job["refused"]) == (4, 1)
    assert results[1]["errors"][0]["field"] == "1.external_id"
    assert Claim.objects.count() == 5


def test_rows_that_refer_to_each_other_are_stored_or_refused_together(client):
    source = {"ref": "union", "kind": "organisation", "name": "Union"}
    rows = texts(4)
    rows[0] |= {"sources": [source], "attributions": [{"source": {"ref": "union"}, "stance": "asserts"}]}
    rows[3] |= {"attributions": [{"source": {"ref": "union"}, "stance": "shouts"}]}
    job, results = done(client, client.post(CLAIMS, rows, **LATER))
    assert [bool(result["id"]) for result in results] == [False, True, True, False]
    assert results[3]["errors"][0]["field"] == "3.attributions.0.stance"
    assert results[0]["detail"] == "This row was refused with row 3, to which it is bound by `ref`."
    rows[3]["attributions"][0]["stance"] = "denies"
    job, results = done(client, client.post(CLAIMS, [rows[0], rows[3]], **LATER))
    assert job["stored"] == 2


@pytest.mark.parametrize("way", ["change", "withdraw", "by-external-id"])
def test_all_that_takes_an_array_can_be_done_later(client, desk, client_of, way):
    claims = [f.make_claim(external_id=f"wire:{number}") for number in range(3)]
    if way == "change":
        rows = [{"id": claim.pk, "version": 1 + (claim is claims[1]), "context": "So."} for claim in claims]
        job, results = done(client, client.patch(CLAIMS, rows, **LATER))
        assert [result["status"] for result in results] == [200, 412, 200]
        assert results[1]["errors"][0]["field"] == "1.version"
    elif way == "withdraw":
        statements = [f.make_attribution(claim) for claim in claims]
        rows = [{"id": row.pk, "version": 1, "reason": "Twice."} for row in statements]
        editor = client_of(desk.editor)
        job, results = done(editor, editor.post(f"{address('attribution')}withdraw/", rows, **LATER))
        assert [result["version"] for result in results] == [2, 2, 2]
    else:
        rows = [{"external_id": f"wire:{number}", "text": f"New {number}."} for number in range(5)]
        job, results = done(client, client.post(f"{CLAIMS}by-external-id/", rows, **LATER))
        assert [result["id"] for result in results[:3]] == [claim.pk for claim in claims]
        assert Claim.objects.count() == 5
    assert job["status"] == "done"


@pytest.mark.parametrize("rows", [[], texts(5_001), texts(501)])
def test_what_is_too_much_is_refused_and_led_to_a_worker(client, rows):
    refused = client.post(CLAIMS, rows, **(LATER if len(rows) != 501 else {}))
    assert (refused.status_code, refused.json()["code"]) == (400, "bulk_size")
    assert ("respond-async" in refused.json()["detail"]) == (len(rows) == 501)
    bound = [{"text": "A.", "sources": [{"ref": "one", "name": "One"}]} for _number in range(501)]
    told = client.post(CLAIMS, bound, **LATER).json()["detail"]
    assert told.startswith("501 of the rows refer to each other by `ref`, from row 0 on.")
    assert not BulkJob.objects.exists()


def test_one_row_is_answered_at_once_whatever_is_preferred(client):
    answer = client.post(CLAIMS, {"text": "One."}, **LATER)
    assert answer.status_code == 201
    assert not answer.has_header("Preference-Applied")


def test_a_key_makes_one_job(client):
    first, second = (client.post(CLAIMS, texts(2), HTTP_IDEMPOTENCY_KEY="k", **LATER) for _time in range(2))
    assert (second.status_code, second["Idempotent-Replayed"]) == (202, "true")
    for name in ("Location", "Retry-After", "Preference-Applied"):
        assert second[name] == first[name]
    assert BulkJob.objects.count() == 1


def test_roles_and_scopes_are_asked_as_ever_and_again_when_it_is_done(desk):
    assert token_client(desk.reader).post(CLAIMS, texts(1), **LATER).status_code == 403
    assert token_client(desk.researcher, "read").post(CLAIMS, texts(1), **LATER).status_code == 403
    assert APIClient().post(CLAIMS, texts(1), **LATER).status_code == 401
    assert not BulkJob.objects.exists()
    published = [f.make_published().claim for _number in range(2)]
    rows = [{"id": claim.pk, "version": claim.version, "context": "So.", "change_reason": "R."} for claim in published]
    writer = token_client(desk.editor, "write")
    job, results = done(writer, writer.patch(CLAIMS, rows, **LATER))
    assert [(result["status"], result["code"]) for result in results] == [(403, "forbidden")] * 2
    asked = writer.post(CLAIMS, texts(150), **LATER)
    desk.editor.groups.clear()
    job, results = done(writer, asked)
    assert (job["status"], job["refused"], {result["status"] for result in results}) == ("done", 150, {403})


def test_a_token_that_was_revoked_does_nothing_more(desk):
    client = token_client(desk.researcher)
    asked = client.post(CLAIMS, texts(3), **LATER)
    AuthToken.objects.all().delete()
    run_bulk.call(number_of(asked))
    job = BulkJob.objects.get()
    assert (job.status, job.problem) == ("failed", NOT_VALID)
    assert not Claim.objects.exists()


def test_a_job_is_its_makers_alone(client, desk, client_of):
    asked = client.post(CLAIMS, texts(1), **LATER)
    path = f"{JOBS}{number_of(asked)}/"
    for other in (client_of(desk.editor), client_of(desk.reader)):
        assert other.get(JOBS).json()["results"] == []
        statuses = [other.get(path), other.get(f"{path}results/"), other.post(f"{path}cancel/")]
        assert [answer.status_code for answer in statuses] == [404] * 3
    assert APIClient().get(path).status_code == 401
    assert [job["id"] for job in client.get(JOBS).json()["results"]] == [number_of(asked)]


def test_a_job_is_called_off_between_two_pieces(client, monkeypatch):
    asked = client.post(CLAIMS, texts(250), **LATER)
    path, do_piece = f"{JOBS}{number_of(asked)}/", work.do_piece

    def cancel_after(job: Any, piece: Any) -> None:
        do_piece(job, piece)
        assert client.post(f"{path}cancel/").json()["status"] == "cancelled"

    monkeypatch.setattr(work, "do_piece", cancel_after)
    job, results = done(client, asked)
    assert (job["status"], job["stored"], len(results), Claim.objects.count()) == ("cancelled", 100, 100, 100)
    assert client.post(f"{path}cancel/").status_code == 200
    done(client, finished := client.post(CLAIMS, texts(1), **LATER))
    assert client.post(f"{JOBS}{number_of(finished)}/cancel/").json()["code"] == "job_ended"


def test_others_have_their_turn_and_a_stopped_worker_is_replaced(client, monkeypatch):
    monkeypatch.setattr(work, "TURN", -1.0)
    asked = client.post(CLAIMS, texts(150), **LATER)
    run_bulk.call(number_of(asked))
    assert BulkJob.objects.get().status == "queued"
    assert DBTaskResult.objects.filter(task_path=run_bulk.module_path).count() == 2
    monkeypatch.setattr(work, "TURN", 5.0)
    long_ago = timezone.now() - timedelta(minutes=3)
    for stops in (1, 2):
        BulkJob.objects.update(status="running", seen_at=long_ago)
        assert recover_stalled_jobs() == 1
        assert BulkJob.objects.get().stopped == stops
    BulkJob.objects.update(status="running", seen_at=long_ago)
    assert recover_stalled_jobs() == 0
    assert BulkJob.objects.get().status == "failed"
    BulkJob.objects.update(finished_at=timezone.now() - timedelta(days=8))
    recover_stalled_jobs()
    assert not BulkJob.objects.exists()


def test_a_fault_of_the_register_is_told(client, monkeypatch):
    asked = client.post(CLAIMS, texts(2), **LATER)

    def broken(*args: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(work, "send", broken)
    job, results = done(client, asked)
    assert (job["status"], results) == ("failed", [])
    assert job["problem"].startswith("The register failed at the rows from 0 on")


def test_a_piece_costs_what_a_request_does(client, django_assert_max_num_queries):
    asked = client.post(CLAIMS, texts(100), **LATER)
    with django_assert_max_num_queries(60):
        run_bulk.call(number_of(asked))
    assert Claim.objects.count() == 100


def test_pieces_hold_what_belongs_together():
    rows: list[Any] = [{"n": number} for number in range(205)]
    rows[3], rows[204] = {"ref": "a"}, {"attributions": [{"source": {"ref": "a"}}]}
    pieces = pieces_of(rows)
    assert [len(piece) for piece in pieces] == [100, 100, 5]
    assert [place for place, first, _row in pieces[0] if first == 3] == [3, 204]
    assert sorted(place for piece in pieces for place, _first, _row in piece) == list(range(205))
    heavy = [{"attributions": [{"n": number} for number in range(300)]}] * 3
    assert [len(piece) for piece in pieces_of(heavy)] == [1, 1, 1]
