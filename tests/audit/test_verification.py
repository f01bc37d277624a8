"""What `verify_audit` finds: each way to alter the trail, the history or a row with raw SQL."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from factcheck.audit.chain import digest_of, hash_of
from factcheck.audit.context import acting
from factcheck.audit.differences import history_models
from factcheck.audit.models import AuditEntry
from factcheck.audit.models.entry import GENESIS
from factcheck.audit.verification import CUT_OFF, OTHER_HASH, Break, verify
from sources.models import Source
from tests.audit.conftest import breaks
from tests.database import past_the_triggers
from tests.factories import make_published, make_source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("module_rows")]
PLACES = 3


def sql(statement: str, *parameters: Any) -> int:
    with past_the_triggers(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


def history_table(entry: AuditEntry) -> str:
    return history_models()[entry.object_type]._meta.db_table


@pytest.fixture(scope="module")
def whole_trail(module_rows: None) -> list[AuditEntry]:
    """A trail of several nouns, with changes, reasons and a published verdict."""
    make_published()
    with acting(reason="As the source asked."):
        for name in "ABC":
            source = make_source(name)
            source.description = f"This is {name}."
            source.save()
            source.delete()
    assert breaks() == []
    return list(AuditEntry.objects.order_by("id"))


@pytest.fixture
def trail(whole_trail: list[AuditEntry]) -> list[AuditEntry]:
    return deepcopy(whole_trail)


def set_entry(column: str, value: Any) -> Callable[[AuditEntry], Any]:
    return lambda entry: sql(f"UPDATE audit_auditentry SET {column} = %s WHERE id = %s", value, entry.pk)


def alter_history(entry: AuditEntry) -> None:
    sql(f"UPDATE {history_table(entry)} SET version = version + 100 WHERE history_id = %s", entry.history_id)


def delete_history(entry: AuditEntry) -> None:
    sql(f"DELETE FROM {history_table(entry)} WHERE history_id = %s", entry.history_id)


def delete_entry(entry: AuditEntry) -> None:
    sql("DELETE FROM audit_auditentry WHERE id = %s", entry.pk)


def swap_with_the_next(entry: AuditEntry) -> None:
    a, b = entry.pk, entry.pk + 1
    for old, new in ((a, -1), (b, a), (-1, b)):
        sql("UPDATE audit_auditentry SET id = %s WHERE id = %s", new, old)


TAMPERINGS: dict[str, Callable[[AuditEntry], Any]] = {
    "action": set_entry("action", "claim.blessed"),
    "time": set_entry("at", "2020-01-01 00:00:00+00:00"),
    "actor": set_entry("actor_id", -1),
    "actor name": set_entry("actor_name", "Somebody Else"),
    "object": set_entry("object_id", "0"),
    "noun": set_entry("object_type", "planet"),
    "label": set_entry("object_label", "Another label"),
    "reason": set_entry("reason", "Another reason"),
    "changes": set_entry("changes", '["country"]'),
    "dispute": set_entry("dispute_id", -1),
    "claim": set_entry("claim_id", -1),
    "request": set_entry("request_id", "another"),
    "historical row named": set_entry("history_id", -1),
    "salt": set_entry("salt", bytes(16)),
    "salt emptied": set_entry("salt", b""),
    "digest": set_entry("digest", bytes(32)),
    "hash": set_entry("hash", bytes(32)),
    "hash that is shorter": set_entry("hash", bytes(1)),
    "historical value": alter_history,
    "historical row deleted": delete_history,
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_tampering_is_found_and_named(tampering: str, trail: list[AuditEntry]) -> None:
    seed = random.randrange(10**6)
    for entry in random.Random(seed).sample(trail, PLACES):
        with transaction.atomic():
            TAMPERINGS[tampering](entry)
            assert entry.pk in {found.entry_id for found in breaks()}, (seed, entry.pk)
            transaction.set_rollback(True)


def test_entry_cut_from_the_middle_is_missed_by_the_next(trail: list[AuditEntry]) -> None:
    for entry in (trail[0], trail[5], trail[-2]):
        with transaction.atomic():
            delete_entry(entry)
            found = breaks()
            assert (entry.pk + 1, f"entries {entry.pk} to {entry.pk} are missing before it") in {
                (each.entry_id, each.problem) for each in found
            }
            transaction.set_rollback(True)


def test_swapped_entries_are_found(trail: list[AuditEntry]) -> None:
    swap_with_the_next(trail[4])
    assert {trail[4].pk, trail[5].pk} <= {found.entry_id for found in breaks()}


def test_historical_row_without_an_entry_is_found(trail: list[AuditEntry]) -> None:
    table = Source.history.model._meta.db_table
    columns = ", ".join(f.column for f in Source.history.model._meta.concrete_fields if f.name != "history_id")
    row = Source.history.first()
    sql(
        f"INSERT INTO {table} (history_id, {columns}) SELECT 9999, {columns} FROM {table} WHERE history_id = %s", row.pk
    )
    assert "historical row 9999 of source has no entry" in {found.problem for found in breaks()}


def test_cut_tail_is_seen_with_a_head_or_by_its_history(trail: list[AuditEntry]) -> None:
    last = trail[-1]
    head = (last.pk, last.hash)
    assert breaks(head) == []
    delete_entry(last)
    assert [found.entry_id for found in breaks()] == [None]
    delete_history(last)
    # The row itself went before, so that the version before it now looks like one that vanished.
    assert "is gone without a deletion" in breaks()[0].problem
    assert (last.pk, "the chain ends before this entry, whose hash was kept elsewhere") in {
        (found.entry_id, found.problem) for found in breaks(head)
    }


def test_tail_cut_with_all_that_it_stands_for_is_seen_with_a_head_alone(trail: list[AuditEntry]) -> None:
    head = (trail[-1].pk, trail[-1].hash)
    for entry in trail[-3:]:
        delete_entry(entry)
        delete_history(entry)
    assert breaks() == []
    assert [found.entry_id for found in breaks(head)] == [head[0]]


def test_whole_rewritten_rest_is_seen_with_a_head_alone(trail: list[AuditEntry]) -> None:
    """Whoever can write to the database can also compute hashes."""
    head = (trail[-1].pk, trail[-1].hash)
    previous = trail[2].hash
    for entry in trail[3:]:
        entry.reason = "Another reason"
        row = history_models()[entry.object_type].objects.get(pk=entry.history_id)
        entry.digest = digest_of(entry, row)
        entry.hash = previous = hash_of(entry, previous)
        sql(
            "UPDATE audit_auditentry SET reason = %s, digest = %s, hash = %s WHERE id = %s",
            *(entry.reason, bytes.fromhex(entry.digest), bytes.fromhex(entry.hash), entry.pk),
        )
    assert breaks() == []
    assert [found.entry_id for found in breaks(head)] == [head[0]]


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE sources_source SET name = 'Z' WHERE id = {pk}", "source {pk} is not as its history has it"),
        ("UPDATE sources_source SET version = 5 WHERE id = {pk}", "source {pk} is not as its history has it"),
        ("UPDATE sources_source SET withheld_reason = ' ' WHERE id = {pk}", "source {pk} is not as its history has it"),
        ("DELETE FROM sources_source WHERE id = {pk}", "source {pk} is gone without a deletion"),
    ],
)
def test_row_changed_past_every_door_is_found(statement: str, problem: str, register: None) -> None:
    for _ in range(20):
        make_source()
    pk = make_source("A").pk
    sql(statement.format(pk=pk))
    [found] = breaks()
    assert found.entry_id is None
    assert found.problem.startswith(problem.format(pk=pk))


def test_row_put_back_past_every_door_is_found(register: None) -> None:
    source = make_source("A")
    pk = source.pk
    columns = ", ".join(f.column for f in Source._meta.concrete_fields)
    source.delete()
    history = Source.history.model._meta.db_table
    sql(
        f"INSERT INTO sources_source ({columns}) SELECT {columns} FROM {history} WHERE id = %s AND history_type = '-'",
        pk,
    )
    assert [found.problem.partition(":")[0] for found in breaks()] == [f"source {pk} is not as its history has it"]


def test_command_prints_the_head_and_takes_it_back(trail: list[AuditEntry]) -> None:
    printed = io.StringIO()
    call_command("verify_audit", stdout=printed)
    assert f"{len(trail)} entries hold." in printed.getvalue()
    head = printed.getvalue().split()[-1]
    assert head == f"{trail[-1].pk}:{trail[-1].hash}"
    call_command("verify_audit", "--head", head, stdout=printed)


def test_command_names_the_broken_entry_and_fails(trail: list[AuditEntry]) -> None:
    set_entry("reason", "Another reason")(trail[6])
    errors = io.StringIO()
    with pytest.raises(CommandError, match=r"The audit trail does not hold: 1 break\."):
        call_command("verify_audit", stderr=errors)
    assert f"entry {trail[6].pk}: its historical row, label, reason" in errors.getvalue()


@pytest.mark.parametrize("head", ["", "1", "1:abc", "x:" + "0" * 64, "1:" + "0" * 63, f"{'9' * 19}:{'0' * 64}"])
def test_command_refuses_what_is_no_head(head: str, register: None) -> None:
    with pytest.raises(CommandError, match="give a head as ID:HASH"):
        call_command("verify_audit", "--head", head)


def test_empty_trail_holds(db: None) -> None:
    call_command("verify_audit", stdout=io.StringIO())


# --- in pieces ---


def in_pieces(size: int, *heads: tuple[int, str]) -> list[Break]:
    """What is found by walks of so many entries, each behind the last entry of the one before it."""
    found: list[Break] = []
    after = (0, GENESIS)
    while rest := AuditEntry.objects.filter(id__gt=after[0]).order_by("id")[:size]:
        steps = verify(history_models(), heads, batch=3, after=after, most=size)
        found += [step for step in steps if isinstance(step, Break)]
        after = (list(rest)[-1].pk, list(rest)[-1].hash)
    return found


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_pieces_find_what_the_whole_walk_finds(tampering: str, trail: list[AuditEntry]) -> None:
    entry = random.choice(trail)
    TAMPERINGS[tampering](entry)
    assert {each.entry_id for each in in_pieces(len(trail) // 3)} == {each.entry_id for each in breaks()}, entry.pk


def test_a_piece_begins_behind_a_head_that_is_as_it_was(trail: list[AuditEntry]) -> None:
    head = (trail[3].pk, trail[3].hash)
    other = (trail[3].pk, "0" * 64)
    beyond = (trail[-1].pk + 9, "0" * 64)

    def found(**options: Any) -> list[tuple[int | None, str]]:
        steps = verify(history_models(), **options)
        return [(step.entry_id, step.problem) for step in steps if isinstance(step, Break)]

    assert found(after=head) == []
    assert found(after=other)[0] == (trail[3].pk, OTHER_HASH)
    assert found(after=beyond) == [(beyond[0], CUT_OFF)]
    assert found(after=head, heads=[(trail[1].pk, "0" * 64)]) == [(trail[1].pk, OTHER_HASH)]
    # What ends early says nothing of what comes later.
    assert found(most=2, heads=[beyond]) == []


def test_a_piece_knows_of_salts_that_went_before_it(trail: list[AuditEntry]) -> None:
    set_entry("salt", b"")(trail[1])
    steps = [*verify(history_models(), after=(trail[3].pk, trail[3].hash))]
    assert [step.entry_id for step in steps if isinstance(step, Break)] == [trail[1].pk]


def test_the_command_goes_on_behind_the_head_that_it_printed(trail: list[AuditEntry]) -> None:
    printed: list[str] = []
    after: list[str] = []
    for _piece in range(len(trail)):
        said = io.StringIO()
        call_command("verify_audit", *after, entries=5, stdout=said)
        printed.append(said.getvalue())
        after = ["--after", printed[-1].splitlines()[1].removeprefix("head ")]
        if "left" not in printed[-1]:
            break
    assert len(printed) == -(-len(trail) // 5)
    assert printed[0].startswith(
        f"5 entries hold. {len(trail) - 5} are left: go on with --after and the head.\nhead 5:"
    )
    assert printed[-1].endswith(f"head {trail[-1].pk}:{trail[-1].hash}\n")
    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify_audit", "--after", f"3:{'0' * 64}", stderr=io.StringIO())
    with pytest.raises(CommandError, match="give a number from 1"):
        call_command("verify_audit", "--entries", "0")


def test_of_several_heads_of_one_entry_each_has_to_be_right(trail: list[AuditEntry]) -> None:
    right, wrong = (trail[3].pk, trail[3].hash), (trail[3].pk, "0" * 64)
    for heads in ([wrong, right], [right, wrong]):
        assert [found.problem for found in breaks(*heads)] == [OTHER_HASH]
    for head, after in ((wrong, right), (right, wrong)):
        assert next(verify(history_models(), [head], after=after)) == Break(trail[3].pk, OTHER_HASH)


def test_what_is_written_meanwhile_keeps_no_walk_from_its_end(
    trail: list[AuditEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once a walk has found nothing more to read it is at its end, whatever is there a moment later."""
    monkeypatch.setattr("django.db.models.query.QuerySet.exists", lambda _rows: True)
    beyond = trail[-1].pk + 9
    assert breaks((beyond, "0" * 64)) == [Break(beyond, CUT_OFF)]
