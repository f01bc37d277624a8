"""What is kept ready is never older than the last change, whatever was changed, by whatever door."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from django.test import Client
from django.utils import timezone

from claims.api.preparing import PREPARED, differences, member_of_desk
from claims.choices import Audience
from claims.models import Claim, Dispute, Prepared
from claims.register.nouns import NOUNS
from claims.services.demo import create_people, fixture_path
from claims.services.prepared import OF_ALL, generation, keep, prune
from claims.services.shown_in import TOUCHES
from factcheck.audit.context import acting
from factcheck.audit.differences import recorded_models
from factcheck.audit.history import BOOKKEEPING
from sources.models import Source
from tests.database import ONE_ENGINE
from tests.factories import load_vocabularies

pytestmark = pytest.mark.django_db

WHOLE = ("/disputes/{0.slug}/", "/api/v1/disputes/{0.pk}/timeline/", "/api/v1/disputes/{0.slug}/matrix/")
"""Of the answers that tell of a dispute as a whole, some."""
OF_THE_REGISTER = (
    "/",
    "/disputes/",
    "/verdicts/",
    "/sources/",
    "/corrections/",
    "/sitemap.xml",
    "/sitemap-claims-0.xml",
)
WIDE = "EXAMPLES" in os.environ
ROWS = 2 if WIDE else 1
"""How many rows of a noun are changed, in each of their fields."""
VALUES = 2 if WIDE else 1
"""How many other values each gets."""
CHANGED = [noun for noun in NOUNS if WIDE or connection.vendor == "sqlite" or noun in {"claim", "evidence", "relation"}]
"""On PostgreSQL a part: what is told is made by the same code there."""


@pytest.fixture(scope="module")
def invented(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The invented dispute, which fills nearly every field of the register, with all answers kept."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_vocabularies()
        create_people()
        call_command("loaddata", str(fixture_path("invented")), verbosity=0)
        keep_all()
        yield
        transaction.set_rollback(True)


def keep_all() -> None:
    """Keep all that the public and the desk are answered."""
    for audience, reader in ((Audience.PUBLIC, AnonymousUser()), (Audience.DESK, member_of_desk())):
        assert reader is not None
        for view in PREPARED:
            ids = list(view.queryset.model.objects.values_list("pk", flat=True))
            assert keep(view.prepared_noun, audience, view().build_forms(ids, reader), generation())
        client = Client()
        if reader.is_authenticated:
            client.force_login(reader)
        for claim in Claim.objects.visible_to(reader):
            assert client.get(f"/claims/{claim.pk}/").status_code == 200
        for dispute in Dispute.objects.visible_to(reader):
            for path in WHOLE:
                assert client.get(path.format(dispute)).status_code == 200
        for path in (
            *OF_THE_REGISTER,
            "/verdicts/feed/",
            f"/sources/{Source.objects.public().filter(withheld=False)[0].slug}/",
        ):
            assert client.get(path).status_code == 200


def kept_of_all() -> models.QuerySet[Prepared]:
    return Prepared.objects.filter(noun__in=OF_ALL)


def other_value(row: Any, field: models.Field) -> Iterator[Any]:
    """Values that the field may have instead of that of the row."""
    value = getattr(row, field.attname)
    if field.is_relation:
        others = field.related_model._base_manager.exclude(pk=value).values_list("pk", flat=True)
        yield from others[:3]
        if field.null and value is not None:
            yield None
    elif field.choices:
        yield from (choice for choice, _label in field.flatchoices if choice != value)
    elif isinstance(field, models.BooleanField):
        yield not value
    elif isinstance(field, models.DateTimeField):
        yield (value or datetime.fromisoformat("2020-01-01T00:00:00+00:00")) + timedelta(days=400)
    elif isinstance(field, models.DateField):
        yield from (timezone.localdate() - timedelta(days=3), timezone.localdate() + timedelta(days=3))
    elif isinstance(field, models.DecimalField | models.IntegerField):
        yield (value or Decimal(0)) + 1
    elif isinstance(field, models.JSONField):
        yield ["other"] if isinstance(value, list) else {"type": "Page", "value": "9"}
    else:
        yield from ("2019-05-06", f"{value}-other", "")


FIELDS = [
    (noun, field.name)
    for noun, model in NOUNS.items()
    for field in model._meta.concrete_fields
    if field.name not in BOOKKEEPING and not field.primary_key and not isinstance(field, models.FileField)
]


def change(row: Any, field: models.Field, value: Any) -> bool:
    """Store another value past the rules of the desk, as rows of older releases may be; recorded as every change is."""
    row._before, row._past_tense = copy.copy(row), None
    setattr(row, field.attname, value)
    row.version += 1
    try:
        with transaction.atomic():
            models.Model.save(row)
    except DatabaseError:
        return False
    return True


@ONE_ENGINE
@pytest.mark.parametrize("noun", CHANGED)
def test_no_field_of_any_noun_changes_what_is_told_and_leaves_what_is_kept(invented: None, noun: str) -> None:
    model: Any = NOUNS[noun]
    changed = set()
    with acting(reason="A test"):
        for turn, field in enumerate(model._meta.concrete_fields):
            if (noun, field.name) not in FIELDS:
                continue
            # A change drops what is kept for all readers alike: one of them is asked, in turn.
            readers = Audience.values if WIDE else Audience.values[turn % 2 :][:1]
            for pk in list(model._base_manager.order_by("pk").values_list("pk", flat=True))[:ROWS]:
                row = model._base_manager.get(pk=pk)
                stored = 0
                for value in other_value(row, field):
                    undo = transaction.savepoint()
                    if change(model._base_manager.get(pk=pk), field, value):
                        changed.add(field.name)
                        stored += 1
                        assert list(differences(readers)) == [], (noun, field.name, pk, value)
                        # A batch of an import shows nowhere.
                        assert noun == "importbatch" or not kept_of_all().exists(), (noun, field.name)
                    transaction.savepoint_rollback(undo)
                    if stored == VALUES:
                        break
    assert changed or not model._base_manager.exists(), "no field of it could be changed"


@pytest.mark.parametrize("noun", CHANGED)
def test_no_row_goes_and_leaves_what_was_kept_of_it(invented: None, noun: str) -> None:
    model: Any = NOUNS[noun]
    for row in model._base_manager.order_by("pk")[:ROWS]:
        undo = transaction.savepoint()
        try:
            with transaction.atomic():
                models.Model.delete(row)
        except (DatabaseError, models.ProtectedError, models.RestrictedError):
            pass
        else:
            assert list(differences()) == [], (noun, row.pk)
        transaction.savepoint_rollback(undo)


def test_every_noun_says_what_its_changes_touch() -> None:
    told = {model for model in recorded_models().values() if model._meta.app_label in {"claims", "sources"}}
    assert set(TOUCHES) == told


def test_what_tells_of_the_register_is_kept_and_says_what_is_built(invented: None) -> None:
    client = Client()
    assert kept_of_all().count() == 2 * (len(OF_THE_REGISTER) + 2)
    kept = [client.get(path).content for path in OF_THE_REGISTER]
    undo = transaction.savepoint()
    kept_of_all().delete()
    assert [client.get(path).content for path in OF_THE_REGISTER] == kept
    transaction.savepoint_rollback(undo)


def test_what_is_built_while_somebody_writes_is_not_kept(invented: None) -> None:
    since = generation()
    Prepared.objects.filter(noun="").update(etag="somebody wrote")
    assert not keep("claim", Audience.PUBLIC, [], since)
    assert connection.in_atomic_block


def test_what_is_not_handed_out_any_more_is_removed(invented: None) -> None:
    undo = transaction.savepoint()
    kept = Prepared.objects.exclude(noun="")
    before = kept.count()
    first, second = kept.order_by("noun", "row", "form", "audience")[:2]
    Prepared.objects.filter(pk=first.pk).update(edition="an older one")
    Prepared.objects.filter(pk=second.pk).update(until=timezone.localdate())
    assert prune() == 2
    assert kept.count() == before - 2
    transaction.savepoint_rollback(undo)
