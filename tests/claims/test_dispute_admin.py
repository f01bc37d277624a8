"""The page of a dispute, and who may see one that is restricted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Attribution, Claim, ClaimRelation, Dispute, DisputeMember, Evidence, EvidenceLink
from tests import factories as make
from tests.admin_page import get, new_row, send
from tests.claims.test_claim_admin import at


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_new_dispute_brings_its_rival_claims(ann: Any) -> None:
    client = client_of(ann)
    url = reverse("admin:claims_dispute_add")
    changes = {"title": "The bridge", "question": "Why?", "claims-0-text": "It rusted.", "claims-1-text": "It froze."}
    page = send(client, url, changes | {"_continue": "1"})
    assert "was added successfully" in page.text
    dispute = Dispute.objects.get()
    assert {claim.text for claim in dispute.claims.all()} == {"It rusted.", "It froze."}
    assert "It rusted." in page.text
    assert "No verdict yet" in page.text


def test_a_claim_is_added_on_the_page_of_a_draft_dispute(ann: Any) -> None:
    dispute = make.make_dispute()
    client = client_of(ann)
    page = get(client, at(dispute))
    send(client, at(dispute), new_row(page, "claims", text="It burnt."), page)
    assert dispute.claims.get().text == "It burnt."


def test_the_rival_claims_stand_side_by_side_with_what_speaks_for_them(ann: Any) -> None:
    dispute = make.make_dispute("The bridge")
    first = make.make_claim("It rusted.", dispute=dispute, published=True)
    second = make.make_claim("It froze.", dispute=dispute)
    origin = make.make_attribution(first)
    for _ in range(3):
        make.make_attribution(first, stance="relays", relayed_from=origin)
    make.make_link(first, "refutes")
    make.make_relation(first, second)
    page = get(client_of(ann), at(dispute))
    assert "4 sources (3 only at second hand), 1 origin" in page.text
    assert "Contradicts" in page.text
    for name in ("html", "markdown", "csv", "claimreview"):
        assert f"/api/v1/disputes/{dispute.slug}/report/{name}/" in page.links
    assert reverse("admin:claims_claim_add") + f"?dispute={dispute.pk}" in page.links


def test_members_are_listed_only_where_the_dispute_is_restricted(editor: Any, ann: Any) -> None:
    dispute = make.make_dispute()
    client = client_of(editor)
    assert "members-TOTAL_FORMS" not in get(client, at(dispute)).fields
    page = send(client, at(dispute), {"visibility": "restricted", "_continue": "1"})
    assert page.fields["members-INITIAL_FORMS"] == "1"
    send(client, at(dispute), new_row(page, "members", user=ann.pk), page)
    assert set(DisputeMember.objects.values_list("user__username", flat=True)) == {"edgar", "ann"}


@pytest.fixture
def secret(rob: Any) -> dict[str, Any]:
    """A restricted dispute of rob's with one row of each noun; every word of it says "Secret"."""
    dispute = make.make_dispute("Secret dispute", visibility="restricted", members=[rob])
    claim = make.make_claim("Secret claim", dispute=dispute)
    evidence = make.make_evidence("Secret evidence", dispute=dispute)
    link = make.make_link(claim, evidence=evidence, note="Secret note")
    said = make.make_attribution(claim, quote="Secret quote")
    return {
        "dispute": dispute,
        "claim": claim,
        "evidence": evidence,
        "link": link,
        "attribution": said,
        "relation": make.make_relation(make.make_claim("Open claim"), claim, note="Secret relation"),
        "review": make.make_review(claim, title="Secret review"),
        "inquiry": make.make_inquiry(claim, question="Secret inquiry"),
        "verdict": make.make_verdict(claim, author=rob, summary="Secret verdict"),
        "assessment": make.make_assessment(link, note="Secret assessment"),
    }


@pytest.mark.parametrize("superuser", [False, True])
def test_a_restricted_dispute_does_not_exist_for_others(secret: dict[str, Any], editor: Any, superuser: bool) -> None:
    editor.is_superuser = superuser
    editor.save()
    client = client_of(editor)
    for row in secret.values():
        for page in ("change", "history", "delete"):
            assert client.get(at(row, page)).status_code in {302, 403}, (row, page)
        answer = client.get(reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_changelist") + "?q=secret")
        assert "Secret" not in answer.content.decode().replace("q=secret", ""), row
    beside = secret["relation"].claim
    lists = (reverse("admin:index"), reverse("admin:audit_auditentry_changelist"))
    for url in (*lists, at(beside), at(beside, "history"), at(beside, "delete")):
        assert "Secret" not in client.get(url).content.decode(), url


def test_a_restricted_dispute_is_no_choice_anywhere(secret: dict[str, Any], editor: Any) -> None:
    client = client_of(editor)
    for model, field in (
        (Claim, "dispute"),
        (EvidenceLink, "claim"),
        (EvidenceLink, "evidence"),
        (Attribution, "relayed_from"),
        (ClaimRelation, "other"),
    ):
        asked = {"app_label": "claims", "model_name": model._meta.model_name, "field_name": field, "term": "secret"}
        answer = client.get(reverse("admin:autocomplete"), asked)
        assert json.loads(answer.content)["results"] == [], (model, field)
    for url in (
        reverse("admin:claims_claim_add") + f"?dispute={secret['dispute'].pk}",
        reverse("admin:claims_claim_changelist") + f"?dispute={secret['dispute'].pk}",
    ):
        assert "Secret" not in client.get(url).content.decode()


def test_a_forged_reference_to_a_restricted_row_is_refused(secret: dict[str, Any], editor: Any) -> None:
    client = client_of(editor)
    claim = make.make_claim()
    answer = send(client, at(claim), {"dispute": secret["dispute"].pk})
    assert "not one of the available choices" in answer.text
    assert "Secret" not in answer.text
    page = get(client, at(claim))
    row = new_row(page, "evidence_links", evidence=secret["evidence"].pk, bearing="supports", strength="weak")
    assert "not one of the available choices" in send(client, at(claim), row, page).text
    link = {"evidence": make.make_evidence().pk, "claim": secret["claim"].pk, "bearing": "supports", "strength": "weak"}
    answer = send(client, reverse("admin:claims_evidencelink_add"), link)
    assert "not one of the available choices" in answer.text
    assert EvidenceLink.objects.count() == 1


def test_a_forged_selection_of_restricted_rows_does_nothing(secret: dict[str, Any], editor: Any) -> None:
    client = client_of(editor)
    url = reverse("admin:claims_claim_changelist")
    for action in ("publish_selected", "delete_selected"):
        client.post(url, {"action": action, "_selected_action": [secret["claim"].pk], "post": "yes"}, follow=True)
    secret["claim"].refresh_from_db()
    assert secret["claim"].status == "draft"
    assert client.post(at(secret["claim"], "publish")).status_code == 302
    secret["claim"].refresh_from_db()
    assert secret["claim"].status == "draft"


def test_an_invisible_origin_is_kept_and_not_named(secret: dict[str, Any], ann: Any) -> None:
    evidence = make.make_evidence("Open copy", derived_from=secret["evidence"])
    client = client_of(ann)
    page = get(client, at(evidence))
    assert "Secret" not in page.text
    assert "(not visible to you)" in page.text
    send(client, at(evidence), {"title": "Open copy, renamed"}, page)
    evidence = Evidence.objects.get(pk=evidence.pk)
    assert (evidence.title, evidence.derived_from) == ("Open copy, renamed", secret["evidence"])
