"""Every order that a list offers is that of its rows, over all pages; another one is answered with those there are."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from factcheck.api.pagination import ordering_columns, orderings
from tests.api.probes import lists

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("route", lists(), ids=lambda route: route.noun)
def test_pages_in_every_order_are_all_rows_in_that_order(story, desk, client_of, route):
    client, columns = client_of(desk.administrator), ordering_columns(route.view)
    everything = {row["id"] for row in pages(client, f"{route.path()}?page_size=200")}
    for name in orderings(route.view):
        rows = pages(client, f"{route.path()}?ordering={name}&page_size=3")
        first, _comma, second = name.partition(",")
        bare, down = first.removeprefix("-"), first.startswith("-")
        falling = (second or first).startswith("-")
        assert len({row["id"] for row in rows}) == len(rows), name
        assert {row["id"] for row in rows} == everything, name
        for here, after in itertools.pairwise(rows):
            if bare not in here or bare != columns[bare] or bare in TEXTS:
                continue
            assert here[bare] == after[bare] or (here[bare] > after[bare]) is down, (name, here[bare], after[bare])
            assert here[bare] != after[bare] or bare == "id" or (here["id"] > after["id"]) is falling, name


TEXTS = {"title", "name", "label", "slug", "code"}
"""Each engine sorts letters as its language has it."""


def pages(client: Any, address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while address:
        body = client.get(address).json()
        assert "results" in body, body
        found += body["results"]
        address = body["next"]
    return found


def test_an_order_that_there_is_not_is_answered_with_those_there_are(desk, client_of):
    client = client_of(desk.editor)
    for wrong in ("stance", "stance,id", "quote", "-stance,-id"):
        told = client.get(f"/api/v1/attributions/?ordering={wrong}")
        assert (told.status_code, told.json()["errors"][0]["field"]) == (400, "ordering")
        assert "stance,-id or -stance,id" in told.json()["detail"]
