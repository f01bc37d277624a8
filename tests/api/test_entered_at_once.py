"""What a request enters is stored in the trust that nothing is refused; what is refused is told as ever."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from claims.models import Claim, Dispute
from factcheck.audit.chain import record_event
from factcheck.audit.context import recording
from factcheck.audit.differences import history_models
from factcheck.audit.models import AuditEntry
from factcheck.audit.trust import gathering, is_trusting, trusting
from factcheck.audit.verification import verify
from factcheck.search.models import SearchText
from factcheck.search.rebuild import differences
from sources.models import Source
from tests import factories as f
from tests.api.nouns import address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("module_rows")]


@pytest.fixture
def client(desk: Any, client_of: Any) -> APIClient:
    return client_of(desk.researcher)


def whole(rows: int) -> dict[str, Any]:
    """A dispute with so many rows of each of five nouns."""
    numbers = range(rows)
    return {
        "title": f"Rain, {rows}",
        "question": "Did it rain?",
        "documents": [{"ref": f"d{nth}", "kind": "article", "title": f"Work {nth}"} for nth in numbers],
        "claims": [
            {
                "ref": f"c{nth}",
                "text": f"It rained, {nth}.",
                "attributions": [{"source": f.make_source().pk, "stance": "asserts", "document": {"ref": f"d{nth}"}}],
            }
            for nth in numbers
        ],
        "evidence": [
            {
                "kind": "document",
                "title": f"Record {nth}",
                "documents": [{"ref": f"d{nth}"}],
                "links": [{"claim": {"ref": f"c{nth}"}, "bearing": "supports"}],
            }
            for nth in numbers
        ],
    }


def breaks() -> list[Any]:
    return [step for step in verify(history_models()) if not isinstance(step, int)]


def test_a_whole_dispute_takes_the_same_statements_however_many_rows_it_has(client):
    client.post(address("claim"), {"text": "It rained."})  # what the client may do is known from then on
    sent = {}
    for rows in (2, 6):
        body = whole(rows)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            answer = client.post(address("dispute"), body, HTTP_PREFER="return=minimal")
        assert answer.status_code == 201, answer.json()
        sent[rows] = [query["sql"] for query in seen]
    assert len(sent[2]) == len(sent[6])
    for table in (AuditEntry, SearchText):
        assert sum(f'INSERT INTO "{table._meta.db_table}"' in sql for sql in sent[2]) == 1
    assert breaks() == []
    assert [*differences()] == []


def test_entries_stand_in_the_order_in_which_rows_were_entered(client):
    client.post(address("dispute"), whole(1))
    told = [*AuditEntry.objects.order_by("id").values_list("object_type", flat=True)]
    nouns = ["dispute", "question", "document", "claim", "evidence", "evidencedocument", "attribution", "evidencelink"]
    assert told[-len(nouns) :] == nouns


def test_what_is_refused_late_leaves_nothing_and_is_told_by_its_place(client):
    body, entries = whole(2), AuditEntry.objects.count()
    body["evidence"][1]["links"] *= 2
    answer = client.post(address("dispute"), body)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["evidence.1.links.1"]
    assert (Dispute.objects.count(), Claim.objects.count(), AuditEntry.objects.count()) == (0, 0, entries)
    assert not is_trusting()


def test_a_taken_name_is_told_by_the_rule_and_not_by_the_database(client):
    f.make_claim(dispute=None, external_id="a1")
    answer = client.post(address("claim"), {"text": "It rained.", "external_id": "a1"})
    assert answer.status_code == 409
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [
        ("external_id", "external_id_taken")
    ]


def test_an_act_that_is_entered_meanwhile_comes_after_those_before_it():
    with recording(), trusting(), gathering():
        f.make_source()
        assert not AuditEntry.objects.filter(action="source.created").exists()
        record_event("user.created", "user", 7)
    assert [*AuditEntry.objects.order_by("id").values_list("action", flat=True)][-2:] == [
        "source.created",
        "user.created",
    ]
    assert breaks() == []


def test_without_trust_all_is_written_at_once():
    with recording(), gathering():
        source = f.make_source()
        assert AuditEntry.objects.of(source).exists()
    assert Source.objects.filter(pk=source.pk).exists()
