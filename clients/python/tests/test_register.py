"""What the client sends, waits for, and raises; a register that answers from a list stands for the real one."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from factcheck_client import Busy, Conflict, ExportFailed, Forbidden, Invalid, JobFailed, Problem, Register, transport

ADDRESS = "https://register.example.org"


class Answers:
    """Gives one answer after another, and keeps what was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers, self.asked = list(answers), list[httpx.Request]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def register(self, **how: Any) -> Register:
        return Register(ADDRESS, "secret", client=httpx.Client(transport=httpx.MockTransport(self)), **how)


def ok(body: Any, status: int = 200) -> httpx.Response:
    return httpx.Response(status, json=body)


def refused(status: int, code: str, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
    return httpx.Response(status, json={"status": status, "code": code, "detail": "No.", **more}, headers=headers)


@pytest.fixture(autouse=True)
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """For how many seconds the client would have waited, each time."""
    waits: list[float] = []
    monkeypatch.setattr(transport.time, "sleep", waits.append)
    return waits


def test_pages_are_asked_for_as_they_are_needed_and_at_the_register_alone() -> None:
    answers = Answers(
        ok({"results": [{"id": 1}], "next": "http://inside:8000/api/v1/claims/?cursor=abc%3D&status=draft"}),
        ok({"results": [{"id": 2}], "next": None}),
    )
    filters = {"status": ["draft", "published"], "dispute": None, "stale": True}
    rows = answers.register().claims.list({"!stance": "denies"}, **filters)
    assert answers.asked == []
    assert next(rows)["id"] == 1
    assert len(answers.asked) == 1
    assert [row["id"] for row in rows] == [2]
    assert dict(answers.asked[0].url.params) == {
        "!stance": "denies", "status": "draft,published", "dispute": "null", "stale": "true", "page_size": "100"
    }  # fmt: skip
    assert str(answers.asked[1].url) == f"{ADDRESS}/api/v1/claims/?cursor=abc%3D&status=draft"
    assert answers.asked[1].headers["Authorization"] == "Bearer secret"


def test_a_refusal_is_raised_with_its_fields() -> None:
    errors = [{"field": "claims.0.text", "code": "blank", "detail": "This field may not be blank."}]
    with pytest.raises(Invalid) as caught:
        Answers(refused(400, "validation_error", errors=errors)).register().claims.create(text="")
    assert (caught.value.code, caught.value.fields) == ("validation_error", {"claims.0.text": errors[0]["detail"]})
    assert "claims.0.text: This field" in str(caught.value)
    with pytest.raises(Forbidden):
        Answers(refused(403, "insufficient_scope")).register().me()
    with pytest.raises(Problem, match="Bad Gateway") as caught_page:
        Answers(httpx.Response(502, text="<html>")).register(attempts=1).me()
    assert caught_page.value.code == "not_a_problem"


@pytest.mark.parametrize("status", [429, 503])
def test_what_is_busy_is_asked_again_when_it_said(status: int, waited: list[float]) -> None:
    answers = Answers(refused(status, "busy", {"Retry-After": "7"}), ok({"id": 1, "version": 2}))
    changed = answers.register().claims.update({"id": 1, "version": 1}, text="It is so.")
    assert (changed["version"], waited) == (2, [7])
    assert [request.headers["If-Match"] for request in answers.asked] == ['"1"', '"1"']


def test_no_wait_is_longer_than_its_patience_and_no_retry_without_end(waited: list[float]) -> None:
    with pytest.raises(Busy) as caught:
        Answers(refused(429, "rate_limited", {"Retry-After": "3600"})).register(patience=10).me()
    assert (caught.value.retry_after, waited) == (3600, [])
    answers = Answers(*[refused(503, "busy") for _ in range(3)])
    with pytest.raises(Busy):
        answers.register(attempts=3).me()
    assert (len(answers.asked), len(waited)) == (3, 2)


def test_a_lost_answer_is_asked_for_again_where_that_acts_once() -> None:
    lost = httpx.ReadTimeout("lost")
    answers = Answers(lost, refused(409, "idempotency_in_progress"), httpx.Response(504), ok({"id": 1}, 201))
    assert answers.register().claims.create(text="It is so.")["id"] == 1
    assert len({request.headers["Idempotency-Key"] for request in answers.asked}) == 1
    with pytest.raises(httpx.ReadTimeout):
        Answers(lost).register().claims.update({"id": 1, "version": 1}, text="Or so.")
    assert Answers(lost, ok({})).register().me() == {}


def test_a_conflict_holds_both_versions() -> None:
    read, current = {"id": 1, "version": 1, "text": "Old."}, {"id": 1, "version": 2, "text": "Theirs."}
    answers = Answers(refused(412, "stale_version"), ok(current))
    with pytest.raises(Conflict) as caught:
        answers.register().claims.update(read, text="Mine.", reason="A slip.")
    assert json.loads(answers.asked[0].content) == {"text": "Mine.", "change_reason": "A slip."}
    assert (caught.value.read, caught.value.sent, caught.value.current) == (read, {"text": "Mine."}, current)


def test_a_file_is_there_whole_or_not(tmp_path: Path) -> None:
    class Broken(httpx.SyncByteStream):
        def __iter__(self) -> Any:
            yield b"half"
            raise httpx.ReadError("lost")

    target = tmp_path / "claims.csv"
    answers = Answers(httpx.Response(200, stream=Broken()), httpx.Response(200, content=b"id\n1\n"))
    register = answers.register()
    with pytest.raises(httpx.ReadError):
        register.claims.export("csv", to=target, said_on=date(2025, 6, 1))
    assert list(tmp_path.iterdir()) == []
    assert register.claims.export("csv", to=target).read_bytes() == b"id\n1\n"
    assert answers.asked[0].url.query == b"said_on=2025-06-01"


def test_a_job_is_waited_for_until_it_has_a_file_or_a_fault() -> None:
    exports = Answers(*[ok({"id": 3, "status": status}) for status in ("running", "done")]).register().exports
    assert exports.wait({"id": 3, "status": "queued"})["status"] == "done"
    with pytest.raises(ExportFailed, match="No room"):
        exports.wait({"id": 3, "status": "failed", "problem": "No room."})
    with pytest.raises(TimeoutError):
        exports.wait({"id": 3, "status": "queued"}, timeout=-1)


def test_rows_that_a_worker_enters_are_waited_for() -> None:
    answers = Answers(
        httpx.Response(202, headers={"Location": f"{ADDRESS}/api/v1/jobs/4/"}),
        ok({"id": 4, "status": "queued"}),
        ok({"id": 4, "status": "done"}),
        ok([{"row": 0, "id": 9}]),
    )
    register = answers.register()
    job = register.claims.create_later([{"text": "A."}])
    assert (answers.asked[0].headers["Prefer"], job["id"]) == ("respond-async", 4)
    assert register.jobs.results(register.jobs.wait(job)) == [{"row": 0, "id": 9}]
    with pytest.raises(JobFailed, match="Revoked"):
        register.jobs.wait({"id": 4, "status": "failed", "problem": "Revoked."})


def test_changes_are_followed_from_where_they_ended(waited: list[float]) -> None:
    def page(number: int, more: bool) -> httpx.Response:
        following = f"http://inside/api/v1/changes/?since={number}"
        return ok({"results": [{"entry": number}], "next": following, "more": more})

    answers = Answers(page(5, more=True), page(6, more=False), page(7, more=False))
    changes = answers.register().changes(since=4, follow=True)
    assert [next(changes)["entry"] for _ in range(3)] == [5, 6, 7]
    assert [request.url.params["since"] for request in answers.asked] == ["4", "5", "6"]
    assert waited == [30]
    assert [change["entry"] for change in Answers(page(1, more=False)).register().changes()] == [1]


def test_many_are_sent_as_they_stand_and_claims_by_the_ids_of_another_system() -> None:
    answers = Answers(*[ok([{"id": 1}]) for _ in range(3)], ok({"id": 1}), ok({"id": 1}, 201))
    claims = answers.register().claims
    claims.update_many([{"id": 1, "version": 2, "context": "So."}])
    claims.withdraw_many([{"id": 1, "version": 3, "reason": "A slip."}], key="again")
    claims.upsert_many([{"external_id": "wire:1", "text": "It is so.", "version": 3, "change_reason": "A slip."}])
    claims.upsert({"external_id": "wire:1", "text": "It is so."}, version=3, reason="A slip.")
    claims.upsert({"external_id": "wire:2", "text": "It is so."})
    sent = [(request.method, request.url.path.removeprefix("/api/v1/claims/")) for request in answers.asked]
    assert sent == [("PATCH", ""), ("POST", "withdraw/"), *[("POST", "by-external-id/")] * 3]
    patched, withdrawn, _many, changed, entered = answers.asked
    assert "Idempotency-Key" not in patched.headers
    assert withdrawn.headers["Idempotency-Key"] == "again"
    assert (changed.headers["If-Match"], "If-Match" in entered.headers) == ('"3"', False)
    assert json.loads(changed.content)["change_reason"] == "A slip."
