"""What each engine does with a search: the index is used, and where it cannot be made, migrate says so."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, NotSupportedError, connection

from claims.models import Claim
from factcheck.search.find import OWN, Reach
from factcheck.search.query import read_query
from factcheck.search.text import searched_text
from tests import factories as make

migration = import_module("factcheck.search.migrations.0001_search")


@pytest.mark.django_db
@pytest.mark.parametrize("search", ["kasak", "京都", "都", '"red car"', "the -kasak"])
def test_what_is_looked_up_is_looked_up_in_the_trigrams(search: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # of a few rows nothing is cheaper than to read them all
            words = "SELECT %s + i, md5(i::text) || ' ' || md5((-i)::text) FROM generate_series(1, 5000) AS i"
            cursor.execute(f"INSERT INTO search_searchtext (id, text) {words}", [Reach(Claim, OWN).nouns[""].first])
            cursor.execute("SELECT gin_clean_pending_list('search_trigrams_5')")
            cursor.execute("ANALYZE search_searchtext")
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Claim.objects.filter(Reach(Claim, OWN).looking_up(read_query(search))).order_by("-id")[:51].explain()
    assert ("search_trigrams_5" if connection.vendor == "postgresql" else "search_trigrams VIRTUAL TABLE INDEX") in plan


@pytest.mark.django_db
def test_which_way_is_faster_takes_two_queries(django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    claims = [make.make_claim(text=f"It was so in {place}") for place in ("Baku", "Bonn")]
    monkeypatch.setattr("factcheck.search.find.GLANCE", 1)
    with django_assert_num_queries(2):
        assert not Reach(Claim, OWN).is_common(read_query("baku"))
    assert searched_text(claims[0], Reach(Claim, OWN).nouns[""]).startswith("it was so in baku\n")


def test_without_the_extension_migrate_says_what_to_do() -> None:
    def refuse(statement: str) -> None:
        raise DatabaseError("permission denied to create extension")

    editor = SimpleNamespace(connection=SimpleNamespace(vendor="postgresql"), execute=refuse)
    with pytest.raises(NotSupportedError, match=r"CREATE EXTENSION pg_trgm.*permission denied"):
        migration.add_index(None, editor)
