"""`updated_after` finds a claim or dispute when anything in what its reader is shown of it has changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.http import QueryDict
from django.utils import timezone

from claims.api import changed_since
from claims.api.claim import ClaimViewSet
from claims.api.dispute import DisputeViewSet
from claims.api.preparing import member_of_desk
from claims.models import Claim
from claims.models.prepared import Audience, Prepared
from claims.register.nouns import NOUNS
from claims.services.prepared import LIGHT, generation, keep
from factcheck.audit.context import acting
from tests.claims.test_prepared import FIELDS, WIDE, change, invented, other_value
from tests.database import ONE_ENGINE
from tests.factories import (
    make_attribution,
    make_claim,
    make_dispute,
    make_link,
    make_source,
    make_verdict,
)

pytestmark = pytest.mark.django_db
__all__ = ["invented"]

VIEWS: tuple[Any, ...] = (ClaimViewSet, DisputeViewSet)
MOVES = {"claim", "other", "evidence", "link", "verdict", "dispute", "question", "visibility", "members"}
"""Where a row hangs does not change once the public reads it; who may read it is no change of what is told."""
NEVER = {("verdict", "status"): {"draft", "in_review"}, ("claim", "status"): {"draft", "in_review"}}
"""What a row that the public reads does not become again."""


@pytest.fixture(scope="module")
def long_ago(invented: None) -> list[tuple[Any, Audience]]:
    """All rows were changed last a while ago, and what each reader is answered is kept: a change drops whatever tells
    it, as `test_prepared` shows, so only that is made anew here. The readers, each with their kind."""
    readers: list[tuple[Any, Audience]] = [(AnonymousUser(), Audience.PUBLIC), (member_of_desk(), Audience.DESK)]
    old = timezone.now() - timedelta(days=9)
    for other in NOUNS.values():
        if any(field.name == "updated_at" for field in other._meta.concrete_fields):
            models.QuerySet(other).update(updated_at=old)
    Prepared.objects.exclude(noun="").delete()
    for view in VIEWS:
        for reader, audience in readers:
            assert keep(view.prepared_noun, audience, built(view, reader, None), generation())
    return readers


def built(view: Any, reader: Any, but: Any) -> list[Any]:
    """The present answers about all rows that the reader sees, but those of which one is kept."""
    ids = view.queryset.model.objects.visible_to(reader).values_list("pk", flat=True)
    return list(view().build_forms([pk for pk in ids if not but or pk not in but], reader))


def tags(view: Any, reader: Any, audience: Audience) -> dict[int, str]:
    """What names the present answer about each row."""
    kept = Prepared.objects.filter(noun=view.prepared_noun, audience=audience, form=LIGHT)
    told = {row: etag.split("-")[1] for row, etag in kept.values_list("row", "etag")}
    return told | {form.row: form.etag.split("-")[1] for form in built(view, reader, told) if form.form == LIGHT}


def found_since(view: Any, reader: Any, moment: Any) -> set[int]:
    rows = view.for_export(reader, QueryDict(f"updated_after={moment:%Y-%m-%dT%H:%M:%S.%fZ}")).select_rows()
    return set(rows.values_list("pk", flat=True))


def value_after(row: Any, field: Any) -> Any:
    """Another value that the field of this row may come to have, if there is one."""
    if field.name == "withdrawn_at":
        return timezone.now()  # Whatever is withdrawn is withdrawn now.
    kept = NEVER.get((row._meta.model_name, field.name), ())
    return next((value for value in other_value(row, field) if value not in kept), None)


def is_plain(field: Any) -> bool:
    """Whether it only says something: nothing follows from which of its values it has."""
    decides = isinstance(field, models.BooleanField | models.DateTimeField)
    return not (decides or field.is_relation or field.choices)


def stored(row: Any, field: Any) -> bool:
    """Whether the row could be stored with another value."""
    return change(type(row)._base_manager.get(pk=row.pk), field, value_after(row, field))


def changes(noun: str, row: Any) -> Iterator[list[str]]:
    """Inside of each, some fields of the row have other values; their names.

    What is found follows from the row that was changed, not from its field. So all that only says something changes at
    once, and what could not then, or decides about something, by itself; with EXAMPLES each field does.
    """
    fields = [one for one in row._meta.concrete_fields if (noun, one.name) in FIELDS and one.name not in MOVES]
    together = [] if WIDE else [one for one in fields if is_plain(one)]
    undo = transaction.savepoint()
    done = [field.name for field in together if stored(row, field)]
    yield done
    transaction.savepoint_rollback(undo)
    for field in fields:
        undo = transaction.savepoint()
        if field.name not in done and stored(row, field):
            yield [field.name]
        transaction.savepoint_rollback(undo)


@ONE_ENGINE
@pytest.mark.parametrize("noun", [noun for noun in NOUNS if noun not in {"assessment", "importbatch", "snapshot"}])
def test_whatever_changes_in_an_answer_is_found(long_ago: list[tuple[Any, Audience]], noun: str) -> None:
    model: Any = NOUNS[noun]
    before = {(view, place): tags(view, *long_ago[place]) for view in VIEWS for place in range(len(long_ago))}
    row, moment = model._base_manager.order_by("pk").first(), timezone.now()
    with acting(reason="A test"):
        for turn, names in enumerate(changes(noun, row) if row is not None else ()):
            models.QuerySet(model).filter(pk=row.pk).update(updated_at=timezone.now())
            for (view, place), told in before.items():
                # Both readers with EXAMPLES, and where much has changed; else they take turns.
                if not WIDE and turn and (turn + place) % len(long_ago):
                    continue
                now = tags(view, *long_ago[place])
                differing = {pk for pk in told if now.get(pk, "") != told[pk] and pk in now}
                found = found_since(view, long_ago[place][0], moment) if differing else set()
                assert differing - found == set(), (view.__name__, place, names)


def test_nothing_is_told_of_what_the_reader_may_not_see(register: None, monkeypatch: pytest.MonkeyPatch) -> None:
    told = make_source("Zq", kind="person", withheld=True, withheld_reason="Danger.")
    claim, spoken_for = make_claim(published=True), make_claim(published=True)
    make_attribution(spoken_for, on_behalf_of=told)
    hidden = make_dispute(visibility="restricted", members=[])
    make_link(claim)
    moment = timezone.now()
    make_verdict(claim)
    with acting(reason="Another name"):
        told.name = "Zq again"
        told.save()
    make_claim("Hidden.", dispute=hidden)
    assert found_since(ClaimViewSet, AnonymousUser(), moment) == set()
    assert found_since(DisputeViewSet, AnonymousUser(), moment) == set()
    make_attribution(claim)
    assert found_since(ClaimViewSet, AnonymousUser(), moment) == {claim.pk}
    monkeypatch.setattr(changed_since, "MOST", 0)
    everything = set(Claim.objects.visible_to(AnonymousUser()).values_list("pk", flat=True))
    assert found_since(ClaimViewSet, AnonymousUser(), moment) == everything
