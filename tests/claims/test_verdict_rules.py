"""The guard rails: what is refused at publication, in which words, with which remedy."""

from __future__ import annotations

from typing import Any

import pytest

from claims.models import Verdict
from claims.rules.publication import check_publishable
from claims.rules.rivalry import rivals_of
from claims.services import correct_verdict, publish_claim, publish_verdict, submit_verdict, withdraw, withdraw_claim
from factcheck.audit.context import acting
from factcheck.base.errors import RuleViolation
from tests.factories import (
    make_claim,
    make_dispute,
    make_link,
    make_published,
    make_relation,
    make_submitted,
    make_verdict,
    rating,
    someone,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


def refusal(verdict: Verdict) -> RuleViolation:
    if verdict.status == "draft":
        verdict = submit_verdict(actor=verdict.author, verdict=verdict)
    with pytest.raises(RuleViolation) as caught:
        publish_verdict(actor=someone("Reviewer"), verdict=verdict)
    verdict.refresh_from_db()
    assert (verdict.status, verdict.reviewer, verdict.published_at) == ("in_review", None, None)
    assert verdict.claim.status != "published" or verdict.claim.first_published_at
    return caught.value


@pytest.mark.parametrize("rationale", ["", "  ", "\n\t"])
def test_verdict_without_rationale_is_refused(rationale: str) -> None:
    claim = make_claim()
    make_link(claim)
    error = refusal(make_verdict(claim, rationale=rationale))
    assert (error.code, error.field) == ("rationale_required", "rationale")
    assert error.message.endswith("Write the rationale: a verdict is published only with the reasons for it.")
    claim.refresh_from_db()
    assert claim.status == "draft"


def test_verdict_without_evidence_is_refused() -> None:
    error = refusal(make_verdict())
    assert (error.code, error.field) == ("evidence_required", "rating")
    assert "Link at least one piece of evidence to the claim." in error.message


BEARINGS = {
    # rating: what one link of each bearing gives
    "supported": {"supports": None, "refutes": "supports_evidence_required", "context": "supports_evidence_required"},
    "mostly_supported": {
        "supports": None,
        "refutes": "supports_evidence_required",
        "context": "supports_evidence_required",
    },
    "refuted": {"supports": "refutes_evidence_required", "refutes": None, "context": "refutes_evidence_required"},
    "mostly_refuted": {
        "supports": "refutes_evidence_required",
        "refutes": None,
        "context": "refutes_evidence_required",
    },
    "contested": {"supports": None, "refutes": None, "context": None},
    "unproven": {"supports": None, "refutes": None, "context": None},
    "misleading": {"supports": None, "refutes": None, "context": None},
    "outdated": {"supports": None, "refutes": None, "context": None},
}


@pytest.mark.parametrize(
    ("code", "bearing", "expected"), [(c, b, e) for c, row in BEARINGS.items() for b, e in row.items()]
)
def test_deciding_verdict_needs_evidence_of_its_bearing(code: str, bearing: str, expected: str | None) -> None:
    claim = make_claim()
    make_link(claim, bearing)
    verdict = make_verdict(claim, code=code)
    if expected is None:
        assert make_published(claim, author=verdict.author, code=code).status == "published"
        return
    error = refusal(verdict)
    assert (error.code, error.field) == (expected, "rating")
    label, needed = rating(code).label, expected.partition("_")[0]
    assert error.message == (
        f"“{label}” needs evidence that {needed} the claim, and none of the evidence linked to this claim does. "
        f"Link evidence with the bearing “{needed}”, or choose another rating."
    )


def test_withdrawn_link_is_no_evidence() -> None:
    claim = make_claim(published=True)
    supporting = make_link(claim, "supports")
    withdraw(actor=someone("Editor"), row=supporting, reason="A forgery.")
    assert refusal(make_verdict(claim, code="supported")).code == "evidence_required"
    make_link(claim, "refutes")
    assert refusal(make_verdict(claim, code="supported")).code == "supports_evidence_required"


def two_rivals(kind: str = "contradicts", *, turned: bool = False, **dispute: Any) -> tuple[Any, Any]:
    claims = [make_claim(dispute=make_dispute(**dispute)) for _ in range(2)]
    make_relation(*(reversed(claims) if turned else claims), kind=kind)
    return claims[0], claims[1]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("kind", ["contradicts", "excludes"])
@pytest.mark.parametrize("first", ["supported", "mostly_supported"])
@pytest.mark.parametrize("second", ["supported", "mostly_supported"])
def test_rivals_are_not_both_supported(kind: str, first: str, second: str, turned: bool) -> None:
    one, other = two_rivals(kind, turned=turned)
    make_published(one, code=first)
    error = refusal(make_submitted(other, code=second))
    assert (error.code, error.field) == ("rival_supported", "rating")
    assert error.message in {
        f"{first} and {second} cannot both be true, and both stand as supported. "
        "Correct one of the two verdicts, or undo what makes them rivals: a relation, or an exclusive question."
        for first, second in (
            (f"Claim {one.pk} (“{one}”)", "this claim"),
            ("This claim", f"claim {one.pk} (“{one}”)"),
        )
    }


@pytest.mark.parametrize("kind", ["refines", "supports", "repeats", "compatible"])
def test_other_relations_make_no_rivals(kind: str) -> None:
    one, other = two_rivals(kind)
    make_published(one, code="supported")
    make_published(other, code="supported")
    assert rivals_of(one) == []


@pytest.mark.parametrize("code", ["refuted", "contested", "unproven"])
def test_rival_of_a_supported_claim_may_be_anything_else(code: str) -> None:
    one, other = two_rivals()
    make_published(one, code="supported")
    make_published(other, code=code)


def test_draft_of_a_rival_and_a_superseded_verdict_do_not_count() -> None:
    one, other = two_rivals()
    first = make_published(one, code="supported")
    make_submitted(other, code="supported")
    correct(first, code="refuted")
    make_published(other, code="supported")


def correct(verdict: Verdict, code: str) -> Verdict:
    author = verdict.author
    draft = correct_verdict(
        actor=author, verdict=verdict, reason="New evidence.", severity="correction", rating=rating(code)
    )
    return publish_verdict(actor=someone("Reviewer"), verdict=submit_verdict(actor=author, verdict=draft))


def test_correction_to_supported_looks_at_rivals_too() -> None:
    one, other = two_rivals()
    make_published(one, code="supported")
    contested = make_published(other, code="contested")
    with pytest.raises(RuleViolation, match="both stand as supported"):
        correct(contested, code="supported")


def test_withdrawn_relation_makes_no_rivals() -> None:
    one, other = two_rivals()
    make_published(one, code="supported")
    relation = one.relations.get()
    withdraw(actor=someone("Editor"), row=relation, reason="They speak of two events.")
    make_published(other, code="supported")


def test_withdrawn_rival_does_not_count_until_it_comes_back() -> None:
    one, other = two_rivals()
    make_published(one, code="supported")
    withdraw_claim(actor=someone("Editor"), claim=one, reason="Wrongly worded.")
    make_published(other, code="supported")
    with pytest.raises(RuleViolation, match=rf"[Cc]laim {other.pk} \(“"):
        publish_claim(actor=someone("Editor"), claim=one)
    withdraw_claim(actor=someone("Editor"), claim=other, reason="Wrongly worded.")
    publish_claim(actor=someone("Editor"), claim=one)


def test_wording_of_a_rival_is_told_only_to_those_who_may_read_it(reviewer: Any, rob: Any) -> None:
    hidden = make_claim("The secret claim.", dispute=make_dispute(visibility="restricted", members=[rob]))
    shown = make_claim()
    make_relation(shown, hidden)
    make_published(hidden, code="supported")
    verdict = make_submitted(shown, code="supported")
    with pytest.raises(RuleViolation) as caught:
        publish_verdict(actor=reviewer, verdict=verdict)
    assert "secret" not in caught.value.message
    assert "a claim of a dispute that you may not see" in caught.value.message.lower()
    with acting(actor=rob), pytest.raises(RuleViolation, match="The secret claim"):
        check_publishable(verdict)


def test_exactly_the_rivals_of_a_claim() -> None:
    claim, a, b, c, d = (make_claim() for _ in range(5))
    make_relation(claim, a)
    make_relation(b, claim, kind="excludes")
    make_relation(claim, c, kind="compatible")
    make_relation(a, d)
    make_relation(claim, a, kind="excludes")
    assert rivals_of(claim) == sorted([a.pk, b.pk])


def test_in_an_exclusive_dispute_every_claim_is_a_rival() -> None:
    dispute = make_dispute(exclusive=True)
    one, other = make_claim(dispute=dispute), make_claim(dispute=dispute)
    make_published(one, code="supported")
    assert rivals_of(other) == [one.pk]
    assert refusal(make_submitted(other, code="supported")).code == "rival_supported"


@pytest.mark.parametrize("kind", ["contradicts", "excludes"])
def test_two_supported_claims_cannot_be_made_rivals_afterwards(kind: str) -> None:
    one, other = make_claim(), make_claim()
    make_published(one, code="supported")
    make_published(other, code="mostly_supported")
    with pytest.raises(RuleViolation) as error:
        make_relation(one, other, kind=kind)
    assert (error.value.code, error.value.field) == ("rival_supported", "kind")
    make_relation(one, other, kind="compatible")
