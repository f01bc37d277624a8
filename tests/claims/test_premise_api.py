"""Evidence that rests on a claim: entered over REST, and what the fall of that claim does to a verdict."""

from __future__ import annotations

from typing import Any

import pytest

from claims.models import Claim, EvidenceLink, Premise, Verdict
from claims.services import withdraw_claim
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
REASON = {"HTTP_X_CHANGE_REASON": "A test."}

CASES = {
    "a video that is said to be staged": (
        "They fired first.", "imagery", "Video from the roof", "The video is genuine.",
    ),
    "a witness who is said to have been elsewhere": (
        "The driver was on the phone.", "testimony", "What the passenger saw", "The passenger was in the car.",
    ),
    "a document whose seal is said to be forged": (
        "The mine was sold in May.", "document", "Deed of sale", "The seal on the deed is the notary’s.",
    ),
    "a sample that is said to have been swapped": (
        "The well was poisoned.", "forensic", "Analysis of the water", "The sample came from this well.",
    ),
}  # fmt: skip


def enter(client: Any, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(f"/api/v1/{path}/", body, **REASON)
    assert answer.status_code == 201, answer.json()
    return dict(answer.json())


def decided(claim: int, code: str) -> Verdict:
    return make.make_published(Claim.objects.get(pk=claim), code=code)


@pytest.mark.parametrize(("text", "kind", "title", "premise"), CASES.values(), ids=CASES)
def test_what_rests_on_a_refuted_claim_counts_no_more_and_its_verdict_is_stale(
    ann: Any, api: Any, text: str, kind: str, title: str, premise: str
) -> None:
    client = api(ann)
    dispute = enter(client, "disputes", {"title": text, "question": "What happened?"})["id"]
    claim = enter(client, "claims", {"text": text, "dispute": dispute})["id"]
    ground = enter(client, "claims", {"text": premise, "dispute": dispute})["id"]
    evidence = enter(client, "evidence", {"kind": kind, "title": title})["id"]
    link = enter(client, "evidence-links", {"evidence": evidence, "claim": claim, "bearing": "supports"})["id"]
    made = enter(client, f"evidence-links/{link}/premises", {"claim": ground, "note": "Without it, it shows nothing."})
    assert (made["link"]["id"], made["claim"]["label"]) == (link, premise)
    decided(claim, "supported")
    public = api().get(f"/api/v1/claims/{claim}/").json()
    assert [row["discounted"] for row in public["evidence"]] == [""]
    assert public["origins"]["evidence"]["supports"]["total"] == 1
    make.make_link(Claim.objects.get(pk=ground), "refutes")
    decided(ground, "refuted")
    public = api().get(f"/api/v1/claims/{claim}/").json()
    assert [row["discounted"] for row in public["evidence"]] == ["undercut"]
    assert public["origins"]["evidence"]["supports"]["total"] == 0
    (reason,) = client.get(f"/api/v1/claims/{claim}/").json()["stale"]
    said = premise.removesuffix(".")
    assert reason["words"].startswith(f"The claim “{said}”, on which the evidence “{title}” depends, was refuted on")
    report = api().get(f"/api/v1/claims/{claim}/report/markdown/").content.decode()
    assert f"undercut, since it depends on “{said}”, which is refuted" in report


def test_premises_of_a_link_are_listed_and_taken_back(editor: Any, api: Any) -> None:
    link = make.make_link(make.make_claim(published=True))
    first = make.make_premise(link, make.make_claim("The video is genuine.", published=True))
    make.make_premise(make.make_link(), make.make_claim())
    at = f"/api/v1/evidence-links/{link.pk}/premises/"
    assert [row["id"] for row in api().get(at).json()["results"]] == [first.pk]
    refused = api(editor).delete(f"/api/v1/premises/{first.pk}/", HTTP_IF_MATCH='"1"', **REASON)
    assert refused.status_code == 409
    taken = api(editor).post(
        f"/api/v1/premises/{first.pk}/withdraw/", {"reason": "It does not."}, HTTP_IF_MATCH='"1"', **REASON
    )
    assert taken.status_code == 200, taken.json()
    assert api().get(at).json()["results"] == []
    assert [row["id"] for row in api(editor).get(at).json()["results"]] == [first.pk]
    draft = make.make_premise()
    assert api(editor).delete(f"/api/v1/premises/{draft.pk}/").status_code == 204


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "claim", "required"),
        ({"claim": 987654321}, "claim", "does_not_exist"),
        ({"claim": "own"}, "claim", "own_premise"),
        ({"claim": "other", "bearing": "supports"}, "bearing", "unknown_field"),
        ([{"claim": 1}], "claim", "invalid"),
    ],
)
def test_what_is_no_premise_is_refused_by_name(ann: Any, api: Any, body: Any, field: str, code: str) -> None:
    link = make.make_link()
    known = {"own": link.claim_id, "other": make.make_claim().pk}
    given = {name: known.get(value, value) for name, value in body.items()} if isinstance(body, dict) else body
    answer = api(ann).post(f"/api/v1/evidence-links/{link.pk}/premises/", given)
    assert answer.status_code == 400, answer.json()
    assert (answer.json()["errors"][0]["field"], answer.json()["errors"][0]["code"]) == (field, code)
    assert not Premise.objects.exists()


