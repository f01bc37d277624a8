"""Claims from before they had ids of other systems: after migrate they have none, and the trail holds."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from claims.models import Claim
from factcheck.audit.chain import digest_of
from factcheck.audit.columns import BEFORE
from factcheck.audit.differences import history_models
from factcheck.audit.verification import Break, verify
from tests import factories as make

pytestmark = pytest.mark.django_db
OLD = [("claims", "0022_restricted_slugs")]


def as_it_was_taken(entry: Any, row: Any) -> str:
    """The digest of an entry by the columns that there were."""
    return digest_of(entry, row, BEFORE[0].get(entry.object_type))


def test_claims_of_the_release_before_stand_and_may_be_given_an_id() -> None:
    connection.disable_constraint_checking()
    try:
        with transaction.atomic():
            make.load_vocabularies()
            with mock.patch("factcheck.audit.chain.digest_of", as_it_was_taken):
                claims = [make.make_claim(text, published=True) for text in ("A.", "B.")]
            connection.check_constraints()
            MigrationExecutor(connection).migrate(OLD)
            with connection.cursor() as cursor:
                columns = connection.introspection.get_table_description(cursor, Claim._meta.db_table)
            assert "external_id" not in {column.name for column in columns}
            call_command("migrate", verbosity=0)
            assert set(Claim.objects.values_list("text", "external_id")) == {("A.", None), ("B.", None)}
            assert [row for row in verify(history_models()) if isinstance(row, Break)] == []
            draft = make.make_claim("C.", external_id="wire:7")
            assert Claim.history.get(id=draft.pk).external_id == "wire:7"
            assert {row.version for row in claims} == {Claim.objects.get(text="A.").version}
            assert [row for row in verify(history_models()) if isinstance(row, Break)] == []
            transaction.set_rollback(True)
    finally:
        connection.enable_constraint_checking()
