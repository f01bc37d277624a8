"""The pages of verdicts: two people, frozen when published, corrected by a new one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Verdict
from claims.services import submit_verdict
from factcheck.audit.models import AuditEntry
from tests import factories as make
from tests.admin_page import Page, get, send
from tests.claims.test_claim_admin import at
from tests.claims.test_dispute_admin import client_of

LAST = str(10**17)
"""As if all that was done had been seen."""


def decide(client: Client, verdict: Verdict, act: str, **typed: str) -> Page:
    """Press a button of the page of a verdict in review."""
    return send(client, at(verdict, "review"), {"act": act, **typed})


def test_a_draft_belongs_to_whoever_writes_it(ann: Any) -> None:
    claim = make.make_claim()
    content = {"rating": make.rating().pk, "summary": "Open.", "rationale": "Two sides."}
    url = reverse("admin:claims_verdict_add") + f"?claim={claim.pk}"
    page = send(client_of(ann), url, content | {"_continue": "1"})
    verdict = Verdict.objects.get()
    assert (verdict.author, verdict.claim, verdict.status) == (ann, claim, "draft")
    assert at(verdict, "submit") in page.links


def test_only_its_author_changes_a_draft(ann: Any, rob: Any, reviewer: Any) -> None:
    verdict = make.make_verdict(author=ann)
    assert "summary" in get(client_of(ann), at(verdict)).fields
    for other in (rob, reviewer):
        client = client_of(other)
        page = get(client, at(verdict))
        assert "Only its author changes a draft verdict" in page.text
        assert "summary" not in page.fields
        assert client.post(at(verdict), {"summary": "Mine."}).status_code == 403
    assert client_of(rob).post(at(verdict, "delete"), {"post": "yes"}).status_code == 403
    assert at(verdict, "delete") in get(client_of(reviewer), at(verdict)).links


def test_nobody_publishes_their_own_draft(ann: Any, reviewer: Any) -> None:
    for author in (ann, reviewer):
        verdict = make.make_submitted(author=author)
        client = client_of(author)
        page = get(client, at(verdict, "review"))
        assert "You cannot publish it now: A verdict takes two people" in page.text
        assert "publish" not in page.buttons
        answer = client.post(at(verdict, "review"), {**page.fields, "act": "publish", "seen_version": LAST})
        assert answer.status_code == 400
        assert "Nothing was done. A verdict takes two people" in Page(answer).text
        verdict.refresh_from_db()
        assert verdict.status == "in_review"


def test_a_guard_rail_is_said_before_and_after_the_attempt(ann: Any, reviewer: Any) -> None:
    claim = make.make_claim()
    make.make_link(claim, "refutes")
    verdict = submit_verdict(actor=ann, verdict=make.make_verdict(claim, author=ann, code="supported"))
    client = client_of(reviewer)
    words = "needs evidence that supports the claim"
    assert words in get(client, at(verdict, "review")).text
    assert words in decide(client, verdict, "publish").text


def test_the_reviewer_returns_with_a_note_and_publishes(ann: Any, reviewer: Any) -> None:
    verdict = make.make_submitted(author=ann)
    client = client_of(reviewer)
    assert "Say what the author has to do" in decide(client, verdict, "return", note=" ").text
    assert "Returned:" in decide(client, verdict, "return", note="Name the record.").text
    page = get(client_of(ann), at(verdict))
    assert "Returned with a note: Name the record." in page.text
    send(client_of(ann), at(verdict, "submit"))
    assert "Published:" in decide(client, verdict, "publish").text
    verdict.refresh_from_db()
    assert (verdict.status, verdict.reviewer) == ("published", reviewer)
    assert AuditEntry.objects.of(verdict).first().action == "verdict.published"


@pytest.mark.parametrize("role", ["ann", "reviewer", "editor", "administrator"])
def test_a_published_verdict_is_read_only_for_everybody(
    role: str, register: None, request: pytest.FixtureRequest
) -> None:
    verdict = make.make_published()
    client = client_of(request.getfixturevalue(role))
    page = get(client, at(verdict))
    assert "A published verdict never changes" in page.text
    assert "summary" not in page.fields
    assert at(verdict, "delete") not in page.links
    for url, data in ((at(verdict), {"summary": "Other."}), (at(verdict, "delete"), {"post": "yes"})):
        assert client.post(url, data).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [verdict.pk], "post": "yes"}
    client.post(reverse("admin:claims_verdict_changelist"), chosen, follow=True)
    kept = Verdict.objects.get(pk=verdict.pk)
    assert (kept.summary, kept.version) == (verdict.summary, verdict.version)


def test_a_correction_is_a_new_draft_that_supersedes(editor: Any) -> None:
    verdict = make.make_published()
    client = client_of(editor)
    refused = send(client, at(verdict, "correct"), {"reason": "A date was wrong."})
    assert "This field is required" in refused.text
    page = send(client, at(verdict, "correct"), {"reason": "A date was wrong.", "severity": "correction"})
    draft = Verdict.objects.get(status="draft")
    assert (draft.supersedes, draft.author, draft.correction_reason) == (verdict, editor, "A date was wrong.")
    assert page.fields["correction_reason"] == "A date was wrong."
    assert page.fields["rationale"] == verdict.rationale


def test_the_list_leads_through_the_selected_ones_and_publishes_none_unseen(ann: Any, reviewer: Any) -> None:
    draft, own = make.make_verdict(author=ann), make.make_submitted(author=reviewer)
    first, between, last = (make.make_submitted(author=ann) for _ in range(3))
    url, client = reverse("admin:claims_verdict_changelist"), client_of(reviewer)
    chosen = {"action": "review_selected", "_selected_action": [draft.pk, own.pk, first.pk, last.pk]}
    answer = client.post(url, chosen)
    assert answer["Location"] == f"{at(first, 'review')}?of={first.pk}%2C{last.pk}"
    assert not Verdict.objects.filter(status="published").exists()
    page = get(client, answer["Location"])
    assert "Selected rows that do not wait for your review: 2." in page.text
    assert "1 more of those that you chose waits for your review." in page.text
    answer = client.post(answer["Location"], {**page.fields, "act": "publish"})
    assert answer["Location"].startswith(at(last, "review")), "not the one between, which was not chosen"
    page = get(client, answer["Location"])
    answer = client.post(answer["Location"], {**page.fields, "act": "publish"})
    assert answer["Location"] == url
    published = set(Verdict.objects.filter(status="published").values_list("pk", flat=True))
    assert published == {first.pk, last.pk}
    assert between.status == "in_review"
    assert "Nothing else of those that you chose waits for your review." in get(client, url).text


def test_who_publishes_nothing_is_offered_no_review_of_selected_ones(ann: Any, reviewer: Any) -> None:
    waiting, url = make.make_submitted(author=reviewer), reverse("admin:claims_verdict_changelist")
    assert "review_selected" not in client_of(ann).get(url).content.decode()
    assert "publish_selected" not in client_of(reviewer).get(url).content.decode()
    odd = get(client_of(reviewer), f"{at(waiting, 'review')}?of=x,-1,,9999999999999999999")
    assert odd.status == 200


def test_filters_find_what_waits_for_me(ann: Any, reviewer: Any) -> None:
    mine = make.make_submitted(make.make_claim("Mine holds."), author=reviewer)
    theirs = make.make_submitted(make.make_claim("Theirs holds."), author=ann)
    client, url = client_of(reviewer), reverse("admin:claims_verdict_changelist")
    waiting = get(client, f"{url}?for_me=yes").text
    assert "Theirs holds." in waiting
    assert "Mine holds." not in waiting
    assert "Mine holds." in get(client, f"{url}?mine=yes").text
    assert (mine.status, theirs.status) == ("in_review", "in_review")
