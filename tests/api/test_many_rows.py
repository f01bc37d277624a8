"""Many rows are changed or withdrawn in one request: all or none, each on the version that was read."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from claims.models import Attribution, Claim
from factcheck.audit.context import recording
from factcheck.audit.differences import history_models
from factcheck.audit.verification import Break, verify
from tests import factories as f
from tests.api.nouns import NOUNS, address
from tests.api.test_writing import counts

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(desk: Any, client_of: Any) -> APIClient:
    return client_of(desk.researcher)


@pytest.fixture
def editor(desk: Any, client_of: Any) -> APIClient:
    return client_of(desk.editor)


def refusals(response: Any) -> list[tuple[str, str]]:
    """The field and code of each entry of a refusal."""
    return [(entry["field"], entry["code"]) for entry in response.json()["errors"]]


def test_many_claims_change_each_in_its_own_way(client):
    first, second, third = f.make_claim(), f.make_claim(), f.make_claim()
    rows = [
        {"id": second.pk, "version": 1, "context": "B.", "change_reason": "Because of B."},
        {"id": first.pk, "text": "A."},
    ]
    changed = client.patch(address("claim"), rows, HTTP_X_CHANGE_REASON="For all.")
    assert changed.status_code == 200, changed.json()
    assert [(row["id"], row["version"]) for row in changed.json()] == [(second.pk, 2), (first.pk, 2)]
    assert [row["context"] for row in changed.json()] == ["B.", first.context]
    assert "attributions" not in changed.json()[0]
    reasons = {
        row.pk: client.get(f"{address('claim')}{row.pk}/history/").json()["results"][0]["reason"]
        for row in (first, second)
    }
    assert reasons == {first.pk: "For all.", second.pk: "Because of B."}
    third.refresh_from_db()
    assert third.version == 1
    assert not [found for found in verify(history_models()) if isinstance(found, Break)]


@pytest.mark.parametrize("version", ["1", True, [], 1.5])
def test_a_version_is_a_whole_number(client, version):
    claim = f.make_claim()
    refused = client.patch(address("claim"), [{"id": claim.pk, "version": version, "context": "B."}])
    assert (refused.status_code, refusals(refused)) == (400, [("0.version", "invalid")])


def test_rows_are_sent_back_as_a_list_gave_them(client):
    said = [f.make_attribution(f.make_claim()) for _row in range(2)]
    rows = client.get(f"{address('attribution')}?id={said[0].pk},{said[1].pk}").json()["results"]
    changed = client.patch(address("attribution"), [{**row, "capacity": "As a witness"} for row in rows])
    assert changed.status_code == 200, changed.json()
    assert set(Attribution.objects.filter(pk__in=[row.pk for row in said]).values_list("capacity", flat=True)) == {
        "As a witness"
    }


@pytest.mark.parametrize(("name", "value"), [("attributions", [{"stance": "denies"}]), ("verdict", {"rating": 1})])
def test_parts_that_a_list_gave_are_sent_back_and_new_ones_refused(editor, name, value):
    claim = f.make_claim(published=True)
    f.make_attribution(claim)
    f.make_published(claim)
    include = "attributions,evidence,relations,verdict,reviews,inquiries,origins,contradicted_by,taken_back,stale"
    rows = editor.get(f"{address('claim')}?id={claim.pk}&include={include}").json()["results"]
    sent = {**rows[0], "context": "So.", "change_reason": "A test."}
    changed = editor.patch(address("claim"), [sent])
    assert (changed.status_code, changed.json()[0]["context"]) == (200, "So."), changed.json()
    refused = editor.patch(address("claim"), [{**sent, "version": claim.version + 1, name: value}])
    assert (refused.status_code, refusals(refused)) == (400, [(f"0.{name}", "read_only")]), refused.json()


NAMES = [name for name, noun in NOUNS.items() if noun.draft and noun.change and name not in {"webhook", "snapshot"}]


@pytest.mark.parametrize("noun", NAMES)
def test_every_noun_takes_many_changes(desk, client_of, noun):
    who = desk.editor if noun in {"rating", "rating-scale", "rule-exception"} else desk.researcher
    rows = [NOUNS[noun].draft(who), NOUNS[noun].draft(who)]
    body = [{"id": row.pk, "version": row.version, **NOUNS[noun].change} for row in rows]
    changed = client_of(who).patch(address(noun), body)
    assert changed.status_code == 200, changed.json()
    for row, told in zip(rows, changed.json(), strict=True):
        assert told["version"] == row.version + 1
        assert NOUNS[noun].change.items() <= told.items()


@pytest.mark.parametrize("noun", NAMES)
def test_what_changes_nothing_writes_nothing(desk, client_of, noun):
    """A row that is sent back as it was read, alone or among many, also one that the public reads."""
    client = client_of(desk.editor)
    # A published verdict never changes.
    published = None if noun == "verdict" else NOUNS[noun].published
    row = (published or NOUNS[noun].draft)(desk.editor)
    where = f"{address(noun)}{row.pk}/"
    read = client.get(where)
    before = counts()
    for body in ({}, read.json(), {**read.json(), "change_reason": "Each night."}):
        told = client.patch(where, body, HTTP_IF_MATCH=read.headers["ETag"], HTTP_X_CHANGE_REASON="Each night.")
        assert (told.status_code, told.json()) == (200, read.json()), told.json()
        sent = {"id": row.pk, "version": read.json()["version"], **body}
        many = client.patch(address(noun), [sent], HTTP_X_CHANGE_REASON="Each night.")
        assert many.status_code == 200, many.json()
    assert counts() == before
    assert client.get(where, HTTP_IF_NONE_MATCH=read.headers["ETag"]).status_code == 304


def test_one_error_changes_nothing_and_each_is_named(client):
    rows = [f.make_claim() for _row in range(4)]
    before = counts()
    bad = [
        {"id": rows[0].pk, "context": "So."},
        {"id": rows[1].pk, "text": ""},
        {"id": rows[2].pk, "zq": 1},
        {"id": rows[3].pk, "status": "published"},
    ]
    refused = client.patch(address("claim"), bad)
    assert refused.status_code == 400
    assert {field for field, _code in refusals(refused)} == {"1.text", "2.zq", "3.status"}
    assert counts() == before
    assert Claim.objects.get(pk=rows[0].pk).context == rows[0].context


@pytest.mark.parametrize(
    ("noun", "field", "row"),
    [
        ("source", "slug", {"name": "N", "kind": "organisation", "slug": "x"}),
        ("dispute", "slug", {"title": "T", "question": "Q?", "slug": "x"}),
        ("document", "url", {"title": "T", "kind": "article", "url": "https://a.example.org/1"}),
        ("claim", "external_id", {"text": "T.", "external_id": "wire:1"}),
    ],
)
def test_what_is_taken_is_refused_alike_by_the_same_array_and_by_the_register(client, noun, field, row):
    def told(refused: Any) -> Any:
        body = refused.json()
        return refused.status_code, body["code"], [(e["field"], e["code"], e["detail"]) for e in body["errors"]]

    twice = told(client.post(address(noun), [row, row]))
    assert client.post(address(noun), row).status_code == 201
    status, code, [(place, *words)] = told(client.post(address(noun), [row]))
    assert place == f"0.{field}"
    # The row of the register is named where its field says so; that of the array is not there when the answer is read.
    (kind, detail), same = words, words[1].partition(" That is ")[0]
    assert (same != detail) == (field != "external_id"), detail
    assert twice == (status, code, [(f"1.{field}", kind, same)])


def test_what_only_the_register_refuses_names_its_row(client):
    one, other = f.make_source(), f.make_source()
    before = counts()
    bad = [{"id": other.pk, "description": "So."}, {"id": one.pk, "slug": other.slug}]
    refused = client.patch(address("source"), bad)
    assert {field for field, _code in refusals(refused)} == {"1.slug"}
    assert counts() == before


def test_a_public_row_names_its_version_and_none_is_overwritten(editor):
    draft, public, newer = f.make_claim(), f.make_claim(published=True), f.make_claim(published=True)
    newer.context = "By somebody else."
    with recording(reason="A test."):
        newer.save()
    rows = [{"id": row.pk, "context": "So.", "change_reason": "A test."} for row in (draft, public, newer)]
    rows[2]["version"] = newer.version - 1
    refused = editor.patch(address("claim"), rows)
    assert (refused.status_code, refused.json()["code"]) == (428, "precondition_required")
    assert refusals(refused) == [("1.version", "precondition_required"), ("2.version", "stale_version")]
    rows[1]["version"] = public.version
    refused = editor.patch(address("claim"), rows)
    assert (refused.status_code, refusals(refused)) == (412, [("2.version", "stale_version")])
    newer.refresh_from_db()
    assert newer.context == "By somebody else."
    rows[2]["version"] = newer.version
    assert editor.patch(address("claim"), rows).status_code == 200


def test_a_public_row_needs_its_reason_and_the_right(client, editor):
    public = f.make_claim(published=True)
    rows = [{"id": f.make_claim().pk, "context": "So."}, {"id": public.pk, "version": public.version, "context": "So."}]
    refused = editor.patch(address("claim"), rows)
    assert (refused.status_code, refusals(refused)) == (400, [("1.change_reason", "reason_required")])
    rows[1]["change_reason"] = "A test."
    refused = client.patch(address("claim"), rows)
    assert (refused.status_code, [field for field, _code in refusals(refused)]) == (403, ["1"])
    assert editor.patch(address("claim"), rows).status_code == 200


@pytest.mark.parametrize("row", [7, {}, {"id": "x"}, {"id": True}, {"id": 0}, {"id": 2**70}, {"id": 10**9}])
def test_a_row_names_one_that_the_caller_may_see(client, row):
    refused = client.patch(address("claim"), [{"id": f.make_claim().pk, "context": "So."}, row])
    assert (refused.status_code, [field for field, _code in refusals(refused)]) in [(400, ["1.id"]), (400, ["1"])]


def test_a_hidden_row_is_answered_as_one_that_is_not_there(client, desk):
    hidden = f.make_claim(dispute=f.make_dispute(visibility="restricted", members=[desk.reviewer]))
    answers = []
    for number in (hidden.pk, 10**9):
        refused = client.patch(address("claim"), [{"id": number, "version": 99, "context": "So."}])
        answers.append((refused.status_code, refusals(refused), refused.json()["detail"].replace(str(number), "…")))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("body", [{"id": 1}, [], [{"id": 1}] * 501])
def test_many_is_an_array_of_1_to_500(client, body):
    refused = client.patch(address("claim"), body)
    assert (refused.status_code, refused.json()["code"]) == (400, "bulk_size")


def test_a_row_comes_once_and_versions_stand_in_the_rows(client):
    row = {"id": f.make_claim().pk, "context": "So."}
    assert refusals(client.patch(address("claim"), [row, row])) == [("1.id", "repeated")]
    refused = client.patch(address("claim"), [row], HTTP_IF_MATCH='"1"')
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_header")


def test_many_rows_are_withdrawn_each_for_its_reason(client_of, desk):
    reviewer = client_of(desk.reviewer)
    for noun, make in (("claim", lambda: f.make_claim(published=True)), ("attribution", published_statement)):
        rows = [make() for _row in range(2)]
        target = f"{address(noun)}withdraw/"
        body = [{"id": row.pk, "version": row.version, "reason": f"Reason {n}."} for n, row in enumerate(rows)]
        assert client_of(desk.researcher).post(target, body).status_code == 403
        without = reviewer.post(target, [body[0], {**body[1], "version": None}])
        assert without.status_code == 428
        assert refusals(reviewer.post(target, [body[0], {**body[1], "reason": ""}])) == [("1.reason", "blank")]
        assert refusals(reviewer.post(target, [body[0], {**body[1], "zq": 1}])) == [("1.zq", "unknown_field")]
        taken = reviewer.post(target, body, HTTP_IDEMPOTENCY_KEY=f"{noun}-1")
        assert taken.status_code == 200, taken.json()
        assert [row["withdrawn_reason"] for row in taken.json()] == ["Reason 0.", "Reason 1."]
        again = [{**row, "version": row["version"] + 1} for row in body]
        assert reviewer.post(target, again).status_code == 409
        replayed = reviewer.post(target, body, HTTP_IDEMPOTENCY_KEY=f"{noun}-1")
        assert replayed.content == taken.content


def published_statement() -> Attribution:
    return f.make_attribution(f.make_claim(published=True))


@pytest.mark.parametrize("noun", ["claim", "attribution", "document"])
def test_many_changes_cost_no_statements_of_their_own(client, desk, noun):
    def statements(count: int) -> int:
        rows = [NOUNS[noun].draft(desk.researcher) for _row in range(count)]
        body = [{"id": row.pk, "version": 1, **NOUNS[noun].change} for row in rows]
        with CaptureQueriesContext(connection) as caught:
            assert client.patch(address(noun), body).status_code == 200
        return len(caught)

    assert statements(8) == statements(2)
