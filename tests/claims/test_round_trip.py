"""The register as lines of JSON: out, into an empty register, and out again the same."""

from __future__ import annotations

import io
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection, models

from claims.models import Attribution, Claim, Export, ImportBatch, QuoteCheck, StoredDiscount, StoredState
from claims.register.load import load_register
from claims.register.nouns import NOUNS
from claims.register.problem import Problem
from claims.register.read import LINE_LIMIT, SHOWN, RegisterFile
from claims.register.upgrades import SCHEMA_VERSION
from claims.register.write import Register, export_register
from claims.services.withdrawal import withdraw
from factcheck.audit.context import acting
from factcheck.audit.models import AuditEntry
from factcheck.base.errors import Forbidden
from factcheck.search.rebuild import differences
from sources.models import TextPrint
from sources.models.snapshot import kept_name
from tests.audit.conftest import breaks
from tests.claims.report_case import ARABIC, AZERBAIJANI, HOSTILE, RUSSIAN
from tests.database import past_the_triggers
from tests.factories import (
    make_affiliation,
    make_assessment,
    make_attribution,
    make_claim,
    make_confirmation,
    make_corrected,
    make_dispute,
    make_document,
    make_evidence,
    make_import,
    make_inquiry,
    make_link,
    make_premise,
    make_relation,
    make_review,
    make_ruleexception,
    make_rulesetting,
    make_snapshot,
    make_source,
    make_stale,
    make_verdict,
)
from tests.house.test_house import OURS

LEFT_OUT = {
    "Prepared": "is built anew from what it tells of",
    "StoredDiscount": "is reckoned anew from links, premises and verdicts",
    "StoredState": "is reckoned anew from claims, verdicts, evidence and relations",
    "QuoteCheck": "is looked up anew from quotes and works",
    "TextPrint": "is made anew from the texts of kept copies",
    "Export": "tells what was taken out of this register",
    "AuditEntry": "is the memory of this register; the other one begins its own with the import",
    "IdempotencyKey": "is bookkeeping of requests",
    "BulkJob": "is bookkeeping of requests",
    "HeadStamp": "is about the trail of that register",
    "BulkPiece": "is bookkeeping of requests",
    "Webhook": "belongs to the installation, whose key signs for it",
    "WebhookCursor": "belongs to the installation",
    "WebhookCall": "belongs to the installation",
}
ODD = f"\u200f{ARABIC}\u200e {RUSSIAN} {AZERBAIJANI} {HOSTILE} “q” \"d\" 'a' \\ 👩🏽‍⚖️ \u2028end"
DIGEST = "sha256:" + "ab" * 32


def fill(ann: Any, rob: Any, editor: Any) -> None:
    """Rows of every noun, with odd texts, in every state, and referring to later ones of their own noun."""
    closed = make_dispute("Closed", visibility="restricted", members=[ann, rob], occurred_on="2025-06")
    parent = make_source("Z", aliases=["Zed", AZERBAIJANI], withheld=True, withheld_reason="A threat.")
    child = make_source(ODD[:200], part_of=parent, country="AZ")
    parent.part_of = make_source("The last of the three")
    parent.save()
    paper = make_document(
        "Paper", text=f"{'x' * 99_000}\n\n{ODD}\tend", url="https://outlet.example.org/z?a=1", publisher=child
    )
    make_snapshot(paper, file=kept_name(DIGEST), digest=DIGEST, archive_url="", text=ODD, taken_by=ann)
    claim = make_claim(ODD, dispute=closed, quantity_min="0.5", quantity_max="1234567890.0001", tags=["a", "ə"])
    first = make_attribution(claim, source=child, document=paper, quote=RUSSIAN, translation=ODD, anonymous=True,
                             anonymous_reason="Fear.", selector={"type": "PageSelector", "page": "12"})  # fmt: skip
    later = make_attribution(claim, source=parent, said_on="2025-07-01T14:05Z", on_behalf_of=child)
    first.relayed_from = later
    first.save()
    second = make_attribution(claim, relayed_from=first)
    second.joint_with = make_attribution(claim, source=parent)
    second.save()
    make_affiliation(child, name=ODD, part_of=parent, since="2010", until="2015-07", note=ODD)
    first = Attribution.objects.get(pk=first.pk)
    assert first.pk < later.pk < second.pk
    derived = make_evidence("Derived", documents=[paper], dispute=closed, credibility=2)
    derived.derived_from = make_evidence("Origin", description="x" * 10_000)
    derived.save()
    link = make_link(claim, evidence=derived, note=ODD, set_name="Chain")
    make_link(claim, own_assertion=True)
    make_premise(link, make_claim("The record is genuine."), note=ODD)
    make_assessment(link, analyst=ann, note="\n\n- one\n- two\n")
    make_verdict(author=ann, likelihood="likely", confidence="low")
    make_corrected(claim)
    make_confirmation(make_stale())
    relation = make_relation(claim, point="number", note=ODD)
    with acting(actor=editor):
        withdraw(actor=editor, row=relation, reason="Wrong.")
    make_review(claim, rating_value="3.5", rating_best="5", rating_worst="1", reviewed_on="2025", rating_text=ODD)
    make_inquiry(claim, due_on="2025-07-03", outcome="silence")
    make_rulesetting(reason=ODD)
    make_ruleexception("coarser_refuted", claim=claim, other=make_claim(), reason=ODD)
    make_import(counts={"claim": 2}, problems=[{"line": 7, "text": ODD}], imported_by=rob)


