"""Readers and writers at once: what is kept ready is never older than what is stored."""

from __future__ import annotations

import os
import random
from threading import Event
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.api.preparing import differences
from claims.models import Attribution, Claim, ClaimRelation, Dispute, Evidence, Prepared
from sources.models import Document, Source
from tests import factories as f
from tests.api.nouns import address
from tests.api.test_races import at_once, client_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races]

CHANGES = int(os.environ.get("EXAMPLES", "40"))
# On PostgreSQL a process has ten connections, and a writer who waits for the others holds one.
WRITERS, READERS = (8, 4 if connection.vendor == "sqlite" else 1) if CHANGES > 500 else (4, 2)


@pytest.fixture
def filled(live_register: None) -> None:
    """Two disputes of three published claims each, tied to each other, with everything on them."""
    for number in range(2):
        dispute = f.make_dispute(title=f"Dispute {number}")
        claims = [f.make_claim(dispute=dispute, published=True) for _ in range(3)]
        for claim in claims:
            document = f.make_document(publisher=f.make_source())
            said = f.make_attribution(claim, source=f.make_source(), document=document)
            f.make_attribution(claim, source=document.publisher, stance="relays", relayed_from=said)
            f.make_link(claim, evidence=f.make_evidence(documents=[document], dispute=dispute))
            f.make_published(claim)
        f.make_relation(claims[0], claims[1])
        f.make_relation(claims[1], claims[2], kind="refines")


def change_something(editor: Any, turn: random.Random) -> None:
    """One change of one row, through the API."""
    client = client_of(editor)
    model, noun, column = turn.choice(
        [
            (Claim, "claim", "context"),
            (Source, "source", "name"),
            (Document, "document", "title"),
            (Evidence, "evidence", "title"),
            (Dispute, "dispute", "title"),
            (Attribution, "attribution", "quote"),
            (ClaimRelation, "relation", "note"),
        ]
    )
    row = turn.choice(list(model._base_manager.all()))
    how = {"HTTP_IF_MATCH": f'"{row.version}"', "HTTP_X_CHANGE_REASON": "A test."}
    answer = client.patch(f"{address(noun)}{row.pk}/", {column: f"Words {turn.random()}"}, **how)
    assert answer.status_code in {200, 412}, answer.content


def test_after_many_changes_by_several_at_once_nothing_kept_is_old(filled: None) -> None:
    editor = f.someone("Editor")
    done, left = Event(), [CHANGES]
    claims, disputes = list(Claim.objects.all()), list(Dispute.objects.all())

    def write(number: int) -> None:
        turn = random.Random(number)
        try:
            while left[0] > 0:
                left[0] -= 1
                change_something(editor, turn)
        finally:
            done.set()

    def read(number: int) -> None:
        turn, client = random.Random(100 + number), Client()
        while not done.is_set():
            claim, dispute = turn.choice(claims), turn.choice(disputes)
            for path in (
                "/api/v1/claims/?include=attributions,evidence,relations,verdict,contradicted_by",
                f"/api/v1/claims/{claim.pk}/",
                f"/claims/{claim.pk}/",
                f"/disputes/{dispute.slug}/",
                f"/api/v1/disputes/{dispute.slug}/",
            ):
                assert client.get(path).status_code == 200

    at_once(
        *(lambda number=number: write(number) for number in range(WRITERS)),
        *(lambda number=number: read(number) for number in range(READERS)),
        seconds=600,
    )
    assert list(differences()) == []
    Client().get(f"/api/v1/claims/{claims[0].pk}/")
    assert Prepared.objects.filter(noun="claim", row=claims[0].pk, form="light").exists()
    assert list(differences()) == []


def test_a_new_name_shows_in_every_claim_at_once_and_a_withheld_one_nowhere(filled: None) -> None:
    client, source = Client(), Attribution.objects.order_by("pk")[0].source
    claim = source.attributions.first().claim_id
    paths = [f"/api/v1/claims/{claim}/", f"/claims/{claim}/", "/api/v1/claims/?include=attributions"]
    for path in paths:
        assert source.name in client.get(path).content.decode()
    editor = client_of(f.someone("Editor"))
    for change, name in (
        ({"name": "Quite Another Name"}, "Quite Another Name"),
        ({"withheld": True}, "Source withheld"),
    ):
        source.refresh_from_db()
        how = {"HTTP_IF_MATCH": f'"{source.version}"', "HTTP_X_CHANGE_REASON": "A test."}
        more = {"withheld_reason": "Fears for his life."} if "withheld" in change else {}
        assert editor.patch(f"{address('source')}{source.pk}/", {**change, **more}, **how).status_code == 200
        for path in paths:
            assert name in client.get(path).content.decode()
    assert not [row for row in Prepared.objects.filter(audience="public") if b"Quite Another" in bytes(row.body)]


def test_what_is_kept_takes_the_same_few_queries_for_any_number_of_rows(filled: None) -> None:
    client = Client()
    for path, most in (
        ("/api/v1/claims/?include=attributions,evidence", 2),
        (f"/api/v1/claims/{Claim.objects.first().pk}/", 1),
        (f"/disputes/{Dispute.objects.first().slug}/", 2),
    ):
        client.get(path)
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(path)
        assert len(seen) <= most, path
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path, HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
        assert len(seen) <= most, path
