"""The sections of a report as blocks, from plain rows: which there are, in which order, and what they count."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.logic.origins import Tally
from claims.reports.content.changes import ChangeContent, Difference
from claims.reports.content.rows import Term, When
from claims.reports.outline.blocks import Card, Facts, Heading, Items, Paragraph, Table, plain
from claims.reports.outline.further import PLACED, further
from claims.reports.outline.report import outline_of
from claims.reports.outline.tables import COLUMNS_IN_A_ROW, matrix_section, side_by_side
from claims.reports.outline.weighing import balance_section, changes_section, history_section
from tests.claims import content_case as case
from tests.claims.content_case import ARABIC, CHINESE, HOSTILE


def words(table: Table) -> list[list[str]]:
    return [[plain(cell) for cell in row] for row in table.rows]


def only(kind: type, blocks: Any) -> Any:
    (found,) = [block for block in blocks if isinstance(block, kind)]
    return found


def headings(dossier: Any) -> list[tuple[int, str]]:
    return [(row.level, plain(row.runs)) for row in outline_of(dossier).blocks if isinstance(row, Heading)]


# Tables.


@pytest.mark.parametrize("claims", [1, 2, 7, 8, 14, 15, 22])
def test_a_wide_matrix_is_cut_into_tables_that_have_every_claim_once(claims: int) -> None:
    found = case.matrix(" ".join(["C"] * claims), " ".join(["VI"] * claims))
    tables = [block for block in matrix_section(case.question(matrix=found), {}) if isinstance(block, Table)]
    heads = [plain(head) for table in tables for head in table.head[1:-1]]
    assert heads == [f"Claim {column.number}" for column in found.columns]
    for table in tables:
        assert len(table.head) <= COLUMNS_IN_A_ROW + 2
        assert len(table.widths) == len(table.head)
        assert all(len(row) == len(table.head) for row in table.rows)
        # Each says the evidence, and sums up.
        assert len(table.rows) == 2 + table.totals
        assert [link.link for head in table.head[1:-1] for link in head] == [
            f"#claim-{number}0" for number in (int(plain(head).split()[1]) for head in table.head[1:-1])
        ]


def test_the_matrix_in_a_table_says_what_its_scores_are() -> None:
    table = only(
        Table, matrix_section(case.question(matrix=case.matrix("VI C -", "I VC -", titles=(HOSTILE, ARABIC))), {})
    )
    rows = words(table)
    assert rows[0][0] in (f"E1 {HOSTILE}", f"E1 {HOSTILE} decisive")
    assert rows[2:] == [
        ["Rank", "1", "2", "not tested", ""],
        ["Coverage", "rated 2 of 2", "rated 2 of 2", "rated 0 of 2", ""],
        ["Speaks against", "0", "5", "0", ""],
        ["Fits", "5", "0", "0", ""],
        ["Rank, weighted by grades", "1", "2", "not tested", ""],
        ["Rank, by origin", "1", "2", "not tested", ""],
        ["Speaks against, by origin", "0", "5", "0", ""],
        ["Rank, by origin and grades", "1", "2", "not tested", ""],
    ]
    assert [row[3] for row in rows[:2]] == ["not rated"] * 2
    assert [row[4] for row in rows[:2]] == ["1.50", "1.50"]


@pytest.mark.parametrize("rows", [(), ("-",), ("- -", "- -")])
def test_a_matrix_that_nobody_rated_is_no_section(rows: tuple[str, ...]) -> None:
    assert list(matrix_section(case.question(matrix=case.matrix(*rows)), {})) == []


@pytest.mark.parametrize("text", [HOSTILE, ARABIC, CHINESE])
def test_claims_side_by_side_have_the_same_facts(text: str) -> None:
    said = (case.group("for", case.statement(who=case.source(text))),)
    rows = [
        case.claim(1, text),
        case.corrected(2, text, origins=said, voices_for=Tally(1, 1, 1), said_by=(text,)),
        case.claim(3, status=Term("draft", "draft"), evidence=(case.evidence(),)),
    ]
    cards = only(Items, side_by_side(rows)).cards
    told = [{label.text: plain(content) for label, content in only(Facts, card.blocks).pairs} for card in cards]
    assert [list(entry) for entry in told] == [list(told[0])] * 3
    assert [entry["Verdict"] for entry in told] == ["None yet", text, "None yet"]
    assert told[1]["Said by"] == f"{text}\n1 source, 1 origin"
    assert [entry["Evidence for"] for entry in told] == ["None", "None", "1 piece"]
    assert plain(cards[2].blocks[0].runs) == "Claim 3 draft, not published"
    assert [card.colour for card in cards] == ["", "#b71c1c", ""]


def test_no_claims_are_no_empty_list() -> None:
    assert list(side_by_side([])) == []


# Weighing.


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(["supports", "refutes"]), st.sampled_from(["strong", "moderate", "weak"]))),
        max_size=4,
    ),
    st.booleans(),
)
def test_the_numbers_of_the_evidence_add_up(claims: list[list[tuple[str, str]]], named: bool) -> None:
    rows = [
        case.claim(number, evidence=tuple(case.evidence(*entry) for entry in entered))
        for number, entered in enumerate(claims, start=1)
    ]
    blocks = list(balance_section(case.report(*rows), {}, named=named))
    if not any(claims):
        assert blocks == []
        return
    table = only(Table, blocks)
    assert len(table.head) == len(table.widths)
    expected = []
    for number, entered in enumerate(claims, start=1):
        for code, title in (("supports", "For"), ("refutes", "Against")):
            counts = [entered.count((code, strength)) for strength in ("strong", "moderate", "weak")]
            together = {0: "None", 1: "1 piece"}.get(sum(counts), f"{sum(counts)} pieces, {sum(counts)} origins")
            claim = [f"Claim {number}"] if named else []
            expected.append([*claim, title, *map(str, counts), together])
    assert words(table) == expected


@pytest.mark.parametrize("named", [False, True])
def test_the_verdicts_over_time_stand_in_their_order_with_their_reasons(named: bool) -> None:
    first, other = case.corrected(1, "Contested", "Refuted"), case.corrected(2, "Supported")
    first = replace(first, verdict=replace(first.verdict, correction_reason=HOSTILE))
    table = only(Table, history_section(case.report(first, other), {}, named=named))
    told = [[cell for place, cell in enumerate(row) if not named or place != 1] for row in words(table)]
    assert told == [
        ["1 July 2025, 12:00 UTC", "Contested", "First verdict"],
        ["1 July 2025, 12:00 UTC", "Supported", "First verdict"],
        ["2 July 2025, 12:00 UTC", "Refuted", f"Correction, from “Contested” to “Refuted”: {HOSTILE}"],
    ]
    if named:
        assert [row[1] for row in words(table)] == ["Claim 1", "Claim 2", "Claim 1"]
    assert len(table.head) == len(table.widths) == len(table.rows[0])


@pytest.mark.parametrize("claims", [(), (case.claim(1),), (case.corrected(1, "Refuted"),)])
def test_one_verdict_is_no_history(claims: tuple[Any, ...]) -> None:
    assert list(history_section(case.report(*claims), {}, named=True)) == []


SINCE = When("2025-07-01T00:00:00+00:00", "1 July 2025")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("", "b", "Now “b”"),
        ("a", "", "No longer “a”"),
        ("a", "b", "From “a” to “b”"),
        (HOSTILE, ARABIC, f"From “{HOSTILE}” to “{ARABIC}”"),
        ("a" * 401, "b", "Rewritten"),
        ("a" * 401, "", "Taken out"),
        ("", "b" * 401, "Added"),
    ],
)
def test_a_change_is_told_with_its_values(before: str, after: str, told: str) -> None:
    difference = Difference("summary", "summary", before, after)
    row = ChangeContent(Term("changed", "changed"), Term("claim", "claim"), 1, 10, 1, CHINESE, (difference,), "Why.")
    blocks = list(changes_section(case.report(since=SINCE, changes=(row,))))
    what, fact, reason = only(Items, blocks).cards[0].blocks
    assert plain(what.runs) == f"Claim 1, changed: “{CHINESE}”"
    assert [(label.text, plain(content)) for label, content in fact.pairs] == [("Summary", told)]
    assert plain(reason.runs) == "Reason: Why."


def test_changes_are_a_section_only_where_somebody_asked() -> None:
    assert list(changes_section(case.report())) == []
    heading, sentence = changes_section(case.report(since=SINCE))
    assert isinstance(heading, Heading)
    assert plain(sentence.runs) == "Nothing has changed since 1 July 2025."  # type: ignore[union-attr]


# The whole report.


def test_an_empty_dispute_is_a_whole_report() -> None:
    assert headings(case.report()) == [(1, "Deaths in custody"), (2, "What caused them?"), (2, "Method")]


def test_the_sections_of_a_dispute_come_in_their_order() -> None:
    statement = case.group("for", case.statement("asserts", "2025-06-28"))
    row = case.corrected(1, "A", "B", origins=(statement,), voices_for=Tally(1, 1, 1), evidence=(case.evidence(),))
    dossier = case.report(
        row, matrix=case.matrix("C"), sources=(case.source(),), documents=(case.document(),), since=SINCE
    )
    assert headings(dossier) == [
        (1, "Deaths in custody"),
        (2, "What has changed since the last report"),
        (2, "What caused them?"),
        (3, "How the evidence fits each claim"),
        (2, "How much evidence, and from how many origins"),
        (2, "Verdicts over time"),
        (2, "Claim 1 holds."),
        (3, "Verdict"),
        (3, "Who says what"),
        (4, "For the claim ·\u00a01 source, 1 origin"),
        (3, "Evidence for the claim"),
        (3, "Corrections"),
        (4, "Earlier verdict, since replaced"),
        (2, "Sources"),
        (2, "Documents"),
        (2, "Method"),
    ]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["A", "B"]), max_size=3), max_size=3), st.booleans())
def test_no_level_of_headings_is_left_out_and_no_anchor_given_twice(chains: list[list[str]], desk: bool) -> None:
    rows = [
        case.corrected(number, *labels) if labels else case.claim(number, drafts=(case.verdict("D", ""),))
        for number, labels in enumerate(chains, start=1)
    ]
    imprint = replace(case.IMPRINT, desk=desk)
    for dossier in (case.report(*rows, imprint=imprint), *(case.report_on(row, imprint=imprint) for row in rows[:1])):
        levels = [level for level, _title in headings(dossier)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        made = outline_of(dossier)
        anchors = [block.anchor for block in made.blocks if isinstance(block, Heading | Card) and block.anchor]
        assert len(set(anchors)) == len(anchors)
        assert bool(made.warning) == desk


@pytest.mark.parametrize("text", [HOSTILE, ARABIC, CHINESE])
def test_a_report_is_titled_and_signed(text: str) -> None:
    imprint = replace(case.IMPRINT, newsroom=text, head_entry=9, head_hash="ab")
    made = outline_of(case.report_on(case.claim(1, text), imprint=imprint))
    told = {label.text: plain(content) for label, content in made.imprint.pairs}
    assert (made.title, made.newsroom, made.kind) == (text, text, "Report on a claim")
    assert told["Published by"] == text
    assert told["Address"] == made.address == "https://desk.example.org/claims/10/"
    assert told["Audit trail"] == "Entry 9, ab"
    assert told["Version"] in made.foot


def test_a_claim_that_is_not_published_says_why_before_all_else() -> None:
    row = case.claim(1, status=Term("withdrawn", "withdrawn"), withdrawn_reason=HOSTILE)
    title, banner, *_rest = outline_of(case.report_on(row)).blocks
    assert isinstance(title, Heading)
    assert isinstance(banner, Paragraph)
    assert (banner.role, plain(banner.runs)) == ("banner", f"Withdrawn: this claim is not published. {HOSTILE}")


# What nobody places.


def test_a_field_that_nobody_places_is_a_fact_of_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    row = case.source(HOSTILE, description=ARABIC)
    assert further(row) == ()
    monkeypatch.setitem(PLACED, type(row), PLACED[type(row)] - {"description", "website"})  # type: ignore[arg-type]
    (block,) = further(row)
    # The website is empty, and so no fact.
    assert [(label.text, plain(content)) for label, content in block.pairs] == [("Description", ARABIC)]