def exported(user: Any = None) -> list[bytes]:
    return list(Register(user).lines())


def empty_register() -> None:
    """As after `migrate`, past every guard; with no account but those that somebody made since."""
    derived = (StoredState.settled_by.through, StoredState, StoredDiscount, QuoteCheck, TextPrint)
    with past_the_triggers():
        for model in (*derived, *reversed(NOUNS.values())):
            models.QuerySet(model)._raw_delete("default")
    get_user_model().objects.all().delete()


def imported(lines: list[bytes], **how: Any) -> Any:
    return load_register(io.BytesIO(b"".join(lines)), origin="one.ndjson", **how)


def problems_of(lines: list[bytes]) -> list[str]:
    """What the reader finds wrong before any database is asked."""
    return [str(found) for found in RegisterFile(io.BytesIO(b"".join(lines))) if isinstance(found, Problem)]


def counted() -> list[int]:
    return [model._base_manager.count() for model in (*NOUNS.values(), get_user_model(), AuditEntry, QuoteCheck)]


def test_out_in_and_out_again_gives_the_same_rows(ann: Any, rob: Any, editor: Any, tmp_path: Path) -> None:
    fill(ann, rob, editor)
    checks = list(QuoteCheck.objects.order_by("pk").values())
    file = tmp_path / "one.ndjson"
    call_command("export_register", str(file), stdout=io.StringIO())
    lines = file.read_bytes().splitlines(keepends=True)
    made = Export.objects.get()
    assert (made.kind, made.maker, made.desk, made.rows) == ("register", "system", True, len(lines) - 2)
    assert made.schema_version == SCHEMA_VERSION
    rows = [json.loads(line) for line in lines]
    assert {row["type"] for row in rows} == {"register", "person", *NOUNS, "end"}
    for row in rows:
        if model := NOUNS.get(row["type"]):
            assert set(row) - {"type"} == {field.name for field in model._meta.concrete_fields}
            assert set(row) - {"type"} == set(rows[0]["columns"][row["type"]])

    with pytest.raises(CommandError, match="already holds rows"):
        call_command("import_claims", str(file))
    empty_register()
    out = io.StringIO()
    before = counted()
    call_command("import_claims", str(file), "--dry-run", stdout=out)
    assert "Would come in: 4 persons, 1 rating scale" in out.getvalue()
    assert counted() == before
    call_command("import_claims", str(file), stdout=out)
    assert "Kept copies that are not here: 1." in out.getvalue()
    assert "The file is older" not in out.getvalue()

    again = exported()
    own = ImportBatch.objects.order_by("-pk")[0]
    assert again[1:-2] == lines[1:-1]
    assert (json.loads(again[-2])["type"], json.loads(again[-2])["digest"]) == ("import", own.digest)
    assert own.digest == made.digest
    assert own.counts == rows[-1]["rows"]
    assert list(QuoteCheck.objects.order_by("pk").values()) == checks
    assert breaks() == []
    assert list(differences()) == [], "what came in is found by its words"
    entry = AuditEntry.objects.filter(object_type="verdict").first()
    assert (entry.action, entry.actor_name, entry.reason) == ("verdict.imported", "system", "Imported from one.ndjson")
    account = get_user_model().objects.get(username="ann")
    assert (account.is_active, account.has_usable_password(), account.get_full_name()) == (False, False, "Ann Archer")
    # The numbers go on after the highest that came.
    assert make_source().pk > max(row["id"] for row in rows if row["type"] == "source")


