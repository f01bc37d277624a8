"""A claim is entered with what hangs on it, in one request."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from claims.models import Claim
from tests import factories as f
from tests.api.nouns import address
from tests.api.test_writing import counts

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(desk: Any, client_of: Any) -> APIClient:
    return client_of(desk.researcher)


@pytest.fixture
def body() -> dict[str, Any]:
    """A claim with everything that can come with it, in a dispute that has another one."""
    rival = f.make_claim(dispute=f.make_dispute())
    return {
        "dispute": rival.dispute.slug,
        "text": "It was rust.",
        "ref": "rust",
        "sources": [{"ref": "ministry", "kind": "state_body", "name": "Ministry"}],
        "documents": [{"ref": "report", "kind": "article", "title": "Report", "publisher": {"ref": "ministry"}}],
        "attributions": [
            {"ref": "said", "source": {"ref": "ministry"}, "stance": "asserts", "said_on": "2025-06-11"},
            {"source": f.make_source().slug, "stance": "relays", "relayed_from": {"ref": "said"}},
        ],
        "evidence": [
            {
                "bearing": "supports",
                "evidence": {"kind": "physical", "title": "A cable", "documents": [{"ref": "report"}]},
                "premises": [{"claim": rival.pk, "note": "If so."}],
            },
            {"bearing": "refutes", "evidence": f.make_evidence().pk},
        ],
        "relations": [
            {"other": rival.pk, "kind": "excludes", "point": "cause"},
            {"claim": f.make_claim().pk, "kind": "supports"},
        ],
    }


def test_a_claim_is_entered_with_what_hangs_on_it(client, body):
    entered = client.post(address("claim"), body)
    assert entered.status_code == 201, entered.json()
    claim = entered.json()
    assert [said["stance"] for said in claim["attributions"]] == ["asserts", "relays"]
    assert claim["attributions"][1]["relayed_from"]["id"] == claim["attributions"][0]["id"]
    assert [link["bearing"] for link in claim["evidence"]] == ["supports", "refutes"]
    assert claim["evidence"][0]["evidence"]["title"] == "A cable"
    assert claim["evidence"][0]["evidence"]["documents"][0]["label"]
    ways = {relation["kind"]: (relation["claim"]["id"], relation["other"]["id"]) for relation in claim["relations"]}
    assert ways["excludes"] == (claim["id"], body["relations"][0]["other"])
    assert ways["supports"] == (body["relations"][1]["claim"], claim["id"])
    premises = client.get(f"{address('evidence-link')}{claim['evidence'][0]['id']}/premises/").json()["results"]
    assert [row["note"] for row in premises] == ["If so."]
    evidence = client.get(f"{address('evidence')}{claim['evidence'][0]['evidence']['id']}/").json()
    assert evidence["dispute"] == claim["dispute"]
    read = client.get(entered.headers["Location"])
    assert (claim, entered.headers["ETag"]) == (read.json(), read.headers["ETag"])


def test_claims_of_one_request_refer_to_each_other(client):
    source = f.make_source().slug
    rows = [
        {"ref": "a", "text": "A.", "attributions": [{"ref": "said", "source": source, "stance": "asserts"}]},
        {"text": "B.", "relations": [{"other": {"ref": "a"}, "kind": "contradicts", "point": "cause"}]},
        {"text": "C."},
    ]
    entered = client.post(address("claim"), rows)
    assert entered.status_code == 201, entered.json()
    first, second, third = entered.json()
    assert second["relations"][0]["other"]["id"] == first["id"]
    assert first["attributions"][0]["source"]["slug"] == source
    assert third["relations"] == []


BROKEN = [
    (("text",), "", "text"),
    (("sources", 0, "kind"), "planet", "sources.0.kind"),
    (("attributions", 0, "source"), {"ref": "nobody"}, "attributions.0.source"),
    (("attributions", 0, "source"), "nobody", "attributions.0.source"),
    (("attributions", 1, "zq"), 1, "attributions.1.zq"),
    (("attributions", 1), 7, "attributions.1"),
    (("attributions",), {}, "attributions"),
    (("evidence", 0, "evidence", "kind"), "planet", "evidence.0.evidence.kind"),
    (("evidence", 0, "premises", 0, "claim"), 10**9, "evidence.0.premises.0.claim"),
    (("evidence", 1, "bearing"), "proves", "evidence.1.bearing"),
    (("relations", 0, "kind"), "knows", "relations.0.kind"),
    (("relations", 1, "other"), 1, "relations.1.claim"),
    (("sources", 0, "ref"), "rust", "sources.0.ref"),
    (("verdict",), {"rating": "supported"}, "verdict"),
]


@pytest.mark.parametrize("many", [False, True])
def test_an_error_anywhere_refuses_all_of_it_and_says_where(client, body, many):
    for path, value, field in BROKEN:
        wrong = copy.deepcopy(body)
        place: Any = wrong
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        before = counts()
        refused = client.post(address("claim"), [{"text": "Another."}, wrong] if many else wrong)
        assert refused.status_code == 400, refused.json()
        expected = f"1.{field}" if many else field
        assert expected in {error["field"] for error in refused.json()["errors"]}, refused.json()
        assert counts() == before


def test_what_comes_with_claims_counts_among_the_rows(client):
    said = [{"source": f.make_source().pk, "stance": "asserts"}] * 500
    refused = client.post(address("claim"), {"text": "It is so.", "attributions": said})
    assert [(e["field"], e["code"]) for e in refused.json()["errors"]] == [("attributions.499", "bulk_size")]


def chained(count: int, name: str, row: dict[str, Any]) -> list[dict[str, Any]]:
    """So many rows, each of which refers to the one before it by this name."""
    rows = [{"ref": f"r{number}", **row} for number in range(count)]
    for number in range(1, count):
        rows[number][name] = {"ref": f"r{number - 1}"}
    return rows


CHAINS = {
    "attributions": ("relayed_from", {"stance": "relays"}),
    "evidence": ("derived_from", {"kind": "data", "title": "Series"}),
    "sources": ("part_of", {"kind": "organisation"}),
}


@pytest.mark.parametrize("section", CHAINS)
def test_rows_that_refer_to_each_other_cost_no_statements_of_their_own(client, section):
    told = []
    for count in (3, 30):
        rows = chained(count, *CHAINS[section])
        for number, row in enumerate(rows):
            if section == "attributions":
                row["source"] = f.make_source().slug
            if section == "sources":
                row |= {"name": f"Body {number}", "slug": f"body-{count}-{number}"}
        whole = {"title": f"A chain of {count}", "question": "Why?", section: rows}
        where, body = address("dispute"), whole
        if section == "attributions":
            where, body = address("claim"), {"text": f"A chain of {count}.", section: rows}
        with CaptureQueriesContext(connection) as seen:
            entered = client.post(where, body)
        assert entered.status_code == 201, entered.json()
        told.append(len(seen))
    few, many = told
    # Whether a short name is free is asked for each.
    assert many - few <= (27 if section == "sources" else 2)
    if section == "attributions":
        said = entered.json()["attributions"]
        assert [row["relayed_from"] and row["relayed_from"]["id"] for row in said] == [
            None,
            *(row["id"] for row in said[:-1]),
        ]


@pytest.mark.parametrize("bad", [0, -1])
def test_a_refused_chain_costs_no_statements_for_each_row(client, bad):
    told = []
    for count in (3, 300):
        rows = chained(count, *CHAINS["evidence"])
        rows[bad]["kind"] = "nonsense"
        before = counts()
        with CaptureQueriesContext(connection) as seen:
            refused = client.post(address("dispute"), {"title": "A chain", "question": "Why?", "evidence": rows})
        place = f"evidence.{bad % count}.kind"
        assert [(e["field"], e["code"]) for e in refused.json()["errors"]] == [(place, "invalid_choice")]
        assert counts() == before
        told.append(len(seen))
    assert told[0] == told[1]


@pytest.mark.parametrize(("stance", "again"), [("denies", False), ("asserts", True)])
def test_a_joint_statement_is_asked_for_those_that_are_entered_with_it(client, stance, again):
    first, second = f.make_source().slug, f.make_source().slug
    said = [
        {"ref": "a", "source": first, "stance": "asserts"},
        {"source": second, "stance": "asserts", "joint_with": {"ref": "a"}},
        {"source": second if again else f.make_source().slug, "stance": stance, "joint_with": {"ref": "a"}},
    ]
    before = counts()
    refused = client.post(address("claim"), {"text": "It is so.", "attributions": said})
    code = "own_statement" if again else "other_side"
    assert [(e["field"], e["code"]) for e in refused.json()["errors"]] == [("attributions.2.joint_with", code)]
    assert counts() == before


def test_each_noun_needs_the_right_to_enter_it(desk, client_of, body):
    user = f.make_user("claims-alone")
    user.user_permissions.add(*Permission.objects.filter(codename__in=("desk", "add_claim")))
    before = counts()
    refused = client_of(user).post(address("claim"), {"text": "A.", "sources": body["sources"]})
    assert (refused.status_code, "enter sources" in refused.json()["detail"]) == (403, True), refused.json()
    assert counts() == before
    assert client_of(user).post(address("claim"), {"text": "A."}).status_code == 201


def test_a_key_enters_a_claim_with_its_parts_once(client, body):
    answers = [client.post(address("claim"), body, HTTP_IDEMPOTENCY_KEY="parts") for _time in range(2)]
    assert answers[0].content == answers[1].content
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert Claim.objects.filter(text="It was rust.").count() == 1


def test_a_public_dispute_takes_parts_of_drafts_alone(client, body):
    """What hangs on the new claim is as little public as the claim."""
    made = client.post(address("claim"), body).json()
    assert APIClient().get(f"{address('attribution')}{made['attributions'][0]['id']}/").status_code == 404


def test_a_name_of_another_kind_is_refused_whatever_its_number(client):
    document = f.make_document()
    f.make_source(pk=document.pk + 1)  # the number that the next document gets
    body = {
        "text": "It was rust.",
        "documents": [{"ref": "d", "kind": "article", "title": "Report"}],
        "attributions": [{"source": {"ref": "d"}, "stance": "asserts"}],
    }
    refused = client.post(address("claim"), body)
    (entry,) = refused.json()["errors"]
    assert (refused.status_code, entry["field"], entry["code"]) == (400, "attributions.0.source", "wrong_kind")
    assert "a document of your request; a source" in entry["detail"]


def test_parts_are_not_lost_in_a_change(client):
    """A claim is sent back as it was read; what would be entered anew is refused."""
    said = f.make_attribution(f.make_claim())
    where = f"{address('claim')}{said.claim_id}/"
    read = client.get(where).json()
    assert client.put(where, read).status_code == 200
    for name, value in (
        ("attributions", [{"source": said.source_id, "stance": "asserts"}]),
        ("verdict", {"rating": 1}),
    ):
        refused = client.patch(where, {name: value})
        (entry,) = refused.json()["errors"]
        assert (refused.status_code, entry["field"], entry["code"]) == (400, name, "read_only")
