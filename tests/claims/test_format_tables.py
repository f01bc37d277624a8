"""Workbooks, CSV and the tables for programs, read back by other readers than those that wrote them."""

from __future__ import annotations

import csv as stdlib_csv
import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import openpyxl
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.logic.balance import LEANINGS, STANCES, Balance, BalanceRow, Outcome, Party, RatingCount, outcome
from claims.reports.content.position import Departure, Position, Relay
from claims.reports.content.rows import NEVER, Term, When
from claims.reports.content.timeline import Timeline
from claims.reports.formats import balance, csv, matrix, timeline, xlsx
from claims.reports.formats.xlsx import LONGEST_CELL, Sheet, shortened, write_workbook
from tests.claims import content_case as case
from tests.claims.content_case import ARABIC, CHINESE, HOSTILE

CELLS = st.text(st.sampled_from("a1=+-@＝;,\t\n\r\"' \x00漢ق"), max_size=12)
FORMULA = "=+-@＝＋－＠"

# CSV.


def pieces(text: str) -> list[str]:
    """A cell as a spreadsheet could tear it apart where its separator is another one, without its quotation marks."""
    return [part.lstrip("\"'") if place else part for place, part in enumerate(re.split(r"[;\t\n]", text))]


@settings(max_examples=60, deadline=None)
@given(CELLS)
def test_no_part_of_a_cell_is_a_formula_wherever_it_is_torn(value: str) -> None:
    first, *others = pieces(csv.cell(value))
    assert first.lstrip()[:1] not in FORMULA or not first.strip() or re.fullmatch(r"[+-]?\d+", first)
    assert not [part for part in others if part[:1] and part[:1] in FORMULA]


@settings(max_examples=60, deadline=None)
@given(CELLS)
def test_a_cell_keeps_its_letters_and_adds_no_more_than_it_must(value: str) -> None:
    found = csv.cell(value)
    letters = "".join(value.replace("\x00", "\ufffd").split())
    assert "".join(found.split()) in (letters, f"'{letters}")
    if not set(value) & {*FORMULA, "\r", "\n", "\t", "\x00"}:
        assert found == value


@settings(max_examples=60, deadline=None)
@given(CELLS)
def test_what_is_readable_has_one_kind_of_line_end(value: str) -> None:
    expected = "\n".join(re.split("\r\n|\r|\n", value)).replace("\x00", "\ufffd")
    assert csv.readable(value) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        (0, "0"),
        (False, "False"),
        (Decimal("1.50"), "1.50"),
        (-1.5, "-1.5"),
        (ARABIC, ARABIC),
        (CHINESE, CHINESE),
        ("😀", "😀"),
        ("a=b", "a=b"),
        ("-5.5", "-5.5"),
        ("+7", "+7"),
        ("-5.5+1", "'-5.5+1"),
        ("\u00a0=1", "'\u00a0=1"),
    ],
)
def test_a_value_is_text(value: object, text: str) -> None:
    assert csv.cell(value) == text


@settings(max_examples=50, deadline=None)
@given(st.lists(st.fixed_dictionaries({"a": CELLS}, optional={'b, "x"': CELLS, "more": CELLS}), max_size=5))
def test_a_table_reads_back_as_the_cells_under_its_columns(found: list[dict[str, str]]) -> None:
    columns = ["a", 'b, "x"']
    text = csv.table(columns, found).decode("utf-8-sig")
    assert list(stdlib_csv.reader(io.StringIO(text, newline=""), strict=True)) == [
        columns,
        *[[csv.cell(row.get(column)) for column in columns] for row in found],
    ]


def test_a_long_table_comes_in_pieces_that_are_the_whole() -> None:
    rows = [{"a": CHINESE * 20, "b": number} for number in range(500)]
    parts = list(csv.stream(["a", "b"], iter(rows)))
    assert len(parts) > 1
    assert b"".join(parts) == csv.table(["a", "b"], rows)
    assert sum(part.count(csv.BYTE_ORDER_MARK.encode()) for part in parts) == 1
    assert len(b"".join(parts).splitlines()) == 501


@pytest.mark.parametrize("columns", [["a"], ["a", "b"], ["ا", "漢"]])
def test_a_table_without_rows_has_its_heading(columns: list[str]) -> None:
    heading = ",".join(f'"{column}"' for column in columns)
    assert csv.table(columns, []).decode() == f"\ufeff{heading}\r\n"


# Workbooks.


def read(sheets: list[Sheet], about: dict[str, Any] | None = None, **more: Any) -> tuple[Any, int]:
    target = io.BytesIO()
    rows = write_workbook(target, sheets, about or {}, **more)
    target.seek(0)
    return openpyxl.load_workbook(target), rows


