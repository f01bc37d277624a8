"""Rows from before twins led to others: after migrate all stand for themselves, the trail holds, and may be merged."""

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
from sources.models import Document, Source
from sources.services import merge
from tests import factories as make

pytestmark = pytest.mark.django_db
OLD = [("claims", "0024_export_lacks"), ("sources", "0006_history_unindexed")]


def as_it_was_taken(entry: Any, row: Any) -> str:
    """The digest of an entry by the columns that there were."""
    return digest_of(entry, row, BEFORE[0].get(entry.object_type))


def breaks() -> list[Break]:
    return [row for row in verify(history_models()) if isinstance(row, Break)]


@pytest.fixture(scope="module")
def upgraded(vocabularies: None, django_db_blocker: Any) -> Iterator[None]:
    """Statements of that release, upgraded."""
    with django_db_blocker.unblock():
        connection.disable_constraint_checking()
        try:
            with transaction.atomic():
                make.load_vocabularies()
                with mock.patch("factcheck.audit.chain.digest_of", as_it_was_taken):
                    for name in ("One", "Two"):
                        make.make_attribution(source=make.make_source(name), document=make.make_document(name))
                connection.check_constraints()
                MigrationExecutor(connection).migrate(OLD)
                call_command("migrate", verbosity=0)
                yield
                transaction.set_rollback(True)
        finally:
            connection.enable_constraint_checking()


def test_rows_of_the_release_before_stand_for_themselves_and_may_be_merged(upgraded: None) -> None:
    nouns: tuple[Any, ...] = (Source, Document, Claim)
    assert [noun.objects.filter(merged_into=None).count() for noun in nouns] == [2, 2, 2]
    assert breaks() == []
    for noun in nouns:
        into, twin = noun.objects.order_by("pk")
        merge(actor=make.someone("Editor"), twin=twin, into=into, reason="Entered twice.")
        assert noun.history.filter(id=twin.pk).latest("history_id").merged_into_id == into.pk
    assert breaks() == []
