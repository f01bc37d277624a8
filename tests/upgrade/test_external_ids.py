"""Claims from before they had ids of other systems: after migrate they have none, and the trail holds."""

from __future__ import annotations

from collections.abc import Iterator
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
    return digest_of(entry, row, BEFORE[1].get(entry.object_type))


def breaks() -> list[Break]:
    return [row for row in verify(history_models()) if isinstance(row, Break)]


@pytest.fixture(scope="module")
def upgraded(vocabularies: None, django_db_blocker: Any) -> Iterator[set[str]]:
    """Two claims of that release, upgraded; the columns that claims had there."""
    with django_db_blocker.unblock():
        connection.disable_constraint_checking()
        try:
            with transaction.atomic():
                make.load_vocabularies()
                with mock.patch("factcheck.audit.chain.digest_of", as_it_was_taken):
                    make.make_claim("A.", published=True)
                    make.make_claim("B.")
                connection.check_constraints()
                MigrationExecutor(connection).migrate(OLD)
                with connection.cursor() as cursor:
                    columns = connection.introspection.get_table_description(cursor, Claim._meta.db_table)
                call_command("migrate", verbosity=0)
                yield {column.name for column in columns}
                transaction.set_rollback(True)
        finally:
            connection.enable_constraint_checking()


def test_claims_of_the_release_before_have_no_id_and_may_be_given_one(upgraded: set[str]) -> None:
    assert "external_id" not in upgraded
    assert set(Claim.objects.values_list("text", "external_id")) == {("A.", None), ("B.", None)}
    assert breaks() == []
    row = Claim.objects.get(text="B.")
    row.external_id = "wire:7"
    row.save()
    assert Claim.history.filter(id=row.pk).latest("history_id").external_id == "wire:7"
    assert breaks() == []
