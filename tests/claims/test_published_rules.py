"""What the public can read is changed by those who may, with a reason; drafts are everybody's on the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.core.serializers import serialize

from claims.models import Attribution, Claim, Dispute
from factcheck.audit.context import acting
from factcheck.audit.models import AuditEntry
from factcheck.base.errors import Forbidden, Frozen, RuleViolation
from sources.models import Source
from tests.factories import (
    make_attribution,
    make_claim,
    make_dispute,
    make_document,
    make_evidence,
    make_inquiry,
    make_link,
    make_relation,
    make_review,
    make_source,
    rating,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


def public_attribution(**fields: Any) -> Attribution:
    return make_attribution(make_claim(published=True, dispute=make_dispute()), **fields)


PUBLIC: dict[str, Callable[[], tuple[Any, str, Any]]] = {
    "claim": lambda: (make_claim(published=True), "text", "Other words."),
    "dispute": lambda: (public_attribution().claim.dispute, "title", "Other words"),
    "attribution": lambda: (public_attribution(), "stance", "denies"),
    "source": lambda: (public_attribution().source, "name", "Other"),
    "source spoken for": lambda: (public_attribution(on_behalf_of=make_source()).on_behalf_of, "name", "Other"),
    "body of a source": lambda: (
        public_attribution(source=make_source(part_of=make_source())).source.part_of,
        "name",
        "B",
    ),
    "document": lambda: (public_attribution(document=make_document()).document, "title", "Other"),
    "publisher": lambda: (
        public_attribution(document=make_document(publisher=make_source())).document.publisher,
        "name",
        "B",
    ),
    "evidence": lambda: (make_link(make_claim(published=True)).evidence, "title", "Other"),
    "evidence link": lambda: (make_link(make_claim(published=True)), "bearing", "refutes"),
    "relation": lambda: (make_relation(make_claim(published=True), make_claim(published=True)), "note", "Other"),
    "review": lambda: (make_review(make_claim(published=True)), "title", "Other"),
    "inquiry": lambda: (make_inquiry(make_claim(published=True)), "channel", "letter"),
    "rating": lambda: (rating(), "label", "Other"),
    "rating scale": lambda: (rating().scale, "name", "Other"),
}


def ways(row: Any, field: str, value: Any) -> list[Callable[[], Any]]:
    rows = type(row).objects.filter(pk=row.pk)
    setattr(row, field, value)
    return [
        row.save,
        lambda: row.save(update_fields=[field]),
        lambda: rows.update(**{field: value}),
        lambda: type(row)._base_manager.filter(pk=row.pk).update(**{field: value}),
        lambda: rows.bulk_update([row], [field]),
        lambda: rows.update_or_create(pk=row.pk, defaults={field: value}),
    ]


@pytest.mark.parametrize("noun", PUBLIC)
def test_researcher_may_not_change_what_is_published(noun: str, ann: Any) -> None:
    row, field, value = PUBLIC[noun]()
    for change in ways(row, field, value):
        with acting(actor=ann, reason="A slip."), pytest.raises(Forbidden, match="Ask an editor: this"):
            change()
    assert getattr(type(row).objects.get(pk=row.pk), field) != value


@pytest.mark.parametrize("noun", PUBLIC)
def test_change_of_what_is_published_needs_a_reason(noun: str, reviewer: Any) -> None:
    row, field, value = PUBLIC[noun]()
    for actor in (reviewer, None):
        for change in ways(row, field, value):
            with acting(actor=actor), pytest.raises(RuleViolation, match="a correction needs a reason") as caught:
                change()
            assert (caught.value.code, caught.value.field) == ("reason_required", "change_reason")
    with acting(actor=reviewer, reason="A slip."):
        row.save()
    entry = AuditEntry.objects.of(row).first()
    # What follows from another text is a change too.
    changed = [name for name in entry.changes if name != "reworded_at"]
    assert (changed, entry.reason, entry.actor) == ([field], "A slip.", reviewer)


def test_drafts_need_neither_right_nor_reason(ann: Any) -> None:
    with acting(actor=ann):
        for row, field, value in (
            (make_claim(), "text", "Other words."),
            (make_attribution(), "stance", "denies"),
            (make_source(), "name", "Other"),
            (make_evidence(), "title", "Other"),
            (make_dispute(), "title", "Other"),
        ):
            setattr(row, field, value)
            row.save()


def test_researcher_adds_nothing_that_is_public_at_once(ann: Any) -> None:
    claim = make_claim(published=True)
    with acting(actor=ann):
        for add in (
            lambda: claim.attributions.create(source=make_source(), stance="asserts"),
            lambda: Attribution(claim=claim, source=make_source(), stance="asserts").save(),
            lambda: Attribution.objects.bulk_create([Attribution(claim=claim, source=make_source(), stance="asserts")]),
            lambda: claim.evidence_links.create(evidence=make_evidence(), bearing="supports"),
        ):
            with pytest.raises(Forbidden):
                add()
    assert not Attribution.objects.exists()


def test_researcher_moves_nothing_into_the_public(ann: Any) -> None:
    """A change whose row was nobody's business before, and is everybody's afterwards."""
    published, attribution = make_claim(published=True), make_attribution()
    attribution.claim = published
    hidden = make_dispute(visibility="restricted", members=[ann])
    claim = make_claim(dispute=hidden, published=True)
    with acting(actor=ann, reason="A test."):
        for change in (
            attribution.save,
            lambda: Attribution.objects.filter(pk=attribution.pk).update(claim=published),
            lambda: published.attributions.add(attribution),
            lambda: Attribution.objects.bulk_update([attribution], ["claim"]),
            lambda: Dispute.objects.filter(pk=hidden.pk).update(visibility="public"),
            lambda: Claim.objects.filter(pk=claim.pk).update(dispute=None),
        ):
            with pytest.raises(Forbidden):
                change()
    assert not attribution.is_public()
    assert not claim.is_public()


def test_superuser_needs_a_reason_as_well(django_user_model: Any) -> None:
    root = django_user_model.objects.create(username="root", is_superuser=True)
    claim = make_claim(published=True)
    claim.text = "Other words."
    with acting(actor=root), pytest.raises(RuleViolation):
        claim.save()


def test_save_without_a_change_needs_no_reason(reviewer: Any) -> None:
    claim = make_claim(published=True)
    with acting(actor=reviewer):
        claim.save()


def test_fixture_over_what_is_published_needs_a_reason(tmp_path: Any) -> None:
    source = public_attribution().source
    path = tmp_path / "rows.json"
    path.write_text(serialize("json", [source]).replace(source.name, "Another name"), encoding="utf-8")
    with pytest.raises(RuleViolation, match="needs a reason"):
        call_command("loaddata", str(path), verbosity=0)
    with acting(reason="A slip."):
        call_command("loaddata", str(path), verbosity=0)
    assert Source.objects.get(pk=source.pk).name == "Another name"


def test_a_dispute_stays_on_record_when_its_published_claim_has_moved_out() -> None:
    dispute = make_dispute()
    claim = make_claim(dispute=dispute, published=True)
    with acting(reason="It belongs elsewhere."):
        claim.dispute, claim.question = None, None
        claim.save()
        with pytest.raises(Frozen):
            dispute.delete()
        with pytest.raises(Frozen):
            Dispute.objects.filter(pk=dispute.pk).delete()
