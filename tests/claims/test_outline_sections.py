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
from claims.reports.content.claim import Said
from claims.reports.content.rows import NEVER, InquiryContent, Term, When
from claims.reports.outline.blocks import Card, Contents, Heading, Items, Paragraph, Table, plain
from claims.reports.outline.further import PLACED, further
from claims.reports.outline.numbers import Numbers
from claims.reports.outline.report import outline_of
from claims.reports.outline.tables import COLUMNS_IN_A_ROW, matrix_sections
from claims.reports.outline.weighing import changes_section, history_section
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
    tables = [block for block in matrix_sections(case.report(matrix=found)) if isinstance(block, Table)]
    heads = [plain(head) for table in tables for head in table.head[1:-1]]
    assert heads == [f"Claim {number}" for number in range(1, claims + 1)]
    for table in tables:
        assert len(table.head) <= COLUMNS_IN_A_ROW + 2
        assert len(table.widths) == len(table.head)
        assert all(len(row) == len(table.head) for row in table.rows)
        # Each says the evidence, and sums up.
        assert len(table.rows) == 2 + table.totals
        assert [link.link for head in table.head[1:-1] for link in head] == [
            f"#claim-{plain(head).split()[1]}" for head in table.head[1:-1]
        ]


def test_the_matrix_in_a_table_says_what_its_scores_are() -> None:
    found = case.matrix("VI C -", "I VC -", titles=(HOSTILE, ARABIC))
    table = only(Table, matrix_sections(case.report(matrix=found)))
    rows = words(table)
    # The claims stand as they do in the text; which fares best is said by its rank.
    assert [plain(head) for head in table.head[1:-1]] == ["Claim 1", "Claim 2", "Claim 3"]
    assert rows[0][0] in (f"E1 {HOSTILE}", f"E1 {HOSTILE} decisive")
    assert rows[2:] == [
        ["Rank", "2", "1", "not tested", ""],
        ["Rank by grades; by origin; by both", "2; 2; 2", "1; 1; 1", "; ".join(["not tested"] * 3), ""],
        ["Speaks against; by origin", "5; 5", "0; 0", "0; 0", ""],
        ["Fits", "0", "5", "0", ""],
        ["Coverage, of what counts", "rated 2 of 2", "rated 2 of 2", "rated 0 of 2", ""],
    ]
    # The letters are explained where they stand.
    assert [row[2] for row in rows[:2]] == ["C consistent", "VC very consistent"]
    assert [row[3] for row in rows[:2]] == ["not rated"] * 2
    assert [row[4] for row in rows[:2]] == ["1.50", "1.50"]


@pytest.mark.parametrize("rows", [(), ("-",), ("- -", "- -")])
def test_a_matrix_that_nobody_rated_is_no_section(rows: tuple[str, ...]) -> None:
    assert list(matrix_sections(case.report(matrix=case.matrix(*rows)))) == []


@pytest.mark.parametrize("text", [HOSTILE, ARABIC, CHINESE])
def test_each_claim_has_a_line_before_all_else(text: str) -> None:
    said = (case.group("for", case.statement(who=case.source(text))),)
    rows = [
        case.claim(1, text),
        case.corrected(2, text, origins=said, voices_for=Tally(1, 1, 1), said=(Said(text, "alleged it"),)),
        case.corrected(3, "Contested", text),
        case.claim(4, status=Term("draft", "draft"), evidence=(case.evidence(),)),
    ]
    blocks = outline_of(case.report(*rows)).blocks
    table = next(block for block in blocks if isinstance(block, Table))
    assert blocks.index(table) < 5
    assert words(table) == [
        [f"Claim 1 {text}", "No verdict yet", "Nobody on record", "Nobody on record"],
        ["Claim 2 Claim 2 holds.", text, f"{text} (alleged it)", "Nobody on record"],
        [
            "Claim 3 Claim 3 holds.",
            f"{text}; Correction of 2 July 2025, before “Contested”",
            "Nobody on record",
            "Nobody on record",
        ],
        ["Claim 4 Claim 4 holds.\ndraft, not published", "No verdict yet", "Nobody on record", "Nobody on record"],
    ]


