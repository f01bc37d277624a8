"""Lists of the desk: what they count, in which order they stand, and what their filters offer."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from claims.models import Claim
from factcheck.admin import filters, lists
from factcheck.admin.modeladmin import RecordedModelAdmin
from factcheck.models.choosing import distinct_values
from tests import factories as make
from tests.admin_page import get
from tests.claims.test_claim_admin import at
from tests.claims.test_dispute_admin import client_of

CLAIMS = reverse("admin:claims_claim_changelist")


def test_a_list_says_that_there_are_more_than_it_counts(ann: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "COUNTED", 2)
    make.make_claim("One.")
    make.make_claim("Two.")
    assert "2 claims" in get(client_of(ann), CLAIMS).text
    assert "more than" not in get(client_of(ann), CLAIMS).text
    make.make_claim("Three.")
    page = get(client_of(ann), CLAIMS).text
    assert "more than 2 claims" in page
    assert "more than 2 results" in page
    assert "Select all 2" not in page
    assert "Register of competing claims" in page


ORDERS = [
    ("claims_claim", "?"),
    # By a column that may be empty, up and down, and by the order of another noun.
    ("claims_claim", "?o=2"),
    ("claims_claim", "?o=-2"),
    ("claims_claim", "?o=-6.2"),
    ("sources_affiliation", "?"),
]


@pytest.mark.parametrize(("noun", "order"), ORDERS)
def test_a_list_goes_on_to_its_last_row(ann: Any, monkeypatch: pytest.MonkeyPatch, noun: str, order: str) -> None:
    monkeypatch.setattr(lists, "COUNTED", 2)
    disputes = [make.make_dispute(title) for title in ("A", "B")]
    for place, dispute in enumerate([None, *disputes, None, disputes[0]]):
        make.make_claim(f"Claim {place}.", dispute=dispute)
    body = make.make_source("Body")
    for name in "abcde":
        make.make_affiliation(source=make.make_source(name if name != "e" else "d"), part_of=body, since="2012")
    client, url = client_of(ann), reverse(f"admin:{noun}_changelist")
    whole = [row.pk for row in client.get(url + order).context["cl"].result_list]
    met: list[int] = []
    address = order
    while address:
        page = client.get(url + address)
        shown = page.context["cl"]
        met += [row.pk for row in shown.result_list][:2]
        assert bool(shown.beginning) == (len(met) > 2)
        if shown.onward:
            assert f'href="{escape(shown.onward)}"' in page.content.decode()
        address = shown.onward
    assert met == whole
    # Another question, or a row that is gone, begins with the first row.
    for stale in (f"{shown.get_query_string({'after': '1.x'})}", "?after=zzz", "?after="):
        assert client.get(url + stale).status_code == 200


def test_a_filter_says_what_it_does_not_offer(ann: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filters, "LONGEST_LIST", 1)
    make.make_claim("One.", dispute=make.make_dispute("A"))
    before = get(client_of(ann), CLAIMS).text.count("Only the first 1 are offered")
    make.make_claim("Two.", dispute=make.make_dispute("B"))
    assert get(client_of(ann), CLAIMS).text.count("Only the first 1 are offered") == before + 1


def test_a_list_shows_its_rows_as_text_and_leads_back_to_where_it_was(ann: Any) -> None:
    claim = make.make_claim("It <b>is</b> so.", language="az")
    response = client_of(ann).get(f"{CLAIMS}?language=az")
    assert b"It &lt;b&gt;is&lt;/b&gt; so." in response.content
    assert f'href="{at(claim)}?_changelist_filters=language%3Daz"'.encode() in response.content
    assert f'data-popup-opener="{claim.pk}"'.encode() in client_of(ann).get(f"{CLAIMS}?_popup=1").content


def test_a_list_stands_in_no_order_that_it_does_not_offer(ann: Any) -> None:
    make.make_claim("B.")
    make.make_claim("A.")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client_of(ann).get(f"{CLAIMS}?o=1").status_code == 200
    assert not any('ORDER BY "claims_claim"."text"' in query["sql"] for query in asked.captured_queries)


def large_lists() -> list[tuple[Any, str]]:
    return [
        (model, column)
        for model, made in admin.site._registry.items()
        if isinstance(made, RecordedModelAdmin)
        for column in made.sortable_by or ()
    ]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite tells how it goes about it")
def test_an_order_that_a_list_offers_is_that_of_an_index(administrator: Any) -> None:
    client, sorted_whole = client_of(administrator), []
    for model, column in large_lists():
        place = list(admin.site._registry[model].list_display).index(column) + 1
        for order in (place, -place):
            url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            with CaptureQueriesContext(connection) as asked:
                assert client.get(f"{url}?o={order}").status_code == 200
            rows = [q["sql"] for q in asked.captured_queries if q["sql"].endswith("LIMIT 50")]
            sorted_whole += [(model, order) for sql in rows if "USE TEMP B-TREE FOR ORDER BY" in plan(sql)]
    assert len(large_lists()) > 15
    assert sorted_whole == []


def plan(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return [step for _id, parent, _unused, step in cursor.fetchall() if not parent]


def test_distinct_values_stand_in_order_and_are_those_of_rows_that_may_be_seen(ann: Any, reviewer: Any) -> None:
    for language in ("is", "az", "en", "az"):
        make.make_claim(f"In {language}.", language=language)
    hidden = make.make_dispute("Hidden", visibility="restricted", members=[reviewer])
    make.make_claim("Hidden.", dispute=hidden, language="fo")
    assert distinct_values(Claim.objects.visible_to(ann), "language", 10) == ["az", "en", "is"]
    assert distinct_values(Claim.objects.visible_to(reviewer), "language", 10) == ["az", "en", "fo", "is"]
    assert distinct_values(Claim.objects.all(), "language", 2) == ["az", "en"]
    assert distinct_values(Claim.objects.none(), "language", 2) == []
    assert distinct_values(Claim.objects.filter(language="xx"), "dispute", 2) == []


def test_a_filter_by_yes_or_no_parts_the_list(ann: Any) -> None:
    make.make_published(make.make_claim("Decided."))
    make.make_verdict(make.make_claim("Open."), author=ann)
    url = reverse("admin:claims_verdict_changelist")
    for filtered in ("current", "stale", "mine", "correction", "due_soon", "for_me"):
        found = [f"{name}." for name in ("Decided", "Open")]
        shown = {answer: get(client_of(ann), f"{url}?{filtered}={answer}").text for answer in ("yes", "no")}
        assert [sum(name in text for text in shown.values()) for name in found] == [1, 1], filtered


def test_the_front_page_is_kept_until_something_is_recorded(ann: Any) -> None:
    client, index = client_of(ann), reverse("admin:index")
    make.make_claim("Old.")
    first, second = (queries_of(client, index) for _time in range(2))
    assert second < first / 2
    claim = make.make_claim("New.")
    assert at(claim) in get(client, index).links


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)
