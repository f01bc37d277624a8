"""A body names sources, disputes, ratings and scales as addresses and filters do: by slug or code."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from claims.models import Attribution
from tests import factories as f
from tests.api.nouns import address

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(desk: Any, client_of: Any) -> APIClient:
    return client_of(desk.researcher)


def refusal(response: Any) -> tuple[int, str, str]:
    """Status, field and code of a refusal with one entry."""
    (entry,) = response.json()["errors"]
    return response.status_code, entry["field"], entry["code"]


def test_rows_are_named_by_slug_or_code(client):
    source, dispute, rating = f.make_source(), f.make_dispute(), f.make_rating()
    claim = client.post(address("claim"), {"text": "It is so.", "dispute": dispute.slug}).json()
    assert claim["dispute"]["id"] == dispute.pk
    said = client.post(address("attribution"), {"claim": claim["id"], "source": source.slug, "stance": "asserts"})
    assert said.json()["source"]["id"] == source.pk
    other = f.make_source()
    changed = client.patch(f"{address('attribution')}{said.json()['id']}/", {"on_behalf_of": other.slug})
    assert changed.json()["on_behalf_of"]["id"] == other.pk
    drafted = client.post(address("verdict"), {"claim": claim["id"], "rating": f"{rating.scale.code}:{rating.code}"})
    assert drafted.json()["rating"]["id"] == rating.pk


def test_a_code_of_two_scales_is_refused_with_the_names_to_choose_from(client):
    first = f.make_rating(code="half-so")
    one = {"claim": f.make_claim().pk, "rating": "half-so"}
    assert client.post(address("verdict"), one).json()["rating"]["id"] == first.pk
    second = f.make_rating(code="half-so", scale=f.make_scale())
    refused = client.post(address("verdict"), {**one, "claim": f.make_claim().pk})
    assert refusal(refused) == (400, "rating", "ambiguous")
    for rating in (first, second):
        assert f"{rating.scale.code}:half-so" in refused.json()["errors"][0]["detail"]


def test_a_correction_takes_the_code_of_its_rating(client, desk):
    verdict = f.make_published(f.make_claim(published=True), author=desk.editor)
    rating = f.make_rating(code="not-so-any-more")
    body = {"reason": "A second report.", "severity": "update", "rating": "not-so-any-more"}
    corrected = client.post(f"{address('verdict')}{verdict.pk}/correct/", body)
    assert corrected.json()["rating"]["id"] == rating.pk


@pytest.mark.parametrize("name", ["nobody", "two words", "a:b:c", "", "x" * 300, "\u0663", "scale:nobody"])
def test_what_is_nobodys_name_is_refused(client, name):
    body = {"claim": f.make_claim().pk, "source": name, "stance": "asserts"}
    status, field, _code = refusal(client.post(address("attribution"), body))
    assert (status, field) == (400, "source")


def test_claims_have_no_short_name(client):
    body = {"claim": "it-is-so", "source": f.make_source().pk, "stance": "asserts"}
    assert refusal(client.post(address("attribution"), body)) == (400, "claim", "incorrect_type")


def test_a_hidden_dispute_is_answered_as_one_that_does_not_exist(client, desk, client_of):
    hidden = f.make_dispute(visibility="restricted", title="Hidden", members=[desk.reviewer])
    answers = []
    for name in (hidden.slug, "nothing-3fa0c1d29b7e"):
        refused = client.post(address("claim"), {"text": "It is so.", "dispute": name})
        answers.append((refusal(refused), refused.json()["errors"][0]["detail"].replace(name, "…")))
    assert answers[0] == answers[1]
    entered = client_of(desk.reviewer).post(address("claim"), {"text": "It is so.", "dispute": hidden.slug})
    assert entered.status_code == 201


def test_names_of_many_rows_are_looked_up_at_once(client):
    claim, source = f.make_claim(), f.make_source()

    def queries(count: int) -> int:
        rows = [{"claim": claim.pk, "source": source.slug, "stance": "asserts", "quote": f"{n}"} for n in range(count)]
        with CaptureQueriesContext(connection) as caught:
            assert client.post(address("attribution"), rows).status_code == 201
        return len(caught)

    queries(1)  # what a process remembers from the first time on, such as types of content, is asked for
    assert queries(2) == queries(12)
    assert Attribution.objects.filter(source=source).count() == 15


def test_names_stand_in_whole_disputes_too(client):
    source = f.make_source()
    body = {
        "title": "Why?",
        "question": "Why?",
        "claims": [{"text": "It is so.", "attributions": [{"source": source.slug, "stance": "asserts"}]}],
    }
    entered = client.post(address("dispute"), body)
    assert entered.json()["claims"][0]["attributions"][0]["source"]["id"] == source.pk
    body["claims"][0]["attributions"][0]["source"] = "nobody"
    status, field, code = refusal(client.post(address("dispute"), body))
    assert (status, field, code) == (400, "claims.0.attributions.0.source", "does_not_exist")
