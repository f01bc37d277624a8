"""Queries, folding, ranks and marks, without a database."""

from __future__ import annotations

import doctest
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.base import folding
from factcheck.base.folding import fold_for_search, fold_with_places
from factcheck.search import marks, query
from factcheck.search.marks import found_ranges, mark_found
from factcheck.search.query import MAX_TERMS, LongSearch, SearchQuery, read_query
from factcheck.search.rank import rank_text


@pytest.mark.parametrize("module", [folding, query, marks])
def test_examples_in_the_docs_of_functions_hold(module):
    result = doctest.testmod(module)
    assert result.attempted
    assert not result.failed


@given(st.text(max_size=30), st.integers(0, 30), st.integers(1, 30))
def test_a_part_of_a_text_is_a_part_of_it_folded(text, start, length):
    for part in text[start : start + length].split():
        assert fold_for_search(part) in fold_for_search(text)


@given(st.characters())
def test_letters_that_differ_in_case_are_the_same(letter):
    for other in (letter.upper(), letter.lower(), letter.casefold(), letter.title()):
        assert fold_for_search(other) == fold_for_search(letter)


@given(st.text(max_size=30))
def test_each_folded_letter_knows_where_it_came_from(text):
    folded, places = fold_with_places(text)
    assert len(folded) == len(places)
    assert fold_for_search(text) == " ".join(folded.split())
    assert list(places) == sorted(places)


@given(st.text(max_size=60))
def test_every_query_is_read_or_refused(text):
    try:
        asked = read_query(text)
    except LongSearch:
        assert len(text.split()) > MAX_TERMS
        return
    assert all(term == fold_for_search(term) and term for term in (*asked.wanted, *asked.unwanted))
    assert asked.wanted or not asked.unwanted


@given(st.text("aAéßﬁ <>&'\"", max_size=20), st.text("aAéßﬁs <>&'", min_size=1, max_size=3))
def test_marks_hide_nothing_and_let_nothing_through(text, term):
    asked = read_query(term)
    html = mark_found(text, asked)
    assert mark_found(text, SearchQuery()) == html.replace("<mark>", "").replace("</mark>", "")
    assert not re.sub("</?mark>|&[#a-z0-9]+;", "", html).count("<")
    if any(wanted in fold_for_search(text) for wanted in asked.wanted):
        assert "<mark>" in html


def test_a_mark_covers_letters_with_their_accents():
    text = "Der Kaffee\u0301 der Straße"
    assert [text[a:b] for a, b in found_ranges(text, read_query("kaffee strasse"))] == ["Kaffee\u0301", "Straße"]


def test_whole_words_come_before_beginnings_and_those_before_parts():
    patterns = [re.compile("moscow")]
    texts = ["moscow fell\nat night", "he left moscow.", "the moscowites", "a newmoscow", "a field\nmoscow"]
    assert [rank_text(text, patterns) for text in texts] == [3, 2, 1, 0, 3]