class Lines(list[bytes]):
    """A file that can be changed in one place; places are counted from 0, lines from 1."""

    def first(self, noun: str, **values: Any) -> int:
        """Where the first row of the noun is that has these values."""
        return next(
            at
            for at, row in enumerate(map(json.loads, self))
            if row["type"] == noun and all(row[name] == value for name, value in values.items())
        )

    def row(self, at: int) -> dict[str, Any]:
        row: dict[str, Any] = json.loads(self[at])
        return row

    def with_row(self, at: int, **values: Any) -> Lines:
        return Lines([*self[:at], json.dumps({**self.row(at), **values}).encode() + b"\n", *self[at + 1 :]])

    def with_line(self, at: int, line: bytes) -> Lines:
        return Lines([*self[:at], line, *self[at:]])


def test_what_is_wrong_is_named_and_nothing_is_stored(ann: Any, rob: Any, editor: Any, reader: Any) -> None:
    fill(ann, rob, editor)
    lines = Lines(exported())
    empty_register()
    before = counted()
    claim, source, person = lines.first("claim"), lines.first("source"), lines.first("person")
    said = lines.first("attribution")
    unreadable = [
        ([], "Line 0: The file was cut short"),
        ([b'{"type": "claim"}\n'], "Line 1, type: This is no register"),
        (lines[:-1], f"Line {len(lines) - 1}: The file was cut short"),
        ([*lines[:-2], lines[-1]], f"Line {len(lines) - 1}, rows: The file does not have as many rows"),
        ([*lines, lines[-1]], f"Line {len(lines) + 1}: Nothing comes after"),
        (lines.with_line(4, b'{"type": "source", "id": 1\n'), "Line 5: The line is not JSON"),
        (lines.with_line(4, b"\xff\n"), "Line 5: The line is not UTF-8"),
        (lines.with_line(4, b"[" * 40 + b"]" * 40 + b"\n"), "The JSON is nested deeper than 32 levels."),
        (lines.with_line(4, b"\n"), "Line 5: Each line is one JSON object."),
        (lines.with_line(4, b'"' + b"x" * LINE_LIMIT + b'"\n'), "Line 5: The line is longer than"),
        (lines.with_line(4, b'{"type": "person", "type": "claim"}\n'), "Line 5: The key 'type' comes twice."),
        (lines.with_row(person, password="x"), f"Line {person + 1}, password: This is not among the columns"),
        (lines.with_row(person, username="\u202ex"), ", analyst: No line before this one is the person 'ann'"),
        (lines.with_row(source, type="secret"), f"Line {source + 1}, type: The first line lists no columns"),
        (lines.with_line(claim + 1, lines[source]), "Rows of the type source come before"),
        (lines.with_line(claim + 1, lines[claim]), f"Line {claim + 2}, id: Another line has it already."),
        (
            lines.with_row(said, relayed_from={"id": lines.row(said)["id"]}),
            f"Line {said + 1}, relayed_from: No line before",
        ),
        (lines.with_row(claim, colour="red"), f"Line {claim + 1}, colour: This is not among the columns"),
        (lines.with_row(claim, id=True), f"Line {claim + 1}, id: Give a number from 1 on"),
        (lines.with_row(claim, quantity_min=0.5), f"Line {claim + 1}, quantity_min: Give a decimal number as a text"),
        (lines.with_row(claim, dispute={"id": 10**9}), f"Line {claim + 1}, dispute: No line before this one is"),
        (lines.with_row(claim, updated_at=None), f"Line {claim + 1}, updated_at: This field may not be null."),
        (lines.with_row(claim, created_at="2025-07-01"), f"Line {claim + 1}, created_at: Give a moment with its zone"),
    ]
    for broken, message in unreadable:
        problems = problems_of(broken)
        assert any(message in problem for problem in problems), (message, problems)
        assert len(problems) <= SHOWN + 1

    relation, published = lines.first("relation"), lines.first("verdict", status="published")
    correction = lines.first("verdict", correction_reason="New findings.")
    elsewhere = lines.row(lines.first("verdict", status="draft"))["claim"]
    confirmation = lines.first("confirmation")
    confirmed = lines.row(lines.first("verdict", id=lines.row(confirmation)["verdict"]["id"]))
    relayed = lines.first("attribution", relayed_from=None)
    refused = [
        (unreadable[-1][0], f"Line {claim + 1}, created_at: Give a moment with its zone"),
        (lines.with_row(person, username="\u202ex y"), f"Line {person + 1}, username: "),
        (lines.with_row(claim, status="true"), f"Line {claim + 1}, status: Choose one of: draft"),
        (lines.with_row(claim, text="\u202e", language="?"), f"Line {claim + 1}, text: Remove the character U+202E"),
        (
            lines.with_row(claim, quantity_max="0.1"),
            f"Line {claim + 1}, quantity_max: The least number (quantity_min) is above",
        ),
        (lines.with_row(lines.first("dispute"), slug=""), "slug: Give the short name"),
        (lines.with_row(lines.first("snapshot"), file="../../etc/passwd"), "file: A kept copy is named"),
        (lines.with_row(relation, withdrawn_reason=""), f"Line {relation + 1}, withdrawn_reason: What was withdrawn"),
        (lines.with_row(relayed, claim=elsewhere), "relayed_from: Choose an attribution of the same claim"),
        (
            lines.with_row(published, reviewer=lines.row(published)["author"]),
            f"Line {published + 1}, reviewer: A verdict takes two people",
        ),
        (
            lines.with_row(correction, supersedes=None),
            f"Line {correction + 1}, claim: The claim already has a published verdict",
        ),
        (
            lines.with_row(correction, claim=elsewhere),
            f"Line {correction + 1}, supersedes: A correction replaces a verdict on the same claim.",
        ),
        (
            lines.with_row(confirmation, reviewer=confirmed["author"]),
            f"Line {confirmation + 1}, reviewer: A verdict takes two people",
        ),
    ]
    for broken, message in refused:
        outcome = imported(broken)
        assert any(message in str(problem) for problem in outcome.problems), (message, outcome.problems)
        assert outcome.batch is None
        assert counted() == before
    with pytest.raises(Forbidden, match="import a register"):
        imported(lines, actor=reader)