def lines(book: Any, name: str) -> list[tuple[Any, ...]]:
    return list(book[name].iter_rows(values_only=True))


VALUES = [
    ("=1+1", "=1+1"),
    ("{=1+1}", "{=1+1}"),
    ("https://a.example/", "https://a.example/"),
    ("mailto:a@b.example", "mailto:a@b.example"),
    ("007", "007"),
    ("1E5", "1E5"),
    (7, 7),
    (-7, -7),
    (0, 0),
    (1.5, 1.5),
    (10**15 - 1, 10**15 - 1),
    (10**15, "1000000000000000"),
    (-(10**18), "-1000000000000000000"),
    (float("inf"), "inf"),
    (float("nan"), "nan"),
    (True, True),
    (date(2025, 7, 3), datetime(2025, 7, 3)),  # noqa: DTZ001 - the file has no zone
    (datetime(2025, 7, 3, 14, 5, tzinfo=UTC), datetime(2025, 7, 3, 14, 5)),  # noqa: DTZ001
    (date(1812, 9, 7), "1812-09-07"),
    (Decimal("1.50"), "1.50"),
    (None, None),
    ("", None),
    (" ", " "),
    ("a\r\nb", "a\nb"),
    ("a\x00b", "a\ufffdb"),
    (ARABIC, ARABIC),
    (CHINESE, CHINESE),
    ("😀", "😀"),
    (HOSTILE, HOSTILE),
    ("_x0041_", "_x0041_"),
    ("<r>a</r>", "<r>a</r> "),
    ("#N/A", "#N/A"),
]


TYPES = {bool: "b", int: "n", float: "n", type(None): "n", datetime: "d"}


def test_every_value_comes_back_from_a_workbook_and_none_as_a_formula() -> None:
    book, rows = read([Sheet("Values", ["value"], [{"value": value} for value, _read in VALUES])])
    assert rows == len(VALUES)
    cells = [line[0] for line in book["Values"].iter_rows(min_row=2)]
    for cell, (value, expected) in zip(cells, VALUES, strict=False):
        assert cell.value == expected or str(cell.value).replace("_x005F_", "_") == str(expected), value
        assert cell.data_type == TYPES.get(type(expected), "s"), value
        assert cell.hyperlink is None


def test_a_workbook_says_last_what_it_is_and_what_its_columns_mean() -> None:
    moment = datetime(2025, 7, 3, 14, 5, tzinfo=UTC)
    sheets = [
        Sheet("One", ["a", "b"], [{"a": 1}], {"a": "The first.", "c": "Not here."}),
        Sheet("Two", ["c"], [], {"c": "The third."}),
    ]
    book, rows = read(sheets, {"Title": HOSTILE, "Count": 3}, moment=moment)
    assert (book.sheetnames, rows) == (["One", "Two", "About"], 1)
    assert lines(book, "About") == [
        ("Title", None, HOSTILE),
        ("Count", None, "3"),
        ("Rows", None, "1"),
        (None, None, None),
        ("Sheet", "Column", "Meaning"),
        ("One", "a", "The first."),
        ("Two", "c", "The third."),
    ]
    assert lines(book, "Two") == [("c",)]
    assert book.properties.created == datetime(2025, 7, 3, 14, 5)  # noqa: DTZ001 - the file has no zone
    assert book.properties.description == f"Title: {HOSTILE}\nCount: 3"


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 6, 7])
def test_rows_beyond_a_sheet_go_on_to_the_next(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "ROWS_OF_SHEET", 4)
    told: list[int] = []
    monkeypatch.setattr(xlsx, "TELL_EVERY", 2)
    book, rows = read([Sheet("Rows", ["n"], ({"n": n} for n in range(size)))], progress=told.append)
    *names, about = book.sheetnames
    assert about == "About"
    assert len(names) == max(1, -(-size // 3))
    assert [line[0] for name in names for line in lines(book, name)[1:]] == list(range(size))
    assert all(lines(book, name)[0] == ("n",) for name in names)
    assert (rows, told) == (size, list(range(2, size + 1, 2)))


NAMES = st.text(st.sampled_from("aA'[]:*?/\\ \n\x00漢ق"), max_size=40) | st.sampled_from(
    ["", "History", "About", "history", "a" * 30 + "'b", "'", "x" * 31, "X" * 31, "x" * 40]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=5))
def test_every_sheet_has_a_name_of_its_own_that_spreadsheets_take(names: list[str]) -> None:
    book, _rows = read([Sheet(name, ["n"], []) for name in names])
    assert len(book.sheetnames) == len(names) + 1
    for name in book.sheetnames:
        assert 1 <= len(name) <= 31
        assert not re.search(r"[\[\]:*?/\\\x00\n]", name)
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.casefold() != "history"
    assert len({name.casefold() for name in book.sheetnames}) == len(book.sheetnames)


@pytest.mark.parametrize("letter", ["x", "漢", "ق", "😀"])
@pytest.mark.parametrize("units", [LONGEST_CELL - 1, LONGEST_CELL, LONGEST_CELL + 1, 70_000])
def test_a_text_is_cut_where_it_does_not_fit_and_says_how_long_it_was(letter: str, units: int) -> None:
    wide = len(letter.encode("utf-16-le")) // 2
    text = letter * (units // wide)
    book, _rows = read([Sheet("Long", ["a"], [{"a": text}])])
    ((found,),) = lines(book, "Long")[1:]
    fits = len(text) * wide <= LONGEST_CELL
    assert len(found.encode("utf-16-le")) // 2 <= LONGEST_CELL
    assert (found == text) == fits
    assert fits or found.endswith(f" [cut: {len(text):,} characters]")
    assert any(line[0] == "Cut" for line in lines(book, "About")) != fits


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3))
def test_a_cut_never_halves_a_letter(before: int) -> None:
    text = "x" * before + "😀" * LONGEST_CELL
    kept = shortened(text).partition(" [cut")[0]
    assert text.startswith(kept)
    assert set(kept) <= {"x", "😀"}


