"""A claim that is kept elsewhere too is entered or changed by the id that it has there."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from claims.models import Claim
from tests import factories as f
from tests.api.nouns import address
from tests.api.test_writing import counts

pytestmark = pytest.mark.django_db
TARGET = f"{address('claim')}by-external-id/"


@pytest.fixture
def client(desk: Any, client_of: Any) -> APIClient:
    return client_of(desk.researcher)


def send(client: APIClient, body: dict[str, Any], **headers: str) -> Any:
    """The answer to the claim that is called so elsewhere."""
    return client.post(TARGET, {"external_id": "wire:7", **body}, **headers)


def test_the_first_request_enters_the_claim_and_the_next_changes_it(client):
    dispute = f.make_dispute()
    body = {"external_id": "wire:7", "dispute": dispute.slug, "text": "It is so."}
    entered = client.post(TARGET, body)
    assert (entered.status_code, entered.json()["external_id"]) == (201, "wire:7"), entered.json()
    assert entered.headers["Location"].endswith(f"/claims/{entered.json()['id']}/")
    number = entered.json()["id"]
    # What the desk adds stays, since the body does not name it.
    client.patch(f"{address('claim')}{number}/", {"context": "Of the desk."})
    changed = send(client, {"text": "It is said to be so."})
    assert (changed.status_code, changed.json()["id"], changed.json()["version"]) == (200, number, 3)
    assert (changed.json()["context"], changed.json()["text"]) == ("Of the desk.", "It is said to be so.")
    assert Claim.objects.filter(external_id="wire:7").count() == 1


def test_a_body_that_changes_nothing_writes_nothing(client):
    body = {"external_id": "wire:7", "dispute": f.make_dispute().pk, "text": "It is so.", "tags": ["a"]}
    entered, again = client.post(TARGET, body), client.post(TARGET, body)
    assert (again.status_code, again.json()["version"]) == (200, 1)
    assert again.headers["ETag"] == entered.headers["ETag"]


def test_a_claim_is_entered_with_its_parts_and_these_are_not_entered_twice(client):
    body = {
        "external_id": "wire:7",
        "text": "It is so.",
        "attributions": [{"source": f.make_source().slug, "stance": "asserts"}],
    }
    entered = client.post(TARGET, body)
    assert len(entered.json()["attributions"]) == 1
    again = client.post(TARGET, body)
    assert (again.status_code, len(again.json()["attributions"])) == (200, 1)


def test_what_the_public_reads_changes_on_its_version_with_a_reason(client, client_of, desk):
    claim = f.make_claim(published=True, external_id="wire:7")
    editor = client_of(desk.editor)
    assert send(client, {"text": claim.text}).status_code == 200
    assert send(client, {"context": "So."}).status_code == 403
    assert send(editor, {"context": "So.", "change_reason": "A test."}).status_code == 428
    stale = editor.post(
        TARGET, {"external_id": "wire:7", "context": "So.", "change_reason": "A test."}, HTTP_IF_MATCH='"99"'
    )
    assert stale.status_code == 412
    read = editor.get(f"{address('claim')}?external_id=wire:7").json()["results"]
    tag = f'"{read[0]["version"]}"'
    assert send(editor, {"context": "So."}, HTTP_IF_MATCH=tag).json()["code"] == "reason_required"
    taken = editor.post(
        TARGET, {"external_id": "wire:7", "context": "So.", "change_reason": "A test."}, HTTP_IF_MATCH=tag
    )
    assert (taken.status_code, taken.json()["context"]) == (200, "So.")


def test_a_hidden_claim_of_that_id_tells_nothing(client, desk):
    hidden = f.make_dispute(visibility="restricted", members=[desk.reviewer])
    f.make_claim(dispute=hidden, external_id="wire:7")
    assert client.get(f"{address('claim')}?external_id=wire:7").json()["results"] == []
    assert send(client, {"text": "It is so."}).status_code == 201
    assert client.post(address("claim"), {"text": "So.", "external_id": "wire:8"}).status_code == 201


def test_one_id_in_two_disputes_is_told_apart_by_the_dispute(client):
    first, second = (f.make_claim(dispute=f.make_dispute(), external_id="wire:7") for _row in range(2))
    refused = send(client, {"context": "So."})
    assert (refused.status_code, refused.json()["code"]) == (409, "ambiguous")
    changed = send(client, {"dispute": second.dispute.slug, "context": "So."})
    assert (changed.status_code, changed.json()["id"]) == (200, second.pk)
    third = f.make_dispute()
    entered = send(client, {"dispute": third.pk, "text": "So."})
    assert (entered.status_code, entered.json()["dispute"]["id"]) == (201, third.pk)
    first.refresh_from_db()
    assert first.version == 1
    unknown = send(client, {"dispute": "no-such-dispute", "text": "So."})
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (400, "dispute")


def test_no_claim_is_moved_by_its_external_id(client):
    claim, other = f.make_claim(dispute=f.make_dispute(), external_id="wire:7"), f.make_dispute()
    entered = send(client, {"dispute": other.slug, "text": "Elsewhere."})
    assert (entered.status_code, entered.json()["dispute"]["id"]) == (201, other.pk)
    claim.refresh_from_db()
    assert (claim.version, claim.dispute == other) == (1, False)


@pytest.mark.parametrize("alone", [False, True])
def test_an_id_stands_once_in_a_dispute_and_once_among_what_stands_alone(client, alone):
    dispute = None if alone else f.make_dispute().pk
    body = {"text": "It is so.", "dispute": dispute, "external_id": "wire:7"}
    assert client.post(address("claim"), body).status_code == 201
    refused = client.post(address("claim"), body)
    assert [(e["field"], e["code"]) for e in refused.json()["errors"]] == [("external_id", "external_id_taken")]
    for _time in range(2):
        assert client.post(address("claim"), {"text": "Without."}).status_code == 201


@pytest.mark.parametrize("name", ["", " ", "x" * 201, "a b", "a/b", "a\u0000", 7])
def test_an_external_id_is_a_short_word(client, name):
    refused = client.post(address("claim"), {"text": "It is so.", "external_id": name})
    if name == 7:
        assert refused.json()["external_id"] == "7"
        return
    assert refused.status_code == 400


@pytest.mark.parametrize("body", [{"text": "So."}, {"text": "So.", "external_id": ""}, {"external_id": 7}])
def test_an_entry_by_external_id_names_one(client, body):
    refused = client.post(TARGET, body)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "external_id")


def test_who_may_not_enter_claims_enters_none_so(client_of, desk):
    assert send(client_of(None), {"text": "So."}).status_code == 401
    assert send(client_of(desk.reader), {"text": "So."}).status_code == 403
    assert not Claim.objects.filter(external_id="wire:7").exists()


def test_the_public_does_not_read_it_nor_ask_for_it(desk, client_of):
    claim = f.make_claim(published=True, external_id="wire:7")
    public = client_of(None)
    assert public.get(f"{address('claim')}{claim.pk}/").json()["external_id"] is None
    assert public.get(f"{address('claim')}?external_id=wire:7").status_code == 401


def refusals(response: Any) -> list[tuple[str, str]]:
    return [(entry["field"], entry["code"]) for entry in response.json()["errors"]]


def test_many_are_entered_or_changed_and_what_stays_is_not_written(client, client_of, desk):
    dispute = f.make_dispute()
    there, same = (f.make_claim(dispute=dispute, external_id=f"wire:{number}") for number in (1, 2))
    public = f.make_claim(published=True, external_id="wire:3")
    said = [{"source": f.make_source().slug, "stance": "asserts"}]
    body = [
        {"external_id": "wire:4", "dispute": dispute.slug, "text": "New.", "attributions": said},
        {"external_id": "wire:1", "dispute": dispute.slug, "context": "So.", "attributions": said},
        {"external_id": "wire:2", "text": same.text},
        {"external_id": "wire:3", "text": public.text},
        {"external_id": "wire:5", "text": "Alone."},
    ]
    told = client.post(TARGET, body)
    assert told.status_code == 200, told.json()
    assert [row["external_id"] for row in told.json()] == [row["external_id"] for row in body]
    assert [row["version"] for row in told.json()] == [1, there.version + 1, same.version, public.version, 1]
    assert Claim.objects.get(external_id="wire:4").attributions.count() == 1
    assert not there.attributions.exists()
    before = counts()
    again = client.post(TARGET, body)
    assert (again.status_code, again.json(), counts()) == (200, told.json(), before)
    editor = client_of(desk.editor)
    changes = [{"external_id": "wire:3", "context": "So.", "change_reason": "A test."}]
    assert refusals(editor.post(TARGET, changes)) == [("0.version", "precondition_required")]
    assert client.post(TARGET, [{**changes[0], "version": public.version}]).status_code == 403
    assert editor.post(TARGET, [{**changes[0], "version": public.version}]).json()[0]["context"] == "So."
    assert client.post(TARGET, [{"external_id": "wire:6", "text": "A."}]).status_code == 201


BAD = [
    ([{"external_id": "a", "text": "A."}, {"text": "B."}], "1.external_id", "required"),
    ([{"external_id": "a", "text": "A."}, 7], "1.external_id", "required"),
    ([{"external_id": "a", "text": "A."}] * 2, "1.external_id", "repeated"),
    ([{"external_id": "wire:1", "context": "A."}, {"external_id": "b", "text": ""}], "1.text", "blank"),
    ([{"external_id": "b", "text": "B."}, {"external_id": "wire:1", "text": ""}], "1.text", "blank"),
    ([{"external_id": "wire:1"}, {"external_id": "b", "text": "B.", "dispute": "nowhere"}], "1.dispute", None),
    (
        [{"external_id": "wire:1"}, {"external_id": "b", "text": "B.", "attributions": [{"stance": "asserts"}]}],
        "1.attributions.0.source",
        "required",
    ),
    ([{"external_id": "b", "text": "B."}, {"external_id": "wire:1", "context": "A.", "version": 9}], "1.version", None),
]


@pytest.mark.parametrize(("body", "field", "code"), BAD)
def test_one_error_among_many_names_its_place_and_writes_nothing(client, body, field, code):
    f.make_claim(external_id="wire:1")
    before = counts()
    refused = client.post(TARGET, body)
    assert refused.status_code in {400, 412}
    [(where, why)] = refusals(refused)
    assert (where, why) == (field, code or why)
    assert counts() == before


@pytest.mark.parametrize("size", [0, 501])
def test_many_are_up_to_500(client, size):
    refused = client.post(TARGET, [{"external_id": f"a:{number}", "text": "A."} for number in range(size)])
    assert (refused.status_code, refused.json()["code"]) == (400, "bulk_size")