def test_a_user_of_the_desk_takes_out_what_they_may_read(ann: Any, reviewer: Any, reader: Any) -> None:
    closed = make_dispute("Closed", visibility="restricted", members=[ann])
    hidden = make_evidence("Hidden", dispute=closed)
    make_link(make_claim("Inside", dispute=closed), evidence=hidden)
    make_link(make_claim("Outside"), evidence=make_evidence("Derived", derived_from=hidden))
    mine, theirs = (b"".join(exported(user)) for user in (ann, reviewer))
    assert all(word in mine for word in (b"Closed", b"Hidden", b"Inside", b"Outside", b"Derived"))
    assert not any(word in theirs for word in (b"Closed", b"Hidden", b"Inside"))
    assert b"Outside" in theirs
    with pytest.raises(Forbidden, match="take out the register"):
        exported(reader)
    empty_register()
    assert imported([theirs]).problems == []


def test_every_noun_travels_or_is_left_out_for_a_reason() -> None:
    names = {model.__name__ for model in OURS}
    assert {model.__name__ for model in NOUNS.values()} | set(LEFT_OUT) == names
    assert not {model.__name__ for model in NOUNS.values()} & set(LEFT_OUT)


def test_an_export_shows_one_moment_and_holds_up_no_writer(live_register: None) -> None:
    make_source("There before")
    lines = Register().lines()
    found = [next(lines), next(lines)]

    def write() -> None:
        make_source("Came meanwhile")
        connection.close()

    writer: Any = threading.Thread(target=write)
    writer.start()
    writer.join(timeout=10)
    assert not writer.is_alive()
    found += lines
    assert b"There before" in b"".join(found)
    assert b"Came meanwhile" not in b"".join(found)
    make_source("The lock is free again")

    def full(_line: bytes) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        export_register(full)
    assert Export.objects.get().problem == "The file could not be written: No space left on device."


def test_no_number_is_given_twice_though_the_register_was_emptied(ann: Any) -> None:
    claim = make_claim()
    lines = list(Register().lines())
    later = [make_claim().pk for _ in range(5)]
    empty_register()
    assert imported(lines).problems == []
    assert Claim.objects.get().pk == claim.pk
    assert make_claim().pk > max(later)
