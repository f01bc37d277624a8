"""A register from before verdicts were bound to wordings: each published verdict learns what it judged.

The rows are entered through the doors of today, taken back to the older migrations, and brought forward again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from claims.models import Claim, QuoteCheck, Verdict
from claims.services.quotecheck import renew_checks
from factcheck.audit.chain import digest_of
from factcheck.audit.columns import BEFORE
from factcheck.audit.context import acting
from factcheck.audit.differences import history_models
from factcheck.audit.models import AuditEntry
from factcheck.audit.verification import Break, verify
from tests import factories as make

pytestmark = pytest.mark.django_db
OLD = [("claims", "0010_evidence")]
TEXT = "The minister did not order the raid. He slept."


class Register:
    """What was entered, by its numbers: it outlives the tables that it was entered in."""

    def __init__(self) -> None:
        with acting(reason="Entered."):
            kept = make.make_published(make.make_claim("It is so."))
            reworded = make.make_published(make.make_claim("Ten died."))
            reworded.claim.context = "In the night."
            reworded.claim.save()
            first = make.make_published(make.make_claim("It rained."))
            second = make.make_corrected(verdict=first)
            draft = make.make_verdict(make.make_claim("Nothing yet."))
            erased = make.make_published(make.make_claim("Erased."))
        self.kept, self.reworded, self.first, self.second, self.draft, self.erased = (
            row.pk for row in (kept, reworded, first, second, draft, erased)
        )
        self.claim = reworded.claim_id
        document = make.make_document(text=TEXT)
        said = [
            make.make_attribution(quote=quote, document=document)
            for quote in ("The minister did … order the raid", "order the raid. He slept", "He … slept", "They slept")
        ]
        self.quotes = [row.pk for row in said]


def as_it_was_taken(entry: AuditEntry, row: Any) -> str:
    """The digest of an entry by the columns that there were."""
    return digest_of(entry, row, BEFORE[-1].get(entry.object_type))


def as_the_old_release_left_it(register: Register) -> None:
    """Wordings that were changed under their verdicts, history that was erased, quotes that were called verified."""
    with connection.cursor() as cursor:
        for table, key in (("claims_claim", "id"), ("claims_historicalclaim", "history_id")):
            newest = f"(SELECT max({key}) FROM {table} WHERE id = %s)"
            cursor.execute(f"UPDATE {table} SET text = %s WHERE {key} = {newest}", ["Twelve died.", register.claim])
        cursor.execute("DELETE FROM claims_historicalclaim WHERE text = 'Erased.'")
        cursor.execute("UPDATE claims_quotecheck SET state = 'verified' WHERE state = 'elided'")


@pytest.fixture(scope="module")
def upgraded(vocabularies: None, django_db_blocker: Any) -> Iterator[Register]:
    """All of it happens in one transaction, taken back afterwards."""
    with django_db_blocker.unblock():
        connection.disable_constraint_checking()
        try:
            with transaction.atomic():
                make.load_vocabularies()
                with mock.patch("factcheck.audit.chain.digest_of", as_it_was_taken):
                    register = Register()
                connection.check_constraints()
                MigrationExecutor(connection).migrate(OLD)
                as_the_old_release_left_it(register)
                connection.check_constraints()
                call_command("migrate", verbosity=0)
                yield register
                transaction.set_rollback(True)
        finally:
            connection.enable_constraint_checking()


def judged(pk: int) -> str:
    return Verdict.objects.get(pk=pk).claim_text


def test_a_verdict_learns_the_wording_of_its_claim(upgraded: Register) -> None:
    assert judged(upgraded.kept) == "It is so."
    assert judged(upgraded.draft) == ""


def test_the_history_tells_what_was_judged_where_the_claim_says_something_else_now(upgraded: Register) -> None:
    assert Claim.objects.get(pk=upgraded.claim).text == "Twelve died."
    assert judged(upgraded.reworded) == "Ten died."
    assert (judged(upgraded.first), judged(upgraded.second)) == ("It rained.", "It rained.")
    assert set(Verdict.objects.stale().values_list("pk", flat=True)) == {upgraded.reworded}


def test_a_claim_learns_since_when_it_has_its_wording_and_its_history_too(upgraded: Register) -> None:
    [claim] = Claim.objects.exclude(reworded_at=None)
    last = claim.history.order_by("history_id").last()
    assert claim.pk == upgraded.claim
    assert claim.reworded_at == last.reworded_at == last.history_date
    assert claim.history.exclude(reworded_at=None).count() == 1


def test_without_history_it_is_the_wording_of_today(upgraded: Register) -> None:
    assert judged(upgraded.erased) == "Erased."


def test_the_history_of_each_verdict_has_what_its_row_has(upgraded: Register) -> None:
    for row in Verdict.objects.all():
        assert row.history.order_by("history_id").last().claim_text == row.claim_text


def test_the_trail_of_verdicts_still_holds(upgraded: Register) -> None:
    """Their entries cover what there was when they were written."""
    ours = set(AuditEntry.objects.filter(object_type="verdict").values_list("pk", flat=True))
    assert ours
    found = [row for row in verify(history_models()) if isinstance(row, Break)]
    assert [row for row in found if row.entry_id in ours or (row.entry_id is None and "verdict" in row.problem)] == []


def test_quotes_with_an_ellipsis_were_looked_at_again(upgraded: Register) -> None:
    def stored() -> list[Any]:
        rows = QuoteCheck.objects.in_bulk(upgraded.quotes)
        return [
            (rows[pk].state, rows[pk].omitted, rows[pk].warnings) for pk in (*upgraded.quotes[:1], upgraded.quotes[2])
        ]

    found = stored()
    renew_checks(upgraded.quotes)
    assert found == stored()
    assert found[0] == ("elided", ["not"], [{"code": "negation", "found": "not"}])
