"""What leaves by a webhook, and what never does."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from claims.models import Dispute, EvidenceDocument
from claims.rules.announcement import ROUTES
from claims.services import (
    correct_verdict,
    publish_claim,
    publish_verdict,
    return_claim,
    return_verdict,
    submit_claim,
    submit_verdict,
    withdraw,
    withdraw_claim,
)
from factcheck.audit.chain import record_event
from factcheck.audit.context import acting, recording
from factcheck.audit.differences import recorded_models
from factcheck.audit.models import AuditEntry
from factcheck.webhooks.announcement import announcement
from tests import factories as make
from tests.factories import someone

SECRET_WORDS = ("Mole", "Whisper", "because of the mole")


def told(since: int = 0) -> list[dict[str, Any]]:
    """The messages about the entries after `since`, as they would leave now."""
    messages = (announcement(entry) for entry in AuditEntry.objects.filter(id__gt=since).order_by("id"))
    return [message for message in messages if message is not None]


def types(since: int = 0) -> list[str]:
    return [message["type"] for message in told(since)]


def last() -> int:
    return AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0


@pytest.fixture
def since(register: None) -> int:
    """The trail begins here: the words of the rating scale are public and older."""
    return last()


def test_message_holds_numbers_and_the_action_alone(since: int, settings: Any) -> None:
    settings.FACTCHECK_BASE_URL = "https://register.example.org"
    dispute = make.make_dispute("Whisper")
    claim = make.make_claim("Mole", dispute=dispute, published=True)
    with acting(actor=someone("Editor"), reason="because of the mole"):
        claim.context = "Whisper"
        claim.save()
    entry = AuditEntry.objects.get(id=last())
    assert announcement(entry) == {
        "type": "claim.changed",
        "timestamp": entry.at.isoformat(),
        "data": {
            "entry": entry.id,
            "object_type": "claim",
            "object_id": claim.pk,
            "claim_id": claim.pk,
            "dispute_id": dispute.pk,
            "url": f"https://register.example.org/api/v1/claims/{claim.pk}/",
        },
    }
    assert not any(word in json.dumps(told()) for word in SECRET_WORDS)


def test_way_to_a_publication_stays_inside_even_when_told_late(since: int) -> None:
    claim = make.make_claim(dispute=make.make_dispute())
    submit_claim(actor=someone("Researcher"), claim=claim)
    return_claim(actor=someone("Reviewer"), claim=claim, note="Not yet.")
    make.make_attribution(claim)
    verdict = make.make_submitted(claim)
    return_verdict(actor=someone("Reviewer"), verdict=verdict, note="Not yet.")
    submit_verdict(actor=someone("Researcher"), verdict=verdict)
    inside = last()
    assert "claim.returned" not in types(since)
    assert not any(message["data"]["claim_id"] for message in told(since))
    publish_verdict(actor=someone("Reviewer"), verdict=verdict)
    assert types(inside) == ["claim.published", "verdict.published"]
    assert [m["type"] for m in told(since) if m["data"]["claim_id"]] == ["claim.published", "verdict.published"]


def test_correction_leaves_when_it_is_published(since: int) -> None:
    verdict = make.make_published()
    before = last()
    correction = correct_verdict(
        actor=someone("Researcher"),
        verdict=verdict,
        reason="Wrong.",
        severity="correction",
        rating=make.rating("unproven"),
    )
    submit_verdict(actor=someone("Researcher"), verdict=correction)
    assert types(before) == []
    publish_verdict(actor=someone("Reviewer"), verdict=correction)
    assert types(before) == ["verdict.corrected"]


def hang_on(claim: Any) -> dict[str, Callable[[], Any]]:
    other = make.make_claim(published=True)
    return {
        "attribution": lambda: make.make_attribution(claim),
        "evidencelink": lambda: make.make_link(claim),
        "claimrelation": lambda: make.make_relation(claim, other),
        "review": lambda: make.make_review(claim),
        "inquiry": lambda: make.make_inquiry(claim),
    }


@pytest.mark.parametrize("noun", ["attribution", "evidencelink", "claimrelation", "review", "inquiry"])
def test_what_hangs_on_a_published_claim_is_told_and_taken_back(since: int, noun: str) -> None:
    row = hang_on(make.make_claim(published=True, dispute=make.make_dispute()))[noun]()
    assert types(since)[-1] == f"{noun}.created"
    before = last()
    withdraw(actor=someone("Reviewer"), row=row, reason="Mole")
    (message,) = told(before)
    assert (message["type"], message["data"]["object_id"]) == (f"{noun}.withdrawn", row.pk)


@pytest.mark.parametrize("noun", ["attribution", "evidencelink", "claimrelation", "review", "inquiry"])
@pytest.mark.parametrize("hidden", ["draft", "withdrawn", "internal", "restricted"])
def test_what_hangs_on_a_hidden_claim_never_leaves(since: int, noun: str, hidden: str) -> None:
    visibility = hidden if hidden in {"internal", "restricted"} else "public"
    claim = make.make_claim(published=hidden != "draft", dispute=make.make_dispute(visibility=visibility))
    if hidden == "withdrawn":
        withdraw_claim(actor=someone("Editor"), claim=claim, reason="Mole")
    act = hang_on(claim)[noun]
    before = last()
    withdraw(actor=someone("Editor"), row=act(), reason="Mole")
    assert [m for m in told(before) if m["data"]["object_type"] == noun] == []


def test_relation_to_a_draft_never_leaves(since: int) -> None:
    relation = make.make_relation(make.make_claim(published=True), make.make_claim())
    withdraw(actor=someone("Reviewer"), row=relation, reason="Mole")
    assert not any(m["data"]["object_type"] == "claimrelation" for m in told(since))


@pytest.mark.parametrize("visibility", ["internal", "restricted"])
def test_nothing_of_a_closed_dispute_leaves(since: int, visibility: str) -> None:
    dispute = make.make_dispute(visibility=visibility, members=[someone("Editor")])
    verdict = make.make_published(make.make_claim(dispute=dispute))
    evidence = make.make_evidence(dispute=dispute, documents=[make.make_document()])
    make.make_link(verdict.claim, evidence=evidence)
    make.make_attribution(verdict.claim, source=make.make_source("Mole"))
    withdraw_claim(actor=someone("Editor"), claim=verdict.claim, reason="Mole")
    assert told(since) == []


def test_claim_that_is_withdrawn_is_told(since: int) -> None:
    claim = make.make_claim(published=True, dispute=make.make_dispute())
    before = last()
    withdraw_claim(actor=someone("Reviewer"), claim=claim, reason="Mole")
    assert types(before) == ["claim.withdrawn"]
    publish_claim(actor=someone("Reviewer"), claim=claim)
    assert types(before) == ["claim.withdrawn", "claim.published"]


def test_dispute_that_was_closed_falls_silent_about_its_past(since: int) -> None:
    dispute = make.make_dispute()
    claim = make.make_claim(published=True, dispute=dispute)
    make.make_attribution(claim)
    make.make_claim(published=True, dispute=dispute)
    withdraw_claim(actor=someone("Editor"), claim=claim, reason="Mole")
    assert types(since)
    with acting(actor=someone("Editor"), reason="Mole"):
        dispute.visibility = "restricted"
        dispute.save()
        dispute.title = "Whisper"
        dispute.save()
    (message,) = told(since)
    assert (message["type"], message["data"]["gone"]) == ("dispute.changed", True)
    assert (message["data"]["object_id"], message["data"]["claim_id"]) == (dispute.pk, None)
    assert not any(word in json.dumps(message) for word in SECRET_WORDS)
    with acting(actor=someone("Editor"), reason="Mole"):
        dispute.visibility = "public"
        dispute.save()
    assert not any(message["data"].get("gone") for message in told(since))


@pytest.mark.parametrize("before", ["internal", "public"])
def test_a_dispute_that_nobody_read_is_closed_in_silence(since: int, before: str) -> None:
    dispute = make.make_dispute(visibility=before)
    make.make_claim(published=before == "internal", dispute=dispute)
    with acting(actor=someone("Editor"), reason="Mole"):
        dispute.visibility = "restricted"
        dispute.save()
    assert told(since) == []


def test_past_of_a_dispute_from_before_it_was_opened_stays_inside(since: int) -> None:
    dispute = make.make_dispute(visibility="restricted", members=[someone("Editor")])
    claim = make.make_claim(published=True, dispute=dispute)
    attribution = make.make_attribution(claim)
    with acting(actor=someone("Editor"), reason="Opened."):
        dispute.visibility = "public"
        dispute.save()
        attribution.quote = "So it was."
        attribution.save()
    about = {m["type"] for m in told(since) if m["data"]["dispute_id"] == dispute.pk}
    assert about == {"dispute.changed", "attribution.changed"}


def test_claim_that_moved_into_a_closed_dispute_falls_silent(since: int) -> None:
    claim = make.make_claim(published=True, dispute=make.make_dispute())
    withdraw_claim(actor=someone("Editor"), claim=claim, reason="Mole")
    closed = make.make_dispute(visibility="restricted", members=[someone("Editor")])
    with acting(actor=someone("Editor"), reason="Moved."):
        claim.dispute, claim.question = closed, None
        claim.save()
    assert told(since) == []


def test_withheld_source_is_told_only_that_it_was_withheld(since: int) -> None:
    source = make.make_source("Mole")
    make.make_attribution(make.make_claim(published=True), source=source)
    before = last()
    with acting(actor=someone("Editor"), reason="because of the mole"):
        source.withheld, source.withheld_reason = True, "Whisper"
        source.save()
        source.name = "Mole, the second"
        source.save()
    (message,) = told(before)
    assert (message["type"], message["data"]["object_id"]) == ("source.changed", source.pk)
    assert not any(word in json.dumps(told(since)) for word in SECRET_WORDS)


def test_source_that_nothing_public_refers_to_never_leaves(since: int) -> None:
    make.make_source()
    make.make_attribution(make.make_claim())
    make.make_snapshot()
    assert told(since) == []


def test_document_of_public_evidence_is_told_by_the_address_of_the_evidence(since: int) -> None:
    document = make.make_document()
    evidence = make.make_evidence(documents=[document])
    make.make_link(make.make_claim(published=True), evidence=evidence)
    before = last()
    with acting(actor=someone("Editor"), reason="Wrong document."):
        EvidenceDocument.objects.get(evidence=evidence).delete()
    (message,) = told(before)
    assert message["type"] == "evidencedocument.deleted"
    assert message["data"]["url"].endswith(f"/api/v1/evidence/{evidence.pk}/")


def test_papers_of_the_desk_never_leave(since: int) -> None:
    link = make.make_link(make.make_claim(published=True, dispute=make.make_dispute()))
    before = last()
    make.make_assessment(link)
    make.make_import()
    make.make_webhook()
    make.make_dispute("Mole", members=[someone("Editor")])
    with recording():
        record_event("token.created", "authtoken", "ab12", "Mole")
    assert told(before) == []


def test_erased_row_falls_silent(since: int) -> None:
    make.make_claim(published=True)
    entry = AuditEntry.objects.get(id=last())
    assert announcement(entry)
    entry.history_id = 10**9
    assert announcement(entry) is None


def test_every_noun_leaves_by_a_route_or_is_the_desks_own() -> None:
    inside = {"assessment", "disputemember", "importbatch", "ruleexception", "rulesetting", "webhook"}
    assert set(recorded_models()) == set(ROUTES) | inside


def test_draft_that_was_deleted_never_leaves(since: int) -> None:
    claim = make.make_claim(dispute=make.make_dispute())
    make.make_attribution(claim)
    with acting(actor=someone("Editor")):
        claim.delete()
    assert not any(m["data"]["claim_id"] for m in told(since))
    assert Dispute.objects.public().count() == 0
