"""Every change leaves a historical row and exactly one audit entry, whatever door it came through."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat

from claims.models import Attribution, Claim, Dispute, DisputeMember, Evidence
from claims.services import publish_claim
from factcheck.audit.context import acting
from factcheck.audit.differences import history_models
from factcheck.audit.models import AuditEntry
from factcheck.base.errors import Frozen, StaleVersion
from sources.models import Source
from tests.audit.conftest import breaks, entries_of, rows_of_history
from tests.factories import (
    make_assessment,
    make_attribution,
    make_claim,
    make_dispute,
    make_evidence,
    make_inquiry,
    make_link,
    make_relation,
    make_review,
    make_source,
    make_verdict,
    rating,
    saved,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("holds")]
Door = Iterator[None]


def model_save_of_a_new_row() -> Door:
    yield
    Source(kind="person", name="A").save()


def create() -> Door:
    yield
    Source.objects.create(kind="person", name="A")


def model_save() -> Door:
    source = make_source("A")
    yield
    source.name, source.country = "B", "AZ"
    source.save()


def save_of_some_fields() -> Door:
    source = make_source("A")
    yield
    source.name, source.country = "B", "AZ"
    source.save(update_fields=["name"])


def save_without_a_change() -> Door:
    source = make_source("A")
    yield
    source.save()


def save_past_the_library() -> Door:
    source = make_source("A")
    yield
    source.name = "B"
    source.save_without_historical_record()


def save_of_an_expression() -> Door:
    claim = make_claim(quantity_min=3)
    yield
    claim.quantity_min = F("quantity_min") + 2
    claim.save()
    assert claim.quantity_min == 5


def delete() -> Door:
    source = make_source("A")
    yield
    source.delete()


def queryset_update() -> Door:
    make_source("A", kind="witness"), make_source("B", kind="witness")
    yield
    assert Source.objects.filter(kind="witness").update(kind="person", country="AM") == 2


def queryset_update_of_an_expression() -> Door:
    make_source("A")
    yield
    Source.objects.filter(name="A").update(description=Concat("name", Value(" of B")))


def queryset_update_of_nothing() -> Door:
    yield
    assert Source.objects.filter(name="nobody").update(name="A") == 0


def queryset_delete() -> Door:
    make_source("A", kind="witness"), make_source("B", kind="witness")
    yield
    Source.objects.filter(kind="witness").delete()


def bulk_create() -> Door:
    yield
    Source.objects.bulk_create([Source(kind="person", name=name) for name in "AB"])


def bulk_update() -> Door:
    rows = [make_source("A"), make_source("B")]
    yield
    for row in rows:
        row.description = f"This is {row.name}."
    Source.objects.bulk_update(rows, ["description"])
    rows[0].name = "C"
    rows[0].save()


def base_manager() -> Door:
    make_source("A")
    yield
    Source._base_manager.filter(name="A").update(name="B")
    Source._base_manager.filter(name="B").delete()


def get_or_create() -> Door:
    yield
    Source.objects.get_or_create(name="A", defaults={"kind": "person"})
    Source.objects.get_or_create(name="A", defaults={"kind": "person"})


def update_or_create() -> Door:
    yield
    Source.objects.update_or_create(name="A", defaults={"kind": "person"})
    Source.objects.update_or_create(name="A", defaults={"kind": "witness"})


def related_create() -> Door:
    claim, source = make_claim(), make_source()
    yield
    claim.attributions.create(source=source, stance="asserts")


def related_add() -> Door:
    dispute, claim = make_dispute(), make_claim()
    yield
    dispute.claims.add(claim)


def related_set() -> Door:
    dispute = make_dispute()
    # One that answers a question cannot leave the dispute of that.
    make_claim(dispute=dispute, question=None)
    yield
    dispute.claims.set([])


def cascade() -> Door:
    claim = make_claim()
    link = make_link(claim)
    make_attribution(claim), make_relation(claim), make_review(claim), make_inquiry(claim), make_verdict(claim)
    make_assessment(link)
    yield
    claim.delete()


def cascade_of_a_queryset() -> Door:
    dispute = make_dispute(visibility="restricted", members=[make_verdict().author])
    yield
    Dispute.objects.filter(pk=dispute.pk).delete()


def step() -> Door:
    claim = make_claim()
    yield
    publish_claim(actor=_editor(), claim=claim)


def _editor() -> Any:
    return AuditEntry._meta.get_field("actor").remote_field.model.objects.get(username="ann")


CREATED, DELETED = ("source.created", []), ("source.deleted", [])
DOORS = {
    model_save_of_a_new_row: [CREATED],
    create: [CREATED],
    model_save: [("source.changed", ["name", "country"])],
    save_of_some_fields: [("source.changed", ["name"])],
    save_without_a_change: [],
    save_past_the_library: [("source.changed", ["name"])],
    save_of_an_expression: [("claim.changed", ["quantity_min"])],
    delete: [DELETED],
    queryset_update: [("source.changed", ["kind", "country"])] * 2,
    queryset_update_of_an_expression: [("source.changed", ["description"])],
    queryset_update_of_nothing: [],
    queryset_delete: [DELETED] * 2,
    bulk_create: [CREATED] * 2,
    bulk_update: [("source.changed", ["description"])] * 2 + [("source.changed", ["name"])],
    base_manager: [("source.changed", ["name"]), DELETED],
    get_or_create: [CREATED],
    update_or_create: [CREATED, ("source.changed", ["kind"])],
    related_create: [("attribution.created", [])],
    related_add: [("claim.changed", ["dispute"])],
    related_set: [("claim.changed", ["dispute"])],
    cascade: [
        (f"{noun}.deleted", [])
        for noun in (
            "assessment",
            "attribution",
            "claim",
            "claimrelation",
            "evidencelink",
            "inquiry",
            "review",
            "verdict",
        )
    ],
    cascade_of_a_queryset: [("dispute.deleted", []), ("disputemember.deleted", []), ("question.deleted", [])],
    step: [("claim.published", ["status", "first_published_at"])],
}


@pytest.mark.parametrize(("door", "expected"), DOORS.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_change_leaves_one_entry_a_row(door: Any, expected: list[tuple[str, list[str]]], ann: Any) -> None:
    ann.is_superuser = True
    ann.save()
    steps = door()
    next(steps)
    before = rows_of_history()
    with acting(actor=ann, reason="Because.", request_id="request-1"):
        entries = entries_of(lambda: next(steps, None))
    found = [(entry.action, entry.changes) for entry in entries]
    assert sorted(found) == sorted(expected) if "cascade" in door.__name__ else found == expected
    assert rows_of_history() - before == len(expected)
    for entry in entries:
        assert (entry.actor, entry.actor_name, entry.reason, entry.request_id) == (
            ann,
            "Ann Archer",
            "Because.",
            "request-1",
        )
        row = history_models()[entry.object_type].objects.get(pk=entry.history_id)
        assert (row.history_user, row.history_change_reason) == (ann, "Because.")
        assert str(row.id) == entry.object_id
        assert entry.object_label


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_change_that_is_rolled_back_leaves_nothing(door: Any, ann: Any) -> None:
    ann.is_superuser = True
    ann.save()
    steps = door()
    next(steps)
    before = (AuditEntry.objects.count(), rows_of_history())
    with acting(reason="Because."), transaction.atomic():
        next(steps, None)
        assert AuditEntry.objects.count() - before[0] == len(DOORS[door])
        transaction.set_rollback(True)
    assert (AuditEntry.objects.count(), rows_of_history()) == before


def test_refused_change_leaves_nothing(register: None) -> None:
    make_source("A", slug="a")
    before = (AuditEntry.objects.count(), rows_of_history())
    with pytest.raises(IntegrityError), transaction.atomic():
        Source(kind="person", name="B", slug="a").save()
    with pytest.raises(ValidationError):
        Source(kind="person", name="B\x00").save()
    with pytest.raises(ValidationError):
        Source.objects.bulk_create([Source(kind="person", name="C"), Source(kind="alien", name="D")])
    assert (AuditEntry.objects.count(), rows_of_history()) == before


def test_without_a_context_the_system_acts(register: None) -> None:
    [entry] = entries_of(lambda: make_source("A"))
    assert (entry.actor, entry.actor_name, entry.reason, entry.request_id) == (None, "system", "", "")


def test_inner_context_adds_its_reason(ann: Any) -> None:
    with acting(actor=ann, request_id="r"), acting(reason="Inner."):
        [entry] = entries_of(lambda: make_source("A"))
    assert (entry.actor, entry.reason, entry.request_id) == (ann, "Inner.", "r")
    assert entries_of(lambda: make_source("B"))[0].actor_name == "system"


def test_request_to_the_api_leaves_its_user_reason_and_number(ann: Any, api: Any) -> None:
    client = api(ann)
    answer = client.post("/api/v1/sources/", {"kind": "person", "name": "A"}, HTTP_X_CHANGE_REASON="A start.")
    assert answer.status_code == 201
    url = f"/api/v1/sources/{answer.json()['id']}/"
    client.patch(url, {"name": "B"})
    last = client.delete(url)
    created, changed, deleted = AuditEntry.objects.filter(object_type="source").order_by("id")
    assert (created.action, created.reason, created.request_id) == (
        "source.created",
        "A start.",
        answer["X-Request-ID"],
    )
    assert (changed.action, changed.changes) == ("source.changed", ["name"])
    assert (deleted.action, deleted.request_id) == ("source.deleted", last["X-Request-ID"])
    assert {entry.actor for entry in (created, changed, deleted)} == {ann}


def test_refused_request_leaves_nothing(ann: Any, api: Any) -> None:
    assert entries_of(lambda: api(ann).post("/api/v1/sources/", [{"kind": "person", "name": "A"}, {"name": ""}])) == []


def test_command_leaves_an_entry(ann: Any) -> None:
    [entry] = entries_of(lambda: call_command("create_token", "ann", verbosity=0))
    assert entry.action.startswith("token.")
    assert entry.history_id is None


def fixture(tmp_path: Any, *rows: Any) -> str:
    path = tmp_path / "rows.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    return str(path)


def source_row(pk: int, **fields: Any) -> dict[str, Any]:
    day = "2025-07-03T12:00:00Z"
    return {
        "model": "sources.source",
        "pk": pk,
        "fields": {"kind": "person", "name": "A", "slug": f"a-{pk}", "created_at": day, "updated_at": day, **fields},
    }


def test_fixture_leaves_an_entry_a_row(register: None, tmp_path: Any) -> None:
    path = fixture(tmp_path, source_row(1), source_row(2, part_of=1))
    entries = entries_of(lambda: call_command("loaddata", path, verbosity=0))
    assert [(entry.action, entry.object_id) for entry in entries] == [("source.created", "1"), ("source.created", "2")]


def test_fixture_over_a_row_names_what_it_replaced(register: None, tmp_path: Any) -> None:
    call_command("loaddata", fixture(tmp_path, source_row(1)), verbosity=0)
    source = Source.objects.get(pk=1)
    source.save()
    path = fixture(tmp_path, source_row(1, name="B", country="AM"))
    [entry] = entries_of(lambda: call_command("loaddata", path, verbosity=0))
    assert (entry.action, entry.changes) == ("source.changed", ["name", "country"])
    with pytest.raises(StaleVersion):
        source.save()


def test_fixture_with_bad_text_is_refused(register: None, tmp_path: Any) -> None:
    for fields in ({"name": "a\u202eb"}, {"website": "javascript:alert(1)"}, {"country": "Azerbaijan"}):
        with pytest.raises(ValidationError):
            call_command("loaddata", fixture(tmp_path, source_row(1, **fields)), verbosity=0)


def test_nothing_is_created_over_other_rows(register: None) -> None:
    row = make_source("A")
    for how in (
        {"ignore_conflicts": True},
        {"update_conflicts": True, "update_fields": ["name"], "unique_fields": ["id"]},
    ):
        with pytest.raises(Frozen):
            Source.objects.bulk_create([Source(pk=row.pk, kind="person", name="B")], **how)
    with pytest.raises(Frozen):
        Source.objects.bulk_create([Source(pk=row.pk, kind="person", name="B")], None, True)


def test_deletion_records_what_was_stored(register: None) -> None:
    source = make_source("A")
    source.name = "never saved"
    source.delete()
    assert source.pk is None
    assert Source.history.first().name == "A"


def test_partial_save_records_what_was_stored(register: None) -> None:
    source = make_source("A")
    source.name, source.country = "B", "AZ"
    source.save(update_fields=["name"])
    assert (source.history.first().name, source.history.first().country) == ("B", "")
    assert breaks() == []


def test_history_of_a_row_holds_each_version(register: None) -> None:
    source = make_source("A")
    for name in "BCD":
        source.name = name
        source.save()
    assert [(row.version, row.name) for row in source.history.order_by("pk")] == list(enumerate("ABCD", 1))


def test_scope_of_entries_is_the_dispute_and_the_claim(register: None) -> None:
    dispute = make_dispute()
    claim = make_claim(dispute=dispute)
    attribution, link = make_attribution(claim), make_link(claim, evidence=make_evidence(dispute=dispute))
    expected = {
        dispute: (dispute.pk, None),
        claim: (dispute.pk, claim.pk),
        attribution: (dispute.pk, claim.pk),
        link: (dispute.pk, claim.pk),
        link.evidence: (dispute.pk, None),
        attribution.source: (None, None),
    }
    for row, scope in expected.items():
        entry = AuditEntry.objects.of(row).get()
        assert (entry.dispute_id, entry.claim_id) == scope, row


def test_values_are_recorded_as_they_are_stored(ann: Any) -> None:
    """Whatever type the caller gave: the digest is taken before it is read back."""
    claim = Claim(text=" A claim. ", quantity_min="3.50", quantity_max=4, tags=["x"], dispute_id=str(make_dispute().pk))
    claim.save()
    make_inquiry(claim, asked_on="2025-07-02")
    make_attribution(claim, said_on=" 2025-07 ", capacity="  a  b ")
    saved(Source(kind="person", name="  A \n b", website="HTTPS://Example.org"))
    Claim.objects.bulk_create([Claim(text="B", quantity_min=1.5, quantity_max="2")])
    Evidence.objects.create(kind="data", title="C", credibility="2")
    DisputeMember.objects.create(dispute=claim.dispute, user=ann)
    Claim.objects.filter(pk=claim.pk).update(quantity_max="7.25", tags=["y", "z"])
    assert breaks() == []
    assert Attribution.objects.get().capacity == "a b"
    assert Source.objects.get(name="A b").website == "https://example.org/"


def test_verdict_keeps_its_words_in_the_trail(ann: Any) -> None:
    verdict = make_verdict(author=ann)
    with acting(actor=ann):
        verdict.rating = rating("refuted")
        verdict.save()
    assert list(AuditEntry.objects.of(verdict).values_list("action", "changes")) == [
        ("verdict.changed", ["rating"]),
        ("verdict.drafted", []),
    ]
