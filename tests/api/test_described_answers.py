"""Every answer to every GET, for every role, over the demo, the invented dispute and the story, is as documented."""

from __future__ import annotations

import copy
import json
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from drf_spectacular.generators import SchemaGenerator

from claims.models import Claim, Dispute, Question
from claims.services.demo import create_people, load_disputes
from factcheck.router import router
from sources.services import merge
from tests import factories as make
from tests.api.conftest import ROLES
from tests.api.described import Described, parameters_of, present_document
from tests.api.nouns import NOUNS, address
from tests.database import ONE_ENGINE, is_sqlite

pytestmark = pytest.mark.django_db

READERS = ("anonymous", *(role.lower() for role in ROLES)) if is_sqlite() else ("researcher",)
"""The answers are made the same way on both engines: on PostgreSQL one reader does."""
MOST = {"claim": 8, "dispute": 8}
"""Rows of a noun that are read one by one, by default 2; of what is made of a row two as well. Lists show all of them,
without some of their parts."""
THOROUGH = {"anonymous", "researcher"}
"""Who reads so many; to the others of the desk the same code answers what it answers the researcher."""
SLOW = ("pdf", "docx", "xlsx", "html", "csv", "markdown", "svg", "ndjson")
"""Files: their media type is looked at, for one row and two readers."""

OWN = {f"/api/v1/{path}" for path in ("tokens/{id}/", "jobs/{id}/", "jobs/{id}/results/")}
"""What is there of one's own alone, which these readers do not have."""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return present_document()


@pytest.fixture(scope="module")
def register(module_rows: None, desk: SimpleNamespace) -> None:
    """The disputes of the demo, and beside them the register of the story."""
    create_people()
    load_disputes()


@pytest.fixture(scope="module")
def filled(register: None, story: Any) -> Any:
    return story


@pytest.fixture(scope="module")
def described(document: dict[str, Any]) -> Described:
    return Described(document)


def keys(path: str, who: str) -> list[Any]:
    """What is put in the place that the path leaves open: the first rows, and the last."""
    prefix = f"{path.partition('{')[0]}"
    noun = next((noun for noun in NOUNS if address(noun) == prefix), "")
    if not noun:
        return []  # tokens and jobs: those of one's own, which these readers do not have
    rows = NOUNS[noun].model.objects.order_by("pk").values_list("pk", flat=True)
    found = list(rows)
    if who not in THOROUGH:
        # The same code answers what the others of the desk ask.
        return [found[0], *found[-1:]][: 2 if path.endswith(("{id}/", "{key}/")) else 1] if found else []
    most = MOST.get(noun, 2) // 2 if path.endswith(("{id}/", "{key}/")) else 1
    return [*found[:most], *found[most:][-most:]]


def asked(path: str, parameters: list[dict[str, Any]], who: str) -> list[str]:
    """The addresses at which the operation is tried."""
    names = {row["name"]: row for row in parameters if row["in"] == "query"}
    if "{code}" in path:
        return [path.replace("{code}", "support_gone")]
    open_place = next((place for place in ("{id}", "{key}") if place in path), None)
    if open_place is None:
        included = ",".join(names["include"]["schema"]["items"]["enum"]) if "include" in names else ""
        return [path, f"{path}?include={included}"] if included else [path]
    found = [path.replace(open_place, str(key)) for key in keys(path, who)]
    if "from" in names:
        found = [f"{each}?from=2020-01-01" for each in found]
    return found


def is_slow(path: str) -> bool:
    return path.rstrip("/").rsplit("/", 1)[-1] in SLOW


@pytest.mark.parametrize("who", READERS)
def test_each_answer_is_as_the_document_says(filled, desk, described, client_of, who):
    client, faults, unasked = client_of(getattr(desk, who)), {}, set()
    for path, operation in described.operations():
        parameters = parameters_of(described.document, operation)
        addresses = asked(path, parameters, who)
        if is_slow(path):
            addresses = addresses[:1] if who in THOROUGH else []
        elif not addresses:
            unasked.add(path)
        for one in addresses:
            page = f"{one}{'&' if '?' in one else '?'}page_size=200" if takes_pages(parameters) else one
            while page:
                response = client.get(page)
                for fault in described.faults(path, "get", response):
                    faults.setdefault(f"{operation['operationId']} {response.status_code}: {fault}", page)
                page = next_page(response)
    assert not faults, "\n".join(f"{fault} ({page})" for fault, page in faults.items())
    assert unasked == {f"/api/v1/{own}" for own in ("tokens/{id}/", "jobs/{id}/", "jobs/{id}/results/")}, (
        "each of these readers asks each route"
    )


