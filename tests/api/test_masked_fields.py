"""What not everybody reads of a row is said where its field is described."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.described import present_document
from tests.api.marks import mark_every_text
from tests.api.nouns import NOUNS, address

pytestmark = pytest.mark.django_db

SAYS_SO = re.compile(r"\bdesk\b|withheld", re.IGNORECASE)


def rows(client: Any, noun: str) -> dict[int, dict[str, Any]]:
    answer = client.get(address(noun), {"page_size": 100})
    return {row["id"]: row for row in answer.json()["results"]} if answer.status_code == 200 else {}


def words(schema: Any, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """What is said of a field, and of what stands in it."""
    name = schema.get("$ref", "").rsplit("/", 1)[-1]
    if name and name not in seen:
        yield from words(present_document()["components"]["schemas"][name], seen | {name})
    yield schema.get("description", "")
    inner = [
        *schema.get("anyOf", []),
        *schema.get("oneOf", []),
        *schema.get("allOf", []),
        *schema.get("properties", {}).values(),
    ]
    for one in (*inner, *([schema["items"]] if "items" in schema else [])):
        yield from words(one, seen | {name})


def fields(noun: str) -> dict[str, Any]:
    """The fields of a row in a list."""
    schemas, listed = present_document()["components"]["schemas"], present_document()["paths"][address(noun)]["get"]
    shape = listed["responses"]["200"]["content"]["application/json"]["schema"]
    page = schemas[shape["$ref"].rsplit("/", 1)[-1]]
    row = page["properties"]["results"]["items"]["$ref"].rsplit("/", 1)[-1]
    return dict(schemas[row]["properties"])


def test_whatever_the_public_is_not_told_is_described_as_that(story: Any, client_of: Any, desk: Any) -> None:
    mark_every_text(story)
    silent, found = set(), set()
    for noun in NOUNS:
        public, all_of_it = rows(client_of(), noun), rows(client_of(desk.administrator), noun)
        for key in public.keys() & all_of_it.keys():
            hidden = {name for name, value in all_of_it[key].items() if public[key].get(name) != value}
            found |= {(noun, name) for name in hidden}
            silent |= {(noun, name) for name in hidden if not SAYS_SO.search(" ".join(words(fields(noun)[name])))}
    assert silent == set()
    # As many as were there to be told of when this was written.
    assert len(found) >= 45
