"""When a verdict is stale, why, and how that ends."""

from __future__ import annotations

import random
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from claims.logic.staleness import Reason
from claims.models import Claim, Confirmation, EvidenceDocument, Verdict
from claims.reports.load.dossier import load_claim
from claims.reports.load.staleness import load_stale
from claims.services import (
    confirm_verdict,
    correct_verdict,
    publish_claim,
    publish_verdict,
    submit_verdict,
    withdraw,
    withdraw_claim,
)
from factcheck.audit.context import acting
from factcheck.base.errors import Conflict, Forbidden, RuleViolation
from sources.models import Snapshot
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("module_rows")]


class Case:
    """A published verdict with one of everything under it, and everything that can happen to that."""

    def __init__(self) -> None:
        self.dispute = make.make_dispute()
        self.claim = make.make_claim("It is so.", dispute=self.dispute, published=True)
        self.rival = make.make_claim("It is otherwise.", dispute=self.dispute, published=True)
        self.cited, self.carrier = make.make_document("Article"), make.make_document("Record")
        self.copies = [make.make_snapshot(self.cited), make.make_snapshot(self.carrier)]
        self.evidence = make.make_evidence("Autopsy", documents=[self.carrier])
        self.said = make.make_attribution(self.claim, source=make.make_source("Ministry"), document=self.cited)
        self.link = make.make_link(self.claim, "supports", evidence=self.evidence)
        self.relation = make.make_relation(self.claim, self.rival)
        self.premise = make.make_premise(self.link, make.make_claim("The record is genuine.", published=True))
        self.verdict = make.make_published(self.claim)

    def told(self) -> tuple[Reason, ...]:
        """The reasons as the desk is told."""
        verdict = Verdict.objects.select_related("claim").get(pk=self.verdict.pk)
        return load_stale([verdict], make.someone("Editor")).get(self.claim.pk, ())

    def codes(self) -> list[str]:
        """The codes of the reasons; the database and the dossier must agree with them."""
        editor, verdict, told = make.someone("Editor"), self.verdict, self.told()
        for user in (None, editor):
            assert Verdict.objects.stale(user).filter(pk=verdict.pk).exists() == bool(told), (user, told)
        assert Claim.objects.stale().filter(pk=self.claim.pk).exists() == bool(told)
        assert Verdict.objects.lately_stale(editor, 1).filter(pk=verdict.pk).exists() == bool(told)
        assert load_claim(self.claim, editor).claim.stale == told
        return [reason.code for reason in told]

    # What can happen; each returns the code of the reason that it makes, or nothing.

    def somebody_speaks(self) -> str:
        make.make_attribution(self.claim)
        return "attribution_added"

    def a_quote_changes(self) -> str:
        self.said = changed(self.said, quote=f"Words {random.random()}")
        return "attribution_changed"

    def a_statement_is_withdrawn(self) -> str:
        row = make.make_attribution(self.claim)
        confirm(self.verdict)
        withdraw(actor=make.someone("Editor"), row=row, reason="Misheard.")
        return "attribution_withdrawn"

    def evidence_is_linked(self) -> str:
        make.make_link(self.claim, "refutes")
        return "evidence_link_added"

    def a_link_changes(self) -> str:
        self.link = changed(self.link, note=f"Note {random.random()}")
        return "evidence_link_changed"

    def a_premise_is_entered(self) -> str:
        make.make_premise(self.link, make.make_claim())
        return "premise_added"

    def a_premise_changes(self) -> str:
        self.premise = changed(self.premise, note=f"Note {random.random()}")
        return "premise_changed"

    def a_premise_is_withdrawn(self) -> str:
        row = make.make_premise(self.link, make.make_claim(published=True))
        confirm(self.verdict)
        withdraw(actor=make.someone("Editor"), row=row, reason="It does not depend on it.")
        return "premise_withdrawn"

    def a_premise_is_refuted(self) -> str:
        # A leaning is not enough, and is looked at again itself once it hardens.
        make.make_corrected(verdict=self._own_premise("mostly_refuted"), after="refuted")
        return "premise_claim_refuted"

    def a_premise_is_doubted(self) -> str:
        self._own_premise("mostly_refuted")
        return ""

    def a_premise_claim_is_withdrawn(self) -> str:
        claim = make.make_claim(published=True)
        make.make_premise(self.link, claim)
        confirm(self.verdict)
        withdraw_claim(actor=make.someone("Editor"), claim=claim, reason="Out of scope.")
        return "premise_claim_withdrawn"

    def _own_premise(self, code: str) -> Verdict:
        claim = make.make_claim(published=True)
        make.make_premise(self.link, claim)
        confirm(self.verdict)
        return make.make_published(claim, code=code)

    def a_rival_is_linked(self) -> str:
        make.make_relation(self.claim, make.make_claim())
        return "relation_added"

    def a_relation_comes_from_the_other_side(self) -> str:
        make.make_relation(make.make_claim(), self.claim, kind="supports")
        return "relation_added"

    def a_relation_changes(self) -> str:
        self.relation = changed(self.relation, note=f"Note {random.random()}")
        return "relation_changed"

    def evidence_changes(self) -> str:
        self.evidence = changed(self.evidence, description=f"Found {random.random()}")
        return "evidence_changed"

    def a_document_is_added_to_evidence(self) -> str:
        with acting(reason="Found."):
            EvidenceDocument(evidence=self.evidence, document=make.make_document()).save()
        return "carriers_changed"

    def a_document_is_taken_from_evidence(self) -> str:
        with acting(reason="Found."):
            row = EvidenceDocument(evidence=self.evidence, document=make.make_document())
            row.save()
        confirm(self.verdict)
        with acting(reason="It was another one."):
            row.delete()
        return "carriers_changed"

    def a_cited_document_changes(self) -> str:
        self.cited = changed(self.cited, authors=f"Author {random.random()}")
        return "document_retracted" if self.cited.retracted_on else "document_changed"

    def a_carrier_is_retracted(self) -> str:
        self.carrier = changed(self.carrier, retracted_on="2025-07-03", authors=f"Author {random.random()}")
        return "document_retracted"

    def a_copy_breaks(self) -> str:
        copy = Snapshot.objects.get(pk=random.choice(self.copies).pk)
        copy.broken_since = timezone.now()
        with acting(reason="The file is gone."):
            copy.save(past_tense="broken")
        return "snapshot_broken"

    def nothing_happens(self) -> str:
        return ""

    def other_things_happen(self) -> str:
        make.make_attribution(self.rival)
        make.make_link(self.rival)
        changed(self.claim, context=f"Context {random.random()}")
        self.claim.refresh_from_db()
        make.make_inquiry(self.claim)
        make.make_review(self.claim)
        make.make_assessment(self.link, analyst=make.make_user(f"analyst-{random.random()}", "Researcher"))
        make.make_verdict(self.claim)
        return ""


