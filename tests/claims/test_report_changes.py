"""What changed since the last report: in words, in every format, and never more than the reader may know."""

from __future__ import annotations

import csv as stdlib_csv
import io
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Claim
from claims.reports.content.changes import LONG, Difference
from claims.reports.formats.catalogue import FORMATS
from claims.reports.load.dossier import load_claim, load_dispute
from claims.services import withdraw_claim
from factcheck.audit.context import acting
from tests.claims.test_past_report import FRIDAY, MONDAY, TUESDAY, change_everything, rivals
from tests.factories import make_attribution, make_claim, make_corrected, make_dispute, make_published

__all__ = ["rivals"]


def told(dossier: Any) -> list[tuple[str, str, str]]:
    return [(row.what, row.change.code, row.label) for row in dossier.changes]


def test_a_week_of_the_desk_is_told_in_words(rivals, ann, reviewer, anonymous, editor):
    with time_machine.travel(FRIDAY, tick=False):
        change_everything(rivals, ann, reviewer)
        with CaptureQueriesContext(connection) as queries:
            public = load_dispute(rivals, anonymous, since=TUESDAY)
        desk = load_dispute(rivals, editor, since=TUESDAY)
        claim = load_claim(Claim.objects.get(text__startswith="Both were beaten"), anonymous, since=TUESDAY)
        page, text, table = (FORMATS[name].write(public).decode() for name in ("html", "markdown", "csv"))
    assert len(queries) <= 65
    sentences = [row.sentence for row in public.changes]
    heart, beaten = (row.id for row in public.claims[:2])
    for part in (
        "Dispute, changed: “Another title”. Title: from “Deaths in custody” to “Another title”; state: from “contested",
        "Question, changed: “What caused the deaths?”. At most one claim can hold: from “yes” to “no”; state: from “c",
        f"Claim {beaten}, verdict, replaced by a correction: “Misleading”. Rating: from “Unproven” to “Misleading”.",
        f"Claim {heart}, statement, no longer here: “Investigative Committee asserted it”.",
        f"Claim {heart}, evidence, no longer here: “Court file speaks for the claim”.",
        f"Claim {heart}, rating of evidence, no longer here: “Court file”. Consistency with the claim: no longer “very",
        f"Claim {heart}, review by another publisher, no longer here: “Other Checkers”.",
        "Source, changed: “A Wire (renamed)”. Name: from “A Wire” to “A Wire (renamed)”.",
        "Document, changed: “Taken back”. Title: from “Two brothers dead” to “Taken back”; retracted on: now “11 July",
    ):
        assert part in "\n".join(sentences), part
    # A new name is told once, where it was given, and a relation once, though it hangs on two claims.
    assert not [row for row in sentences if "Source: from" in row]
    assert len([row for row in public.changes if row.noun.code == "relation"]) == 1
    # What was entered and withdrawn in between is the desk's to know; that a claim is new says all of it.
    entered = Claim.objects.get(text="Entered on Friday.").pk
    assert (f"Claim {entered}", "added", "Entered on Friday.") in told(desk)
    assert "Entered on Friday." not in str(public.changes)
    assert ("Verdict", "replaced", "Misleading") in told(claim)
    for part in ("What has changed since", public.changes_sentence, "Other Checkers"):
        assert part in text
        assert part in page
    assert "from <http://127.0.0.1:8000/disputes/deaths-in-custody/?since=2025-07-08T12%3A00%3A00%2B00%3A00>" in text
    rows = list(stdlib_csv.DictReader(io.StringIO(table.removeprefix("\ufeff"), newline="")))
    assert [row["change"] for row in rows if row["row_type"] == "change"] == sentences


def test_nothing_new_is_told_as_such_and_so_is_that_nothing_was_there(rivals, anonymous, editor):
    with time_machine.travel(FRIDAY, tick=False):
        for user in (anonymous, editor):
            dossier = load_dispute(rivals, user, since=TUESDAY)
            assert dossier.changes == ()
            assert dossier.changes_sentence == "Nothing has changed since 8 July 2025, 12:00 UTC."
            for name in ("html", "markdown", "csv"):
                assert "Nothing has changed since 8 July 2025" in FORMATS[name].write(dossier).decode()
        assert "last report" not in FORMATS["markdown"].write(load_dispute(rivals, anonymous)).decode()
        first = load_dispute(rivals, anonymous, since=MONDAY - timedelta(days=1))
        assert first.changes == ()
        for name in ("html", "markdown", "csv", "json"):
            written = FORMATS[name].write(first).decode()
            assert "the register had nothing of this dispute to read on 6 July 2025, 12:00 UTC." in written
            assert "It could first be read at 7 July 2025, 12:00 UTC." in written