def test_a_line_says_how_sure_the_desk_is_and_who_left_the_claim_open() -> None:
    who, other = case.source("Mayor"), case.source("Builder")
    open_ones = [case.statement("disclaims", who=one) for one in (who, other)]
    asked = InquiryContent(1, other, NEVER, NEVER, "", "Is it?", Term("declined", "declined to answer"), "", NEVER)
    row = case.claim(
        1,
        origins=tuple(case.group("neither", one) for one in open_ones),
        verdict=case.verdict(likelihood=Term("likely", "likely"), confidence=Term("low", "low")),
        inquiries=(asked,),
    )
    # However much the other lines say.
    long = [case.claim(number, "It is so. " * 30) for number in range(2, 8)]
    dossier = case.report(row, *long)
    table = next(block for block in outline_of(dossier).blocks if isinstance(block, Table))
    _claim, verdict, _said, against = words(table)[0]
    assert verdict.endswith("; likely; low confidence")
    told = "Mayor disclaims; Builder disclaims and declined to answer the desk"
    assert against == f"Nobody on record; {told}"


def test_no_claims_are_no_empty_table() -> None:
    assert not any(isinstance(block, Table) for block in outline_of(case.report()).blocks)


@pytest.mark.parametrize("claims", [0, 2, 3, 9])
def test_a_report_on_three_claims_or_more_leads_to_its_parts(claims: int) -> None:
    blocks = outline_of(case.report(*(case.claim(number) for number in range(1, claims + 1)))).blocks
    contents = [block for block in blocks if isinstance(block, Contents)]
    assert bool(contents) == (claims >= 3)
    for block in contents:
        below = [row for row in blocks[blocks.index(block) :] if isinstance(row, Heading) and row.level == 2]
        assert list(block.entries) == below
        assert all(row.anchor for row in below)


def test_what_is_said_of_several_pieces_alike_stands_once() -> None:
    context = Term("context", "context")
    pieces = tuple(
        replace(case.evidence(note=note), id=number, link_id=number, bearing=context)
        for number, note in enumerate(("It tells no hour.", "It is new.", "It tells no hour.", ""), start=1)
    )
    blocks = outline_of(case.report(case.claim(1, evidence=pieces))).blocks
    (table,) = [words(block) for block in blocks if isinstance(block, Table) and block.role == "bearings"]
    assert table == [["E1, E2, E3 and E4", "Context", "E1 and E3 It tells no hour.\nE2 It is new."]]


def test_evidence_stands_once_and_claims_refer_to_it() -> None:
    piece = case.evidence(description="It was found.", note="It fits.")
    other = replace(piece, link_id=99, bearing=Term("refutes", "refutes"), note="It does not fit.")
    blocks = outline_of(case.report(case.claim(1, evidence=(piece,)), case.claim(2, evidence=(other,)))).blocks
    (card,) = [block for block in blocks if isinstance(block, Card) and block.role == "evidence"]
    assert card.anchor == f"evidence-{piece.id}"
    tables = [words(block) for block in blocks if isinstance(block, Table) and block.role == "bearings"]
    assert tables == [
        [["E1 Autopsy", "For, strong", "It fits."]],
        [["E1 Autopsy", "Against, strong", "It does not fit."]],
    ]


def test_a_piece_says_what_it_does_to_each_claim() -> None:
    piece = case.evidence()
    does = {"bearing": Term("context", "context")}, {"discounted": Term("own", "the claim’s own assertion")}, {}
    links = [piece, *(replace(piece, link_id=90 + place, **more) for place, more in enumerate(does))]
    blocks = outline_of(case.report(*(case.claim(n, evidence=(row,)) for n, row in enumerate(links, start=1)))).blocks
    (card,) = [block for block in blocks if isinstance(block, Card) and block.role == "evidence"]
    told = [plain(block.runs) for block in card.blocks if isinstance(block, Paragraph) and block.role == "chain"]
    assert told == ["For claim 1 and claim 4; context for claim 2; not counted on claim 3"]


