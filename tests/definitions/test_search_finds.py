"""Nothing that the words of a row would find is lost: the index against a naive reckoning, on both engines."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db.models import Q
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.models import Attribution, Claim
from factcheck.base.folding import fold_for_search
from factcheck.search.find import OWN, Reach, search_rows
from factcheck.search.query import SearchQuery, read_query
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("module_rows")]

LETTERS = "aAbBsSßéÉe\u0301ıİiIłŁøжЖйЙµμςσΣﬁ½ ́'\"-–%_\\.,:;*()&|!<>東京都がか\u3099กรุงש\u05c1لَا\u200d\u00ad한½ \n\t"
"""Few, so that words meet, and what folding, trigrams, LIKE, FTS5 and tsquery find hard."""


def random_text(chance: random.Random) -> str:
    return "".join(chance.choice(LETTERS) for _ in range(chance.randint(1, 24))).strip() or "x"


@pytest.fixture(scope="module")
def claims(module_rows: None) -> list[Claim]:
    """Claims and statements about them, with texts by chance."""
    chance = random.Random(10)
    rows = [Claim(text=random_text(chance), context=random_text(chance)) for _ in range(60)]
    source = make.make_source("Straße")
    for row in Claim.objects.bulk_create(rows):
        Attribution(claim=row, source=source, stance="asserts", quote=random_text(chance)).save()
    return rows


def texts_of(claim: Claim) -> list[str]:
    return [fold_for_search(part) for part in (claim.text, claim.context)]


def naively(rows: list[Claim], query: SearchQuery) -> set[int]:
    """The rows in which each of the terms occurs in some field, and none of the others in any."""

    def occurs(row: Claim, term: str) -> bool:
        return any(term in text for text in texts_of(row))

    return {
        row.pk
        for row in rows
        if all(occurs(row, term) for term in query.wanted) and not any(occurs(row, term) for term in query.unwanted)
    }


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_both_ways_find_what_the_rows_say(claims: list[Claim], data: Any) -> None:
    pieces = st.sampled_from(claims).flatmap(part_of) | st.text(LETTERS, min_size=1, max_size=4)
    text = " ".join(data.draw(st.lists(pieces, min_size=1, max_size=3)))
    query = read_query(text if len(text.split()) <= 8 else text.split()[0])
    reach = Reach(Claim, OWN)
    for condition in (reach.walking(query), reach.looking_up(query)) if query else ():
        assert set(Claim.objects.filter(condition).values_list("pk", flat=True)) == naively(claims, query), query


@st.composite
def part_of(draw: Any, claim: Claim) -> str:
    """A part of what a claim says, and perhaps what makes a phrase or an exclusion of it."""
    start = draw(st.integers(0, len(claim.text) - 1))
    part = claim.text[start : start + draw(st.integers(1, 8))]
    return str(draw(st.sampled_from(["{}", "{}", '"{}"', "-{}", '-"{}"'])).format(part))


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_each_word_that_icontains_finds_is_found(claims: list[Claim], data: Any) -> None:
    claim = data.draw(st.sampled_from(claims))
    start = data.draw(st.integers(0, len(claim.text) - 1))
    for term in claim.text[start : start + data.draw(st.integers(1, 6))].split():
        if term.startswith("-") or (term.startswith('"') and term.endswith('"')):
            continue  # an exclusion, or a phrase
        before = Claim.objects.filter(Q(text__icontains=term) | Q(context__icontains=term)).values_list("pk", flat=True)
        now = search_rows(Claim.objects.all(), read_query(term)).values_list("pk", flat=True)
        assert set(before) <= set(now), term


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_related_rows_are_searched_both_ways(claims: list[Claim], data: Any) -> None:
    paths = ("", "claim", "source")
    rows = list(Attribution.objects.select_related("claim", "source"))
    words = st.sampled_from(rows).flatmap(lambda row: st.sampled_from([row.claim.text, row.quote, "strasse"]))
    query = read_query(" ".join(data.draw(words).split()[:2]) + data.draw(st.sampled_from(["", " -a", " -ж"])))
    reach = Reach(Attribution, paths)
    # The source is found by its name and by its address.
    expected = {
        row.pk
        for row in rows
        if (said := "\n".join([fold_for_search(row.quote), *texts_of(row.claim), "strasse", "strae"])) is not None
        and all(term in said for term in query.wanted)
        and not any(term in said for term in query.unwanted)
    }
    for condition in (reach.walking(query), reach.looking_up(query)) if query else ():
        assert set(Attribution.objects.filter(condition).values_list("pk", flat=True)) == expected, query


def test_a_common_word_is_walked_and_a_rare_one_looked_up(claims: list[Claim], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("factcheck.search.find.GLANCE", 50)
    reach = Reach(Claim, OWN)
    common = max("abesж", key=lambda letter: len(naively(claims[-49:], SearchQuery((letter,)))))
    assert reach.is_common(SearchQuery((common,)), wanted=5)
    # The numbers of rows go on from where other tests left them.
    assert not reach.is_common(SearchQuery((common,)), wanted=200 * claims[-1].pk), "all of them are wanted"
    assert not reach.is_common(SearchQuery(("zebra",)), wanted=5)
