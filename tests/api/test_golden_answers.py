"""The answers of every route, beside this file as JSON that one can read.

`pytest tests/api --golden` writes them anew; look at the difference before you commit it. Numbers of rows, moments
and digests differ from run to run and are replaced by what they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from tests.api.nouns import NOUNS, address
from tests.api.routes import api_routes
from tests.api.story import TAKEN

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).parent / "golden"
READERS = {"anonymous": "anonymous", "desk": "administrator"}
NO_JSON = {"snapshot-file", "export-file", "dispute-matrix-csv", "dispute-timeline-svg"}
"""Tables and pictures; their own tests look at them."""
FOR_THE_DESK = {"assessment", "import", "export", "audit", "webhook", "rule-exception"}
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|\+00:00)")
HASH = re.compile(r"\b[0-9a-f]{64}\b|\b[0-9a-f]{32}\b")
CURSOR = re.compile(r"cursor=[^&\"]+")
NUMBERED = re.compile(
    r"((?:Source|Document|Dispute|Claim|Evidence|Receiver|archive\.example\.org/|check\.example\.org/|scale-|word-|source-|document-|dispute-)\s?)\d+"
)
MANY = {"claims", "evidence", "attributions", "verdicts", "inquiries"}
"""Lists of ids."""
LINKED = {"id", "number", "dispute_id", "claim_id", "object_id", "after", "entry_id", "attribution", "refers_to"}


def settled(value: Any, name: str = "") -> Any:
    """The answer without what differs from run to run."""
    if isinstance(value, dict):
        if {"field", "before", "after"} <= value.keys():
            place = f"change {value['field']}"
            return {"field": value["field"], **{side: settled(value[side], place) for side in ("before", "after")}}
        of_a_claim = value.keys() & {"change", "consensus"}
        return {
            key: settled(entry, "claim_id" if key == "claim" and of_a_claim else key) for key, entry in value.items()
        }
    if isinstance(value, list) and name in MANY and all(isinstance(entry, int) for entry in value):
        return ["<number>" for _entry in value]
    if isinstance(value, list):
        return [settled(entry, name) for entry in value]
    if (name in LINKED or name in CHANGED_LINKS) and isinstance(value, int | str) and str(value).isdigit():
        return "<number>"
    if isinstance(value, str):
        if value != TAKEN.isoformat().replace("+00:00", "Z"):
            value = MOMENT.sub("<moment>", value)
        value = NUMBERED.sub(r"\1<number>", HASH.sub("<digest>", CURSOR.sub("cursor=<cursor>", value)))
        value = re.sub(r"/\d+/", "/<number>/", value)
        return re.sub(r"\b(claims?|evidence|affiliation|source) \d+\b(?:(?:, | and )\d+\b)*", r"\1 <number>", value)
    return value


CHANGED_LINKS = {
    f"change {name}"
    for name in (
        "dispute", "claim", "other", "source", "document", "publisher", "evidence", "on_behalf_of", "relayed_from",
        "derived_from", "link", "part_of", "author", "reviewer", "analyst", "user", "rating", "scale", "supersedes",
        "taken_by", "imported_by", "question", "attribution", "joint_with", "other_source", "answer_author",
        "answer_reviewer", "answer_draft_author",
    )
}  # fmt: skip


@pytest.fixture(scope="module")
def module_rows(module_rows: None, request: pytest.FixtureRequest) -> None:
    """Rows of SQLite get other numbers where answers are written than where they are compared, as on PostgreSQL.

    So an answer that holds the number of a row is never the golden one.
    """
    if connection.vendor == "sqlite":
        start = 5_000 if request.config.getoption("--golden", default=False) else 7_000
        with connection.cursor() as cursor:
            for table in {model._meta.db_table for model in apps.get_models() if not model._meta.proxy}:
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, start])


@pytest.fixture
def compare(request: pytest.FixtureRequest) -> Callable[[str, Any], None]:
    """A function that asserts that an answer is the golden one, or writes it."""
    write = request.config.getoption("--golden", default=False)
    return lambda name, answer: _compare(name, answer, write)


def _compare(name: str, answer: Any, write: bool) -> None:
    file = FOLDER / f"{name}.json"
    text = json.dumps(settled(answer), indent=2, ensure_ascii=False) + "\n"
    if write:
        FOLDER.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert file.exists(), f"{file.name} is missing: write it with pytest tests/api --golden"
    assert json.loads(text) == json.loads(file.read_text(encoding="utf-8"))


def shown(noun: str, story: Any) -> Any:
    """The row whose detail is golden: the one with most to show."""
    told = {
        "source": story.withheld,
        "document": story.withheld_document,
        "claim": story.claim,
        "dispute": story.dispute,
        "correction": story.correction,
    }
    if noun in {"audit", "export", "webhook"} or noun in told:
        return told.get(noun) or NOUNS[noun].model.objects.order_by("pk").first()
    rows = NOUNS[noun].model.objects.order_by("pk")
    return rows.filter(pk__in=rows.model.objects.public().values("pk")).first() or rows.first()


READ = [
    pytest.param(route, who, id=f"{route.name}.{who}")
    for route in api_routes().values()
    if route.noun and "get" in route.actions and "format_name" not in route.parameters
    if route.name not in NO_JSON
    for who in READERS
    if not (who == "anonymous" and (route.noun in FOR_THE_DESK or route.name.endswith(("-history", "-concerns"))))
]


@pytest.mark.parametrize(("route", "who"), READ)
def test_each_answer_is_the_golden_one(story, desk, client_of, compare, route, who):
    values = {name: shown(route.noun, story).pk for name in route.parameters}
    # The first rows tell enough, and in an order that does not change when the story gets longer.
    query = "?page_size=3&ordering=id" if route.actions["get"] == "list" else ""
    query = "?from=2020-01-01" if route.name.endswith("-diff") else query
    response = client_of(getattr(desk, READERS[who])).get(route.path(**values) + query)
    assert response.status_code == 200, response.content
    compare(f"{route.name}.{who}", response.json())


def test_a_list_with_everything_included_is_the_golden_one(story, client_of, compare):
    included = "attributions,evidence,relations,verdict,reviews,inquiries"
    response = client_of().get(f"{address('claim')}?ordering=id&page_size=1&include={included}")
    compare("claim-list.included", response.json())


@pytest.mark.parametrize(
    ("name", "method", "path", "body"),
    [
        ("not-found", "get", "/api/v1/claims/987654321/", None),
        ("not-authenticated", "post", "/api/v1/claims/", {"text": "It is so."}),
        ("unknown-parameter", "get", "/api/v1/claims/?zq=1", None),
        ("bad-value", "get", "/api/v1/claims/?status=nonsense", None),
        ("method-not-allowed", "delete", "/api/v1/claims/", None),
    ],
)
def test_refusals_are_the_golden_ones(desk, client_of, compare, name, method, path, body):
    client = client_of(None if name == "not-authenticated" else desk.administrator)
    compare(f"refusal.{name}", getattr(client, method)(path, body).json())


def test_a_refused_body_names_its_fields_as_the_golden_one_does(desk, client_of, compare):
    body = {"source": 987654321, "stance": "shrugs", "zq": 1, "said_on": "yesterday"}
    compare("refusal.fields", client_of(desk.administrator).post(address("attribution"), body).json())
    del body["zq"]
    compare("refusal.values", client_of(desk.administrator).post(address("attribution"), body).json())


def test_no_golden_answer_is_left_over():
    wanted = {param.id for param in READ} | {"claim-list.included"}
    found = {file.stem for file in FOLDER.glob("*.json") if not file.name.startswith("refusal.")}
    assert found == wanted
