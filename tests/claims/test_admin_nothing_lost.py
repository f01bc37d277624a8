"""What was typed into a page of the admin is saved or comes back: it is never dropped with a message of success."""

from __future__ import annotations

from typing import Any

from claims.models import DisputeMember, Verdict
from factcheck.admin.formsets import NO_NEW_ROWS
from factcheck.admin.saving import ONLY_A_REASON, PART_GONE
from tests import factories as make
from tests.admin_page import get, new_row, send
from tests.claims.test_claim_admin import at
from tests.claims.test_dispute_admin import client_of


def test_a_row_that_may_not_be_added_any_more_comes_back(reviewer: Any) -> None:
    claim, client = make.make_claim(published=True), client_of(reviewer)
    page = get(client, at(claim))
    typed = new_row(page, "verdicts", rating=make.rating().pk, summary="Mine.", rationale="Long.")
    make.make_published(claim)
    answer = send(client, at(claim), typed, page)
    assert NO_NEW_ROWS in answer.text
    assert answer.fields["verdicts-0-rationale"] == "Long."
    assert not Verdict.objects.filter(author=reviewer).exists()


def test_a_list_that_is_not_on_the_page_any_more_is_missed(editor: Any, ann: Any) -> None:
    dispute, client = make.make_dispute(visibility="restricted", members=[editor]), client_of(editor)
    page = get(client, at(dispute))
    typed = new_row(page, "members", user=ann.pk)
    dispute.visibility = "public"
    dispute.save()
    answer = send(client, at(dispute), typed, page)
    assert PART_GONE in answer.text
    assert not DisputeMember.objects.filter(user=ann).exists()


def test_a_refused_deletion_of_a_row_brings_the_page_back(ann: Any) -> None:
    claim, client = make.make_claim(), client_of(ann)
    said = make.make_attribution(claim)
    page = get(client, at(claim))
    said.quote = "Changed meanwhile."
    said.save()
    answer = send(client, at(claim), {"attributions-0-DELETE": "on", "context": "A long text."}, page)
    assert "This attribution was changed by" in answer.text
    assert (answer.status, answer.fields["context"]) == (200, "A long text.")
    said.refresh_from_db()


def test_a_reason_for_no_change_is_not_dropped_in_silence(reviewer: Any) -> None:
    claim, client = make.make_claim(published=True), client_of(reviewer)
    assert ONLY_A_REASON in send(client, at(claim), {"change_reason": "A long reason."}).text
    changed = send(client, at(claim), {"change_reason": "A long reason.", "context": "More."})
    assert "was changed successfully" in changed.text
    assert ONLY_A_REASON not in changed.text
