"""Entries and rows of history never change and never go, by no door of the ORM."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from claims.models import Dispute
from factcheck.audit.access import is_desk
from factcheck.audit.chain import record_event
from factcheck.audit.context import acting, recording
from factcheck.audit.differences import differences_of, history_models
from factcheck.audit.models import AuditEntry
from factcheck.base.errors import Frozen
from sources.models import Source
from tests.audit.conftest import breaks, entries_of
from tests.factories import make_dispute, make_published, make_source

pytestmark = pytest.mark.django_db
Change = Callable[[Any], Any]

KEPT: dict[str, Callable[[], Any]] = {
    "entry": lambda: AuditEntry.objects.order_by("-id").first(),
    "historical row": lambda: Source.history.order_by("-history_id").first(),
}


def other(row: Any) -> Any:
    """A new object with the number of a stored row."""
    return type(row)(**{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields})


CHANGES: dict[str, Change] = {
    "save": lambda row: row.save(),
    "save some fields": lambda row: row.save(update_fields=["id"]),
    "delete": lambda row: row.delete(),
    "update": lambda row: type(row).objects.filter(pk=row.pk).update(pk=0),
    "bulk_update": lambda row: type(row).objects.bulk_update([row], ["object_id" if "Entry" in repr(row) else "name"]),
    "queryset delete": lambda row: type(row).objects.filter(pk=row.pk).delete(),
    "base manager update": lambda row: type(row)._base_manager.update(pk=0),
    "base manager delete": lambda row: type(row)._base_manager.all().delete(),
    "default manager delete": lambda row: type(row)._default_manager.all().delete(),
    "upsert": lambda row: type(row).objects.bulk_create(
        [other(row)], update_conflicts=True, unique_fields=[row._meta.pk.name], update_fields=[row._meta.pk.name]
    ),
    "ignore conflicts": lambda row: type(row).objects.bulk_create([other(row)], ignore_conflicts=True),
}


@pytest.mark.parametrize("kept", KEPT)
@pytest.mark.parametrize("change", CHANGES)
def test_kept_row_resists(kept: str, change: str, register: None) -> None:
    make_source("A")
    row = KEPT[kept]()
    with pytest.raises(Frozen):
        CHANGES[change](row)
    assert breaks() == []


@pytest.mark.parametrize("kept", KEPT)
def test_kept_row_is_not_written_over_by_a_new_one(kept: str, register: None) -> None:
    make_source("A")
    row = other(KEPT[kept]())
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    assert breaks() == []


def test_history_is_handed_out_by_one_class() -> None:
    assert type(Source.history) is type(Source.history)


def test_history_of_a_row_resists(register: None) -> None:
    source = make_source("A")
    for history in (source.history, Source.history):
        for change in (
            lambda rows: rows.update(name="B"),
            lambda rows: rows.all().delete(),
            lambda rows: rows.filter(name="A").update(name="B"),
            lambda rows: rows.bulk_update(list(rows.all()), ["name"]),
        ):
            with pytest.raises(Frozen):
                change(history)
    assert breaks() == []


def test_row_added_to_history_by_hand_brings_its_entry(register: None) -> None:
    source = make_source("A")
    row = {f.attname: getattr(source, f.attname) for f in source._meta.concrete_fields}
    how = {"history_date": timezone.now(), "history_type": "~", "history_change_reason": ""}
    entries = entries_of(lambda: Source.history.create(**row, **how))
    entries += entries_of(lambda: Source.history.bulk_create([Source.history.model(**row, **how)]))
    assert [entry.action for entry in entries] == ["source.changed", "source.changed"]
    assert breaks() == []


def test_account_may_go_and_the_trail_keeps_its_name(django_user_model: Any, register: None) -> None:
    user = django_user_model.objects.create(username="leaver", first_name="Lea", last_name="Ver")
    with acting(actor=user):
        source = make_source("A")
    pk = user.pk
    user.delete()
    entry = AuditEntry.objects.of(source).get()
    assert (entry.actor_id, entry.actor_name) == (pk, "Lea Ver")
    assert source.history.get().history_user_id == pk
    assert breaks() == []


def test_event_without_a_row_is_entered(ann: Any) -> None:
    with recording(actor=ann):
        entry = record_event("token.created", "token", "x1", "For the wire desk")
    assert (entry.history_id, entry.changes, entry.actor_name) == (None, [], "Ann Archer")
    assert breaks() == []


def test_trail_is_the_desks_and_of_disputes_open_to_the_reader(ann: Any, reader: Any, anonymous: Any) -> None:
    hidden, shown, plain = make_dispute(visibility="restricted"), make_dispute(), make_source()

    def seen(user: Any) -> set[str]:
        rows: QuerySet = AuditEntry.objects.visible_to(user, Dispute.objects.open_to(user))
        return set(rows.values_list("object_label", flat=True))

    assert is_desk(ann)
    assert seen(ann) >= {shown.title, plain.name}
    assert hidden.title not in seen(ann)
    assert seen(reader) == seen(anonymous) == set()


def test_differences_tell_values_before_and_after(register: None) -> None:
    source = make_source("A")
    source.name = "B"
    source.save()
    source.delete()
    created, changed, deleted = AuditEntry.objects.filter(object_type="source").order_by("id")
    found = differences_of([created, changed, deleted])
    assert found[changed.pk] == [{"field": "name", "before": "A", "after": "B"}]
    assert {"field": "name", "before": None, "after": "A"} in found[created.pk]
    assert {"field": "name", "before": "B", "after": None} in found[deleted.pk]


def test_history_knows_every_noun(register: None) -> None:
    assert {"claim", "verdict", "source", "disputemember", "evidencedocument"} <= set(history_models())


def test_account_of_a_verdict_is_kept(register: None) -> None:
    verdict = make_published()
    for user in (verdict.author, verdict.reviewer):
        with pytest.raises(IntegrityError):
            get_user_model().objects.filter(pk=user.pk).delete()
    assert breaks() == []
