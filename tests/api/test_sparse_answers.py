"""`fields=`, `include=` and `count=`: less or more of what the reader is shown, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from factcheck.api import pagination
from factcheck.api.sparse import askable_fields, field_names
from tests.api.nouns import address
from tests.api.routes import api_routes
from tests.database import ONE_ENGINE, is_sqlite

pytestmark = pytest.mark.django_db

LISTS = [route for route in api_routes().values() if route.noun and route.actions.get("get") == "list"]
READERS = ("anonymous", "reader", "researcher", "editor")[:: 1 if is_sqlite() else 2]
"""What is left out of an answer is left out the same way on both engines: there two readers less do."""


def whole_list(client: Any, route: Any) -> Any:
    parts = getattr(route.view, "include_fields", ())
    answer = client.get(f"{route.path()}?page_size=200{'&include=' if parts else ''}{','.join(parts)}")
    return answer.json()["results"] if answer.status_code == 200 else None


@ONE_ENGINE
@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("route", LISTS, ids=lambda route: route.name)
def test_each_field_alone_is_what_it_is_in_the_whole_answer(story, desk, client_of, route, who):
    client = client_of(getattr(desk, who))
    whole = whole_list(client, route)
    if whole is None:
        assert client.get(f"{route.path()}?fields=id").status_code in {401, 403}
        return
    for name in askable_fields(route.view(action="list")):
        rows = client.get(f"{route.path()}?page_size=200&fields={name}").json()["results"]
        assert rows == [{name: row[name]} if name in row else {} for row in whole], name


@ONE_ENGINE
@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("noun", ["claim", "dispute", "source", "verdict"])
def test_a_single_row_is_answered_with_the_fields_that_are_wanted(story, desk, client_of, noun, who):
    client = client_of(getattr(desk, who))
    row = {"claim": story.claim, "dispute": story.dispute, "source": story.outlet, "verdict": story.correction}[noun]
    path = f"{address(noun)}{row.pk}/"
    whole = client.get(path)
    for name in field_names(route_of(noun).view.serializer_class):
        some = client.get(f"{path}?fields=id,{name}")
        assert some.json() == {key: value for key, value in whole.json().items() if key in {"id", name}}, name
        assert some["ETag"] != whole["ETag"]
        assert some["ETag"].split("-")[0] == whole["ETag"].split("-")[0]
        again = client.get(f"{path}?fields=id,{name}", HTTP_IF_NONE_MATCH=some["ETag"])
        assert again.status_code == 304
    assert client.get(f"{path}?fields=id,bogus").json()["errors"][0]["field"] == "fields"


def route_of(noun: str) -> Any:
    return next(route for route in LISTS if route.noun == noun)


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize(("noun", "part"), [("claim", "verdict"), ("dispute", "claims")])
def test_a_single_row_has_all_its_parts_whatever_is_included(story, desk, client_of, noun, part, who):
    client = client_of(getattr(desk, who))
    path = f"{address(noun)}{getattr(story, noun).pk}/"
    whole = client.get(path)
    assert client.get(f"{path}?include={part}").content == whole.content
    both = client.get(f"{path}?include={part}&fields=id").json()
    assert both == {name: whole.json()[name] for name in ("id", part)}


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("route", LISTS, ids=lambda route: route.name)
def test_what_is_counted_are_the_rows_that_the_reader_is_shown(story, desk, client_of, route, who):
    client = client_of(getattr(desk, who))
    if (whole := whole_list(client, route)) is None:
        return
    answer = client.get(f"{route.path()}?count=true&page_size=1").json()
    if len(whole) < 200:
        assert (answer["count"], answer["count_exact"]) == (len(whole), True)
    assert "count" not in client.get(f"{route.path()}?count=false").json()
    assert client.get(f"{route.path()}?count=maybe").status_code == 400


def test_counting_stops_and_says_so(story, client_of, monkeypatch):
    monkeypatch.setattr(pagination, "MOST_COUNTED", 1)
    answer = client_of().get(f"{address('claim')}?count=true&page_size=1").json()
    assert (answer["count"], answer["count_exact"]) == (1, False)
    following = client_of().get(answer["next"]).json()
    assert following["count"] == 1


def test_what_was_remembered_of_one_question_is_not_the_answer_to_another(story, client_of):
    client, path = client_of(), f"{address('claim')}?page_size=2"
    forms = ["", "&fields=id", "&fields=text", "&count=true", "&include=verdict", "&fields=id&count=true"]
    first = [client.get(path + form) for form in forms]
    assert len({answer.content for answer in first}) == len({answer["ETag"] for answer in first}) == len(forms)
    assert [client.get(path + form).content for form in forms] == [answer.content for answer in first]
