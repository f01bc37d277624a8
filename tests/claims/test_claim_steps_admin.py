"""The steps of a claim in the admin, and its deletion."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.admin import claim_publishing
from claims.models import Claim
from claims.services import publish_claim, withdraw_claim
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


def chosen(client: Client, *claims: Claim) -> str:
    """Where the list leads with these claims."""
    url = reverse("admin:claims_claim_changelist")
    data = {"action": "publish_selected", "_selected_action": [claim.pk for claim in claims]}
    return str(client.post(url, data)["Location"])


def test_the_list_publishes_nothing_unseen_and_shows_what_would_be_read(as_reviewer: Client, ann: Any) -> None:
    first, second = make.make_claim("The bridge fell at noon."), make.make_claim("The bridge fell at night.")
    make.make_attribution(first, quote="It fell at noon.", source=make.make_source("The harbour office"))
    make.make_link(first, evidence=make.make_evidence("Photograph of the bridge"))
    url = chosen(as_reviewer, first, second)
    page = get(as_reviewer, url)
    assert set(Claim.objects.values_list("status", flat=True)) == {"draft"}
    for words in ("The bridge fell at noon.", "It fell at noon.", "The harbour office", "Photograph of the bridge"):
        assert words in page.text
    assert "Everybody reads it from then on." in page.text
    assert "Nobody is on record with a statement on this claim." in page.text
    answer = Page(as_reviewer.post(url, {**page.fields, "claim": [first.pk]}, follow=True))
    assert "Published: The bridge fell at noon." in answer.text
    assert dict(Claim.objects.values_list("pk", "status")) == {first.pk: "published", second.pk: "draft"}


def test_each_refusal_on_the_page_is_named_and_the_others_are_published(as_reviewer: Client, editor: Any) -> None:
    fresh, changed, gone = (make.make_claim(text) for text in ("Fresh.", "Changed.", "Gone ahead."))
    url = chosen(as_reviewer, fresh, changed, gone)
    page = get(as_reviewer, url)
    make.make_attribution(changed)
    publish_claim(actor=editor, claim=gone)
    answer = Page(as_reviewer.post(url, {**page.fields, "claim": [fresh.pk, changed.pk, gone.pk]}, follow=True))
    assert "Published: Fresh." in answer.text
    for words in ("Changed.", "Gone ahead."):
        assert f"{words} : Somebody has changed something on it while you had this page open." in answer.text
    assert "The claim is published already." in answer.text
    assert "Fresh." not in answer.text.partition("what others read")[2]
    changed.refresh_from_db()
    assert changed.status == "draft"
    again = get(as_reviewer, url)
    assert "Published: Changed." in Page(as_reviewer.post(url, {**again.fields, "claim": changed.pk}, follow=True)).text


def test_what_rules_say_stands_at_the_claim_that_it_is_about(as_reviewer: Client) -> None:
    quiet, early = make.make_claim("Nothing is wrong with it."), make.make_claim("Said too early.")
    make.make_attribution(early, said_on="2020-01-05", document=make.make_document(published_on="2020-01-01"))
    page = get(as_reviewer, chosen(as_reviewer, quiet, early))
    first, second = page.text.split("Said too early.", 1)
    assert "No rule warns of it." in first
    assert "What the rules say of it" not in first
    assert "What the rules say of it" in second


def test_a_page_shows_some_claims_and_leads_to_the_rest(as_reviewer: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(claim_publishing, "SHOWN", 2)
    claims = [make.make_claim(f"Claim number {number} holds.") for number in range(3)]
    url = chosen(as_reviewer, *claims)
    page = get(as_reviewer, url)
    assert "1 more of those that you chose comes after them." in page.text
    everyone = [claim.pk for claim in claims]
    answer = as_reviewer.post(url, {**page.fields, "claim": everyone})
    assert answer["Location"].endswith(f"?of={claims[2].pk}"), "what was not shown is not published"
    assert Claim.objects.filter(status="published").count() == 2
    none = Page(as_reviewer.post(answer["Location"], {"seen": "0"}, follow=True))
    assert "Nothing was done: no claim is ticked." in none.text
    for odd in ("", "?of=x", "?of=999999", f"?of={'9' * 30}"):
        assert "none of these claims is there" in Page(as_reviewer.get(url.partition("?")[0] + odd, follow=True)).text


def test_who_may_not_publish_is_told_so_and_not_offered_it(as_ann: Client) -> None:
    claim = make.make_claim()
    assert "publish_selected" not in as_ann.get(reverse("admin:claims_claim_changelist")).content.decode()
    url = f"{reverse('admin:claims_claim_publish_chosen')}?of={claim.pk}"
    assert "Your role does not allow you to publish claims." in get(as_ann, url).text
    assert (
        "Your role does not allow you to publish claims"
        in Page(as_ann.post(url, {"claim": claim.pk, "seen": "9" * 9}, follow=True)).text
    )
    claim.refresh_from_db()
    assert claim.status == "draft"


def test_a_verdict_that_comes_back_with_its_claim_is_shown(as_reviewer: Client, editor: Any) -> None:
    verdict = make.make_published()
    withdraw_claim(actor=editor, claim=verdict.claim, reason="Said by nobody.")
    page = get(as_reviewer, at(verdict.claim, "publish"))
    assert f"Its verdict comes back with it: {verdict.rating.label}" in page.text
    assert "Withdrawn: Said by nobody." in page.text


def test_the_page_costs_as_many_queries_for_many_claims(as_reviewer: Client) -> None:
    def queries(number: int) -> int:
        claims = [make.make_claim() for _ in range(number)]
        for claim in claims:
            make.make_attribution(claim)
            make.make_link(claim)
        url = chosen(as_reviewer, *claims)
        with CaptureQueriesContext(connection) as asked:
            get(as_reviewer, url)
        return len(asked)

    queries(1)
    assert queries(6) == queries(2)


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