def test_rows_that_fail_leave_no_workbook_and_their_own_error() -> None:
    def broken() -> Any:
        yield {"a": 1}
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        write_workbook(target := io.BytesIO(), [Sheet("Rows", ["a"], broken())], {})
    assert target.getvalue() == b""


# The balance.

RATINGS = [RatingCount(code, code.title(), leaning, 0) for code, leaning in zip("abc", LEANINGS, strict=True)]
COUNTED = st.lists(st.tuples(st.none() | st.sampled_from(RATINGS), st.integers(0, 50)), max_size=6)


@settings(max_examples=60, deadline=None)
@given(COUNTED)
def test_an_outcome_counts_each_claim_under_its_leaning(counted: list[Any]) -> None:
    found = outcome(iter(counted))
    assert found.claims == sum(number for _rating, number in counted)
    assert [(row.code, row.claims) for row in found.ratings] == [(row.code, n) for row, n in counted if row]
    for code in LEANINGS:
        assert found.leaning(code) == sum(n for row, n in counted if row and row.leaning == code)
    assert dict(found.shares)["undecided"] == sum(n for row, n in counted if row is None)
    assert sum(share for _code, share in found.shares) == found.claims
    assert found.leaning("something else") == 0


def party(label: str = "The State", **more: Any) -> BalanceRow:
    statements = {stance: place for place, stance in enumerate(STANCES)}
    asserted = outcome([(RATINGS[0], 2), (RATINGS[1], 1), (None, 4)])
    row = BalanceRow(Party(3, label, "the-state", "AZ"), 7, statements, asserted, outcome([(None, 1)]))
    return replace(row, **more)


@pytest.mark.parametrize("label", [HOSTILE, ARABIC, CHINESE, ""])
def test_a_balance_says_the_same_to_programs_and_in_a_table(label: str) -> None:
    whole = Balance("source", (party(label), party("Others", party=Party(None, "Withheld", withheld=True))), more=True)
    plain = orjson.loads(orjson.dumps(balance.as_json(whole)))
    table = list(balance.table_rows(whole))
    assert (plain["by"], plain["more"], len(plain["rows"])) == ("source", True, len(table) == 2 and 2)
    for one, flat, row in zip(plain["rows"], table, whole.rows, strict=True):
        assert set(flat) == set(balance.COLUMNS)
        assert (one["id"], one["label"], one["country"], one["claims"]) == (
            *(flat["id"], flat["label"], flat["country"], flat["claims"]),
        )
        assert (flat["withheld"] == "yes") == one["withheld"] == row.party.withheld
        assert one["statements"] == {stance: flat[stance] for stance in STANCES}
        assert sum(one["statements"].values()) == row.total
        for about in ("asserted", "denied"):
            for name in ("claims", *LEANINGS, "undecided"):
                assert one[about][name] == flat[f"{about}_{name}"], name
            told = "; ".join(f"{rated['label']}: {rated['claims']}" for rated in one[about]["ratings"])
            assert flat[f"{about}_ratings"] == told


def test_a_balance_of_nobody_is_empty() -> None:
    none = Balance("side", (), more=False)
    assert list(balance.table_rows(none)) == []
    assert balance.as_json(none) == {"by": "side", "more": False, "rows": []}
    assert BalanceRow(Party(1, "A"), 0, {}).total == 0
    assert BalanceRow(Party(1, "A"), 0, {}).asserted == Outcome()


# The matrix.

