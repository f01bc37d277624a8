"""The steps of a claim in the admin, and its deletion."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from claims.models import Claim
from claims.services import publish_claim
from factcheck.audit.models import AuditEntry
from tests import factories as make
from tests.admin_page import Page, get, send
from tests.claims.test_claim_admin import as_ann, as_reviewer, at

__all__ = ["as_ann", "as_reviewer"]


def test_submit_publish_return_and_withdraw_go_through_the_services(as_ann: Client, as_reviewer: Client) -> None:
    claim = make.make_claim()
    assert "Submitted" in send(as_ann, at(claim, "submit")).text
    claim.refresh_from_db()
    assert claim.status == "in_review"
    assert "This field is required" in send(as_reviewer, at(claim, "return")).text
    send(as_reviewer, at(claim, "return"), {"note": "Shorter, please."})
    send(as_reviewer, at(claim, "publish"))
    claim.refresh_from_db()
    assert claim.status == "published"
    send(as_reviewer, at(claim, "withdraw"), {"reason": "It was never said."})
    claim.refresh_from_db()
    assert (claim.status, claim.withdrawn_reason) == ("withdrawn", "It was never said.")
    acts = list(AuditEntry.objects.of(claim).values_list("action", flat=True))
    assert acts[:4] == ["claim.withdrawn", "claim.published", "claim.returned", "claim.submitted"]


def test_a_step_is_refused_in_words(as_ann: Client) -> None:
    claim = make.make_claim(published=True)
    assert (
        "Your role does not allow you to withdraw claims" in send(as_ann, at(claim, "withdraw"), {"reason": "x"}).text
    )


def test_a_step_is_not_done_by_opening_its_page(as_reviewer: Client) -> None:
    claim = make.make_claim()
    get(as_reviewer, at(claim, "publish"))
    claim.refresh_from_db()
    assert claim.status == "draft"


def test_steps_of_a_list_say_what_was_refused(as_reviewer: Client) -> None:
    first, second = make.make_claim(), make.make_claim(published=True)
    url = reverse("admin:claims_claim_changelist")
    answer = Page(
        as_reviewer.post(url, {"action": "publish_selected", "_selected_action": [first.pk, second.pk]}, follow=True)
    )
    assert "1 claim: Published." in answer.text
    assert "The claim is published; only a claim that is" in answer.text


def test_what_was_published_has_no_delete_button_and_is_not_deleted(editor: Any) -> None:
    client = Client()
    client.force_login(editor)
    draft, published = make.make_claim(), make.make_claim(published=True)
    assert at(draft, "delete") in get(client, at(draft)).links
    assert at(published, "delete") not in get(client, at(published)).links
    assert client.post(at(published, "delete"), {"post": "yes"}).status_code == 403
    url = reverse("admin:claims_claim_changelist")
    chosen = {"action": "delete_selected", "_selected_action": [draft.pk, published.pk], "post": "yes"}
    answer = Page(client.post(url, chosen, follow=True))
    assert "stays in the record" in answer.text
    assert Claim.objects.count() == 2


def test_a_draft_is_deleted_and_that_is_recorded(as_ann: Client) -> None:
    claim = make.make_claim()
    answer = Page(as_ann.post(at(claim, "delete"), {"post": "yes"}, follow=True))
    assert "was deleted successfully" in answer.text
    assert AuditEntry.objects.filter(action="claim.deleted", object_id=str(claim.pk)).exists()


def test_drafts_deleted_from_the_list_are_recorded_with_all_that_went_with_them(as_ann: Client, ann: Any) -> None:
    claim = make.make_claim()
    make.make_attribution(claim)
    chosen = {"action": "delete_selected", "_selected_action": [claim.pk], "post": "yes"}
    as_ann.post(reverse("admin:claims_claim_changelist"), chosen, follow=True)
    gone = AuditEntry.objects.filter(action__endswith=".deleted").values_list("action", "actor_id")
    assert set(gone) == {("claim.deleted", ann.pk), ("attribution.deleted", ann.pk)}


def test_publishing_twice_at_once_is_refused_in_words(as_reviewer: Client, editor: Any) -> None:
    claim = make.make_claim()
    page = get(as_reviewer, at(claim, "publish"))
    publish_claim(actor=editor, claim=claim)
    assert "The claim is published" in send(as_reviewer, at(claim, "publish"), {}, page).text