def test_each_documented_parameter_is_taken_as_its_example_says(filled, desk, described, client_of):
    """What many lists share is tried at the first of them; 7 and a text stand for rows, which may not be there."""
    client, seen, refused = client_of(desk.administrator), set(), {}
    for path, operation in described.operations():
        for row in parameters_of(described.document, operation):
            told = json.dumps(row, sort_keys=True)
            # Answers to `fields` are part of the whole ones, and read in `test_described_parameters`.
            if row["in"] != "query" or row["name"] == "fields" or "{" in path or is_slow(path) or told in seen:
                continue
            seen.add(told)
            schema = row["schema"]
            example = schema.get("example", schema.get("default", schema.get("enum", [None])[-1]))
            value = ",".join(map(str, example)) if isinstance(example, list) else json.dumps(example).strip('"')
            query = urlencode({**ALWAYS.get(path, {}), row["name"]: value})
            response = client.get(f"{path}?{query}")
            assert described.faults(path, "get", response) == [], (path, query)
            if response.status_code != 200:
                refused[row["name"], value] = response.json()["errors"][0]["field"]
    assert len(seen) > 100
    assert all(field == name for (name, _value), field in refused.items()), refused
    assert {value for _name, value in refused} <= {"7", "A text.", "eyJvIjoiaWQifQ:c2lnbmF0dXJl"}, refused


def serializer_of(noun: str) -> Any:
    return next(view.serializer_class for _prefix, view, name in router.registry if name == noun)


ROWS = {
    "claim": lambda story: story.claim,
    "verdict": lambda story: story.correction,
    "source": lambda story: story.outlet,
}
"""One row of some nouns, in the story."""
ALWAYS = {"/api/v1/search/": {"q": "flight"}}


def takes_pages(parameters: list[dict[str, Any]]) -> bool:
    return any(row["name"] == "page_size" for row in parameters)


def next_page(response: Any) -> str | None:
    """The path of the next page of a list."""
    if response.status_code != 200 or "application/json" not in response["Content-Type"]:
        return None
    body = response.json()
    # A feed has an address for what is to come, too.
    link = body.get("next") if isinstance(body, dict) and body.get("more", True) else None
    return link.removeprefix(settings.FACTCHECK_BASE_URL) if isinstance(link, str) else None


@ONE_ENGINE
@pytest.mark.parametrize(
    ("component", "field"), [("Claim", "verdict"), ("SourceReference", "slug"), ("Verdict", "stale"), ("Person", "id")]
)
def test_a_field_that_the_document_lacks_is_named(filled, desk, document, client_of, component, field):
    lacking = copy.deepcopy(document)
    shape = lacking["components"]["schemas"][component]
    del shape["properties"][field]
    shape["required"].remove(field)
    described, found = Described(lacking), set()
    row = {"Verdict": filled.correction}.get(component, filled.claim)
    path = f"{address('verdict' if component == 'Verdict' else 'claim')}{{id}}/"
    response = client_of(desk.researcher).get(path.replace("{id}", str(row.pk)))
    found = described.faults(path, "get", response)
    assert any(f"'{field}'" in fault or field in fault for fault in found), found


@ONE_ENGINE
@pytest.mark.parametrize(("noun", "field"), [("claim", "text"), ("verdict", "stale"), ("source", "country")])
def test_a_field_that_its_serializer_left_out_of_the_document_is_named(
    filled, desk, document, client_of, monkeypatch, noun, field
):
    serializer, key = serializer_of(noun), ROWS[noun](filled).pk
    with monkeypatch.context() as left_out:
        kept = serializer.get_fields
        left_out.setattr(
            serializer, "get_fields", lambda self: {name: of for name, of in kept(self).items() if name != field}
        )
        lacking = SchemaGenerator().get_schema(public=True)
    response = client_of(desk.researcher).get(f"{address(noun)}{key}/")
    found = Described(lacking).faults(f"{address(noun)}{{id}}/", "get", response)
    assert len(found) == 1
    assert f"'{field}' was unexpected" in found[0]


@ONE_ENGINE
def test_what_no_serializer_declares_is_named(filled, desk, described, client_of, monkeypatch):
    serializer = serializer_of("source")
    told = serializer.to_representation
    monkeypatch.setattr(serializer, "to_representation", lambda self, row: {**told(self, row), "undeclared": 1})
    response = client_of(desk.researcher).get(f"{address('source')}{filled.outlet.pk}/")
    found = described.faults(f"{address('source')}{{id}}/", "get", response)
    assert len(found) == 1
    assert "'undeclared' was unexpected" in found[0]


@ONE_ENGINE
def test_a_field_that_always_comes_and_a_wrong_type_are_named(filled, desk, document, client_of):
    changed = copy.deepcopy(document)
    shape = changed["components"]["schemas"]["Claim"]
    shape["properties"]["text"] = {"type": "integer"}
    shape["properties"]["invented"] = {"type": "string"}
    shape["required"].append("invented")
    path = f"{address('claim')}{{id}}/"
    response = client_of(desk.researcher).get(path.replace("{id}", str(filled.claim.pk)))
    found = "\n".join(Described(changed).faults(path, "get", response))
    assert "text: " in found
    assert "invented" in found


def test_where_the_address_of_a_twin_leads_is_described(filled, desk, described, client_of):
    twin = make.make_source("Public Outlets")
    merge(actor=desk.editor, twin=twin, into=filled.outlet, reason="Entered twice.")
    client, path = client_of(), f"{address('source')}{{id}}/"
    answer = client.get(path.replace("{id}", str(twin.pk)))
    assert (answer.status_code, described.faults(path, "get", answer)) == (301, [])


def test_rows_of_all_kinds_are_read(filled):
    assert Dispute.objects.count() > 7
    assert Claim.objects.count() > 30
    assert Question.objects.exists()
