"""The index follows its rows by every door: what a row says now finds it, what it said before does not."""

from __future__ import annotations

import copy
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.contrib import admin
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db import models, transaction
from django.urls import get_resolver

from claims.models import Claim
from factcheck.admin.lists import paths_of
from factcheck.audit.context import acting
from factcheck.base.errors import DomainError
from factcheck.search.find import Reach, search_rows
from factcheck.search.models import SearchText
from factcheck.search.nouns import SearchedNoun, searched_nouns
from factcheck.search.query import SearchQuery
from factcheck.search.rebuild import differences
from tests import factories as make
from tests.api.nouns import NOUNS

pytestmark = pytest.mark.django_db
_number = count(1)
UNCHANGING = {"snapshot", "confirmation"}
"""Nouns whose rows never change."""
BY_STEPS = {("question", "answer")}
"""What no plain change may set."""

JOINED_ONCE = {"evidencelink", "claimrelation", "premise", "document", "review", "assessment", "question"}
"""Nouns of which no second row may be the same."""


def new_value(field: Any) -> tuple[Any, str]:
    """Another value for a field, and a word in it that no other row has."""
    word = f"qx{next(_number)}xq"
    if "URL" in type(field).__name__:
        return f"https://{word}.example.org/", word
    if "Labels" in type(field).__name__:
        return [f"A {word}", "another"], word
    return (word, word) if isinstance(field, models.SlugField) else (f"A {word.upper()} here", word)


def finds(noun: SearchedNoun, word: str) -> set[int]:
    return set(search_rows(noun.model._default_manager.all(), SearchQuery((word,))).values_list("pk", flat=True))


def saved(row: Any, name: str, value: Any) -> None:
    setattr(row, name, value)
    row.save()


def saved_in_part(row: Any, name: str, value: Any) -> None:
    setattr(row, name, value)
    row.save(update_fields=[name])


def updated(row: Any, name: str, value: Any) -> None:
    type(row).objects.filter(pk=row.pk).update(**{name: value})


def updated_in_bulk(row: Any, name: str, value: Any) -> None:
    setattr(row, name, value)
    type(row).objects.bulk_update([row], [name])


def loaded(row: Any, name: str, value: Any) -> None:
    setattr(row, name, value)
    for entry in serializers.deserialize("json", serializers.serialize("json", [row])):
        entry.save()


DOORS: list[Callable[[Any, str, Any], None]] = [saved, saved_in_part, updated, updated_in_bulk, loaded]


def draft_of(noun: SearchedNoun, author: Any) -> Any:
    kind = next(kind for kind in NOUNS.values() if kind.model is noun.model)
    make_one = kind.draft or kind.published
    assert make_one is not None
    return make_one(author)


@pytest.mark.parametrize("name", [noun.model.__name__ for noun in searched_nouns()])
def test_every_field_is_followed_by_every_door(ann: Any, name: str) -> None:
    noun = next(noun for noun in searched_nouns() if noun.model.__name__ == name)
    row = draft_of(noun, ann)
    fields = [field for field in noun.fields if (noun.model._meta.model_name, field) not in BY_STEPS]
    changed = 0
    with acting(reason="A test."):
        for door in DOORS:
            for field in fields:
                fresh = noun.model._base_manager.get(pk=row.pk)
                value, word = new_value(noun.model._meta.get_field(field))
                try:
                    with transaction.atomic():
                        door(fresh, field, value)
                except DomainError:
                    continue
                changed += 1
                assert finds(noun, word) == {row.pk}, (door.__name__, field)
        assert changed == (0 if noun.model._meta.model_name in UNCHANGING else len(DOORS) * len(fields))
        assert list(differences()) == []
        if not changed:
            return
        other = copy.copy(noun.model._base_manager.get(pk=row.pk))
        other.pk, other._state.adding = None, True
        for field in other._meta.concrete_fields:
            if field.unique and not field.primary_key:
                setattr(other, field.name, new_value(field)[0])
        if noun.model._meta.model_name not in JOINED_ONCE:
            noun.model._default_manager.bulk_create([other])
            assert list(differences()) == []
        noun.model._base_manager.get(pk=row.pk).delete()
    assert row.pk not in finds(noun, word)
    assert list(differences()) == []


def test_verify_tells_of_a_row_that_was_changed_by_other_means(register: None, capsys: Any) -> None:
    one, other, gone = (make.make_claim(text=f"Claim {word}") for word in ("ash", "oak", "elm"))
    call_command("rebuild_search", "--verify")
    models.QuerySet(Claim).filter(pk=one.pk).update(text="Claim birch")
    SearchText.objects.filter(text__contains="oak").delete()
    models.QuerySet(Claim).filter(pk=gone.pk)._raw_delete("default")
    with pytest.raises(CommandError, match="Differences: 3"):
        call_command("rebuild_search", "--verify")
    told = capsys.readouterr().out
    for words in (
        f"claim {one.pk}: not found by",
        f"claim {other.pk}: not in",
        f"claim {gone.pk}: in the index, though",
    ):
        assert words in told
    call_command("rebuild_search")
    call_command("rebuild_search", "--verify")
    assert "that were missing or other: 3." in capsys.readouterr().out
    assert set(search_rows(Claim.objects.all(), SearchQuery(("birch",)))) == {one}


def test_what_is_undone_is_not_found(register: None) -> None:
    with transaction.atomic():
        make.make_claim(text="It is a yew")
        transaction.set_rollback(True)
    assert not SearchText.objects.filter(text__contains="yew").exists()


def test_every_search_box_of_the_desk_reaches_searched_nouns() -> None:
    get_resolver().url_patterns  # noqa: B018 - the admin is filled when the addresses are read
    for noun in searched_nouns():
        page = admin.site._registry[noun.model]
        assert Reach(noun.model, paths_of(page.search_fields)).nouns
        for field in page.search_fields:
            if "__" not in field:
                assert field in noun.fields, f"{page} searches by {field}, the index does not"
