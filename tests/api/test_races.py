"""Two clients at once, each with its own connection: one of them is told, none of them is lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from threading import Barrier
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from rest_framework.test import APIClient

from claims.models import Claim, Verdict
from tests import factories as f
from tests.api.nouns import address

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races]


def at_once(*acts: Callable[[], Any], seconds: int = 60) -> list[Any]:
    """What the acts answer, each in its own thread, begun together."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=30)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [done.result(timeout=seconds) for done in [threads.submit(run, act) for act in acts]]


def client_of(user: Any) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(user)
    return client


@pytest.fixture(autouse=True)
def _unbroken(live_register: None) -> Any:
    """Whatever raced, the audit trail is whole afterwards."""
    yield
    call_command("verify_audit", stdout=StringIO())


@pytest.mark.parametrize(
    "fields", [("context", "context"), ("context", "check_reason")], ids=["same field", "two fields"]
)
def test_of_two_changes_on_the_same_version_one_is_told(fields):
    claim, user = f.make_claim(published=True), f.someone("Reviewer")
    how = {"HTTP_IF_MATCH": f'"{claim.version}"', "HTTP_X_CHANGE_REASON": "A test."}
    answers = at_once(
        *(
            lambda field=field, turn=turn: client_of(user).patch(
                f"{address('claim')}{claim.pk}/", {field: f"Change {turn}."}, **how
            )
            for turn, field in enumerate(fields)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    won = next(answer.json() for answer in answers if answer.status_code == 200)
    stored = Claim.objects.get(pk=claim.pk)
    assert (stored.context, stored.check_reason) == (won["context"], won["check_reason"])


def test_the_same_key_twice_at_once_makes_one_row():
    user = f.someone("Researcher")
    send = lambda: client_of(user).post(address("claim"), {"text": "It is so."}, HTTP_IDEMPOTENCY_KEY="one")  # noqa: E731
    answers = at_once(send, send, send)
    assert Claim.objects.count() == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    made = [answer for answer in answers if answer.status_code == 201]
    assert made
    assert len({answer.content for answer in made}) == 1
    again = send()
    assert (again.status_code, again.content, again.headers["Idempotent-Replayed"]) == (201, made[0].content, "true")


def test_two_reviewers_who_publish_at_once_publish_one_verdict():
    claim = f.make_claim()
    verdict = f.make_submitted(claim)
    reviewers = [f.make_user(f"reviewer-{number}", "Reviewer") for number in range(2)]
    answers = at_once(
        *(lambda user=user: client_of(user).post(f"{address('verdict')}{verdict.pk}/publish/") for user in reviewers)
    )
    # The second finds it published: told so (409), or that what is public is changed by version only (428).
    assert min(answer.status_code for answer in answers) == 200
    assert {answer.status_code for answer in answers} - {200} <= {409, 428}
    assert Verdict.objects.published().filter(claim=claim).count() == 1


def test_two_drafts_published_at_once_make_one_verdict():
    claim = f.make_claim()
    drafts = [f.make_submitted(claim, author=f.make_user(f"author-{number}", "Researcher")) for number in range(2)]
    reviewers = [f.make_user(f"reviewer-{number}", "Reviewer") for number in range(2)]
    answers = at_once(
        *(
            lambda user=user, draft=draft: client_of(user).post(
                f"{address('verdict')}{draft.pk}/publish/", HTTP_IF_MATCH=f'"{draft.version}"'
            )
            for user, draft in zip(reviewers, drafts, strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409], [answer.json() for answer in answers]
    assert Verdict.objects.current().filter(claim=claim).count() == 1


def test_eight_clients_write_at_once_and_none_is_refused():
    user = f.someone("Researcher")
    # Without Latin letters, so that all of them want the same short name.
    acts = [
        lambda n=n: client_of(user).post(address("source"), {"kind": "person", "name": f"Свидетель {'и' * n}"})
        for n in range(8)
    ]
    answers = at_once(*acts)
    assert [answer.status_code for answer in answers] == [201] * 8
    assert len({answer.json()["slug"] for answer in answers}) == 8


def test_two_reviewers_who_confirm_at_once_leave_one_confirmation():
    verdict = f.make_stale()
    reviewers = [f.make_user(f"reviewer-{number}", "Reviewer") for number in range(2)]
    how = {"HTTP_IF_MATCH": f'"{verdict.version}"'}
    answers = at_once(
        *(
            lambda user=user: client_of(user).post(
                f"{address('verdict')}{verdict.pk}/confirm/", {"reason": "It changes nothing."}, **how
            )
            for user in reviewers
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409], [answer.json() for answer in answers]
    assert verdict.confirmations.count() == 1


def test_a_claim_that_is_sent_four_times_at_once_by_its_external_id_is_entered_once():
    user, dispute = f.someone("Researcher"), f.make_dispute()
    body = {"external_id": "wire:7", "dispute": dispute.pk, "text": "It is so."}

    def send() -> Any:
        return client_of(user).post(f"{address('claim')}by-external-id/", body)

    answers = at_once(*[send] * 4)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201], [a.json() for a in answers]
    assert {(answer.json()["id"], answer.json()["version"]) for answer in answers} == {
        (Claim.objects.get(external_id="wire:7").pk, 1)
    }


def test_of_two_bulk_changes_on_the_same_versions_one_is_told():
    claims, user = [f.make_claim() for _row in range(3)], f.someone("Researcher")

    def change(turn: int) -> Any:
        rows = [{"id": claim.pk, "version": claim.version, "context": f"Change {turn}."} for claim in claims]
        return client_of(user).patch(address("claim"), rows)

    answers = at_once(lambda: change(1), lambda: change(2))
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    won = next(answer.json()[0]["context"] for answer in answers if answer.status_code == 200)
    assert {(row.context, row.version) for row in Claim.objects.all()} == {(won, 2)}
