"""Lists: filters, search, ordering and pages refuse what they do not know (FAULTS T9 to T18)."""

from datetime import UTC, datetime

import pytest
import time_machine

from sources.models import Source
from tests.base.urls import KIND

pytestmark = [pytest.mark.urls("tests.base.urls"), pytest.mark.django_db]
URL = "/api/v1/sources/"


@pytest.fixture
def seven(researcher):
    """Seven sources of one moment, of which several share a name."""
    rows = [Source(kind=KIND, name=f"Source {number % 3}", aliases=[f"alias {number}"]) for number in range(7)]
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False):
        for row in rows:
            row.save()
    return rows


REFUSED = [
    ("x=1", "x"),
    ("name=a", "name"),
    ("kind=nonsense", "kind"),
    ("withheld=maybe", "withheld"),
    ("version=abc", "version"),
    ("version=" + "9" * 25, "version"),
    ("version=1&version=2", "version"),
    ("version=", "version"),
    ("id=1,9223372036854775808", "id"),
    ("id=" + ",".join("1" * 101), "id"),
    ("id=0", "id"),
    ("since=0001-01-01T00:00:00%2B14:00", "since"),
    ("since=9999-12-31T23:00:00-14:00", "since"),
    ("since=yesterday", "since"),
    ("part_of=nobody", "part_of"),
    ("part_of=" + "9" * 30, "part_of"),
    ("alias=" + "a" * 301, "alias"),
    ("page_size=0", "page_size"),
    ("page_size=201", "page_size"),
    ("page_size=-1", "page_size"),
    ("page_size=%D9%A3", "page_size"),
    ("ordering=password", "ordering"),
    ("ordering=--name", "ordering"),
    ("ordering=name__contains", "ordering"),
    ("cursor=cD0x", "cursor"),
    ("cursor=cD1ub3RhZGF0ZQ%3D%3D", "cursor"),
    ("cursor=" + "a" * 500, "cursor"),
    ("search=" + "a+" * 9, "search"),
    ("search=" + "a" * 201, "search"),
    ("include=nonsense", "include"),
    ("format=api", "format"),
    ("limit=99999999999999999999", "limit"),
]


@pytest.mark.parametrize(("query", "name"), REFUSED)
def test_bad_parameter_is_a_400_that_names_it(api, query, name):
    response = api.get(f"{URL}?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["errors"][0]["field"] == name


def test_refusals_name_what_is_known(api):
    assert "search" in api.get(f"{URL}?titel=1").json()["detail"]
    assert KIND in api.get(f"{URL}?kind=x").json()["detail"]
    assert "created" in api.get(f"{URL}?ordering=x").json()["detail"]
    assert "parts" in api.get(f"{URL}?include=x").json()["detail"]


def test_a_page_before_others_is_not_modified_while_time_goes_by(api, seven):
    address = f"{URL}?page_size=2&ordering=name"
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False):
        first = api.get(address)
    with time_machine.travel(datetime(2026, 2, 3, tzinfo=UTC), tick=False):
        again = api.get(address)
        unchanged = api.get(address, HTTP_IF_NONE_MATCH=first["ETag"])
        following = api.get(first.json()["next"])
    assert first.json()["next"] is not None
    assert again["ETag"] == first["ETag"]
    assert unchanged.status_code == 304
    assert following.json()["previous"] is not None


def test_unknown_parameter_of_a_detail_is_refused(api, seven):
    assert api.get(f"{URL}{seven[0].pk}/?kind={KIND}").status_code == 400
    assert api.get(f"{URL}{seven[0].pk}/?include=parts").status_code == 200


@pytest.mark.parametrize("pk", ["0", "-1", "abc", "1.0", "9" * 20, "9" * 400, "9" * 3_900, "%D9%A3"])
def test_odd_id_is_not_found(api, pk):
    assert api.get(f"{URL}{pk}/").status_code == 404


def names(response):
    return sorted(row["name"] for row in response.json()["results"])


def test_filters_find(api, seven):
    assert len(names(api.get(f"{URL}?kind={KIND}&withheld=false"))) == 7
    assert len(names(api.get(f"{URL}?id={seven[0].pk},{seven[1].pk}"))) == 2
    assert names(api.get(f"{URL}?alias=alias 3")) == ["Source 0"]
    assert names(api.get(f"{URL}?search=source+%22alias+3%22")) == ["Source 0"]
    assert names(api.get(f"{URL}?search=%25")) == []
    part = Source(kind=KIND, name="Part", part_of=seven[0])
    part.save()
    for value in (seven[0].pk, seven[0].slug):
        assert names(api.get(f"{URL}?part_of={value}")) == ["Part"]


IN_ORDER = ["id", "name", "-name", "created", "kind", "updated_at,id", "-updated_at,id"]
BACKWARDS = ["-id", "-created", "-kind", "-updated_at", "updated_at,-id"]


@pytest.mark.parametrize("ordering", IN_ORDER + BACKWARDS)
def test_pages_hold_every_row_once_in_both_directions(api, seven, ordering):
    pages, url = [], f"{URL}?page_size=2&ordering={ordering}"
    while url:
        answer = api.get(url).json()
        pages.append([row["id"] for row in answer["results"]])
        url = answer["next"]
    found, rows = [pk for page in pages for pk in page], [row.pk for row in seven]
    assert sorted(found) == rows
    # All but their names are equal: what is left is the order of the ids.
    if "name" not in ordering:
        assert found == (rows if ordering in IN_ORDER else rows[::-1])
    back, url = [], answer["previous"]
    while url:
        page = api.get(url).json()
        back.insert(0, [row["id"] for row in page["results"]])
        url = page["previous"]
    assert back == pages[:-1]


def test_rows_added_meanwhile_do_not_repeat_others(api, seven):
    first = api.get(f"{URL}?page_size=3").json()
    Source(kind=KIND, name="New").save()
    second = api.get(first["next"]).json()
    assert not {row["id"] for row in first["results"]} & {row["id"] for row in second["results"]}


def test_cursor_of_another_question_is_refused(api, seven):
    following = api.get(f"{URL}?page_size=2").json()["next"]
    assert api.get(following + "&withheld=false").json()["code"] == "invalid_cursor"
    assert api.get(following + "&ordering=name").json()["code"] == "invalid_cursor"
    assert api.get(following.replace("page_size=2", "page_size=5")).status_code == 200


def test_link_header_and_no_count(api, seven, django_assert_num_queries):
    with django_assert_num_queries(3):  # the generation, permissions of the user, rows
        response = api.get(f"{URL}?page_size=2")
    assert 'rel="next"' in response["Link"]
    assert 'rel="prev"' not in response["Link"]
    assert set(response.json()) == {"next", "previous", "results"}


@pytest.mark.parametrize(
    "accept",
    ["*/*", "text/html", ";;;", "a/b" * 200, ",".join(["a/b;q=x"] * 10_000), 'application/json; x="\\"', "é/*"],
)
def test_odd_accept_header_is_answered(api, accept):
    assert api.get(URL, HTTP_ACCEPT=accept).status_code in {200, 406}
