"""Where a picture puts things: nothing on top of another, nothing outside, and its words say what it shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.logic.matrix import Hypothesis, Matrix, Piece, Vote
from claims.logic.matrix_scores import matrix_of
from claims.logic.origins import Tally
from claims.reports.content.position import Departure, Position
from claims.reports.content.rows import NEVER, Term, When
from claims.reports.content.timeline import Timeline
from claims.reports.pictures import balance, history, matrix, timeline
from claims.reports.pictures.all import drawings_of, pictures_of, svg_of
from claims.reports.pictures.lettering import set_in_lines, short
from tests.claims import content_case as case
from tests.claims.content_case import ARABIC, CHINESE, HOSTILE, ODD_TEXTS

LETTERS = st.text(st.sampled_from("ab cé-漢字قا.  "), max_size=60)
STRENGTHS = st.sampled_from(balance.STRENGTHS)
BEARINGS = st.sampled_from(["supports", "refutes", "context"])


# Lettering.


def bare(lines: list[str]) -> list[str]:
    """Without the signs that give a line its direction."""
    return [line.strip("\u202b\u202c") for line in lines]


@settings(max_examples=60, deadline=None)
@given(LETTERS, st.integers(2, 20), st.integers(1, 4))
def test_a_text_is_broken_into_lines_that_have_room(text: str, room: int, most: int) -> None:
    lines = bare(short(text, room, most))
    wide = any("\u4e00" <= letter <= "\u9fff" for letter in text)
    assert 1 <= len(lines) <= most
    assert all(len(line) <= (room // 2 + 1 if wide else room) for line in lines)


@settings(max_examples=60, deadline=None)
@given(LETTERS, st.integers(2, 20), st.integers(1, 4))
def test_a_text_loses_no_letter_but_at_an_ellipsis(text: str, room: int, most: int) -> None:
    told = "".join("".join(bare(short(text, room, most))).split())
    whole = "".join(text.split())
    assert told == whole or (told.endswith("…") and whole.startswith(told[:-1]) and len(told) <= len(whole))


@pytest.mark.parametrize(
    ("text", "room", "most", "lines"),
    [
        ("one", 3, 1, ["one"]),
        ("four", 3, 1, ["fo…"]),
        ("a b c", 1, 2, ["a", "…"]),
        ("well-known facts", 6, 2, ["well-", "known…"]),
        (ARABIC, 100, 1, [ARABIC]),
        (CHINESE, 10, 2, [CHINESE[:6], f"{CHINESE[6:11]}…"]),
        ("\n\t ", 5, 2, [""]),
    ],
)
def test_a_cut_is_marked(text: str, room: int, most: int, lines: list[str]) -> None:
    assert bare(short(text, room, most)) == lines


def test_lines_stand_below_each_other() -> None:
    assert set_in_lines([], 5, 14) == ()
    assert set_in_lines(["a", "b", "c"], 5, 14) == ((5, "a"), (19, "b"), (33, "c"))


# The balance.


def weighed(*rows: tuple[str, str], number: int = 1, **more: Any) -> Any:
    return case.claim(number, evidence=tuple(case.evidence(bearing, strength) for bearing, strength in rows), **more)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(BEARINGS, STRENGTHS), max_size=20))
def test_what_is_shown_for_and_against_is_counted_by_strength(rows: list[tuple[str, str]]) -> None:
    counts = Counter(rows)
    found = balance.weights(weighed(*rows))
    assert [(weight.code, weight.title) for weight in found] == [("supports", "For"), ("refutes", "Against")]
    for weight in found:
        assert weight.counts == tuple(counts[weight.code, strength] for strength in ("strong", "moderate", "weak"))
        assert sum(weight.counts) == weight.tally.total


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.tuples(BEARINGS, STRENGTHS), max_size=50), max_size=4), st.booleans())
def test_no_bar_reaches_beyond_its_words_and_no_block_onto_another(
    claims: list[list[tuple[str, str]]], named: bool
) -> None:
    made = [weighed(*rows, number=number) for number, rows in enumerate(claims, start=1)]
    picture = balance.picture_of(made, named=named)
    heights = [bar.y for lane in picture.lanes for bar in lane.bars]
    assert heights == sorted(set(heights))
    assert all(y < picture.legend < picture.height for y in heights)
    for lane in picture.lanes:
        for bar in lane.bars:
            edges = [(float(block.x), float(block.x) + float(block.width)) for block in bar.blocks]
            assert all(end <= start + 0.1 for (_start, end), (start, _end) in pairwise(edges))
            assert all(balance.LEFT <= start < end <= float(picture.words) for start, end in edges)
            assert balance.LEFT + float(bar.origins) <= float(picture.words)
    assert float(picture.words) <= balance.LEFT + balance.ROOM + 8
    assert [lane.name for lane in picture.lanes] == [f"Claim {row.number}" if named else "" for row in made]


def test_the_line_of_the_origins_is_as_long_as_as_many_blocks() -> None:
    rows = [("supports", "strong")] * 5
    whole, once = (
        balance.picture_of([replace(weighed(*rows), evidence_for=Tally(5, 0, origins))]).lanes[0].bars[0]
        for origins in (5, 1)
    )
    last = whole.blocks[-1]
    assert balance.LEFT + float(whole.origins) == float(last.x) + float(last.width)
    assert float(once.origins) == float(once.blocks[0].width)
    assert once.words == "5 pieces, 1 origin"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "For the claim none, against it none"),
        ([("supports", "weak")], "For the claim 1 piece (1 weak), against it none"),
        ([("context", "weak")], "For the claim none, against it none"),
        (
            [("refutes", "weak"), ("refutes", "strong")],
            "For the claim none, against it 2 pieces, 2 origins (1 strong, 1 weak)",
        ),
    ],
)
def test_the_balance_of_one_claim_in_words(rows: list[tuple[str, str]], words: str) -> None:
    assert balance.picture_of([weighed(*rows)]).description == f"Evidence by strength and origin. {words}."


@pytest.mark.parametrize(("number", "ending"), [(12, "against none."), (13, "; and 1 more claim."), (40, "28 more")])
def test_the_words_of_a_balance_name_twelve_claims_and_count_the_rest(number: int, ending: str) -> None:
    words = balance.picture_of([weighed(number=place) for place in range(1, number + 1)]).description
    assert words.count("against none") == 12
    assert ending in words


# The verdicts over time.

DAYS = [f"2025-07-{day:02}" for day in range(1, 29)]


@st.composite
def histories(draw: st.DrawFn) -> list[Any]:
    """Some claims with some verdicts each, often on the same days."""
    chains = draw(st.lists(st.lists(st.sampled_from(DAYS), max_size=4), max_size=8))
    return [
        case.corrected(number, *["Refuted"] * len(days), days=tuple(sorted(days))) if days else case.claim(number)
        for number, days in enumerate(chains, start=1)
    ]


@settings(max_examples=50, deadline=None)
@given(histories())
def test_every_published_verdict_is_one_step_in_the_order_of_time(claims: list[Any]) -> None:
    steps = history.steps_of(claims)
    assert sorted(step.verdict.id for step in steps) == sorted(row.id for claim in claims for row in claim.decided)
    moments = [step.verdict.published_at.text for step in steps]
    assert moments == sorted(moments)
    for step in steps:
        assert (step.before.id if step.before else None) == step.verdict.supersedes


@settings(max_examples=50, deadline=None)
@given(histories())
def test_verdicts_have_places_of_their_own_and_stand_until_the_next(claims: list[Any]) -> None:
    picture = history.picture_of(claims)
    places = [(mark.x, mark.y) for mark in picture.marks]
    assert len(set(places)) == len(places) == len(history.steps_of(claims))
    for mark in picture.marks:
        assert 0 <= mark.x < picture.width
        assert mark.length > 0
        assert mark.y + mark.length <= picture.legend <= picture.height
        if mark.ends:
            assert (mark.x, mark.y + mark.length) in places
    ended = sum(mark.ends for mark in picture.marks)
    assert ended == sum(not mark.first for mark in picture.marks)
    assert picture.corrected == bool(ended)
    tops = [top for top, _lines in picture.rows]
    assert tops == sorted(set(tops))


@pytest.mark.parametrize(
    ("old", "new", "severity", "words"),
    [
        ("", "Refuted", "", "first verdict"),
        ("Contested", "Refuted", "", "correction, from “Contested” to “Refuted”"),
        ("Contested", "Refuted", "update", "update, from “Contested” to “Refuted”"),
        ("Refuted", "Refuted", "correction", "correction, still “Refuted”"),
        (HOSTILE, ARABIC, "", f"correction, from “{HOSTILE}” to “{ARABIC}”"),
    ],
)
def test_a_step_says_what_it_is(old: str, new: str, severity: str, words: str) -> None:
    row = case.corrected(1, *([old] if old else []), new)
    verdict = replace(row.verdict, correction_severity=Term(severity, severity))
    assert history.steps_of([replace(row, verdict=verdict)])[-1].words == words


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ([], "No verdicts."),
        ([case.claim(1)], "No verdicts."),
        ([case.corrected(1, "A")], "1 verdict."),
        ([case.corrected(1, "A"), case.claim(2)], "1 verdict."),
        ([case.corrected(1, "A", "B")], "2 verdicts, 1 of them in place of an earlier one."),
        ([case.corrected(1, "A"), case.corrected(2, "B")], "2 verdicts on 2 claims."),
    ],
)
def test_the_history_in_words(claims: list[Any], words: str) -> None:
    assert history.picture_of(claims).description == f"{words}"


# The matrix.


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            ("VI C",),
            "1 piece of evidence, held against 2 claims. First comes claim 2. Counted by piece, most speaks against",
        ),
        (
            ("VI -",),
            "1 piece of evidence, held against 2 claims. First comes claim 1. No rating tests claim 2. Counted by",
        ),
        (("N N",), "1 piece of evidence, held against 2 claims. Claim 1 and claim 2 share the first place."),
        (("C",), "1 piece of evidence, held against 1 claim. First comes claim 1."),
        (("VI",), "1 piece of evidence, held against 1 claim. First comes claim 1."),
        (("- NA",), "1 piece of evidence, held against 2 claims. No rating tests claim 1 or claim 2."),
        (
            ("VI I C", "N N N"),
            "2 pieces of evidence, held against 3 claims. First comes claim 3. Counted by piece, most speaks against c",
        ),
        ((), "No pieces of evidence, held against no claims."),
    ],
)
def test_the_matrix_in_words(rows: tuple[str, ...], words: str) -> None:
    assert matrix.picture_of(case.matrix(*rows)).description.startswith(words)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (("VI VI C",), "Counted by piece, most speaks against claim 1 and claim 2."),
        (("VI VI", "N N"), "share the first place."),
        (("VI I C", "I VI C"), "Counted by piece, most speaks against claim 1 and claim 2."),
    ],
)
def test_claims_against_which_equally_much_speaks_are_named_together(rows: tuple[str, ...], words: str) -> None:
    assert words in matrix.picture_of(case.matrix(*rows)).description


@pytest.mark.parametrize(
    ("votes", "letters", "words", "side", "length"),
    [
        ("VI", "VI", "very inconsistent", "against", 22),
        ("I", "I", "inconsistent", "against", 11),
        ("N", "N", "neutral", "", 0),
        ("C", "C", "consistent", "for", 11),
        ("VC", "VC", "very consistent", "for", 22),
        ("NA", "NA", "not applicable", "", 0),
        ("-", "–", "not rated", "", 0),
    ],
)
def test_a_cell_has_letters_words_and_a_bar_to_its_side(
    votes: str, letters: str, words: str, side: str, length: int
) -> None:
    picture = matrix.picture_of(case.matrix(votes))
    ((mark,),) = (row.marks for row in picture.rows)
    assert (mark.letters, mark.words, mark.side, mark.length) == (letters, words, side, length)
    assert mark.bar == (mark.x - length if side == "against" else mark.x)


def told(*pieces: tuple[str, int, str]) -> Matrix:
    """A matrix from the ratings of each piece of evidence, its origin, and why it does not count."""
    claims = [Hypothesis(number, number, f"Claim {number} holds.") for number in (1, 2)]
    votes = {
        (number, claim): [Vote(rating)]
        for number, (ratings, *_rest) in enumerate(pieces, start=1)
        for claim, rating in enumerate(ratings.split(), start=1)
    }
    rows = [
        Piece(number, f"Piece {number}", origin=10 + origin, discounted=why)
        for number, (_ratings, origin, why) in enumerate(pieces, start=1)
    ]
    return matrix_of(claims, rows, votes, name_analysts=False, analysts=1)


def test_a_matrix_shows_the_ranks_by_origin_where_something_echoes() -> None:
    echo = matrix.picture_of(told(("VC VI", 1, ""), ("VC VI", 1, ""), ("VI VC", 2, ""), ("I C", 3, "")))
    own = matrix.picture_of(told(("VC VI", 1, ""), ("VI VC", 2, "")))
    assert [text for _x, text in echo.ranks] == ["1", "2"]
    assert [text for _x, text in echo.origin_ranks] == ["2", "1"]
    assert "First comes claim 1. Counted by origin, first: claim 2." in echo.description
    assert own.origin_ranks == ()
    assert echo.legend - echo.foot > own.legend - own.foot
    assert "Rank by origin" in svg_of("matrix", echo).decode()
    assert "Rank by origin" not in svg_of("matrix", own).decode()
    for picture in (echo, own):
        assert "it is no finding.</text>" in svg_of("matrix", picture).decode()
        assert picture.foot < picture.note < picture.legend


def test_the_legend_of_a_matrix_tells_the_letters_that_occur() -> None:
    picture = matrix.picture_of(case.matrix("VC -", "N VI"))
    assert [" ".join(words) for _x, _y, *words in picture.keys] == [
        "VI very inconsistent",
        "N neutral",
        "VC very consistent",
        "– not rated",
    ]
    assert all(picture.legend < y < picture.height for _x, y, *_words in picture.keys)


def test_a_matrix_draws_only_what_counts() -> None:
    picture = matrix.picture_of(told(("VC VI", 1, ""), ("VI VC", 2, "the claim’s own assertion")))
    assert [row.code for row in picture.rows] == ["E1"]
    assert picture.description.startswith("1 piece of evidence")


def test_a_set_is_one_block_as_strong_as_its_weakest_part() -> None:
    chain = [case.evidence(strength=strength, set_name="Chain") for strength in ("strong", "weak")]
    (shown, _against) = balance.weights(case.claim(evidence=(*chain, case.evidence(strength="moderate"))))
    assert dict(shown.strengths) == {"strong": 0, "moderate": 1, "weak": 1}


@pytest.mark.parametrize("claims", [1, 2, 3, 7, 20])
@pytest.mark.parametrize("pieces", [1, 29, 30, 31])
def test_the_cells_of_a_matrix_stand_in_columns_below_their_claims(claims: int, pieces: int) -> None:
    found = case.matrix(*[" ".join(["VI"] * claims)] * pieces)
    picture = matrix.picture_of(found)
    heads = [x for x, _claim in picture.heads]
    assert heads == [x for x, _rank in picture.ranks]
    assert all(other - one >= matrix.COLUMN for one, other in pairwise(heads))
    assert all(matrix.LABEL_LEAST <= x < picture.width for x in heads)
    assert len(picture.rows) == min(pieces, matrix.MOST)
    assert all([mark.x for mark in row.marks] == heads for row in picture.rows)
    assert all(mark.bar >= matrix.LABEL_LEAST for row in picture.rows for mark in row.marks)
    assert [row.y for row in picture.rows] == sorted({row.y for row in picture.rows})
    assert picture.rows[-1].y + matrix.ROW == picture.foot < picture.legend < picture.height
    assert ("The 30 most telling of 31 pieces" in picture.description) == (pieces == 31)


@pytest.mark.parametrize("title", ODD_TEXTS)
def test_titles_have_five_lines_before_they_are_cut(title: str) -> None:
    picture = matrix.picture_of(case.matrix("C", "N", titles=(title, "The next")))
    row = next(row for row in picture.rows if row.code == "E1")
    assert len(row.lines) <= 5
    assert all(len(text) <= 33 for _y, text in row.lines)
    # What is cut stands whole beside it, and nothing is that is not.
    cut = any(text.endswith("…") for _y, text in row.lines)
    assert row.whole == (title if cut else "")
    # The next row begins below the last line.
    below = [other.y for other in picture.rows if other.y > row.y]
    assert all(row.lines[-1][0] < y for y in [*below, picture.foot])


# The timeline.


def said(pk: int, who: Any, when: str, stance: str = "asserts", departs: int = 0) -> Position:
    return Position(
        id=pk,
        voice=who,
        source=who,
        claim=1,
        number=1,
        text="It was so.",
        language="en",
        stance=Term(stance, f"{stance} it"),
        said_on=When(when, when),
        by=NEVER,
        capacity="",
        quote="",
        quote_language="",
        translation="",
        document="",
        relays=(),
        departure=Departure("revises" if pk % 2 else "shifts", departs, "Departs.") if departs else None,
    )


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    voices = [case.source(f"Voice {number}") for number in range(draw(st.integers(1, 4)))]
    days = sorted(draw(st.lists(st.sampled_from(DAYS), max_size=14)))
    stances = st.sampled_from(list(timeline.LEGEND))
    rows: list[Position] = []
    for pk, day in enumerate(days, start=1):
        who = draw(st.sampled_from(voices))
        earlier = [row.id for row in rows if row.voice == who]
        departs = draw(st.sampled_from([0, *earlier]))
        rows.append(said(pk, who, day, draw(stances), departs))
    return Timeline(tuple(rows))


@settings(max_examples=60, deadline=None)
@given(timelines())
def test_each_statement_has_a_place_of_its_own_in_the_lane_of_its_voice(found: Timeline) -> None:
    picture = timeline.picture_of(found)
    assert len({(mark.x, mark.y) for mark in picture.marks}) == len(picture.marks) == len(found.positions)
    assert Counter(mark.shape for mark in picture.marks) == Counter(row.stance.code for row in found.positions)
    for one, other in pairwise(picture.lanes):
        assert one.y + one.height <= other.y
    for mark in picture.marks:
        assert sum(lane.y <= mark.y <= lane.y + lane.height for lane in picture.lanes) == 1
        assert timeline.LABEL <= mark.x < picture.width
    assert sum(mark.departs for mark in picture.marks) == len(found.departures)
    assert Counter(arrow.revises for arrow in picture.arrows) == Counter(
        row.departure.revises for row in found.positions if row.departure
    )


@settings(max_examples=60, deadline=None)
@given(timelines())
def test_the_legend_explains_every_shape_once_and_stands_below_all(found: Timeline) -> None:
    picture = timeline.picture_of(found)
    assert {shape for _x, _y, shape, _words in picture.legend} == {mark.shape for mark in picture.marks}
    places = [(x, y) for x, y, _shape, _words in picture.legend]
    assert len(set(places)) == len(places)
    bottom = max((lane.y + lane.height for lane in picture.lanes), default=0)
    assert all(bottom < y < picture.height and x < picture.width for x, y in places)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ((), "no positions by no voices."),
        ((said(1, case.source("A"), "2025"),), "1 position by 1 voice."),
        ((said(1, case.source("A"), "2024"), said(2, case.source("B"), "2025")), "2 positions by 2 voices."),
    ],
)
def test_the_timeline_in_words(rows: tuple[Position, ...], words: str) -> None:
    description = timeline.picture_of(Timeline(rows)).description
    assert description == f"{words}"


@pytest.mark.parametrize("name", [*ODD_TEXTS, "Federal Service for Supervision of Everything", CHINESE * 5])
def test_the_name_of_a_voice_keeps_to_three_lines(name: str) -> None:
    (lane,) = timeline.picture_of(Timeline((said(1, case.source(name), "2025"),))).lanes
    assert len(lane.lines) <= 3
    assert all(lane.y < y <= lane.y + lane.height for y, _text in lane.lines)
    assert all(len(text) <= 20 for _y, text in lane.lines)


# All of them.


def test_only_what_there_is_is_drawn_in_the_order_of_the_report() -> None:
    weighed_one = weighed(("supports", "weak"))
    decided = case.corrected(2, "Contested", "Refuted")
    found = case.matrix("C VI")
    spoken = Timeline((said(1, case.source(), "2025"),))
    assert drawings_of(case.report()) == {}
    assert list(drawings_of(case.report(case.corrected(1, "Refuted"), matrix=Matrix()))) == []
    assert list(drawings_of(case.report(weighed_one))) == ["balance"]
    assert list(drawings_of(case.report(decided))) == ["history"]
    both = case.report(weighed_one, decided, matrix=found, timeline=spoken)
    assert list(drawings_of(both)) == ["matrix-3", "balance", "timeline", "history"]
    assert list(drawings_of(case.report_on(replace(decided, evidence=weighed_one.evidence)))) == ["history"]


def test_verdicts_of_one_moment_make_no_history() -> None:
    same = [case.corrected(number, "Refuted", days=("2025-07-01",)) for number in (1, 2)]
    assert "history" not in drawings_of(case.report(*same))
    other = case.corrected(3, "Refuted", days=("2025-07-02",))
    assert "history" in drawings_of(case.report(*same, other))


@pytest.mark.parametrize("text", [HOSTILE, ARABIC, CHINESE, "😀 & <b>", "]]>", "a" * 3000])
def test_a_picture_is_well_formed_whatever_its_words(text: str) -> None:
    claims = [
        weighed(("supports", "weak"), text=text, verdict=case.verdict(text, "2025-07-01")),
        case.corrected(2, text, "Refuted", days=("2025-07-02", "2025-07-03"), text=text),
    ]
    found = case.report(
        *claims, matrix=case.matrix("C VI", titles=(text,)), timeline=Timeline((said(1, case.source(text), "2025"),))
    )
    pictures = pictures_of(found)
    assert len(pictures) == 4
    for picture in pictures:
        root = ElementTree.fromstring(picture.svg)
        assert not {node.tag.rpartition("}")[2] for node in root.iter()} & {"script", "b", "foreignObject"}
        assert picture.svg == svg_of(picture.key, drawings_of(found)[picture.key])
