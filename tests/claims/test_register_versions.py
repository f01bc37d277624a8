"""Register files of other versions: an older one is filled up, a newer one refused, a damaged one seen."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import models
from django.db.models.functions import Now

from claims.models import Claim, Dispute, Evidence, Inquiry, Question, Verdict
from claims.register import upgrades
from claims.register.columns import NEWER, NO_DEFAULT, columns_of
from claims.register.nouns import LINES, fields_of
from claims.register.problem import Wrong
from claims.register.upgrades import OLDEST, SCHEMA_VERSION, UPGRADES, Upgrade, upgrade_noun
from claims.register.values import default_of
from tests.audit.conftest import breaks
from tests.claims.test_round_trip import Lines, empty_register, exported, fill, imported, problems_of
from tests.factories import (
    make_attribution,
    make_claim,
    make_corrected,
    make_evidence,
    make_import,
    make_inquiry,
    make_link,
)

GOLDEN = Path(__file__).parent / "golden" / "register"
COLUMNS = {noun: [field.name for field in fields_of(noun)] for noun in LINES}
ANYTHING: list[Any] = [None, True, 0, -1, 1.0, 1.5, "", "1", "\u202e", [], [1], [[]], {}, {"id": []}, {"username": {}}]
"""A value of each type of JSON, and some that lie close to a right one."""


def golden_columns(version: int) -> dict[str, list[str]]:
    columns: dict[str, list[str]] = json.loads((GOLDEN / f"columns-{version}.json").read_text(encoding="utf-8"))
    return columns


def changed(lines: list[bytes], noun: str, change: Any, **header: Any) -> Lines:
    """The file with each row of the noun changed, and its columns in the header too; `header` is set there besides."""
    rows = [json.loads(line) for line in lines]
    for row in rows:
        if row["type"] == noun:
            change(row)
    columns = dict.fromkeys(rows[0]["columns"][noun])
    change(columns)
    rows[0] |= {"columns": rows[0]["columns"] | {noun: [name for name in columns if name != "type"]}} | header
    return Lines(json.dumps(row).encode() + b"\n" for row in rows)


def without(*names: str) -> Any:
    def change(row: dict[str, Any]) -> None:
        for name in names:
            row.pop(name, None)

    return change


def as_version_1(lines: list[bytes]) -> Lines:
    header = json.loads(lines[0])
    del header["columns"]
    return Lines([json.dumps(header | {"schema_version": 1}).encode() + b"\n", *lines[1:]])


# --- whoever changes the columns is told what to do ---


def test_columns_are_those_of_the_golden_file() -> None:
    file, golden = f"tests/claims/golden/register/columns-{SCHEMA_VERSION}.json", golden_columns(SCHEMA_VERSION)
    gone = {(noun, name) for noun in golden for name in golden[noun] if name not in COLUMNS.get(noun, ())}
    assert not gone, (
        f"{sorted(gone)} are no columns of the register any more. In claims/register/upgrades.py raise SCHEMA_VERSION "
        f"and say in UPGRADES, under {SCHEMA_VERSION}, what became of them; leave {file} as it is and write the "
        "columns of the new version beside it."
    )
    added = {(noun, name) for noun in COLUMNS for name in COLUMNS[noun] if name not in golden.get(noun, ())}
    assert not added, (
        f"{sorted(added)} are new columns of the register. Add them to {file}: nothing else is needed where they have "
        "a default or may be null or blank, and if not, the next test says so."
    )


@pytest.mark.parametrize("version", range(OLDEST, SCHEMA_VERSION + 1))
def test_there_is_a_way_from_the_columns_of_every_version(version: int) -> None:
    for noun, names in golden_columns(version).items():
        try:
            columns_of(version, noun, names)
        except Wrong as wrong:
            pytest.fail(
                f"A {noun} in a file of version {version} cannot be read: {wrong.found}. Raise SCHEMA_VERSION in "
                "claims/register/upgrades.py and say in UPGRADES what becomes of them, or which value they get."
            )


# --- older files ---


@pytest.mark.django_db
def test_a_file_of_release_4fba7be_comes_in_whole_and_goes_out_the_same(tmp_path: Path) -> None:
    file = tmp_path / "4fba7be.ndjson"
    file.write_bytes(gzip.decompress((GOLDEN / "4fba7be.ndjson.gz").read_bytes()))
    lines = file.read_bytes().splitlines(keepends=True)
    empty_register()
    # The vocabularies that were there are gone past every door; they come back where they had the same numbers.
    gone = breaks()
    out = io.StringIO()
    call_command("import_claims", str(file), stdout=out)
    assert "Imported: 3 persons, 1 rating scale, 8 ratings, 24 sources" in out.getvalue()
    assert [one for one in breaks() if one not in gone] == []
    # It does not say what its verdicts judged: what their claims say in it.
    for verdict in Verdict.objects.select_related("claim"):
        assert verdict.claim_text == ("" if verdict.published_at is None else verdict.claim.text)
    # Between the header and the end, without the record of this import, and without the questions: that release had
    # none, so that what each dispute asks is now its first.
    again = [line for line in exported() if not line.startswith(b'{"type":"question"')]
    assert Question.objects.count() == Dispute.objects.count() == out_of("dispute", lines)
    assert "disputes have what they ask as their first" in out.getvalue()
    assert [with_columns_of(old, new) for old, new in zip(lines[1:-1], again[1:-2], strict=True)] == again[1:-2]


def out_of(noun: str, lines: list[bytes]) -> int:
    return sum(json.loads(line)["type"] == noun for line in lines)


def with_columns_of(old: bytes, new: bytes) -> bytes:
    """The old line, where it differs from the new one by no more than fields that it never had; else as it is."""
    was, now = json.loads(old), json.loads(new)
    return new if was == {name: now[name] for name in was if name in now} else old


@pytest.mark.django_db
@pytest.mark.parametrize("version", [1, 2])
def test_fields_that_a_file_never_had_get_their_default(version: int) -> None:
    claim = make_claim("Said", tags=["a"], context="Then.")
    make_evidence("Seen", description="At length.", credibility=2, derived_from=make_evidence("Origin"))
    lines = changed(exported(), "claim", without("tags", "context", "first_published_at"))
    lines = changed(lines, "evidence", without("description", "credibility", "derived_from"))
    empty_register()
    outcome = imported(lines if version == 2 else as_version_1(lines))
    assert outcome.problems == []
    named = ["claim.context", "claim.tags", "claim.first_published_at"]
    assert outcome.filled == [*named, "evidence.description", "evidence.credibility", "evidence.derived_from"]
    claim = Claim.objects.get(text="Said")
    assert (claim.tags, claim.context, claim.first_published_at) == ([], "", None)
    evidence = Evidence.objects.get(title="Seen")
    assert (evidence.description, evidence.credibility, evidence.derived_from) == ("", 6, None)
    assert breaks() == []


@pytest.mark.django_db
def test_of_a_file_that_does_not_say_it_the_verdicts_tell_since_when_a_claim_has_its_wording() -> None:
    given = make_corrected(claim_text="Perhaps it was so.")
    last = make_corrected(verdict=given, claim_text="Perhaps it was so.")
    make_corrected()
    lines = changed(exported(), "claim", without("reworded_at"))
    empty_register()
    assert imported(lines).problems == []
    [claim] = Claim.objects.exclude(reworded_at=None)
    assert (claim.pk, claim.reworded_at) == (last.claim_id, given.published_at)
    assert breaks() == []


def test_every_field_that_a_file_never_had_gets_a_default_or_is_named() -> None:
    named = []
    for noun in LINES:
        for field in fields_of(noun):
            others = [name for name in COLUMNS[noun] if name != field.name]
            if default_of(field) is None:
                with pytest.raises(Wrong) as refused:
                    columns_of(SCHEMA_VERSION, noun, others)
                named += [name for name, _message in refused.value.found]
            else:
                columns = columns_of(SCHEMA_VERSION, noun, others)
                assert columns is not None
                assert (columns.filled, [*columns.absent]) == ([field.name], [field.attname])
    assert {"id", "created_at", "title"} <= {*named}


def test_a_default_is_that_of_the_model_or_of_its_column_or_null_or_blank() -> None:
    fields = {
        "given": models.IntegerField(default=7),
        "made": models.JSONField(default=list),
        "stored": models.IntegerField(db_default=8),
        "valued": models.TextField(db_default=models.Value("x")),
        "blank": models.TextField(blank=True),
        "nothing": models.TextField(null=True, blank=True),
        "number": models.IntegerField(blank=True),
        "required": models.TextField(),
        "late": models.DateTimeField(db_default=Now()),
        "parent": models.ForeignKey(Claim, models.CASCADE, default=1),
        "other": models.ForeignKey(Claim, models.CASCADE, null=True),
    }
    made = {name: default_of(field) for name, field in fields.items()}
    values = {name: make() for name, make in made.items() if make is not None}
    assert values == {"given": 7, "made": [], "stored": 8, "valued": "x", "blank": "", "nothing": None, "other": None}


@pytest.mark.django_db
def test_a_default_that_no_form_would_take_is_taken_for_a_field_that_the_file_never_had(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_evidence("Seen")
    lines = Lines(exported())
    title = Evidence._meta.get_field("title")
    monkeypatch.setattr(title, "default", "")
    # Django keeps how it finds a default: what is kept here is gone with the patch, and what was kept comes back.
    monkeypatch.setitem(title.__dict__, "_get_default", lambda: "")
    empty_register()
    assert [problem.message for problem in imported(lines.with_row(-2, title="")).problems] == [
        "This field cannot be blank."
    ]
    assert imported(changed(lines, "evidence", without("title"))).problems == []
    assert Evidence.objects.get().title == ""


@pytest.mark.django_db
def test_a_field_without_default_that_a_file_never_had_is_named_once() -> None:
    # One row refers to another: what is wrong with the first is not said of those that have nothing wrong with them.
    make_link(make_claim("Said"), evidence=make_evidence("Seen", derived_from=make_evidence("Origin")))
    lines = changed(changed(exported(), "evidence", without("title")), "claim", without("tags"))
    for broken in (lines, as_version_1(lines)):
        first = broken.first("evidence") + 1
        assert problems_of(broken) == [f"Line {first}, title: {NO_DEFAULT}"]
    empty_register()
    assert imported(lines).batch is None
    assert not Claim.objects.exists()


@pytest.mark.django_db
def test_renamed_and_removed_nouns_and_fields_go_through_the_upgrades(
    ann: Any, rob: Any, editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(ann, rob, editor)
    make_inquiry(make_claim("Asked"), question="Is it so?")
    lines = exported()

    def older_claim(row: dict[str, Any]) -> None:
        row["wording"] = row.pop("text")
        row["colour"] = "red"
        del row["language"]

    older = changed(lines, "claim", older_claim)
    guess = b'{"type": "guess", "id": 1}\n'
    end = json.loads(older[-1])
    end["rows"]["letter"] = end["rows"].pop("inquiry")
    end["rows"]["guess"] = 1
    older = Lines(line.replace(b'{"type": "inquiry"', b'{"type": "letter"') for line in older[:-1])
    older = Lines([*as_version_1(older), guess, json.dumps(end).encode() + b"\n"])
    assert any("wording: This release has no such field" in problem for problem in problems_of(older))

    upgrade = Upgrade(
        nouns={"letter": "inquiry", "guess": None},
        columns={"claim": {"wording": "text", "colour": None}},
        values={"claim": {"language": "und"}},
    )
    monkeypatch.setitem(UPGRADES, 1, upgrade)
    empty_register()
    outcome = imported(older)
    assert outcome.problems == []
    assert outcome.left_out == ["claim.colour", "guess"]
    assert outcome.filled == ["claim.language"]
    assert Inquiry.objects.filter(question="Is it so?").exists()
    assert set(Claim.objects.values_list("language", flat=True)) == {"und"}
    for old, new in zip(lines[1:-1], exported()[1:-2], strict=True):
        assert json.loads(new) == json.loads(old) | ({"language": "und"} if b'{"type":"claim"' in old else {})


def test_upgrades_are_taken_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upgrades, "SCHEMA_VERSION", 4)
    steps = {
        1: Upgrade(
            nouns={"letter": "question"}, columns={"question": {"a": "b", "c": "d"}}, values={"question": {"x": 1}}
        ),
        2: Upgrade(columns={"question": {"b": "a", "x": "y"}, "letter": {"c": None}}, values={"question": {"z": 2}}),
        3: Upgrade(nouns={"question": "inquiry", "claim": None}, columns={"inquiry": {"d": None}}),
    }
    monkeypatch.setattr(upgrades, "UPGRADES", steps)
    first = upgrade_noun(1, "letter", ["a", "c", "e"])
    assert first is not None
    assert (first.noun, first.columns, first.values) == ("inquiry", {"a": "a", "c": None, "e": "e"}, {"y": 1, "z": 2})
    last = upgrade_noun(3, "question", ["a", "d"])
    assert last is not None
    assert (last.noun, last.columns, last.values) == ("inquiry", {"a": "a", "d": None}, {})
    assert upgrade_noun(2, "claim", ["a"]) is None


def test_two_columns_that_have_become_one_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(UPGRADES, 1, Upgrade(columns={"claim": {"wording": "text"}}))
    with pytest.raises(Wrong) as refused:
        columns_of(1, "claim", [*COLUMNS["claim"], "wording"])
    assert refused.value.found == [("text", "Two columns of the file are this field.")]


# --- newer, unknown and damaged files ---


def header(**values: Any) -> list[bytes]:
    first = {"type": "register", "schema_version": SCHEMA_VERSION, "columns": COLUMNS} | values
    return [json.dumps(first).encode() + b"\n", b'{"type": "end", "rows": {}}\n']


def test_a_newer_file_is_refused_in_words() -> None:
    assert problems_of(header()) == []
    (problem,) = problems_of(header(schema_version=SCHEMA_VERSION + 1))
    assert problem == (
        f"Line 1, schema_version: The file has the version {SCHEMA_VERSION + 1}. This release reads the versions 1 to "
        f"{SCHEMA_VERSION} of register files. Import it with the release that wrote it, or a newer one."
    )
    lines = header(columns=COLUMNS | {"person": [*COLUMNS["person"], "title"]})
    row = json.dumps({"type": "person", **dict.fromkeys([*COLUMNS["person"], "title"], "x")}).encode()
    (problem,) = problems_of([lines[0], row + b"\n", b'{"type": "end", "rows": {"person": 1}}\n'])
    assert problem == f"Line 2, title: {NEWER}"
    assert "Import it with the release that wrote it, or a newer one." in problem


def test_a_header_without_version_or_columns_is_refused_in_words() -> None:
    assert problems_of(header(schema_version=None))[0].startswith("Line 1, schema_version: The first line does not say")
    assert problems_of([b'{"type": "register"}\n'])[0].startswith("Line 1, schema_version: The first line does not say")
    for value in ANYTHING[1:]:
        assert problems_of(header(schema_version=value))[0].startswith("Line 1, schema_version: Give the version")
    lists = [value for value in ANYTHING if not isinstance(value, dict)]
    for value in [*lists, *({"claim": value} for value in ANYTHING if value != []), {"claim": ["id", "id"]}]:
        assert problems_of(header(columns=value))[0].startswith("Line 1, columns: List the columns"), value
    rows = [header(columns={})[0], b'{"type": "claim", "id": 1}\n', b'{"type": "end", "rows": {"claim": 1}}\n']
    assert problems_of(rows)[0].startswith("Line 2, type: The first line lists no columns of this type; choose one of")


@pytest.mark.django_db
def test_a_row_that_lacks_a_column_of_its_file_is_damaged_in_every_version() -> None:
    make_claim("First")
    make_claim("Second")
    lines = Lines(exported())
    second = lines.first("claim", text="Second")
    row = lines.row(second)
    del row["tags"]
    lines[second] = json.dumps(row).encode() + b"\n"
    for damaged in (lines, as_version_1(lines)):
        assert problems_of(damaged) == [f"Line {second + 1}, tags: The field is missing."]


def test_any_type_of_json_in_any_place_is_a_value_or_a_problem() -> None:
    first = header()[0]
    for value in ANYTHING:
        assert problems_of([json.dumps(value).encode() + b"\n"])
        assert problems_of(header(type=value))
        assert problems_of([first, json.dumps({"type": value}).encode() + b"\n"])
        assert problems_of([first, json.dumps({"type": "end", "rows": value}).encode() + b"\n"]) or value == {}
        for noun in LINES:
            assert problems_of([first, json.dumps({"type": noun} | dict.fromkeys(COLUMNS[noun], value)).encode()])


@pytest.mark.django_db
def test_any_json_in_a_json_field_is_stored_or_a_problem() -> None:
    make_attribution(make_claim("Said"))
    make_import()
    lines = Lines(exported())
    empty_register()
    fields = [(noun, field.name) for noun in LINES for field in fields_of(noun) if isinstance(field, models.JSONField)]
    held = [(noun, name) for noun, name in fields if lines.row(-1)["rows"].get(noun)]
    assert len(held) == 5
    outcomes = [
        imported(lines.with_row(lines.first(noun), **{name: value}), dry_run=True).problems
        for noun, name in held
        for value in (None, True, 1.5, "x", [], [1], {}, {"id": []})
    ]
    assert any(outcomes)
    assert not all(outcomes)
