"""What `?search=` of the lists finds, on both engines."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests import factories as make

pytestmark = pytest.mark.django_db
CLAIMS = "/api/v1/claims/"


def found(client: Any, search: str, address: str = CLAIMS) -> list[int]:
    response = client.get(address, {"search": search})
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


@pytest.mark.parametrize(
    ("text", "search"),
    [
        ("МОСКВА закрыла границу", "москва"),
        ("Die Straße ist gesperrt", "STRASSE"),
        ("İstanbul ve Diyarbakır", "istanbul diyarbakir"),
        ("Łódź, Besançon, Þórður", "lodz besancon þordur"),
        ("كَتَبَ الرَّجُلُ", "كتب الرجل"),
        ("שָׁלוֹם עֲלֵיכֶם", "שלום"),
        ("東京都は発表した", "京都"),
        ("東京都は発表した", "都"),
        ("กรุงเทพมหานคร", "เทพ"),
        ("Не е́ли ёжики", "ели ежики"),
        ("5.2% of O’Brien's a-b_c", "% o'brien a-b_c"),
    ],
)
def test_a_claim_is_found_however_it_is_spelt(ann, api, text, search):
    claim, _other = make.make_claim(text=text), make.make_claim(text="Nothing of the kind.")
    assert found(api(ann), search) == [claim.pk]


def test_words_phrases_and_exclusions(ann, api):
    one = make.make_claim(text="The red  car hit\nthe wall", context="At night.")
    other = make.make_claim(text="A car, red and old")
    third = make.make_claim(text="Minus -5 degrees", tags=["Weather station"])
    client = api(ann)
    assert found(client, "red car") == [other.pk, one.pk]
    assert found(client, '"Red car"') == [one.pk]
    assert found(client, '"hit the wall" NIGHT') == [one.pk]
    assert found(client, "car -wall") == [other.pk]
    assert found(client, 'car -"red car"') == [other.pk]
    assert found(client, '"wall at"') == [], "two fields are no phrase"
    assert found(client, "-5") == [third.pk], "nothing else is wanted: it is a number"
    assert found(client, "eather egree") == [third.pk]


HOSTILE = [
    '"',
    '""',
    '"" ""',
    "-",
    "--",
    '-"',
    '-""',
    "'",
    "\\",
    "%",
    "_",
    "*",
    "a*",
    "NEAR(a b)",
    "a AND OR NOT b",
    "text:a",
    "^a",
    "{a b}: c",
    "a & | ! b:*",
    "<-> :* ()",
    "a' || 'b",
    "\u0301",
    "\u200d\u00ad",
    "\u202e",
    "\ud7ff\U0010ffff",
    "İ" * 200,
    "㍿" * 200,
    '"' * 200,
    "x" * 201,
    "a b c d e f g h i",
    "\x00",
    "\x02\x02a",
]


@pytest.mark.parametrize("search", HOSTILE, ids=ascii)
def test_whatever_is_searched_for_is_answered_or_refused_by_name(ann, api, monkeypatch, search):
    for text in ("Nothing", 'A 50% "quote" - \\ it\'s _ * NEAR'):
        make.make_claim(text=text)
    monkeypatch.setattr("factcheck.search.find.GLANCE", 1)  # looked up in the index, which has a language of its own
    answer = api(ann).get(CLAIMS, {"search": search})
    assert answer.status_code in {200, 400}
    if answer.status_code == 400:
        # Control characters never get as far as a parameter.
        assert re.search("search|query string", answer.content.decode()), "it says where"
    assert api().get("/", {"q": search}).status_code in {200, 400}


def test_a_source_is_found_by_its_other_names_as_far_as_they_may_be_known(ann, api, client):
    named = make.make_source("Ilham Test", aliases=["Илхам Тестов", "Zweitname"])
    withheld = make.make_source("Hidden Name", aliases=["Zweitname"], withheld=True, withheld_reason="At risk.")
    for source in (named, withheld):
        make.make_attribution(make.make_claim(published=True), source=source)
    sources = "/api/v1/sources/"
    assert found(api(ann), "тестов", sources) == [named.pk]
    assert found(api(ann), "zweitname", sources) == [withheld.pk, named.pk]
    assert found(api(), "zweitname", sources) == [named.pk]
    for words in ("hidden", "zweitname -ilham", withheld.slug):
        assert found(api(), words, sources) == []
        assert "Hidden" not in client.get("/", {"q": words}).content.decode().replace(f'value="{words}"', "")
    assert "Ilham Test" in client.get("/", {"q": "zweitname"}).content.decode()


def test_the_desk_finds_rows_by_what_they_refer_to(administrator, client):
    client.force_login(administrator)
    source = make.make_source("Żółw", aliases=["Testudo"])
    claim = make.make_claim(text="Straßen sind gesperrt")
    row, _other = make.make_attribution(claim, source=source, quote="Sehr gut"), make.make_attribution()

    def listed(query: str) -> set[int]:
        answer = client.get("/admin/claims/attribution/", {"q": query})
        return {entry.pk for entry in answer.context["cl"].queryset}

    assert listed("zolw STRASSEN gut") == listed("testudo") == {row.pk}
    assert row.pk not in listed("testudo -strassen")
    picked = client.get(
        "/admin/autocomplete/",
        {"term": "testudo", "app_label": "claims", "model_name": "attribution", "field_name": "source"},
    )
    assert [entry["id"] for entry in picked.json()["results"]] == [str(source.pk)]