def test_one_premise_is_entered_once(ann: Any, api: Any) -> None:
    premise = make.make_premise()
    again = api(ann).post(f"/api/v1/evidence-links/{premise.link_id}/premises/", {"claim": premise.claim_id})
    assert again.status_code in {400, 409}
    assert "already depends" in str(again.json())


def test_a_premise_of_what_is_public_takes_the_right_to_change_that(ann: Any, reviewer: Any, api: Any) -> None:
    link = make.make_link(make.make_claim(published=True))
    body = {"claim": make.make_claim(published=True).pk}
    at = f"/api/v1/evidence-links/{link.pk}/premises/"
    assert api().post(at, body).status_code == 401
    assert api(ann).post(at, body, **REASON).status_code == 403
    assert api(reviewer).post(at, body, **REASON).status_code == 201


def test_a_premise_that_a_reader_may_not_see_is_not_told_but_undercuts(ann: Any, editor: Any, api: Any) -> None:
    closed = make.make_dispute("Closed", visibility="restricted", members=[editor])
    hidden = make.make_claim("The informant lied.", dispute=closed, published=True)
    link = make.make_link(make.make_claim(published=True))
    make.make_premise(link, hidden)
    withdraw_claim(actor=editor, claim=hidden, reason="Out of scope.")
    for user in (None, ann):
        assert api(user).get(f"/api/v1/evidence-links/{link.pk}/premises/").json()["results"] == []
        assert api(user).get(f"/api/v1/evidence-links/{link.pk}/").json()["discounted"] == "undercut"
        report = api(user).get(f"/api/v1/claims/{link.claim_id}/report/markdown/").content.decode()
        assert "informant" not in report
        assert "undercut, since a claim on which it depends does not hold" in report
    assert len(api(editor).get(f"/api/v1/evidence-links/{link.pk}/premises/").json()["results"]) == 1


def test_links_are_filtered_by_what_counts(api: Any) -> None:
    claim = make.make_claim(published=True)
    plain, own = make.make_link(claim), make.make_link(claim, own_assertion=True)
    undercut = make.make_link(claim)
    ground = make.make_claim(published=True)
    make.make_premise(undercut, ground)
    withdraw_claim(actor=make.someone("Editor"), claim=ground, reason="Out of scope.")
    for query, wanted in (("counts=true", {plain}), ("counts=false", {own, undercut}), ("own_assertion=true", {own})):
        found = api().get(f"/api/v1/evidence-links/?{query}").json()["results"]
        assert {row["id"] for row in found} == {row.pk for row in wanted}, query
    assert EvidenceLink.objects.count() == 3


@pytest.mark.parametrize(("kind", "hinted"), [("testimony", True), ("official_record", True), ("forensic", False)])
@pytest.mark.parametrize("by", ["publisher", "document"])
def test_the_desk_is_given_a_hint_where_evidence_may_be_the_claims_own_assertion(
    ann: Any, kind: str, hinted: bool, by: str
) -> None:
    ministry = make.make_source("Ministry")
    paper = make.make_document(publisher=ministry if by == "publisher" else None)
    claim = make.make_claim("The bridge was safe.")
    cited = {"source": ministry} if by == "publisher" else {"document": paper}
    said = make.make_attribution(claim, **cited)
    link = make.make_link(claim, evidence=make.make_evidence(kind=kind, documents=[paper]))

    def hint() -> bool:
        return EvidenceLink.objects.with_speaker().get(pk=link.pk).may_be_assertion

    assert hint() == hinted
    said.stance = "denies"
    said.save()
    assert not hint()
    said.stance = "alleges"
    said.save()
    assert hint() == hinted
    link.own_assertion = True
    link.save()
    assert not hint()


def test_the_hint_stands_on_the_pages_of_the_link(admin_client: Any) -> None:
    ministry = make.make_source("Ministry")
    claim = make.make_claim("The bridge was safe.")
    make.make_attribution(claim, source=ministry)
    record = make.make_evidence(kind="official_record", documents=[make.make_document(publisher=ministry)])
    link = make.make_link(claim, evidence=record)
    for path in (f"evidencelink/{link.pk}", f"claim/{claim.pk}", f"evidence/{record.pk}"):
        assert (
            "mark it as the claim’s own assertion" in admin_client.get(f"/admin/claims/{path}/change/").content.decode()
        )
