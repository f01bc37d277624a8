"""A register from before questions: it migrates with nothing lost, each dispute has its question, and the trail holds.

The rows are entered as that release had them, taken back to its migrations, and brought forward again.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import QuerySet

from claims.models import Claim, Dispute, Question, StoredState
from claims.services.question_state import find_states
from factcheck.audit.context import recording
from factcheck.audit.differences import history_models
from factcheck.audit.history import record_rows
from factcheck.audit.models import AuditEntry
from factcheck.audit.verification import Break, verify
from tests import factories as make

pytestmark = pytest.mark.django_db
OLD = [("claims", "0007_joint_statements")]


@dataclass
class Upgrade:
    """The numbers of the disputes, and of the claims by what they should answer."""

    disputes: dict[str, int]
    answering: set[int]
    circumstances: set[int]
    alone: int
    entries: int
    printed: str


def old_dispute(title: str, *, exclusive: bool = False) -> Dispute:
    """A dispute as that release has it: it may be exclusive itself, and has no question."""
    dispute: Dispute = make.saved(Dispute(title=title, question=f"{title}?"))
    if exclusive:
        with recording():
            QuerySet(Dispute).filter(pk=dispute.pk).update(exclusive=True)
            dispute.refresh_from_db()
            record_rows([dispute], "~")
    return dispute


def breaks() -> list[Break]:
    return [found for found in verify(history_models()) if isinstance(found, Break)]


@pytest.fixture(scope="module")
def upgrade(vocabularies: None, django_db_blocker: Any) -> Iterator[Upgrade]:
    with django_db_blocker.unblock():
        connection.disable_constraint_checking()
        try:
            with transaction.atomic():
                exclusive, linked, plain = (
                    old_dispute("Fire", exclusive=True),
                    old_dispute("Flood"),
                    old_dispute("Frost"),
                )
                all_of_them = [make.make_claim(dispute=exclusive, published=True) for _ in range(2)]
                one, other, beside = (make.make_claim(dispute=linked, published=True) for _ in range(3))
                make.make_relation(one, other)
                make.make_published(one, code="supported", confidence="high")
                make.make_published(other, code="refuted", confidence="high")
                drafts = [make.make_claim(dispute=plain) for _ in range(2)]
                alone = make.make_claim()
                assert breaks() == []
                connection.check_constraints()
                MigrationExecutor(connection).migrate(OLD)
                printed = io.StringIO()
                entries = AuditEntry.objects.count()
                call_command("migrate", stdout=printed, stderr=printed, no_color=True)
                yield Upgrade(
                    {"exclusive": exclusive.pk, "linked": linked.pk, "plain": plain.pk},
                    {row.pk for row in (*all_of_them, one, other, *drafts)},
                    {beside.pk},
                    alone.pk,
                    entries,
                    printed.getvalue(),
                )
                transaction.set_rollback(True)
        finally:
            connection.enable_constraint_checking()


def test_each_dispute_has_what_it_asks_as_its_question(upgrade: Upgrade) -> None:
    found = {row.dispute_id: (row.order, row.text, row.exclusive) for row in Question.objects.all()}
    assert found == {
        upgrade.disputes["exclusive"]: (1, "Fire?", True),
        upgrade.disputes["linked"]: (1, "Flood?", False),
        upgrade.disputes["plain"]: (1, "Frost?", False),
    }


def test_claims_answer_it_as_they_competed_before(upgrade: Upgrade) -> None:
    assert {*Claim.objects.exclude(question=None).values_list("pk", flat=True)} == upgrade.answering
    assert {*Claim.objects.filter(question=None).values_list("pk", flat=True)} == {
        *upgrade.circumstances,
        upgrade.alone,
    }


def test_stored_states_are_right_after_the_migration(upgrade: Upgrade) -> None:
    ids = [*Question.objects.values_list("pk", flat=True)]
    stored = dict(StoredState.objects.values_list("question", "state"))
    assert stored == {pk: finding.state for pk, (finding, _verdicts) in find_states(ids).items()}
    assert StoredState.objects.get(question__dispute=upgrade.disputes["linked"]).state == "settled"


def test_the_trail_holds_and_tells_of_the_questions(upgrade: Upgrade) -> None:
    assert breaks() == []
    news = AuditEntry.objects.filter(id__gt=upgrade.entries)
    assert {*news.values_list("action", flat=True)} == {"question.created", "claim.changed"}
    assert {*news.values_list("actor_name", flat=True)} == {"system"}
    assert "0008_questions... OK" in upgrade.printed


def test_the_next_migration_changes_nothing(upgrade: Upgrade) -> None:
    before = AuditEntry.objects.count()
    call_command("migrate", verbosity=0)
    assert AuditEntry.objects.count() == before
