"""Tokens from before they had names and scopes: after migrate each does what it did."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from knox.models import AuthToken

from factcheck.accounts.models import TokenGrant
from factcheck.base.scopes import Scope
from tests import factories as make


def test_a_token_of_the_release_before_keeps_all_its_rights(vocabularies: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        connection.disable_constraint_checking()
        try:
            with transaction.atomic():
                row, token = AuthToken.objects.create(make.make_user("vera", "Reviewer"))
                if connection.vendor == "postgresql":
                    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
                MigrationExecutor(connection).migrate([("accounts", None)])
                assert TokenGrant._meta.db_table not in connection.introspection.table_names()
                call_command("migrate", verbosity=0)
                assert TokenGrant.objects.get(token=row.pk).scope == Scope.ADMIN
                told = Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {token}"}).json()
                assert "claims.publish_verdict" in told["permissions"]
                transaction.set_rollback(True)
        finally:
            connection.enable_constraint_checking()