GRIDS = st.sampled_from([("VI C", "- N"), ("VI,C NA -", "C,C,VC VC I"), ("N",), ("VI", "I", "C"), ("NA NA",)])


@settings(max_examples=60, deadline=None)
@given(GRIDS, st.booleans())
def test_the_matrix_is_the_same_as_json_as_cells_and_in_a_report(rows: tuple[str, ...], named: bool) -> None:
    dossier = case.report(matrix=case.matrix(*rows, named=named))
    plain = orjson.loads(orjson.dumps(matrix.as_json(dossier, dossier.questions[0])))
    cells = list(matrix.cells(dossier.questions[0].matrix))
    written = [cell for row in plain["evidence"] for cell in row["cells"]]
    assert len(cells) == len(written) == sum(len(row.split()) for row in rows)
    columns = {column["id"]: column for column in plain["claims"]}
    for flat, cell in zip(cells, written, strict=True):
        assert set(flat) == set(matrix.COLUMNS)
        assert (flat["claim_id"], flat["mean"], flat["consensus"]) == (cell["claim"], cell["mean"], cell["consensus"])
        assert flat["claim_rank"] == columns[cell["claim"]]["rank"]
        assert flat["claim_inconsistency"] == columns[cell["claim"]]["inconsistency"]
        source = rows[int(flat["evidence_code"][1:]) - 1].split()[flat["claim_number"] - 1]
        votes = [] if source == "-" else source.split(",")
        assert flat["analysts"] == cell["analysts"] == len(votes)
        assert [vote["rating"] for vote in cell["ratings"]] == (votes if named else [])
        assert flat["ratings"] == (
            "; ".join(f"analyst {who}: {vote}" for who, vote in enumerate(votes, start=1)) if named else ""
        )
    told = list(matrix.report_rows(dossier))
    rated = [cell for cell in cells if cell["analysts"]]
    assert [row["rating"] for row in told if row["row_type"] == "matrix_cell"] == [row["consensus"] for row in rated]
    assert sum(row["row_type"] == "matrix_claim" for row in told) == (len(plain["claims"]) if rated else 0)


def test_a_matrix_that_nobody_rated_is_no_row_of_a_report() -> None:
    for found in (case.matrix(), case.matrix("- -")):
        assert list(matrix.report_rows(case.report(matrix=found))) == []


@pytest.mark.parametrize(("grades", "weight"), [("A1", Fraction(1)), ("B2", Fraction(16, 25)), ("F6", Fraction(9, 25))])
def test_a_piece_is_given_with_its_grades_and_address(grades: str, weight: Fraction) -> None:
    found = case.matrix("C VI", titles=(HOSTILE,), grades=(grades,))
    dossier = case.report(matrix=found)
    (row,) = matrix.as_json(dossier, dossier.questions[0])["evidence"]
    assert (row["reliability"], row["credibility"], row["title"]) == (grades[0], int(grades[1]), HOSTILE)
    assert row["weight"] == pytest.approx(float(weight))


# The timeline.


@pytest.mark.parametrize("departs", [False, True])
@pytest.mark.parametrize("text", [HOSTILE, ARABIC, CHINESE, ""])
def test_a_position_keeps_all_that_it_says(text: str, departs: bool) -> None:
    who, relay = case.source(text, slug="who"), case.source("A Paper", slug="paper")
    row = Position(
        id=4,
        voice=who,
        source=who,
        claim=10,
        number=1,
        text=text,
        language="en",
        stance=Term("denies", "denied it"),
        said_on=NEVER,
        by=When("2025-07-03", "3 July 2025"),
        capacity="spokesperson",
        quote=text,
        quote_language="ar",
        translation="",
        document="Two dead",
        relays=(Relay(relay, earlier_wording=True),),
        departure=Departure("shifts", 3, "Departs.") if departs else None,
    )
    dossier = case.report(timeline=Timeline((row,)))
    plain = orjson.loads(orjson.dumps(timeline.as_json(dossier, (row,))))
    assert plain["dispute"] == {"id": 5, "slug": "deaths", "title": "Deaths in custody"}
    (told,) = plain["positions"]
    assert told["voice"] == told["source"] == {"id": who.id, "label": text, "slug": "who"}
    assert told["relayed_by"] == [{"id": relay.id, "label": "A Paper", "slug": "paper", "earlier_wording": True}]
    assert told["earlier_wording"] is False
    assert (told["said_on"], told["not_after"], told["when"]) == ("", "2025-07-03", "by 3 July 2025")
    assert told["claim"] == {"id": 10, "number": 1, "text": text}
    assert (told["change"] is None) != departs
    assert not departs or told["change"]["refers_to"] == 3
    assert timeline.as_svg(dossier).startswith(b"<svg")
