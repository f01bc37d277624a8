"""Accounts that are connected with an identity provider, and passkeys: the way back before them says how many go, and
keeps all else; and the release before sets up apps while this one starts."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from factcheck.accounts.models import Identity, Passkey, SecondFactor
from factcheck.losses import losses
from tests import factories as make

BEFORE = [("accounts", "0005_second_factor")]


def test_the_way_back_says_what_goes_and_keeps_the_rest(vocabularies: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        connection.disable_constraint_checking()
        try:
            with transaction.atomic():
                user, now = make.make_user("vera", "Reviewer"), timezone.now()
                other = make.make_user("rob", "Researcher")
                factor = SecondFactor.objects.create(user=user, nonce="n", since=now)
                factor.passkeys.create(name="blue key", credential="c", public_key=b"k", since=now)
                Identity.objects.create(user=user, issuer="https://id.example.org", subject="s-vera", since=now)
                if connection.vendor == "postgresql":
                    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
                executor = MigrationExecutor(connection)
                told = "\n".join(losses(executor.migration_plan(BEFORE), "default"))
                assert "drops 1 rows of accounts_identity" in told
                assert "drops 1 rows of accounts_passkey" in told
                executor.migrate(BEFORE)
                gone = {Identity._meta.db_table, Passkey._meta.db_table}
                assert gone.isdisjoint(connection.introspection.table_names())
                before = executor.loader.project_state(BEFORE).apps.get_model("accounts", "SecondFactor")
                assert before.objects.get().user_id == user.pk
                call_command("migrate", verbosity=0)
                assert not Identity.objects.exists()
                assert not Passkey.objects.exists()
                # As the release before writes it, which knows apps alone.
                before.objects.create(user_id=other.pk, nonce="m", since=now)
                assert [one.has_app for one in SecondFactor.objects.all()] == [True, True]
                transaction.set_rollback(True)
        finally:
            connection.enable_constraint_checking()
