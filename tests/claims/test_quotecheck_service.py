"""The state of a quote follows every change of the quote, the document and its copies, by whatever door."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Attribution, QuoteCheck
from claims.services.quotecheck import BATCH, check_quotes, renew_checks
from factcheck.audit.context import acting
from sources.models import Document, Snapshot
from sources.services import keep_copy, stage_copy, verify_copies
from tests import factories as f

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

SAID = "It was so."
WORDS = "He said: it was so. Then he left."


@pytest.fixture
def document() -> Document:
    return f.make_document(text=WORDS)


def state(attribution: Attribution) -> str | None:
    return QuoteCheck.objects.filter(attribution=attribution).values_list("state", flat=True).first()


def quoted(document: Document | None, quote: str = SAID, **fields: Any) -> Attribution:
    return f.make_attribution(quote=quote, document=document, **fields)


def copy_of(document: Document, text: str, **fields: Any) -> Snapshot:
    return keep_copy(
        actor=None, document=document, content=io.BytesIO(text.encode()), media_type="text/plain", **fields
    )


def test_a_quote_that_stands_in_the_document_is_verified(document):
    check = QuoteCheck.objects.get(attribution=quoted(document))
    assert check.state == "verified"
    assert check.place == {
        "type": "TextQuoteSelector",
        "exact": "it was so.",
        "prefix": "He said: ",
        "suffix": " Then he left.",
    }


def test_the_states_of_quotes(document):
    assert state(quoted(document, "It was not so.")) == "not_found"
    assert state(quoted(None)) == "unverifiable"
    assert state(quoted(f.make_document())) == "unverifiable"
    assert state(f.make_attribution(document=document)) is None


def test_a_changed_quote_is_looked_up_anew(document):
    row = quoted(document)
    row.quote = "It was not so."
    row.save()
    assert state(row) == "not_found"
    assert row.quote_check.state == "not_found"
    row.document = None
    row.save()
    assert state(row) == "unverifiable"
    row.quote = ""
    row.save()
    assert state(row) is None


def test_a_changed_text_is_looked_into_anew(document):
    row = quoted(document)
    document.text = "Other words."
    document.save()
    assert state(row) == "not_found"
    document.text = ""
    document.save()
    assert state(row) == "unverifiable"


def test_the_texts_of_copies_count_while_they_are_whole(document):
    document.text = "Other words."
    document.save()
    row = quoted(document)
    assert state(row) == "not_found"
    copy = copy_of(document, WORDS)
    assert state(row) == "verified"
    Path(copy.file.path).unlink()
    assert [found.changed for found in verify_copies()] == [True]
    assert state(row) == "not_found"
    keep_again = copy_of(document, WORDS)
    assert keep_again.pk != copy.pk
    assert state(row) == "verified"


def test_changes_in_bulk_are_followed(document):
    row = quoted(document)
    Attribution.objects.filter(pk=row.pk).update(quote="It was not so.")
    assert state(row) == "not_found"
    Document.objects.filter(pk=document.pk).update(text="It was not so.")
    assert state(row) == "verified"
    row.refresh_from_db()
    row.quote = SAID
    Attribution.objects.bulk_update([row], ["quote"])
    assert state(row) == "not_found"
    document.refresh_from_db()
    document.text = WORDS
    Document.objects.bulk_update([document], ["text"])
    assert state(row) == "verified"


def test_rows_created_in_bulk_are_followed(document):
    claim, source = f.make_claim(), f.make_source()
    rows = Attribution.objects.bulk_create(
        Attribution(claim=claim, source=source, stance="asserts", quote=quote, document=document)
        for quote in (SAID, "It was not so.")
    )
    assert [state(row) for row in rows] == ["verified", "not_found"]
    staged = stage_copy(io.BytesIO(b"It was not so."), "text/plain")
    Snapshot.objects.bulk_create(
        [
            Snapshot(
                document=document,
                taken_at="2025-07-01T12:00Z",
                media_type="text/plain",
                file=staged.name,
                digest=staged.digest,
                size=staged.size,
                text=staged.text,
            )
        ]
    )
    assert [state(row) for row in rows] == ["verified", "verified"]


def test_a_fixture_is_followed(document, tmp_path):
    row = quoted(document)
    fixture = tmp_path / "rows.json"

    def load(model: str, pk: int, **fields: Any) -> None:
        written = {"created_at": "2025-07-01T12:00:00Z", "updated_at": "2025-07-01T12:00:00Z"}
        fixture.write_text(json.dumps([{"model": model, "pk": pk, "fields": {**written, **fields}}]))
        with acting(reason="Loaded."):
            call_command("loaddata", str(fixture), verbosity=0)

    load("sources.document", document.pk, kind="article", title="Page", text="Other words.")
    assert state(row) == "not_found"
    load(
        "claims.attribution",
        row.pk,
        claim=row.claim_id,
        source=row.source_id,
        stance="asserts",
        quote="Other words",
        document=document.pk,
    )
    assert state(row) == "verified"
    load(
        "sources.snapshot",
        10_000,
        document=document.pk,
        taken_at="2025-07-01T12:00:00Z",
        archive_url="https://archive.example.org/1",
        media_type="text/plain",
        size=1,
        digest=f.DIGEST,
        text=WORDS,
    )
    load(
        "claims.attribution",
        row.pk,
        claim=row.claim_id,
        source=row.source_id,
        stance="asserts",
        quote=SAID,
        document=document.pk,
    )
    assert state(row) == "verified"


def test_a_deleted_attribution_takes_its_check_along(document):
    row = quoted(document)
    row.delete()
    assert not QuoteCheck.objects.exists()


def test_all_checks_can_be_made_anew(document, capsys):
    rows = [quoted(document), quoted(document, "no"), quoted(None)]
    QuoteCheck.objects.all().delete()
    call_command("check_quotes")
    assert [state(row) for row in rows] == ["verified", "not_found", "unverifiable"]
    assert "3 attributions: 1 verified, 0 elided, 1 not found, 1 unverifiable." in capsys.readouterr().out


def test_a_batch_costs_the_same_queries_whatever_is_in_it():
    claim, source = f.make_claim(), f.make_source()

    def make(count: int) -> list[int]:
        documents = [f.make_document(text=f"{WORDS} {number}") for number in range(count)]
        rows = [Attribution(claim=claim, source=source, stance="asserts", quote=SAID, document=d) for d in documents]
        return [row.pk for row in Attribution.objects.bulk_create(rows)]

    few, many = make(1), make(20)
    assert len(few + many) < BATCH
    with CaptureQueriesContext(connection) as one:
        renew_checks(few)
    with CaptureQueriesContext(connection) as twenty:
        renew_checks(many)
    assert len(one) == len(twenty)


def test_what_once_stood_can_be_checked_from_old_rows_alone(django_assert_num_queries):
    row = Attribution(pk=1, quote=SAID, document_id=7)
    other = Attribution(pk=2, quote=SAID)
    with django_assert_num_queries(0):
        found = check_quotes([row, other], {7: Document(pk=7, text=WORDS)}, [])
    assert {pk: check.state for pk, check in found.items()} == {1: "verified", 2: "unverifiable"}