EVENTS = [
    name
    for name, kind in vars(Case).items()
    if callable(kind) and not name.startswith("_") and name not in {"codes", "told"}
]


def changed(row: Any, **values: Any) -> Any:
    row = type(row).objects.get(pk=row.pk)
    for name, value in values.items():
        setattr(row, name, value)
    return make.added(row) or row


def confirm(verdict: Verdict) -> Confirmation | None:
    """Look at what has changed, if anything has."""
    if not Verdict.objects.stale().filter(pk=verdict.pk).exists():
        return None
    return make.make_confirmation(Verdict.objects.get(pk=verdict.pk))


@pytest.fixture(scope="module")
def first_case(module_rows: None) -> Case:
    return Case()


@pytest.fixture
def case(first_case: Case) -> Case:
    return deepcopy(first_case)


@pytest.mark.parametrize("event", EVENTS)
def test_what_makes_a_verdict_stale_is_told_and_ends_with_a_confirmation(case: Case, event: str) -> None:
    assert case.told() == ()
    code = getattr(case, event)()
    assert case.codes() == ([code] if code else [])
    if code:
        confirm(case.verdict)
        assert case.told() == ()


@pytest.mark.parametrize("seed", range(2))
def test_the_database_and_the_words_agree_whatever_happens(case: Case, seed: int) -> None:
    chance = random.Random(seed)
    open_reasons: list[str] = []
    for _step in range(12):
        if chance.random() < 0.3:
            confirm(case.verdict)
            assert case.codes() == []
        event = chance.choice(EVENTS)
        code = getattr(case, event)()
        codes = case.codes()
        assert not code or code in codes or open_reasons, event
        open_reasons = codes


def test_a_reason_is_a_sentence_with_its_day(case: Case, editor: Any) -> None:
    case.a_carrier_is_retracted()
    case.somebody_speaks()
    words = [str(reason) for reason in load_claim(case.claim, editor).claim.stale]
    day = f"{timezone.localdate().day} {timezone.localdate():%B %Y}"
    assert words[0] == f"The document “Record” was retracted, as entered on {day}."
    assert words[1].startswith("The attribution to Source ")
    assert words[1].endswith(f" was added on {day}.")


def test_only_the_desk_is_told(case: Case, reader: Any, anonymous: Any) -> None:
    case.somebody_speaks()
    for user in (reader, anonymous):
        assert load_claim(case.claim, user).claim.stale == ()
        assert load_stale([case.verdict], user) == {}


def test_a_new_verdict_ends_it_and_the_old_one_is_no_matter(case: Case, ann: Any, reviewer: Any) -> None:
    case.somebody_speaks()
    draft = correct_verdict(actor=ann, verdict=case.verdict, reason="New words.", severity="update")
    submit_verdict(actor=ann, verdict=draft)
    assert case.codes() == ["attribution_added"]
    publish_verdict(actor=reviewer, verdict=draft)
    assert not Verdict.objects.stale().exists()
    assert load_claim(case.claim, reviewer).claim.stale == ()


def test_a_withdrawn_claim_has_no_stale_verdict(case: Case, editor: Any) -> None:
    case.somebody_speaks()
    case.claim.refresh_from_db()
    withdraw_claim(actor=editor, claim=case.claim, reason="Out of scope.")
    assert case.codes() == []
    publish_claim(actor=editor, claim=case.claim)
    assert case.codes() == ["attribution_added"]


