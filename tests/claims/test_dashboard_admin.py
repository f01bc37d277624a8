"""The front page: what waits for whom."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from claims.services import return_verdict, submit_claim
from tests import factories as make
from tests.admin_page import get
from tests.claims.test_claim_admin import at
from tests.claims.test_dispute_admin import client_of

INDEX = reverse("admin:index")
LIST = reverse("admin:claims_attribution_changelist")


def test_an_empty_register_says_what_to_begin_with(ann: Any, reader: Any) -> None:
    page = get(client_of(ann), INDEX)
    assert "Ann Archer, nothing waits for you right now." in page.text
    assert "Begin with one of these: New dispute What is contested" in page.text
    assert "Invite a colleague" not in page.text
    assert "No claim lacks" not in page.text, "there is none"
    root = make.make_user("root", "Administrator", is_superuser=True)
    assert "Invite a colleague" in get(client_of(root), INDEX).text
    # A dispute that somebody may not read is none to them.
    make.make_dispute(visibility="restricted", members=[])
    assert "Begin with one of these" in get(client_of(ann), INDEX).text
    make.make_claim(published=True)
    assert "Begin with one of these" not in get(client_of(ann), INDEX).text


def test_lists_with_nothing_in_them_are_folded(ann: Any) -> None:
    make.make_claim("Bare claim.")
    page = get(client_of(ann), INDEX)
    shown, _, folded = page.text.partition("lists with nothing in them")
    assert "Claims without evidence" in shown
    assert "Returned to me Nothing came back to you." in folded
    # What waits for anybody is not said to wait for her.
    assert "Ann Archer, nothing waits for you right now." in shown
    make.make_verdict(make.make_claim(), author=ann)
    assert "Ann Archer, this waits for you." in get(client_of(ann), INDEX).text


def test_verdicts_in_review_wait_for_others_than_their_author(ann: Any, reviewer: Any, editor: Any) -> None:
    verdict = make.make_submitted(author=reviewer)
    own = get(client_of(reviewer), INDEX)
    assert at(verdict) not in own.links
    assert at(verdict) in get(client_of(editor), INDEX).links
    assert "Verdicts for my review" not in get(client_of(ann), INDEX).text


def test_a_returned_draft_waits_with_its_note(ann: Any, reviewer: Any, rob: Any) -> None:
    verdict = make.make_submitted(author=ann)
    return_verdict(actor=reviewer, verdict=verdict, note="Name the record.")
    page = get(client_of(ann), INDEX)
    assert "Ann Archer, this waits for you." in page.text
    assert "Name the record." in page.text
    assert "Name the record." not in get(client_of(rob), INDEX).text


def test_claims_wait_for_review_evidence_and_verdicts(ann: Any) -> None:
    claim = make.make_claim("Bare claim.")
    submit_claim(actor=ann, claim=claim)
    page = get(client_of(ann), INDEX)
    assert page.links.count(at(claim)) == 3
    make.make_published(make.make_claim("Done claim."))
    assert "Done claim." in get(client_of(ann), INDEX).text


def test_quotes_of_which_a_reader_has_to_know_something_wait_to_be_read_again(ann: Any) -> None:
    work = make.make_document(text="It was raining, and not only here, so we left. Then it was dry.")
    quotes = {"Cut.": "It was raining … so we left.", "Whole.": "it was dry", "Lost.": "No such words"}
    for text, quote in quotes.items():
        make.make_attribution(make.make_claim(text), quote=quote, document=work)
    page = get(client_of(ann), INDEX)
    queue = page.text.partition("Quotes to read again")[2].partition("Claims without evidence")[0]
    assert "Cut." in queue
    assert "what it leaves out holds a negation (“not”)" in queue
    assert "Whole." not in queue
    assert "Lost." not in queue
    assert {text for text in ("Cut.", "Whole.") if text in get(client_of(ann), f"{LIST}?warned=yes").text} == {"Cut."}
    assert {text for text in ("Cut.", "Whole.") if text in get(client_of(ann), f"{LIST}?warned=no").text} == {"Whole."}


def test_a_reader_is_not_let_in(reader: Any) -> None:
    assert client_of(reader).get(INDEX).status_code == 302


def test_staff_without_the_desk_see_nothing(reader: Any) -> None:
    reader.is_staff = True
    reader.save()
    make.make_published(make.make_claim("Public claim."))
    client = client_of(reader)
    page = get(client, INDEX)
    assert "does not work on the desk" in page.text
    assert "Public claim." not in page.text
    assert client.get(reverse("admin:claims_claim_changelist")).status_code == 403
