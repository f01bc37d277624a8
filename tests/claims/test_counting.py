"""What counts as evidence: one table for the rule on rows and for its conditions, by every door that counts."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from claims.choices import EvidenceKind
from claims.models import Claim, EvidenceDocument, EvidenceLink, Premise, StoredState, Verdict
from claims.reports.load.as_of import Past
from claims.reports.load.dossier import load_claim
from claims.rules.counting import fate_of, why_discounted
from claims.services import publish_claim, publish_verdict, submit_verdict, withdraw, withdraw_claim
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


EXAMPLES: dict[str, tuple[Any, str]] = {
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


@pytest.mark.parametrize(("enter", "reason"), EXAMPLES.values(), ids=EXAMPLES)
def test_the_database_and_the_rule_say_the_same_now_and_of_the_past(enter: Any, reason: str, editor: Any) -> None:
    link = enter()
    rows = EvidenceLink.objects.filter(pk=link.pk)
    assert rows.counting().exists() == (not reason)
    assert rows.with_undercut().get().discounted == rows.get().discounted == reason
    fates = [
        fate_of(premise.claim, Verdict.objects.filter(claim=premise.claim).select_related("rating"))[0]
        for premise in link.premises.standing().select_related("claim")
    ]
    assert why_discounted(own_assertion=link.own_assertion, fates=fates) == reason
    standing = Premise.objects.standing().filter(link=link).with_fate()
    assert [row.fate for row in standing] == fates
    assert [row.fell_at is not None for row in standing] == [bool(fate) for fate in fates]
    past = Past(timezone.now(), editor)
    claims = {link.claim_id: link.claim}
    past.load(claims, claims)
    assert [row.discounted for row in past.links.values()] == [reason]
    content = load_claim(link.claim, editor).claim
    assert [row.discounted.code for row in content.evidence] == [reason]
    assert content.evidence_for.total == (0 if reason else 1)
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


@pytest.mark.parametrize("kind", EvidenceKind)
@pytest.mark.parametrize("reason", ["", "Another examiner wrote it."])
def test_a_document_joins_a_piece_to_others_by_one_rule(register: None, kind: EvidenceKind, reason: str) -> None:
    piece = make.make_evidence(kind=kind, independent_because=reason, documents=[make.make_document()])
    joined = EvidenceDocument.objects.joining().filter(evidence=piece).exists()
    assert joined == piece.joined_by_documents == (not reason and kind != "absent")
