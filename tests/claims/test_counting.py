"""What counts as evidence: one table for the rule on rows and for its conditions, by every door that counts."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from claims.choices import EvidenceKind
from claims.models import Claim, Evidence, EvidenceDocument, EvidenceLink, Premise, StoredState, Verdict
from claims.reports.load.as_of import Past
from claims.reports.load.dossier import load_claim
from claims.rules.counting import Linked, fate_of, find_discounts
from claims.services import publish_claim, publish_verdict, submit_verdict, withdraw, withdraw_claim
from factcheck.audit.context import acting
from factcheck.base.errors import RuleViolation
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


def genuine(*ratings: str, withdrawn: bool = False) -> Claim:
    """The claim that the record is genuine, decided so in turn."""
    claim = make.make_claim("The record is genuine.", published=True)
    verdict = None
    for code in ratings:
        if verdict is None:
            verdict = make.make_published(claim, code=code)
        else:
            verdict = make.make_corrected(verdict=verdict, after=code)
    if withdrawn:
        claim.refresh_from_db()
        withdraw_claim(actor=make.someone("Editor"), claim=claim, reason="Out of scope.")
    return Claim.objects.get(pk=claim.pk)


def depending(*claims: Claim, **fields: Any) -> EvidenceLink:
    link = make.make_link(make.make_claim(published=True), **fields)
    for claim in claims:
        make.make_premise(link, claim)
    return link


def with_a_withdrawn_premise() -> EvidenceLink:
    link = depending(genuine("refuted"))
    withdraw(actor=make.someone("Editor"), row=link.premises.get(), reason="It does not depend on it.")
    return link


def derived(*reasons: str, **fields: Any) -> EvidenceLink:
    """The bearing of what derives from the own assertion of its claim, over pieces that give these reasons for being
    independent; the last is its own."""
    own = make.make_link(make.make_claim(published=True), own_assertion=True)
    piece = own.evidence
    for reason in reasons:
        piece = make.make_evidence(derived_from=piece, independent_because=reason)
    return make.make_link(own.claim, evidence=piece, **fields)


def derived_from_withdrawn() -> EvidenceLink:
    link = derived("")
    own = EvidenceLink.objects.get(claim=link.claim, own_assertion=True)
    withdraw(actor=make.someone("Editor"), row=own, reason="Entered by mistake.")
    return link


def derived_elsewhere() -> EvidenceLink:
    """What derives from the own assertion of another claim."""
    return make.make_link(make.make_claim(published=True), evidence=derived("").evidence)


def in_set(*premises: Claim, withdrawn: bool = False, again: bool = False, other: str = "Chain") -> EvidenceLink:
    """A part of a set, whose other part may depend on claims, or be withdrawn and linked again."""
    link = depending(set_name="Chain")
    part = make.make_link(link.claim, set_name=other)
    for claim in premises:
        make.make_premise(part, claim)
    if withdrawn:
        withdraw(actor=make.someone("Editor"), row=part, reason="A forgery.")
    if again:
        make.make_link(link.claim, evidence=part.evidence, set_name=other)
    return link


def reprint_of(link: EvidenceLink, *reasons: str) -> EvidenceLink:
    """A piece on the same claim that derives from that of the link, through one piece for each further reason."""
    piece = link.evidence
    for reason in reasons:
        piece = make.make_evidence(derived_from=piece, independent_because=reason)
    return make.make_link(link.claim, evidence=piece)


EXAMPLES: dict[str, tuple[Any, str]] = {
    "derived from an undercut piece": (lambda: reprint_of(depending(genuine("refuted")), ""), "repeats_undercut"),
    "derived from it through another": (lambda: reprint_of(depending(genuine("refuted")), "", ""), "repeats_undercut"),
    "derived from it and independent": (lambda: reprint_of(depending(genuine("refuted")), "Seen again."), ""),
    "derived from a piece that holds": (lambda: reprint_of(depending(genuine("supported")), ""), ""),
    "derived from the own assertion": (lambda: derived(""), "repeats_own"),
    "derived through another piece": (lambda: derived("", ""), "repeats_own"),
    "derived and independent": (lambda: derived("An interview of its own."), ""),
    "derived through an independent piece": (lambda: derived("An interview of its own.", ""), ""),
    "derived from an independent piece that repeats": (lambda: derived("", "Checked on the spot."), ""),
    "derived from a withdrawn assertion": (derived_from_withdrawn, ""),
    "derived from another claim's own assertion": (derived_elsewhere, ""),
    "a whole set": (in_set, ""),
    "a set with an undercut part": (lambda: in_set(genuine("refuted")), "broken_set"),
    "a set with a withdrawn part": (lambda: in_set(withdrawn=True), "broken_set"),
    "a set with a part that was linked again": (lambda: in_set(withdrawn=True, again=True), ""),
    "beside an undercut part of another set": (lambda: in_set(genuine("refuted"), other="Other"), ""),
    "a set written in another way": (lambda: in_set(genuine("refuted"), other="CHAIN"), "broken_set"),
    "a plain link": (depending, ""),
    "its own assertion": (lambda: depending(own_assertion=True), "own_assertion"),
    "its own assertion, undercut as well": (lambda: depending(genuine("refuted"), own_assertion=True), "own_assertion"),
    "an undecided premise": (lambda: depending(genuine()), ""),
    "a draft premise": (lambda: depending(make.make_claim()), ""),
    "a supported premise": (lambda: depending(genuine("supported")), ""),
    "a contested premise": (lambda: depending(genuine("contested")), ""),
    "a refuted premise": (lambda: depending(genuine("refuted")), "undercut"),
    "a mostly refuted premise": (lambda: depending(genuine("mostly_refuted")), ""),
    "a premise refuted once and supported since": (lambda: depending(genuine("refuted", "supported")), ""),
    "a premise supported once and refuted since": (lambda: depending(genuine("supported", "refuted")), "undercut"),
    "a withdrawn premise claim": (lambda: depending(genuine(withdrawn=True)), "undercut"),
    "one of two premises refuted": (lambda: depending(genuine("supported"), genuine("refuted")), "undercut"),
    "a premise that was withdrawn": (with_a_withdrawn_premise, ""),
}


def fates_of(link: EvidenceLink) -> list[str]:
    """Why the claims on which it depends do not hold, by the rule on rows."""
    premises = link.premises.standing().order_by("pk").select_related("claim")
    return [fate_of(row.claim, Verdict.objects.filter(claim=row.claim).select_related("rating"))[0] for row in premises]


def plain(claim: Claim) -> tuple[list[Linked], dict[int, int | None]]:
    """The links of the claim, and what follows what, as the rule takes them."""
    links = [
        Linked(
            *(row.pk, row.claim_id, row.evidence_id, row.own_assertion, any(fates_of(row)), row.set_name),
            stands=row.withdrawn_at is None,
        )
        for row in EvidenceLink.objects.filter(claim=claim)
    ]
    follows = Evidence.objects.filter(independent_because="").values_list("pk", "derived_from")
    return links, dict(follows)


@pytest.mark.parametrize(("enter", "reason"), EXAMPLES.values(), ids=EXAMPLES)
def test_the_database_and_the_rule_say_the_same_now_and_of_the_past(enter: Any, reason: str, editor: Any) -> None:
    link = enter()
    rows = EvidenceLink.objects.filter(pk=link.pk)
    assert rows.counting().exists() == (not reason)
    assert rows.with_discount().get().discounted == rows.get().discounted == reason
    fates = fates_of(link)
    assert find_discounts(*plain(link.claim))[link.pk] == reason
    standing = Premise.objects.standing().filter(link=link).with_fate()
    assert [row.fate for row in standing] == fates
    assert [row.fell_at is not None for row in standing] == [bool(fate) for fate in fates]
    past = Past(timezone.now(), editor)
    claims = {link.claim_id: link.claim}
    past.load(claims, claims)
    assert past.links[link.pk].discounted == reason
    content = load_claim(link.claim, editor).claim
    assert [row.discounted.code for row in content.evidence if row.link_id == link.pk] == [reason]
    assert (link.evidence_id in {row.id for row in content.bearing("supports")}) == (not reason)
    assert load_claim(link.claim, editor, timezone.now()).claim.evidence == content.evidence


def test_a_withdrawn_link_does_not_count(editor: Any) -> None:
    link = depending()
    withdraw(actor=editor, row=link, reason="A forgery.")
    assert not EvidenceLink.objects.counting().exists()


def test_a_claim_that_is_published_again_carries_again(editor: Any) -> None:
    premise = genuine(withdrawn=True)
    link = depending(premise)
    publish_claim(actor=editor, claim=premise)
    assert EvidenceLink.objects.counting().filter(pk=link.pk).exists()


@pytest.mark.parametrize("fields", [{"own_assertion": True}, {}], ids=["own assertion", "undercut"])
def test_no_verdict_is_published_on_what_does_not_count(ann: Any, reviewer: Any, fields: dict[str, Any]) -> None:
    link = depending(*(() if fields else (genuine("refuted"),)), **fields)
    draft = make.make_verdict(link.claim, author=ann, code="supported")
    submit_verdict(actor=ann, verdict=draft)
    with pytest.raises(RuleViolation) as refused:
        publish_verdict(actor=reviewer, verdict=draft)
    assert refused.value.code == "evidence_required"
    make.make_link(link.claim, "context")
    with pytest.raises(RuleViolation) as refused:
        publish_verdict(actor=reviewer, verdict=draft)
    assert refused.value.code == "supports_evidence_required"
    make.make_link(link.claim, "supports")
    assert publish_verdict(actor=reviewer, verdict=draft).status == "published"


@pytest.mark.parametrize("own", [True, False])
def test_what_a_party_says_itself_contests_nothing(own: bool) -> None:
    dispute = make.make_dispute(exclusive=True)
    one, other = (make.make_claim(dispute=dispute, published=True) for _ in range(2))
    make.make_published(one, code="contested")
    link = make.make_link(other, own_assertion=own)
    for row in one.evidence_links.filter(bearing="refutes"):
        withdraw(actor=make.someone("Editor"), row=row, reason="A forgery.")
    assert StoredState.objects.get(question__dispute=dispute).state == ("open" if own else "contested")
    assert link.discounted == ("own_assertion" if own else "")


def test_the_stored_state_follows_what_evidence_derives_from(ann: Any) -> None:
    dispute = make.make_dispute(exclusive=True)
    one, other = (make.make_claim(dispute=dispute, published=True) for _ in range(2))
    make.make_link(one)
    own = make.make_link(other, own_assertion=True)
    between = make.make_evidence()
    reprint = make.make_link(other, evidence=make.make_evidence(derived_from=between))

    def state() -> str:
        return StoredState.objects.get(question__dispute=dispute).state

    def change(**fields: Any) -> str:
        with acting(actor=ann, reason="Looked at again."):
            row = Evidence.objects.get(pk=between.pk)
            for name, value in fields.items():
                setattr(row, name, value)
            row.save()
        return state()

    assert state() == "contested"
    assert change(derived_from=own.evidence) == "open"
    assert change(independent_because="The reporter asked the witness herself.") == "contested"
    assert change(independent_because="") == "open"
    withdraw(actor=make.someone("Editor"), row=own, reason="Entered by mistake.")
    assert state() == "contested"
    assert reprint.discounted == ""


def test_a_reprint_of_the_own_assertion_is_told_as_such_by_every_door(ann: Any, reviewer: Any, api: Any) -> None:
    link = derived("")
    draft = make.make_verdict(link.claim, author=ann, code="supported")
    submit_verdict(actor=ann, verdict=draft)
    refused = api(reviewer).post(f"/api/v1/verdicts/{draft.pk}/publish/", {}, format="json")
    [error] = refused.json()["errors"]
    assert (error["code"], error["field"]) == ("evidence_required", "rating")
    assert "1 is its own assertion and 1 derives from its own assertion" in error["detail"]
    public = api(None).get(f"/api/v1/claims/{link.claim_id}/").json()
    assert [row["discounted"] for row in public["evidence"]] == ["own_assertion", "repeats_own"]
    assert public["origins"]["evidence"]["supports"]["total"] == 0
    assert api(None).get("/api/v1/evidence-links/", {"counts": "true"}).json()["results"] == []
    report = api(None).get(f"/api/v1/claims/{link.claim_id}/report/markdown/").content.decode()
    assert "Does not count: derived from the claim’s own assertion" in report


@pytest.mark.parametrize("kind", EvidenceKind)
@pytest.mark.parametrize("reason", ["", "Another examiner wrote it."])
def test_a_document_joins_a_piece_to_others_by_one_rule(register: None, kind: EvidenceKind, reason: str) -> None:
    piece = make.make_evidence(kind=kind, independent_because=reason, documents=[make.make_document()])
    joined = EvidenceDocument.objects.joining().filter(evidence=piece).exists()
    assert joined == piece.joined_by_documents == (not reason and kind != "absent")