def test_what_is_withheld_or_closed_meanwhile_is_not_told(rivals, anonymous, reviewer, editor):
    with time_machine.travel(FRIDAY, tick=False):
        said = Claim.objects.get(text__startswith="One man").attributions.get(stance="questions")
        hidden = Claim.objects.get(text__startswith="Both were beaten")
        with acting(actor=editor, reason="Asked for it."):
            said.source.withheld = True
            said.source.withheld_reason = "Afraid."
            said.source.save()
        withdraw_claim(actor=reviewer, claim=hidden, reason="A court forbade it.")
        public = load_dispute(rivals, anonymous, since=TUESDAY)
        written = "".join(FORMATS[name].write(public).decode() for name in ("html", "markdown", "csv"))
    assert "A Doctor" not in written
    assert "Both were beaten" not in written
    assert "court forbade" not in written


def test_the_address_takes_the_moment_of_the_earlier_report(rivals, ann, reviewer, api):
    address = f"/api/v1/disputes/{rivals.slug}/report/markdown/"
    with time_machine.travel(FRIDAY, tick=False):
        tags = {query: api().get(f"{address}{query}")["ETag"] for query in ("", "?since=2025-07-08T12:00Z")}
        assert len(set(tags.values())) == 2
        again = api().get(f"{address}?since=2025-07-08T12:00Z", HTTP_IF_NONE_MATCH=tags["?since=2025-07-08T12:00Z"])
        assert again.status_code == 304
        change_everything(rivals, ann, reviewer)
        answer = api().get(f"{address}?since=2025-07-08T12:00Z")
        assert "Other Checkers" in answer.content.decode()
        # Between two past moments nothing had changed.
        past = api().get(f"{address}?since=2025-07-07T13:00Z&as_of=2025-07-08")
        assert "Nothing has changed" in past.content.decode()
        for query, code in (
            ("?since=yesterday", "invalid_moment"),
            ("?since=2030-01-01", "invalid_moment"),
            ("?since=2025-07-10&as_of=2025-07-09", "order"),
        ):
            refused = api().get(f"{address}{query}")
            (problem,) = refused.json()["errors"]
            assert (refused.status_code, problem["code"], problem["field"]) == (400, code, "since")
        assert api().get(f"/api/v1/disputes/{rivals.slug}/timeline/?since=2025-07-08").status_code == 400


@pytest.mark.usefixtures("register")
def test_a_closed_dispute_is_as_absent_as_before(api, ann):
    dispute = make_dispute("Closed", visibility="restricted", members=[ann])
    claim = make_published(make_claim(dispute=dispute)).claim
    make_attribution(claim)
    address = f"/api/v1/claims/{claim.pk}/report/markdown/?since=2020-01-01"
    assert api().get(address).status_code == 404
    assert b"nothing of this claim to read on 1 January 2020" in api(ann).get(address).content


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("a", "b", "note: from “a” to “b”"),
        ("", "b", "note: now “b”"),
        ("a", "", "note: no longer “a”"),
        ("a", "b" * (LONG + 1), "note: rewritten"),
        ("", "b" * (LONG + 1), "note: added"),
        ("b" * (LONG + 1), "", "note: taken out"),
    ],
)
def test_a_difference_is_one_clause(before: str, after: str, sentence: str) -> None:
    assert Difference("note", "note", before, after).sentence == sentence


@pytest.mark.parametrize(
    ("severities", "words"),
    [(("update",), "replaced by an update"), (("retraction", "clarification"), "replaced by a retraction")],
)
def test_the_gravest_correction_since_says_by_what_a_verdict_was_replaced(
    register: None, anonymous: Any, severities: tuple[str, ...], words: str
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        verdict = make_published()
    for severity in severities:
        verdict = make_corrected(verdict=verdict, severity=severity)
    (row,) = load_claim(verdict.claim, anonymous, since=TUESDAY).changes
    assert (row.change.code, row.change.words) == ("replaced", words)