def test_a_correction_stands_in_the_box_of_its_verdict() -> None:
    row = case.corrected(1, "Contested", "Refuted")
    verdict = replace(row.verdict, correction_severity=Term("retraction", "retraction"), correction_reason=HOSTILE)
    title, box, *_rest = outline_of(case.report_on(replace(row, verdict=verdict))).blocks
    assert isinstance(title, Heading)
    assert isinstance(box, Card)
    rating, correction = box.blocks[:2]
    assert plain(rating.runs) == "Refuted ·\u00a0published on 2 July 2025, 12:00 UTC"  # type: ignore[union-attr]
    assert plain(correction.runs) == (  # type: ignore[union-attr]
        f"Retraction of 2 July 2025, 12:00 UTC, from “Contested” to “Refuted”. {HOSTILE}"
    )


# Weighing.


@pytest.mark.parametrize("named", [False, True])
def test_the_verdicts_over_time_stand_in_their_order(named: bool) -> None:
    first, other = case.corrected(1, "Contested", "Refuted"), case.corrected(2, "Supported")
    table = only(Table, history_section(case.report(first, other), {}, named=named))
    told = [[cell for place, cell in enumerate(row) if not named or place != 1] for row in words(table)]
    assert told == [
        ["1 July 2025, 12:00 UTC", "Contested", "First verdict"],
        ["1 July 2025, 12:00 UTC", "Supported", "First verdict"],
        ["2 July 2025, 12:00 UTC", "Refuted", "Correction, from “Contested” to “Refuted”"],
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
    blocks = list(changes_section(case.report(since=SINCE, changes=(row,)), Numbers.of(case.report())))
    what, fact, reason = only(Items, blocks).cards[0].blocks
    assert plain(what.runs) == f"Claim 1, changed: “{CHINESE}”"
    assert [(label.text, plain(content)) for label, content in fact.pairs] == [("Summary", told)]
    assert plain(reason.runs) == "Reason: Why."


def test_changes_are_a_section_only_where_somebody_asked() -> None:
    assert list(changes_section(case.report(), Numbers.of(case.report()))) == []
    heading, sentence = changes_section(case.report(since=SINCE), Numbers.of(case.report()))
    assert isinstance(heading, Heading)
    assert plain(sentence.runs) == "Nothing has changed since 1 July 2025."  # type: ignore[union-attr]


# The whole report.


def test_an_empty_dispute_is_a_whole_report() -> None:
    assert headings(case.report()) == [(1, "Deaths in custody"), (2, "What it is about"), (2, "Method")]


def test_the_sections_of_a_dispute_come_in_their_order() -> None:
    statement = case.group("for", case.statement("asserts", "2025-06-28"))
    row = case.corrected(1, "A", "B", origins=(statement,), voices_for=Tally(1, 1, 1), evidence=(case.evidence(),))
    dossier = case.report(
        row, matrix=case.matrix("C"), sources=(case.source(),), documents=(case.document(),), since=SINCE
    )
    assert headings(dossier) == [
        (1, "Deaths in custody"),
        (2, f"What has changed since {SINCE.words}"),
        (2, "What it is about"),
        (2, "Claim 1 holds."),
        (3, "For the claim ·\u00a01 source, 1 origin"),
        (3, "Evidence ·\u00a0for 1 piece; against none"),
        (3, "Earlier verdicts, since replaced"),
        (2, "Evidence"),
        (2, "How the evidence fits the claims"),
        (3, "What caused them?"),
        (2, "Verdicts over time"),
        (2, "Right of reply"),
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
    assert told["Address"] == made.address == "https://desk.example.org/claims/1/"
    assert told["Audit trail"] == "Entry 9, ab"
    assert made.foot.endswith(f" · {told['Version'][:8]}")


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
