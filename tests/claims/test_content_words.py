"""What content says of itself in words: changes, corrections, cards, claims, dossiers and concerns."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import combinations, pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.logic.origins import Tally
from claims.reports.content.cards import ClaimCard, DisputeCard
from claims.reports.content.changes import KINDS, LONG, NOUNS, ChangeContent, Difference
from claims.reports.content.concerns import Entered, concerns
from claims.reports.content.corrections import CorrectionNotice
from claims.reports.content.dossier import Imprint
from claims.reports.content.rows import NEVER, CorrectionContent, Term, When
from tests.claims import content_case as case
from tests.claims.content_case import ARABIC, CHINESE, HOSTILE

# Changes.

VALUES = ["", "a", "<b> “c”", ARABIC, "x" * LONG, "x" * (LONG + 1)]


@pytest.mark.parametrize("before", VALUES)
@pytest.mark.parametrize("after", VALUES)
def test_a_difference_shows_both_values_or_says_that_it_is_too_long(before: str, after: str) -> None:
    row = Difference("summary", "summary", before, after)
    long = max(len(before), len(after)) > LONG
    assert row.rewritten == long
    assert row.sentence.startswith("summary: ")
    for value in filter(None, (before, after)):
        assert (f"“{value}”" in row.sentence) == (not long)
    assert len(row.sentence) <= 2 * LONG + 40


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("", "b", "likelihood: now “b”"),
        ("a", "", "likelihood: no longer “a”"),
        ("a", "b", "likelihood: from “a” to “b”"),
        ("a" * 401, "b", "likelihood: rewritten"),
        ("", "b" * 401, "likelihood: added"),
        ("a" * 401, "", "likelihood: taken out"),
    ],
)
def test_a_difference_is_told_in_words(before: str, after: str, sentence: str) -> None:
    assert Difference("likelihood", "likelihood", before, after).sentence == sentence


def change(kind: str = "changed", noun: str = "verdict", number: int | None = 2, **more: Any) -> ChangeContent:
    row = ChangeContent(Term(kind, KINDS[kind]), Term(noun, NOUNS[noun]), 7, 20 if number else None, number, "Refuted")
    return replace(row, **more)


@pytest.mark.parametrize(
    ("noun", "number", "what"),
    [
        ("claim", 2, "Claim 2"),
        ("verdict", 2, "Claim 2, verdict"),
        ("attribution", 11, "Claim 11, statement"),
        ("cell", 1, "Claim 1, rating of evidence"),
        ("document", None, "Document"),
        ("claim", None, "Claim"),
        ("review", None, "Review by another publisher"),
    ],
)
def test_a_change_says_what_it_is_about(noun: str, number: int | None, what: str) -> None:
    assert change(noun=noun, number=number).what == what


@pytest.mark.parametrize("noun", list(NOUNS))
@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_of_change_of_every_noun_is_a_sentence(kind: str, noun: str) -> None:
    row = change(kind, noun, 3)
    assert row.sentence.endswith(f", {KINDS[kind]}: “Refuted”.")
    assert row.sentence.startswith("Claim 3")


def test_a_change_tells_its_differences_and_its_reason_in_one_line() -> None:
    differences = (Difference("rating", "rating", "Contested", "Refuted"), Difference("note", "note", "", "x"))
    row = change("replaced", differences=differences, reason="Seen again.")
    assert row.details == "rating: from “Contested” to “Refuted”; note: now “x”"
    assert row.sentence == (
        "Claim 2, verdict, replaced: “Refuted”. Rating: from “Contested” to “Refuted”; note: now “x”. "
        "Reason: Seen again."
    )
    assert change().details == ""


@pytest.mark.parametrize("text", [HOSTILE, ARABIC, CHINESE, "😀", "", "{0} %s"])
def test_a_change_quotes_its_words_as_they_are(text: str) -> None:
    row = change(label=text, differences=(Difference("a", "a", "b", text or "c"),), reason=text)
    assert f"“{text}”." in row.sentence
    assert row.sentence.count(text) >= 2


# Corrections and cards.


@pytest.mark.parametrize(
    ("old", "new", "severity", "headline"),
    [
        ("Contested", "Refuted", "correction", "Correction, from “Contested” to “Refuted”: He died."),
        ("Refuted", "Refuted", "update", "Update, still “Refuted”: He died."),
        (None, "Refuted", "retraction", "Retraction, to “Refuted”: He died."),
    ],
)
def test_a_correction_has_a_headline(old: str | None, new: str, severity: str, headline: str) -> None:
    last = case.verdict(new, correction_severity=Term(severity, severity))
    row = CorrectionContent(case.verdict(old) if old else None, last)
    at = datetime(2025, 7, 3, tzinfo=UTC)
    assert CorrectionNotice(1, at, 2, "He died.", "en", "", "", row).headline == headline


@pytest.mark.parametrize(
    ("more", "words"), [(0, "no other claims"), (1, "1 other claim"), (2, "2 other claims"), (101, "101 other claims")]
)
def test_a_card_says_how_many_claims_it_leaves_out(more: int, words: str) -> None:
    public, state = Term("public", "public"), Term("open", "open")
    card = DisputeCard(1, "s", "T", "Q", NEVER, "", public, state, "", (), (ClaimCard(1, "x", "en"),), more)
    assert card.more_words == words


# A claim.


@st.composite
def chains(draw: st.DrawFn) -> Any:
    labels = draw(st.lists(st.sampled_from(["Refuted", "Contested", "Supported"]), max_size=5))
    return (case.corrected(1, *labels) if labels else case.claim(1)), labels


@settings(max_examples=60, deadline=None)
@given(chains())
def test_decisions_are_told_forwards_and_corrections_backwards(made: Any) -> None:
    row, labels = made
    assert [verdict.rating.label for verdict in row.decided] == labels
    pairs = [(entry.old and entry.old.rating.label, entry.new.rating.label) for entry in row.corrections]
    assert pairs == list(pairwise(labels))[::-1]
    assert [row.rating_before(verdict) for verdict in row.decided] == ["", *labels][: len(labels)]


def test_a_draft_knows_the_rating_that_it_is_to_replace() -> None:
    row = case.corrected(1, "Contested", "Refuted")
    assert row.rating_before(case.verdict("Supported", "", row.verdict.id)) == "Refuted"
    assert row.rating_before(case.verdict("Supported", "", 999_999)) == ""


def test_a_correction_of_a_verdict_that_is_not_shown_has_no_old_one() -> None:
    (found,) = case.claim(1, verdict=case.verdict("Refuted", supersedes=999_999)).corrections
    assert (found.old, found.words) == (None, "to “Refuted”")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["for", "against", "neither", "back", "fallen"]), st.integers(1, 3)), max_size=8)
)
def test_groups_stand_on_their_sides_and_none_is_lost(entered: list[tuple[str, int]]) -> None:
    groups = tuple(case.group(side, *[case.statement() for _ in range(size)]) for side, size in entered)
    row = case.claim(1, origins=groups)
    assert len(row.attributions) == sum(size for _side, size in entered)
    assert [side.code for side in row.sides] == [
        code for code in ("for", "against", "neither", "back", "fallen") if code in {side for side, _size in entered}
    ]
    for side in row.sides:
        assert side.groups == tuple(group for group in groups if group.side == side.code)


def test_what_is_said_is_counted_on_each_side() -> None:
    wire, paper = case.source("A Wire"), case.source("The Paper")
    groups = (
        case.group("for", case.statement(who=wire), case.statement("relays", who=paper)),
        case.group("for", case.statement(who=wire)),
        case.group("against", case.statement("denies", who=paper)),
    )
    row = case.claim(1, origins=groups, voices_for=Tally(3, 2, 2), voices_against=Tally(1, 1, 1))
    assert row.for_words == "3 statements, 2 sources, 2 origins"
    assert [side.words for side in row.sides] == [row.for_words, row.against_words]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["context", "refutes", "supports"]), max_size=8))
def test_evidence_stands_under_its_bearing_and_an_empty_one_is_left_out(bearings: list[str]) -> None:
    row = case.claim(1, evidence=tuple(map(case.evidence, bearings)))
    found = {code: len(rows) for code, _title, rows in row.bearings}
    assert found == {code: bearings.count(code) for code in bearings}
    assert list(found) == [code for code in ("supports", "refutes", "context") if code in bearings]


# A dossier.

AT = datetime(2025, 7, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("call", "address"),
    [
        (lambda row: row.addresses("claims"), "https://desk.example.org/api/v1/claims/"),
        (lambda row: row.address("claims", 7), "https://desk.example.org/api/v1/claims/7/"),
        (lambda row: row.address("claims", None), ""),
        (lambda row: row.pages("disputes"), "https://desk.example.org/disputes/"),
        (lambda row: row.page("disputes", "deaths"), "https://desk.example.org/disputes/deaths/"),
        (lambda row: row.page("claims", 7), "https://desk.example.org/claims/7/"),
        (lambda row: row.page("claims", None), ""),
        (lambda row: row.page("disputes", ""), ""),
    ],
)
def test_an_imprint_knows_where_its_register_is(call: Any, address: str) -> None:
    assert call(case.IMPRINT) == address


def test_an_imprint_tells_when_it_was_made_and_of_which_moment() -> None:
    assert case.IMPRINT.made == "5 July 2025, 12:00 UTC"
    past = replace(case.IMPRINT, as_of=When("2025-07-01", "1 July 2025"))
    assert past.made == "5 July 2025, 12:00 UTC, as the register stood on 1 July 2025"


LATER: dict[str, Any] = {
    "moment": AT + timedelta(days=1),
    "as_of": When("2025-07-01T00:00:00+00:00", "1 July"),
    "head_entry": 99,
    "head_hash": "ab" * 32,
}


@pytest.mark.parametrize("name", list(LATER))
def test_reports_that_say_the_same_have_one_version(name: str) -> None:
    row = case.corrected(1, "Refuted")
    imprint = replace(case.IMPRINT, **{name: LATER[name]})
    assert case.report(row, imprint=imprint).version == case.report(row).version
    assert case.report_on(row, imprint=imprint).version == case.report_on(row).version


def test_every_change_of_the_content_is_another_version() -> None:
    row = case.corrected(1, "Refuted")
    made = [
        case.report(row),
        case.report(),
        case.report(row, row),
        case.report(replace(row, text="Claim 1 holds")),
        case.report(replace(row, tags=("a",))),
        case.report(row, voices=Tally(1, 1, 1)),
        case.report(row, questions=(case.question(exclusive=True),)),
        case.report(row, matrix=case.matrix("C")),
        case.report(row, imprint=replace(case.IMPRINT, desk=True)),
        case.report(row, imprint=replace(case.IMPRINT, newsroom=ARABIC)),
        case.report_on(row),
    ]
    versions = [dossier.version for dossier in made]
    assert all(one != other for one, other in combinations(versions, 2))
    assert all(len(version) == 16 and int(version, 16) >= 0 for version in versions)


@pytest.mark.parametrize("as_of", ["", "2025-07-01T10:00:00+00:00"])
@pytest.mark.parametrize("since", ["", "2025-06-01T10:00:00+02:00"])
def test_a_report_can_be_had_again_from_its_address(as_of: str, since: str) -> None:
    imprint = replace(case.IMPRINT, as_of=When(as_of, as_of))
    dossier = case.report(imprint=imprint, since=When(since, since))
    parts = urlsplit(dossier.query)
    asked = {name: text for name, text in (("as_of", as_of), ("since", since)) if text}
    assert {name: values[0] for name, values in parse_qs(parts.query).items()} == asked
    assert dossier.query.partition("?")[0] == dossier.address == "https://desk.example.org/disputes/deaths/"


def test_a_report_is_named_after_what_it_is_about() -> None:
    row = case.claim(3, ARABIC)
    whole, one = case.report(row), case.report_on(row, dispute=case.dispute())
    assert (whole.title, whole.stem, whole.noun, whole.claim_ids) == ("Deaths in custody", "deaths", "dispute", (3,))
    assert (one.title, one.stem, one.noun, one.claim) == (ARABIC, "claim-3", "claim", row)
    assert one.address == "https://desk.example.org/claims/3/"
    assert one.dispute_address == whole.dispute_address == whole.address
    assert case.report_on(row).dispute_address == ""


@pytest.mark.parametrize(
    ("desk", "visibility", "words"),
    [
        (False, "public", ""),
        (True, "public", "Desk copy"),
        (True, "internal", "Desk copy"),
        (False, "internal", "This dispute is not public."),
    ],
)
def test_a_report_says_that_it_is_not_for_everybody(desk: bool, visibility: str, words: str) -> None:
    imprint = replace(case.IMPRINT, desk=desk)
    shown = case.dispute(visibility=Term(visibility, visibility))
    for dossier in (
        case.report(imprint=imprint, dispute=shown),
        case.report_on(case.claim(), imprint=imprint, dispute=shown),
    ):
        assert dossier.confidential.startswith(words)
        assert bool(dossier.confidential) == bool(words)
        assert not words or dossier.confidential.endswith("Not for publication.")
    assert bool(case.report_on(case.claim(), imprint=imprint).confidential) == desk


def test_a_report_explains_each_rating_once_and_only_those_that_stand() -> None:
    rows = [case.corrected(1, "Contested", "Refuted"), case.corrected(2, "Refuted"), case.claim(3)]
    assert [row.label for row in case.report(*rows).meanings] == ["Refuted"]
    assert case.report().meanings == ()


def test_what_has_changed_is_told_only_to_who_asked() -> None:
    since = When("2025-07-01T00:00:00+00:00", "1 July 2025")
    assert case.report(changes=(change(),)).changes_sentence == ""
    assert case.report(since=since).changes_sentence == "Nothing has changed since 1 July 2025."
    assert case.report(since=since, changes=(change(),) * 2).changes_sentence == "2 changes since 1 July 2025."


def test_a_moment_of_another_zone_is_told_in_it() -> None:
    at = AT.astimezone(timezone(timedelta(hours=-3)))
    assert Imprint("D", "https://d.example", at, desk=False).made == "5 July 2025, 09:00 UTC-03:00"


# Concerns.

PIECES = st.frozensets(st.integers(1, 4), max_size=3)


@st.composite
def entries(draw: st.DrawFn) -> list[Entered]:
    ids = list(range(1, draw(st.integers(0, 5)) + 1))
    return [
        Entered(
            id=pk,
            number=pk,
            linked=draw(PIECES),
            rated=draw(PIECES),
            question=draw(st.sampled_from([1, 1, 2, None])),
            judged=draw(st.booleans()),
            orphaned=tuple(draw(st.sampled_from([(), ("A",), ("A", "B")]))),
            stale=draw(st.sampled_from(["", "A link was added."])),
            overdue=tuple(draw(st.sampled_from([(), ("C, by 1 July",)]))),
        )
        for pk in ids
    ]


@settings(max_examples=80, deadline=None)
@given(entries())
def test_every_concern_is_one_that_a_table_of_the_claims_shows(rows: list[Entered]) -> None:
    weighed = {
        (piece, row.id)
        for other in rows
        for piece in other.linked
        for row in rows
        if row.question == other.question is not None and piece not in row.linked | row.rated
    }
    found = concerns(rows, {1: "One"})
    by_code: dict[str, list[Any]] = {}
    for concern in found:
        by_code.setdefault(concern.code, []).append(concern)
    missing = {(row.evidence[0], claim) for row in by_code.get("evidence_not_weighed", []) for claim in row.claims}
    assert missing == weighed
    bare = [(row.id,) for row in rows if not row.linked and not row.judged]
    assert [row.claims for row in by_code.get("no_evidence", [])] == bare
    assert [row.claims for row in by_code.get("verdict_stale", [])] == [(row.id,) for row in rows if row.stale]
    assert len(by_code.get("chain_broken", [])) == sum(len(row.orphaned) for row in rows)
    assert len(by_code.get("inquiry_overdue", [])) == sum(len(row.overdue) for row in rows)
    assert set(by_code) <= {
        *("evidence_not_weighed", "no_evidence", "verdict_stale", "chain_broken", "inquiry_overdue"),
    }
    assert all(concern.words.endswith(".") for concern in found)


@pytest.mark.parametrize("title", [HOSTILE, ARABIC, CHINESE])
def test_a_concern_names_the_evidence_by_its_title(title: str) -> None:
    rows = [
        Entered(pk, pk, frozenset({8 if pk == 3 else 7}), rated=frozenset({7} if pk == 3 else ()), question=1)
        for pk in (1, 2, 3)
    ]
    found = concerns(rows, {7: "Autopsy", 8: title})
    assert [concern.words for concern in found] == [
        f"“{title}” bears on claim 3 and was not weighed against claims 1 and 2."
    ]


def test_nothing_is_amiss_where_nothing_was_entered() -> None:
    assert concerns([], {}) == ()
