"""`/api/v1/search/`: every noun at once, and nothing that the reader's own lists would not find."""

from __future__ import annotations

import pytest
from django.db import connection

from claims.api.search import SEARCHED
from tests.api.story import CITED, DESK, DRAFT, HIDDEN, INTERNAL, SECRET_TO_PUBLIC, SECRET_TO_READER, WITHHELD
from tests.factories import make_claim, make_dispute, make_document, make_source

pytestmark = pytest.mark.django_db
SEARCH = "/api/v1/search/"
SECRETS = {"anonymous": SECRET_TO_PUBLIC, "reader": SECRET_TO_READER, "researcher": (HIDDEN,), "editor": (HIDDEN,)}


def test_every_noun_is_searched_and_the_best_comes_first(desk, client_of):
    make_source("Zanzibarium Gazette")
    make_document(title="On the Zanzibar crossing")
    claim = make_claim("Zanzibar was reached by noon.", published=True)
    dispute = make_dispute(title="The Zanzibar crossing")
    answer = client_of(desk.editor).get(f"{SEARCH}?q=zanzibar").json()
    assert {row["noun"] for row in answer["results"]} >= {"claims", "disputes", "sources", "documents"}
    scores = [row["score"] for row in answer["results"]]
    assert scores == sorted(scores, reverse=True)
    found = next(row for row in answer["results"] if row["noun"] == "claims")
    assert (found["id"], found["label"]) == (claim.pk, str(claim))
    assert found["address"].endswith(f"/api/v1/claims/{claim.pk}/")
    assert found["matches"] == [{"field": "text", "excerpt": claim.text, "words": ["Zanzibar"]}]
    only = client_of(desk.editor).get(f"{SEARCH}?q=zanzibar&noun=disputes").json()
    assert [(row["noun"], row["id"]) for row in only["results"]][:1] == [("disputes", dispute.pk)]
    assert {row["noun"] for row in only["results"]} == {"disputes"}
    assert client_of(desk.editor).get(f"{SEARCH}?q=zanzibar&limit=1").json()["more"] is True


@pytest.mark.parametrize("who", SECRETS)
def test_nothing_hidden_is_found_or_quoted(story, desk, client_of, who):
    client = client_of(getattr(desk, who))
    for word in (WITHHELD, HIDDEN, CITED, INTERNAL, DRAFT, DESK, "zq", "Public", "the"):
        answer = client.get(f"{SEARCH}?q={word}&limit=50")
        assert answer.status_code == 200
        for secret in SECRETS[who]:
            assert secret not in answer.content.decode(), (word, secret)
        if word in SECRETS[who]:
            assert answer.json() == {"more": False, "results": []}, word


@pytest.mark.parametrize("who", SECRETS)
def test_each_noun_finds_what_its_own_list_finds(story, desk, client_of, who):
    client = client_of(getattr(desk, who))
    for noun in SEARCHED:
        for word in ("public", "claim", "a"):
            listed = client.get(f"/api/v1/{noun}/?search={word}&page_size=50").json()["results"]
            found = client.get(f"{SEARCH}?noun={noun}&q={word}&limit=50").json()["results"]
            assert sorted(row["id"] for row in found) == sorted(row["id"] for row in listed), (noun, word)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "q"),
        ("q=", "q"),
        (f"q={'a+' * 9}", "q"),
        ("q=a&noun=audit", "noun"),
        ("q=a&noun=exports", "noun"),
        ("q=a&limit=0", "limit"),
        ("q=a&limit=51", "limit"),
        ("q=a&zq=1", "zq"),
    ],
)
def test_what_cannot_be_searched_for_is_refused_by_name(desk, client_of, query, field):
    answer = client_of().get(f"{SEARCH}?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the same on both engines")
def test_the_same_answer_has_the_same_etag(story, client_of):
    client = client_of()
    first = client.get(f"{SEARCH}?q=public")
    assert client.get(f"{SEARCH}?q=public", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    assert client.get(f"{SEARCH}?q=outlet")["ETag"] != first["ETag"]
