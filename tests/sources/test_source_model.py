"""A source: its short name, the body it is part of, and what may name it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from factcheck.audit.context import acting
from factcheck.base.errors import Frozen, StaleVersion
from sources.models import Source
from tests.factories import make_attribution, make_claim, make_document, make_source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Sputnik Azerbaijan", "sputnik-azerbaijan"),
        ("Əliyev İlham", "liyev-ilham"),
        ("Следственный комитет", "source"),
        ("ТАСС (TASS)", "tass"),
        ("!!!", "source"),
        ("a" * 300, "a" * 100),
    ],
)
def test_short_name_is_made_from_the_name(name: str, slug: str) -> None:
    assert make_source(name).slug == slug


def test_short_names_differ_and_last() -> None:
    rows = [make_source("The Same") for _ in range(3)]
    assert [row.slug for row in rows] == ["the-same", "the-same-2", "the-same-3"]
    rows[0].name = "Another"
    rows[0].save()
    assert rows[0].slug == "the-same"
    assert make_source("The", slug="chosen").slug == "chosen"


@pytest.mark.parametrize("slug", ["with space", "ä", "a/b", "a\x00", "x" * 121])
def test_bad_short_name_is_refused(slug: str) -> None:
    with pytest.raises(ValidationError) as caught:
        make_source(slug=slug)
    assert list(caught.value.message_dict) == ["slug"]


def test_short_name_is_used_once() -> None:
    make_source(slug="taken")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_source(slug="taken")


def test_body_does_not_lead_back_to_its_part() -> None:
    state, ministry, office = (make_source() for _ in range(3))
    ministry.part_of, office.part_of = state, ministry
    ministry.save(), office.save()
    for row, parent in ((state, office), (state, ministry), (ministry, office), (state, state)):
        row = Source.objects.get(pk=row.pk)
        row.part_of = parent
        for change in (
            row.save,
            lambda row=row: Source.objects.bulk_update([row], ["part_of"]),
            lambda row=row, parent=parent: Source.objects.filter(pk=row.pk).update(part_of=parent),
        ):
            with pytest.raises(ValidationError, match="leads back to itself") as caught, transaction.atomic():
                change()
            assert caught.value.message_dict
    state.refresh_from_db()
    assert state.part_of is None


def test_source_that_is_referred_to_is_kept() -> None:
    parent = make_source()
    make_source(part_of=parent)
    publisher = make_document(publisher=make_source()).publisher
    speaker = make_attribution().source
    for row in (parent, publisher, speaker):
        with pytest.raises(models.ProtectedError):
            row.delete()
        with pytest.raises(models.ProtectedError):
            Source.objects.filter(pk=row.pk).delete()


def test_public_source_is_frozen_against_deletion() -> None:
    source = make_attribution(make_claim(published=True)).source
    with acting(reason="A test."), pytest.raises(Frozen):
        source.delete()


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("country", ["AZ", "RU", ""], ["az", "XX", "AZE", "A"]),
        ("wikidata_id", ["Q1", "Q123456", ""], ["Q0", "42", "q42", "Q42 ", "Q42\n", "Q" + "1" * 19]),
        ("reliability", list("ABCDEF"), ["G", "a", ""]),
    ],
)
def test_codes(field: str, good: list[str], bad: list[str]) -> None:
    source = make_source()
    for value in good:
        setattr(source, field, value)
        source.save()
    for value in bad:
        setattr(source, field, value)
        with pytest.raises(ValidationError):
            source.save()


def test_alias_is_found_exactly() -> None:
    names = ['A "quoted" name', "Əli", "100 % 'sure'", "back\\slash", "emoji 🛩", "a", "ä\u0301"]
    source = make_source(aliases=names)
    make_source(aliases=["Ali"])
    make_source()
    for name in names:
        assert Source.objects.filter(aliases__has=name).get() == source, name
    for name in ("A", "quoted", "əli", "", '"', "[", "%", "_", "a b", "emoji", "'; DROP TABLE", "$.a", "\\u018fli"):
        assert not Source.objects.filter(aliases__has=name).exists(), name
    assert Source.objects.exclude(aliases__has="a").count() == Source.objects.count() - 1


def test_saved_again_after_a_refusal() -> None:
    source = Source(kind="person", name="A", withheld=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        source.save()
    source.withheld_reason = "In danger."
    source.save()
    assert Source.objects.get().version == 1


def test_version_rises_with_each_change() -> None:
    source = make_source()
    old = Source.objects.get(pk=source.pk)
    source.name = "B"
    source.save()
    Source.objects.filter(pk=source.pk).update(country="AZ")
    assert Source.objects.get(pk=source.pk).version == 3
    for stale in (old, source):
        stale.name = "C"
        with pytest.raises(StaleVersion, match="changed by somebody else"):
            stale.save()
        with pytest.raises(StaleVersion):
            Source.objects.bulk_update([stale], ["name"])
        with pytest.raises(StaleVersion):
            stale.delete()
    fresh: Any = Source.objects.get(pk=source.pk)
    assert (fresh.name, fresh.updated_at > fresh.created_at) == ("B", True)
