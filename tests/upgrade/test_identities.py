"""Accounts that are connected with an identity provider: the way back before that says so, and keeps all else."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from factcheck.accounts.models import Identity, SecondFactor
from factcheck.losses import losses
from tests import factories as make

BEFORE = [("accounts", "0005_second_factor")]


def test_the_way_back_says_what_goes_and_keeps_the_rest(vocabularies: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        connection.disable_constraint_checking()
        try:
            with transaction.atomic():
                user, now = make.make_user("vera", "Reviewer"), timezone.now()
                SecondFactor.objects.create(user=user, nonce="n", since=now)
                Identity.objects.create(user=user, issuer="https://id.example.org", subject="s-vera", since=now)
                if connection.vendor == "postgresql":
                    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
                executor = MigrationExecutor(connection)
                (told,) = losses(executor.migration_plan(BEFORE), "default")
                assert "drops 1 rows of accounts_identity" in told
                executor.migrate(BEFORE)
                assert Identity._meta.db_table not in connection.introspection.table_names()
                assert SecondFactor.objects.get().user == user
                call_command("migrate", verbosity=0)
                assert not Identity.objects.exists()
                assert SecondFactor.objects.get().user == user
                transaction.set_rollback(True)
        finally:
            connection.enable_constraint_checking()
