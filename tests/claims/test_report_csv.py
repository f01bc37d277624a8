"""The CSV report: nothing lost, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv as stdlib_csv
import io
from decimal import Decimal
from typing import Any

import pytest

from claims.reports.formats import csv
from claims.reports.formats.table import COLUMNS, rows
from claims.reports.load.dossier import load_dispute
from tests.claims.report_case import RUSSIAN, make_rivals


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("plain", "plain"),
        (None, ""),
        (7, "7"),
        (-7, "-7"),
        (Decimal("-3.5"), "-3.5"),
        ("-7", "-7"),
        ("=1+1", "'=1+1"),
        ("+49 1", "'+49 1"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠x", "'＠x"),
        ("  =1+1", "'  =1+1"),
        ("\t=1", "'\t =1"),
        ("\rx", "'\nx"),
        ("\nx", "'\nx"),
        ("a\r\nb", "a\nb"),
        ("a;=1+1", "a; =1+1"),
        ('a;"=1+1', 'a; "=1+1'),
        ("a\n-b", "a\n -b"),
        ("nul\x00bell\x07", "nul\ufffdbell\ufffd"),
        ("\ud800", "\ufffd"),
        ("\ufffe", "\ufffd"),
    ],
)
def test_no_cell_is_a_formula(value: Any, cell: str) -> None:
    assert csv.cell(value) == cell


@pytest.fixture
def table(ann: Any, reviewer: Any, anonymous: Any) -> list[dict[str, str]]:
    body = csv.write(load_dispute(make_rivals(ann, reviewer), anonymous))
    assert body.startswith(b"\xef\xbb\xbf")
    assert body.endswith(b"\r\n")
    return list(stdlib_csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True))


def test_every_noun_has_its_rows(table: list[dict[str, str]]) -> None:
    counts: dict[str, int] = {}
    for row in table:
        counts[row["row_type"]] = counts.get(row["row_type"], 0) + 1
    assert counts == {
        "dispute": 1,
        "question": 1,
        "claim": 2,
        "verdict": 3,
        "attribution": 6,
        "evidence": 4,
        "relation": 2,
        "review": 1,
        "inquiry": 1,
        "source": 8,
        "document": 1,
    }


def test_no_cell_of_the_table_begins_like_a_formula(table: list[dict[str, str]]) -> None:
    assert not [value for row in table for value in row.values() if value.lstrip()[:1] in set("=+-@＝＋－＠")]


def test_a_statement_keeps_words_speaker_place_and_origin(table: list[dict[str, str]]) -> None:
    said = next(row for row in table if row["text"] == RUSSIAN)
    assert said["address"].endswith(f"/api/v1/attributions/{said['id']}/")
    assert (said["source"], said["on_behalf_of"]) == ("Investigative Committee", "The State")
    assert said["capacity"] == "spokesperson"
    assert (said["language"], said["date"], said["stance"]) == ("ru", "2025-06-28", "asserts")
    printed = next(row for row in table if row["row_type"] == "attribution" and row["place"] == "page 12")
    assert printed["origin_id"] == said["id"]
    assert printed["refers_to"] == "The Paper < A Wire < Investigative Committee"
    assert printed["url"] == "https://paper.example.org/1?a=1&b=2"
    assert printed["archived_at"] == "https://archive.example.org/paper/1"


def test_a_correction_names_the_verdict_that_it_replaces(table: list[dict[str, str]]) -> None:
    about = [row for row in table if row["claim"].startswith("One man")]
    verdicts = {row["status"]: row for row in about if row["row_type"] == "verdict"}
    assert verdicts["current"]["refers_to_id"] == verdicts["superseded"]["id"]
    assert verdicts["current"]["reason"] == "A court published its file."


def test_every_value_has_a_column(ann: Any, reviewer: Any) -> None:
    for row in rows(load_dispute(make_rivals(ann, reviewer), reviewer)):
        assert set(row) <= set(COLUMNS)
        assert row["address"].startswith("http")
