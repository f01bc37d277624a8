"""A register from before the index of words: migrate brings its rows in, and they are found."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from claims.models import Claim
from factcheck.search.find import search_rows
from factcheck.search.query import read_query
from factcheck.search.rebuild import differences
from sources.models import Source
from tests import factories as make


def test_rows_of_the_release_before_are_found_after_migrate(vocabularies: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        connection.disable_constraint_checking()
        try:
            with transaction.atomic():
                claim = make.make_claim(text="It was HERE before")
                source = make.make_source("Ilham", aliases=["Илхам Тестов"])
                MigrationExecutor(connection).migrate([("search", None)])
                assert "search_searchtext" not in connection.introspection.table_names()
                call_command("migrate", verbosity=0)
                assert set(search_rows(Claim.objects.all(), read_query("here"))) == {claim}
                assert set(search_rows(Source.objects.all(), read_query("тестов"))) == {source}
                assert list(differences()) == []
                transaction.set_rollback(True)
        finally:
            connection.enable_constraint_checking()
