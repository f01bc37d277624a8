"""Claims, disputes and the rows between them, as the models guard them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, models, transaction

from claims.models import Attribution, Claim, Dispute, DisputeMember, Evidence
from factcheck.audit.context import acting
from factcheck.audit.models import AuditEntry
from tests.factories import (
    make_attribution,
    make_claim,
    make_dispute,
    make_document,
    make_evidence,
    make_inquiry,
    make_link,
    make_rating,
    make_relation,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Why did Z die?", "why-did-z-die"), ("2025", "dispute-2025"), ("Почему?", "dispute"), ("?", "dispute")],
)
def test_short_name_of_a_dispute_is_no_number(title: str, slug: str) -> None:
    assert make_dispute(title).slug == slug
    assert make_dispute(title).slug == f"{slug}-2"


def test_number_as_short_name_is_refused() -> None:
    with pytest.raises(ValidationError, match="Put a letter"):
        make_dispute(slug="8243")
    dispute = make_dispute()
    with pytest.raises(ValidationError, match="Put a letter"):
        Dispute.objects.filter(pk=dispute.pk).update(slug="8243")


def test_whoever_restricts_a_dispute_is_its_member(ann: Any, editor: Any) -> None:
    with acting(actor=ann):
        created = make_dispute(visibility="restricted")
        changed, updated = make_dispute(), make_dispute()
        changed.visibility = "restricted"
        changed.save()
        Dispute.objects.filter(pk=updated.pk).update(visibility="restricted")
    for dispute in (created, changed, updated):
        assert [member.user for member in dispute.members.all()] == [ann]
        assert Dispute.objects.visible_to(ann).filter(pk=dispute.pk).exists()
        assert not Dispute.objects.visible_to(editor).filter(pk=dispute.pk).exists()
    entries = AuditEntry.objects.filter(object_type="disputemember")
    assert {entry.actor for entry in entries} == {ann}


def test_only_restricting_makes_a_member(ann: Any, rob: Any) -> None:
    with acting(actor=ann):
        dispute = make_dispute(visibility="restricted")
        again = make_dispute()
    with acting(actor=rob):
        dispute.title = "Another title"
        dispute.save()
        again.save()
    assert [member.user for member in DisputeMember.objects.all()] == [ann]


def test_system_restricts_for_nobody() -> None:
    assert not make_dispute(visibility="restricted").members.exists()


def test_members_go_with_their_dispute_and_claims_keep_it(ann: Any) -> None:
    make_dispute(members=[ann]).delete()
    for hold in (make_claim(dispute=make_dispute()).dispute, make_evidence(dispute=make_dispute()).dispute):
        with pytest.raises(models.ProtectedError):
            hold.delete()
    make_dispute(members=[ann])
    with pytest.raises(models.ProtectedError):
        ann.delete()


def test_quantities_are_exact() -> None:
    claim = make_claim(quantity_min="5", quantity_max=Decimal("7.1234"), quantity_unit="deaths")
    claim.refresh_from_db()
    assert (claim.quantity_min, claim.quantity_max) == (5, Decimal("7.1234"))
    for bad in ("1.23456", "1e30", "nan", "x", "123456789012345.6"):
        with pytest.raises(ValidationError):
            make_claim(quantity_min=bad)
    make_claim(quantity_min=5)
    make_claim(quantity_max=5)


def test_tag_is_found_exactly() -> None:
    claim = make_claim(tags=["авиация", 'a "b"', "🛩"])
    make_claim(tags=["aviation"])
    for tag in claim.tags:
        assert Claim.objects.filter(tags__has=tag).get() == claim
        assert claim not in Claim.objects.exclude(tags__has=tag)
    assert not Claim.objects.filter(tags__has="авиа").exists()


def test_long_claim_is_short_in_its_label() -> None:
    claim = make_claim("x" * 1_000)
    assert (len(str(claim)), str(claim)[-3:]) == (160, "...")


# Attributions


def test_relay_of_another_claim_is_refused() -> None:
    origin, other = make_attribution(), make_attribution()
    other.relayed_from = origin
    for change in (
        other.save,
        lambda: Attribution.objects.filter(pk=other.pk).update(relayed_from=origin),
        lambda: Attribution.objects.bulk_update([other], ["relayed_from"]),
        lambda: make_attribution(relayed_from=origin),
        lambda: Attribution.objects.bulk_create(
            [Attribution(claim=other.claim, source=other.source, stance="relays", relayed_from=origin)]
        ),
    ):
        with pytest.raises(ValidationError, match="same claim"), transaction.atomic():
            change()


def test_relay_does_not_lead_back_to_itself() -> None:
    first = make_attribution()
    second = make_attribution(first.claim, relayed_from=first)
    third = make_attribution(first.claim, relayed_from=second)
    for origin in (third, second, first):
        first.relayed_from = origin
        with pytest.raises(ValidationError, match="leads back to itself"):
            first.save()
        with pytest.raises(ValidationError, match="leads back to itself"), transaction.atomic():
            Attribution.objects.filter(pk=first.pk).update(relayed_from=origin)


@pytest.mark.parametrize(
    "selector",
    [
        {"type": "TextQuoteSelector", "exact": "his heart failed"},
        {"type": "TextQuoteSelector", "exact": "a", "prefix": "b", "suffix": "c"},
        {"type": "PageSelector", "page": "12"},
        {"type": "TimeSelector", "start": "00:01:30", "end": "00:02:00"},
        None,
    ],
)
def test_place_in_a_work(selector: Any) -> None:
    assert make_attribution(document=make_document(), selector=selector).selector == selector


@pytest.mark.parametrize(
    "selector",
    [
        {},
        [],
        "page 12",
        12,
        {"type": "Nonsense"},
        {"type": ["PageSelector"]},
        {"type": {}},
        {"type": "PageSelector"},
        {"type": "PageSelector", "page": 12},
        {"type": "PageSelector", "page": ""},
        {"type": "PageSelector", "page": "12", "more": "x"},
        {"type": "TextQuoteSelector", "exact": "a\x00"},
        {"type": "TextQuoteSelector", "exact": "\ud800"},
        {"type": "TextQuoteSelector", "exact": "x" * 10_001},
    ],
)
def test_bad_place_is_refused(selector: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        make_attribution(document=make_document(), selector=selector)
    assert list(caught.value.message_dict) == ["selector"]


def test_place_needs_its_work() -> None:
    with pytest.raises(ValidationError, match="Choose the document"):
        make_attribution(selector={"type": "PageSelector", "page": "12"})


def test_order_of_time_puts_the_undated_last() -> None:
    claim = make_claim()
    days = ["", "2025-07-03", "2025", "2025-07-03T14:05Z", "2025-07", "2024-12-31", ""]
    for day in days:
        make_attribution(claim, said_on=day)
    found = Attribution.objects.by_said_on().values_list("said_on", flat=True)
    assert list(found) == ["2024-12-31", "2025", "2025-07", "2025-07-03", "2025-07-03T14:05Z", "", ""]


# Evidence and the rest


def test_evidence_does_not_come_from_itself() -> None:
    first = make_evidence()
    second = make_evidence(derived_from=first)
    first.derived_from = second
    for change in (
        first.save,
        lambda: Evidence.objects.filter(pk=first.pk).update(derived_from=second),
        lambda: Evidence.objects.bulk_update([first], ["derived_from"]),
    ):
        with pytest.raises(ValidationError, match="leads back to itself"), transaction.atomic():
            change()


def test_linked_evidence_is_kept() -> None:
    link = make_link()
    with pytest.raises(models.ProtectedError):
        link.evidence.delete()


@pytest.mark.parametrize("kind", ["refines", "supports", "repeats", "compatible"])
def test_point_of_conflict_needs_a_conflict(kind: str) -> None:
    with pytest.raises(ValidationError, match="conflict on a point"):
        make_relation(kind=kind, point="cause")
    make_relation(kind=kind)
    make_relation(kind="excludes", point="cause")


@pytest.mark.parametrize("field", ["due_on", "answered_on"])
def test_answer_does_not_come_before_the_question(field: str) -> None:
    with pytest.raises(ValidationError, match="before the question"):
        make_inquiry(asked_on="2025-07-03", **{field: "2025-07-02"})
    make_inquiry(asked_on="2025-07-03", **{field: "2025-07-03"})


@pytest.mark.parametrize(("field", "bad"), [("claimreview_value", 0), ("claimreview_value", 6), ("colour", "red")])
def test_bad_rating_is_refused(field: str, bad: Any) -> None:
    with pytest.raises((ValidationError, DataError)):
        make_rating(**{field: bad})
