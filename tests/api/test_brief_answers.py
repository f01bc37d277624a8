"""Who writes and prefers little is told the id and version of what was written (RFC 7240), whatever the noun."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Claim, Dispute
from tests import factories as f
from tests.api.nouns import NOUNS, address
from tests.api.test_writing import WHOLE

pytestmark = pytest.mark.django_db

BRIEF = {"HTTP_PREFER": "return=minimal"}
APPLIED = "Preference-Applied"
ENTERED = [name for name, noun in NOUNS.items() if noun.body is not None]
CHANGED = [name for name in ENTERED if NOUNS[name].draft and NOUNS[name].change and name != "snapshot"]
"""Those that take a PATCH: a snapshot is kept or withdrawn."""


@pytest.mark.parametrize("noun", ENTERED)
def test_what_is_entered_is_told_by_its_number(client_of, desk, noun):
    client = client_of(desk.administrator)
    made = client.post(address(noun), NOUNS[noun].body(), **BRIEF)
    assert (made.status_code, made[APPLIED]) == (201, "return=minimal"), made.json()
    row = NOUNS[noun].model.objects.latest("pk")
    assert made.json() == {"id": row.pk, "version": row.version}
    assert made["Location"].endswith(f"{address(noun)}{row.pk}/")


@pytest.mark.parametrize("noun", CHANGED)
def test_what_is_changed_is_told_by_its_version_and_the_tag_lets_it_change_again(client_of, desk, noun):
    who = desk.administrator
    row, client = NOUNS[noun].draft(who), client_of(who)
    one = f"{address(noun)}{row.pk}/"
    changed = client.patch(one, NOUNS[noun].change, **BRIEF)
    assert changed.json() == {"id": row.pk, "version": row.version + 1}
    assert changed[APPLIED] == "return=minimal"
    assert client.delete(one, HTTP_IF_MATCH=changed["ETag"], **BRIEF).status_code == 204


def test_many_rows_and_their_actions(client_of, desk):
    client = client_of(desk.editor)
    made = client.post(address("claim"), [{"text": "One."}, {"text": "Two.", "attributions": []}], **BRIEF)
    first, second = Claim.objects.order_by("pk")
    assert made.json() == [{"id": first.pk, "version": 1}, {"id": second.pk, "version": 1}]
    changed = client.patch(address("claim"), [{"id": second.pk, "context": "C."}], **BRIEF)
    assert (changed.json(), changed[APPLIED]) == ([{"id": second.pk, "version": 2}], "return=minimal")
    called = {"external_id": "x-1", "text": "Three."}
    assert client.post(f"{address('claim')}by-external-id/", called, **BRIEF).json()["version"] == 1
    again = client.post(f"{address('claim')}by-external-id/", [{**called, "context": "D."}], **BRIEF).json()
    assert [row["version"] for row in again] == [2]
    submitted = client.post(f"{address('claim')}{first.pk}/submit/", **BRIEF)
    assert submitted.json() == {"id": first.pk, "version": 2}


def test_a_whole_dispute(client_of, desk):
    made = client_of(desk.researcher).post(address("dispute"), WHOLE, **BRIEF)
    assert made.json() == {"id": Dispute.objects.get().pk, "version": 1}
    assert Claim.objects.count() == len(WHOLE["claims"])


@pytest.mark.parametrize("given", ["return=minimal", "Return = Minimal; x=1", 'wait=10, return="minimal"'])
def test_the_preference_may_be_written_as_the_standard_allows(client_of, desk, given):
    assert len(client_of(desk.editor).post(address("claim"), {"text": "So."}, HTTP_PREFER=given).json()) == 2


@pytest.mark.parametrize(
    "given",
    ["", "return=representation", "return=minimalist", "minimal", "return", "return=representation, return=minimal"],
)
def test_whoever_does_not_say_so_gets_the_whole_row(client_of, desk, given):
    made = client_of(desk.editor).post(address("claim"), {"text": "So."}, HTTP_PREFER=given)
    assert made.json()["text"] == "So."
    assert not made.has_header(APPLIED)


def test_a_reader_is_shown_what_was_asked_for(client_of, desk):
    claim = f.make_claim()
    read: Any = client_of(desk.editor).get(f"{address('claim')}{claim.pk}/", **BRIEF)
    assert read.json()["text"] == claim.text
    assert not read.has_header(APPLIED)


def test_a_refusal_is_told_as_ever(client_of, desk):
    client = client_of(desk.editor)
    refused = client.post(address("claim"), {"text": "", "language": "?"}, **BRIEF)
    assert refused.status_code == 400
    assert {entry["field"] for entry in refused.json()["errors"]} == {"text", "language"}
    assert not refused.has_header(APPLIED)


def test_a_request_sent_again_gets_the_same_little(client_of, desk):
    client, key = client_of(desk.editor), {"HTTP_IDEMPOTENCY_KEY": "once"}
    first, again = (client.post(address("claim"), {"text": "So."}, **BRIEF, **key) for _ in range(2))
    assert again["Idempotent-Replayed"] == "true"
    assert (again.json(), again[APPLIED]) == (first.json(), "return=minimal")


def test_nothing_is_loaded_that_is_not_told(client_of, desk):
    """Who contradicts a new claim is asked of all that answer its question."""
    question = f.make_question(exclusive=True)
    rival = f.make_claim(dispute=question.dispute, question=question)
    f.make_attribution(rival)
    client, entered = client_of(desk.editor), {"text": "So.", "dispute": question.dispute_id}
    sent = {}
    for given in ("return=minimal", "return=representation"):
        with CaptureQueriesContext(connection) as caught:
            assert client.post(address("claim"), entered, HTTP_PREFER=given).status_code == 201
        sent[given] = [query["sql"] for query in caught if "claims_attribution" in query["sql"]]
    assert not sent["return=minimal"]
    assert sent["return=representation"]
