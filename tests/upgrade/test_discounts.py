"""A register from before it was stored why evidence does not count: after migrate each link says what it said."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from claims.api.preparing import derived_that_differs
from claims.models import EvidenceLink, StoredDiscount
from tests.claims.test_counting import EXAMPLES


def test_links_of_the_release_before_count_as_they_did(vocabularies: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        connection.disable_constraint_checking()
        try:
            with transaction.atomic():
                reasons = {enter().pk: reason for enter, reason in EXAMPLES.values()}
                told = dict(EvidenceLink.objects.with_discount().values_list("pk", "discount"))
                assert {pk: told[pk] for pk in reasons} == reasons
                if connection.vendor == "postgresql":
                    # What waits for the end of the transaction keeps a table from being altered.
                    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
                MigrationExecutor(connection).migrate([("claims", "0015_tag_index")])
                assert StoredDiscount._meta.db_table not in connection.introspection.table_names()
                call_command("migrate", verbosity=0)
                assert dict(EvidenceLink.objects.with_discount().values_list("pk", "discount")) == told
                assert list(derived_that_differs()) == []
                transaction.set_rollback(True)
        finally:
            connection.enable_constraint_checking()
