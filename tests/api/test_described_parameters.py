"""What the document says a GET may ask for is what it may ask for, no more and no less; and `fields` is kept."""

from __future__ import annotations

import re
from typing import Any

import pytest

from factcheck.api.bulk.work import run_bulk
from factcheck.audit.models import BulkJob
from tests.api.described import parameters_of, present_document
from tests.api.nouns import address

pytestmark = pytest.mark.django_db

RULE = "support_gone"
SPELLED_OUT = re.compile(r"Known here: (.*)\.$")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return present_document()


def one_address(client: Any, path: str) -> str:
    """The address with the first row of its list in it, or one that is not there."""
    if "{" not in path:
        return path
    if "{code}" in path:
        return path.format(code=RULE)
    rows = client.get(path.partition("{")[0]).json()["results"]
    number = rows[0]["id"] if rows else 999
    return path.format(id=number, key=number)


@pytest.fixture
def own(story: Any, desk: Any, client_of: Any) -> None:
    """A token and a job of the administrator's own."""
    client = client_of(desk.administrator)
    client.post("/api/v1/tokens/", {"name": "One"}, content_type="application/json")
    rows = [{"dispute": story.dispute.pk, "text": f"A claim, number {number}."} for number in range(3)]
    asked = client.post(address("claim"), rows, content_type="application/json", headers={"Prefer": "respond-async"})
    assert asked.status_code == 202
    run_bulk.call(BulkJob.objects.get().pk)


def test_each_get_takes_the_parameters_that_are_described(story, desk, document, client_of, own):
    client, asked, differing = client_of(desk.administrator), 0, {}
    for path, methods in document["paths"].items():
        if "get" not in methods:
            continue
        described = {row["name"] for row in parameters_of(document, methods["get"]) if row["in"] == "query"}
        one = one_address(client, path)
        answer = client.get(f"{one}?unheard_of=1")
        refusal = SPELLED_OUT.search(answer.json()["errors"][0]["detail"]) if answer.status_code == 400 else None
        asked += 1
        if refusal is None:
            differing[path] = f"{answer.status_code}: takes what is unheard of"
        elif described != (taken := {*refusal[1].split(", ")} - {"none"}):
            differing[path] = f"undescribed {sorted(taken - described)}, not taken {sorted(described - taken)}"
    assert asked > 100
    assert not differing, "\n".join(f"{path}: {words}" for path, words in differing.items())


def test_each_answer_in_part_is_part_of_the_whole(story, desk, document, client_of, own):
    """The whole answers are held against the document; of a part no more is said than that."""
    client, asked = client_of(desk.administrator), 0
    for path, methods in document["paths"].items():
        rows = {row["name"]: row for row in parameters_of(document, methods.get("get", {}))}
        if "fields" not in rows:
            continue
        one = one_address(client, path)
        known = rows["fields"]["schema"]["items"]["enum"]
        parts = ",".join(rows["include"]["schema"]["items"]["enum"]) if "include" in rows else ""
        answer = client.get(f"{one}?include={parts}" if parts else one)
        if answer.status_code == 404:
            continue  # the story has none
        whole = answer.json()
        part = client.get(f"{one}?fields={','.join(known[::2])}").json()
        for row, some in zip(whole.get("results", [whole]), part.get("results", [part]), strict=True):
            assert {*row} == {*known}, path
            assert some == {name: row[name] for name in row if name in known[::2]}, path
        asked += 1
    assert asked > 45