def test_drafts_are_never_stale() -> None:
    verdict = make.make_submitted(make.make_claim())
    make.make_attribution(verdict.claim)
    assert not Verdict.objects.stale().exists()


def test_what_is_behind_a_withdrawn_row_bears_no_more(case: Case, editor: Any) -> None:
    withdraw(actor=editor, row=case.said, reason="Misheard.")
    withdraw(actor=editor, row=case.link, reason="Not about this.")
    confirm(case.verdict)
    case.a_cited_document_changes()
    case.evidence_changes()
    case.a_copy_breaks()
    assert case.codes() == []


def test_what_is_done_to_a_premise_after_its_claim_was_withdrawn_withdraws_it_no_second_time(
    case: Case, editor: Any
) -> None:
    ground = case.premise.claim
    withdraw_claim(actor=editor, claim=ground, reason="Out of scope.")
    assert case.codes() == ["premise_claim_withdrawn"]
    confirm(case.verdict)
    with time_machine.travel(timezone.now() + timedelta(hours=30), tick=False):
        changed(Claim.objects.get(pk=ground.pk), context="Filed elsewhere.")
        assert case.codes() == []
        assert load_claim(case.claim, editor, moment=timezone.now()).claim.stale == ()
    publish_claim(actor=editor, claim=Claim.objects.get(pk=ground.pk))
    confirm(case.verdict)
    withdraw_claim(actor=editor, claim=Claim.objects.get(pk=ground.pk), reason="Out of scope after all.")
    assert case.codes() == ["premise_claim_withdrawn"]


def test_a_hidden_rival_changes_nothing_for_those_who_may_not_know_of_it(case: Case, editor: Any) -> None:
    member = make.make_user("member", "Editor")
    closed = make.make_dispute(visibility="restricted", members=[member])
    with acting(actor=member, reason="A test."):
        make.saved(make.ClaimRelation(claim=case.claim, other=make.make_claim(dispute=closed), kind="supports"))
        make.saved(make.EvidenceLink(claim=case.claim, evidence=make.make_evidence(dispute=closed), bearing="context"))
    verdict = Verdict.objects.select_related("claim").get(pk=case.verdict.pk)
    assert load_stale([verdict], editor)[case.claim.pk] == ()
    assert not Verdict.objects.stale(editor).exists()
    assert not Verdict.objects.lately_stale(editor, 9).exists()
    assert {reason.code for reason in load_stale([verdict], member)[case.claim.pk]} == {
        "relation_added",
        "evidence_link_added",
    }
    assert Verdict.objects.stale(member).exists()


def test_what_changed_long_ago_is_stale_but_not_lately(case: Case, editor: Any) -> None:
    case.somebody_speaks()
    late = timezone.now() + timedelta(days=40)
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr(timezone, "now", lambda: late)
        assert not Verdict.objects.lately_stale(editor, 30).exists()
    assert Verdict.objects.lately_stale(editor, 30).exists()


# --- confirming ---


def test_a_confirmation_says_who_looked_and_why(case: Case, reviewer: Any) -> None:
    case.somebody_speaks()
    confirmation = confirm_verdict(actor=reviewer, verdict=case.verdict, reason="The denial names no evidence.")
    assert (confirmation.reviewer, confirmation.reason) == (reviewer, "The denial names no evidence.")
    case.somebody_speaks()
    assert case.codes() == ["attribution_added"]


def test_who_may_not_confirm(case: Case, reviewer: Any, ann: Any) -> None:
    case.somebody_speaks()
    author = make.make_published(author=reviewer)
    make.make_attribution(author.claim)
    with pytest.raises(Forbidden) as refused:
        confirm_verdict(actor=reviewer, verdict=author, reason="I was right.")
    assert refused.value.code == "two_people"
    with pytest.raises(Forbidden):
        confirm_verdict(actor=ann, verdict=case.verdict, reason="It holds.")
    with pytest.raises(RuleViolation) as empty:
        confirm_verdict(actor=reviewer, verdict=case.verdict, reason=" ")
    assert (empty.value.code, empty.value.field) == ("reason_required", "reason")
    assert not Confirmation.objects.exists()


def test_only_a_current_and_stale_verdict_is_confirmed(case: Case, reviewer: Any, ann: Any) -> None:
    for verdict, code in ((case.verdict, "not_stale"), (make.make_submitted(), "not_current")):
        with pytest.raises(Conflict) as refused:
            confirm_verdict(actor=reviewer, verdict=verdict, reason="It holds.")
        assert refused.value.code == code
    case.somebody_speaks()
    draft = correct_verdict(actor=ann, verdict=case.verdict, reason="New words.", severity="update")
    publish_verdict(actor=reviewer, verdict=submit_verdict(actor=ann, verdict=draft))
    with pytest.raises(Conflict) as superseded:
        confirm_verdict(actor=reviewer, verdict=case.verdict, reason="It holds.")
    assert superseded.value.code == "not_current"
