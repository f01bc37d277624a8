"""What was published is withdrawn with a reason, never deleted."""

from __future__ import annotations

from typing import Any

import pytest

from claims.services import withdraw, withdraw_claim
from factcheck.audit.context import acting
from factcheck.audit.models import AuditEntry
from factcheck.base.errors import Conflict, Forbidden, Frozen, RuleViolation
from tests.factories import (
    make_attribution,
    make_claim,
    make_dispute,
    make_document,
    make_evidence,
    make_import,
    make_inquiry,
    make_link,
    make_published,
    make_relation,
    make_review,
    make_snapshot,
    someone,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
MAKERS = {
    "attribution": make_attribution,
    "evidence link": make_link,
    "relation": lambda claim: make_relation(claim, make_claim(published=True)),
    "review": make_review,
    "inquiry": make_inquiry,
}


@pytest.fixture(params=MAKERS)
def row(request: Any) -> Any:
    """A public row that hangs on a claim."""
    made = MAKERS[request.param](make_claim(published=True))
    assert made.is_public()
    return made


def test_withdrawn_row_stays_with_its_reason(row: Any, editor: Any) -> None:
    withdraw(actor=editor, row=row, reason="A forgery.")
    row.refresh_from_db()
    assert (row.withdrawn_reason, bool(row.withdrawn_at), row.is_public()) == ("A forgery.", True, False)
    entry = AuditEntry.objects.of(row).first()
    assert (entry.action, entry.reason, entry.actor) == (f"{row._meta.model_name}.withdrawn", "A forgery.", editor)
    with pytest.raises(Conflict, match="already withdrawn"):
        withdraw(actor=editor, row=row, reason="Again.")


def test_withdrawal_needs_the_right_and_a_reason(row: Any, ann: Any, editor: Any) -> None:
    with pytest.raises(Forbidden, match="Your role does not allow you to withdraw"):
        withdraw(actor=ann, row=row, reason="A forgery.")
    with pytest.raises(RuleViolation, match="Say why"):
        withdraw(actor=editor, row=row, reason=" ")


def test_withdrawal_is_no_plain_change(row: Any) -> None:
    row.withdrawn_reason = "x"
    with acting(reason="A test."):
        with pytest.raises(Frozen, match="A plain change cannot set"):
            row.save()
        with pytest.raises(Frozen, match="A plain change cannot set"):
            type(row).objects.update(withdrawn_reason="x")


def test_row_that_was_published_is_never_deleted(row: Any, editor: Any) -> None:
    with acting(actor=editor, reason="A test."):
        for delete in (row.delete, type(row).objects.filter(pk=row.pk).delete, type(row)._base_manager.all().delete):
            with pytest.raises(Frozen, match="Withdraw it with a reason"):
                delete()
        withdraw(actor=editor, row=row, reason="A forgery.")
        row.refresh_from_db()
        with pytest.raises(Frozen):
            row.delete()


def test_children_of_a_withdrawn_claim_stay(row: Any, editor: Any) -> None:
    withdraw_claim(actor=editor, claim=row.claim, reason="Out of scope.")
    row.refresh_from_db()
    assert not row.is_public()
    with acting(actor=editor, reason="A test."):
        for delete in (row.delete, type(row).objects.filter(pk=row.pk).delete):
            with pytest.raises(Frozen):
                delete()


def test_dispute_and_evidence_of_what_was_published_stay(editor: Any) -> None:
    claim = make_claim(dispute=make_dispute(), published=True)
    link = make_link(claim)
    withdraw_claim(actor=editor, claim=claim, reason="Out of scope.")
    with acting(actor=editor, reason="A test."):
        for kept in (claim.dispute, link.evidence):
            for delete in (kept.delete, type(kept).objects.filter(pk=kept.pk).delete):
                with pytest.raises(Frozen):
                    delete()


def test_snapshots_and_imports_never_change_and_never_go() -> None:
    for kept in (make_snapshot(), make_import()):
        for change in (
            kept.save,
            kept.delete,
            type(kept).objects.all().delete,
            lambda kept=kept: type(kept).objects.update(digest="sha256:" + "1" * 64),
            lambda kept=kept: type(kept).objects.bulk_update([kept], ["digest"]),
        ):
            with acting(reason="A test."), pytest.raises(Frozen):
                change()


def test_document_of_public_evidence_is_taken_away_with_right_and_reason(ann: Any, reviewer: Any) -> None:
    evidence = make_evidence(documents=[make_document(), make_document()])
    make_link(make_claim(published=True), evidence=evidence)
    carrier, other = evidence.carriers.all()
    with acting(actor=ann, reason="Not the one."):
        for delete in (carrier.delete, evidence.carriers.all().delete):
            with pytest.raises(Forbidden):
                delete()
    with acting(actor=reviewer):
        for delete in (carrier.delete, evidence.carriers.all().delete):
            with pytest.raises(RuleViolation, match="Say why"):
                delete()
    with acting(actor=reviewer, reason="Not the one."):
        carrier.delete()
    assert list(evidence.carriers.all()) == [other]


def test_withdrawn_link_is_kept_beside_the_verdict_that_rested_on_it() -> None:
    verdict = make_published()
    link = verdict.claim.evidence_links.first()
    withdraw(actor=someone("Editor"), row=link, reason="A forgery.")
    verdict.refresh_from_db()
    assert verdict.status == "published"
    assert verdict.claim.evidence_links.count() == 2
