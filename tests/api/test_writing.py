"""Writing over REST: whole or not at all, on the version that was read, and once for each key."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import resolve
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from claims.models import Claim, Dispute
from factcheck.audit.models import IdempotencyKey
from tests import factories as f
from tests.api.nouns import NOUNS, address

pytestmark = pytest.mark.django_db

WHOLE: dict[str, Any] = {
    "title": "Why did Z die?",
    "question": "Of what did Z die?",
    "sources": [
        {"ref": "paper", "kind": "news_outlet", "name": "Paper"},
        {"ref": "state", "kind": "state_body", "name": "Ministry"},
    ],
    "documents": [
        {
            "ref": "article",
            "kind": "article",
            "title": "Z dies",
            "publisher": {"ref": "paper"},
            "url": "https://paper.example.org/z",
        }
    ],
    "claims": [
        {
            "ref": "heart",
            "text": "Z died of heart failure.",
            "attributions": [
                {"ref": "said", "source": {"ref": "state"}, "stance": "asserts", "said_on": "2025-06-29"},
                {
                    "source": {"ref": "paper"},
                    "stance": "relays",
                    "relayed_from": {"ref": "said"},
                    "document": {"ref": "article"},
                },
            ],
        },
        {"ref": "beaten", "text": "Z was beaten to death."},
    ],
    "evidence": [
        {
            "kind": "forensic",
            "title": "Autopsy",
            "documents": [{"ref": "article"}],
            "links": [
                {"claim": {"ref": "heart"}, "bearing": "refutes"},
                {"claim": {"ref": "beaten"}, "bearing": "supports"},
            ],
        }
    ],
    "relations": [{"claim": {"ref": "heart"}, "other": {"ref": "beaten"}, "kind": "contradicts", "point": "cause"}],
}
# Where one thing is wrong, what is put there, and the place that the refusal names.
BROKEN = [
    (("question",), None, "question"),
    (("zq",), 1, "zq"),
    (("members",), ["nobody"], "members"),
    (("sources", 1, "kind"), "planet", "sources.1.kind"),
    (("sources", 1), 7, "sources.1"),
    (("sources",), {}, "sources"),
    (("sources", 1, "ref"), "paper", "sources.1.ref"),
    (("documents", 0, "publisher"), {"ref": "nobody"}, "documents.0.publisher"),
    (("documents", 0, "url"), "javascript:alert(1)", "documents.0.url"),
    (("claims", 1, "text"), "", "claims.1.text"),
    (("claims", 1, "zq"), 1, "claims.1.zq"),
    (("claims", 0, "attributions", 1, "stance"), "shrugs", "claims.0.attributions.1.stance"),
    (("claims", 0, "attributions", 1, "relayed_from"), {"ref": "later"}, "claims.0.attributions.1.relayed_from"),
    (("claims", 0, "attributions"), "x", "claims.0.attributions"),
    (("evidence", 0, "documents"), [{"ref": "nobody"}], "evidence.0.documents.0"),
    (("evidence", 0, "links", 1, "bearing"), "proves", "evidence.0.links.1.bearing"),
    (("evidence", 0, "links", 1, "claim"), {"ref": "heart"}, "evidence.0.links.1"),
    (("relations", 0, "other"), {"ref": "heart"}, "relations.0.other"),
    (("relations", 0, "kind"), "knows", "relations.0.kind"),
]


def counts() -> dict[str, int]:
    """How many rows every table of ours has, history, audit trail and kept answers included."""
    ours = {"audit", "sources", "claims"}
    return {model.__name__: model._base_manager.count() for model in apps.get_models() if model._meta.app_label in ours}


def tag(row: Any) -> str:
    row.refresh_from_db()
    return f'"{row.version}"'


@pytest.fixture
def client(desk: Any, client_of: Any) -> APIClient:
    return client_of(desk.researcher)


def test_a_dispute_is_entered_whole(client, desk):
    response = client.post(address("dispute"), WHOLE)
    assert response.status_code == 201, response.json()
    assert response.headers["Location"].endswith(f"/disputes/{response.json()['id']}/")
    first, second = response.json()["claims"]
    assert [said["stance"] for said in first["attributions"]] == ["asserts", "relays"]
    assert first["attributions"][1]["relayed_from"]["id"] == first["attributions"][0]["id"]
    assert [link["bearing"] for link in (*first["evidence"], *second["evidence"])] == ["refutes", "supports"]
    assert first["relations"] == second["relations"]
    assert first["relations"][0]["point"] == "cause"
    assert {
        entry["actor_name"] for entry in client.get(f"{response.headers['Location']}history/").json()["results"]
    } == {desk.researcher.get_username()}


def test_a_new_claim_is_answered_as_it_is_read(client):
    dispute = client.post(address("dispute"), {"title": "Who?", "question": "Who?", "exclusive": True}).json()["id"]
    rival = client.post(address("claim"), {"text": "It was B.", "dispute": dispute}).json()["id"]
    said = {"claim": rival, "source": f.make_source().pk, "stance": "asserts"}
    assert client.post(address("attribution"), said).status_code == 201
    response = client.post(address("claim"), {"text": "It was A.", "dispute": dispute})
    assert [row["claim"]["id"] for row in response.json()["contradicted_by"]] == [rival]
    read = client.get(response.headers["Location"])
    assert (response.json(), response.headers["ETag"]) == (read.json(), read.headers["ETag"])


@pytest.mark.parametrize(("path", "value", "field"), BROKEN, ids=[".".join(map(str, path)) for path, *_rest in BROKEN])
def test_a_broken_dispute_leaves_nothing_behind(client, path, value, field):
    body = copy.deepcopy(WHOLE)
    place: Any = body
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    before = counts()
    response = client.post(address("dispute"), body, HTTP_IDEMPOTENCY_KEY="k")
    assert response.status_code in {400, 409}, response.json()
    assert field in {error["field"] for error in response.json()["errors"]}, response.json()
    assert counts() == before


def test_what_only_the_register_refuses_names_its_row_among_many(client):
    before = counts()
    rows = [{"kind": "person", "name": name, "slug": slug} for name, slug in (("A", "a"), ("B", "b"), ("C", "a"))]
    refused = client.post(address("source"), rows)
    assert (refused.status_code, [error["field"] for error in refused.json()["errors"]]) == (400, ["2.slug"])
    assert counts() == before


@pytest.mark.parametrize("noun", ["claim", "source", "dispute"])
@pytest.mark.parametrize("wrong", [0, 2])
def test_a_bulk_is_created_whole_or_not_at_all(client, noun, wrong):
    right = {
        "claim": {"text": "It is so."},
        "source": {"kind": "person", "name": "A person"},
        "dispute": {"title": "Why?", "question": "Why?"},
    }[noun]
    before = counts()
    rows = [{**right}, {**right}, {**right}]
    rows[wrong] = {**right, "zq": 1}
    refused = client.post(address(noun), rows)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, f"{wrong}.zq")
    assert counts() == before
    created = client.post(address(noun), [{**right}, {**right}])
    assert (created.status_code, len(created.json())) == (201, 2)


@pytest.mark.parametrize("selector", ["", [], {}, {"type": "PageSelector"}, {"type": "PageSelector", "page": 1}])
def test_a_place_in_a_work_is_a_place_or_null(client, selector):
    body = {"claim": f.make_claim().pk, "source": f.make_source().pk, "document": f.make_document().pk}
    refused = client.post(address("attribution"), {**body, "stance": "asserts", "selector": selector})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "selector")


@pytest.mark.parametrize("size", [0, 501])
def test_a_bulk_has_1_to_500_rows(client, size):
    response = client.post(address("claim"), [{"text": "It is so."}] * size)
    assert (response.status_code, response.json()["code"]) == (400, "bulk_size")


# A webhook is changed by an administrator, a copy by nobody in these roles.
OF_THE_DESK = [
    name for name, noun in NOUNS.items() if noun.draft and noun.change and name not in {"webhook", "snapshot"}
]


@pytest.mark.parametrize("noun", OF_THE_DESK)
def test_a_row_is_sent_back_as_it_was_read_and_nothing_else_of_it_is_set(client_of, desk, noun):
    who = desk.editor if noun in {"rating", "rating-scale", "rule-exception"} else desk.researcher
    row, client = NOUNS[noun].draft(who), client_of(who)
    one = f"{address(noun)}{row.pk}/"
    read = client.get(one).json()
    serializer = resolve(one).func.cls.serializer_class()
    fixed = serializer.not_by_hand
    for name in fixed:
        for method in (client.patch, client.put):
            refused = method(one, {**(read if method == client.put else {}), name: 999_999})
            assert refused.status_code == 400, (name, refused.json())
            assert [(error["field"], error["code"]) for error in refused.json()["errors"]] == [(name, "read_only")]
    kept = client.patch(one, {name: read[name] for name in fixed})
    assert kept.status_code == 200, kept.json()
    whole = client.put(one, {**read, **NOUNS[noun].change})
    assert whole.status_code == 200, whole.json()
    if NOUNS[noun].body is not None and (others := fixed - {"id"}):
        made = client.post(address(noun), {**NOUNS[noun].body(), min(others): 999_999})
        assert [(error["field"], error["code"]) for error in made.json()["errors"]] == [(min(others), "read_only")]


def test_what_a_door_would_drop_in_silence_is_refused(client):
    part = {"text": "It is so.", "reviews": [{"publisher": 1, "url": "https://check.example.org/z"}]}
    for noun, body in (("claim", part), ("dispute", [WHOLE, WHOLE])):
        before = counts()
        response = client.post(address(noun), body)
        assert response.status_code == 400, response.json()
        assert counts() == before


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 428, "precondition_required"),
        ({"HTTP_IF_MATCH": '"99"'}, 412, "stale_version"),
        ({"HTTP_IF_MATCH": "99"}, 400, "invalid_header"),
        ({"HTTP_IF_MATCH": '"1", "99"'}, 412, "stale_version"),
        ({"HTTP_IF_MATCH": "*"}, 200, None),
    ],
)
def test_a_published_claim_changes_only_on_the_version_that_was_read(desk, client_of, headers, status, code):
    claim = f.make_claim(published=True)
    response = client_of(desk.reviewer).patch(
        f"{address('claim')}{claim.pk}/", {"context": "New."}, HTTP_X_CHANGE_REASON="A test.", **headers
    )
    assert (response.status_code, response.json().get("code")) == (status, code)


def test_a_change_of_a_published_claim_needs_its_reason(desk, client_of):
    claim = f.make_claim(published=True)
    client = client_of(desk.reviewer)
    refused = client.patch(f"{address('claim')}{claim.pk}/", {"context": "New."}, HTTP_IF_MATCH=tag(claim))
    assert (refused.status_code, refused.json()["code"]) == (400, "reason_required")
    body = {"context": "New.", "change_reason": "A typing error."}
    taken = client.patch(f"{address('claim')}{claim.pk}/", body, HTTP_IF_MATCH=tag(claim))
    assert taken.status_code == 200
    newest = client.get(f"{address('claim')}{claim.pk}/history/").json()["results"][0]
    assert (newest["reason"], newest["action"]) == ("A typing error.", "claim.changed")


def test_a_read_again_is_a_304_until_something_changes(desk, client_of):
    claim = f.make_claim(published=True)
    client = client_of(desk.reviewer)
    for target in (f"{address('claim')}{claim.pk}/", address("claim")):
        etag = client.get(target).headers["ETag"]
        again = client.get(target, HTTP_IF_NONE_MATCH=etag)
        assert (again.status_code, again.content) == (304, b"")
        how = {"HTTP_IF_MATCH": tag(claim), "HTTP_X_CHANGE_REASON": "A test."}
        client.patch(f"{address('claim')}{claim.pk}/", {"context": f"For {target}."}, **how)
        assert client.get(target, HTTP_IF_NONE_MATCH=etag).status_code == 200


def test_a_number_that_one_engine_could_not_keep_is_refused_by_both(desk, client_of):
    client = client_of(desk.editor)
    row = {"scale": f.make_scale().pk, "code": "last", "label": "Last", "meaning": "A meaning.", "order": 32_768}
    refused = client.post("/api/v1/ratings/", row, format="json")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "order")
    assert client.post("/api/v1/ratings/", {**row, "order": 32_767}, format="json").status_code == 201


def test_the_same_key_gets_the_same_answer_and_acts_once(client):
    sent = [client.post(address("claim"), {"text": "It is so."}, HTTP_IDEMPOTENCY_KEY="one") for _time in range(2)]
    assert [answer.status_code for answer in sent] == [201, 201]
    assert sent[0].content == sent[1].content
    assert [answer.headers.get("Idempotent-Replayed") for answer in sent] == [None, "true"]
    assert sent[0].headers["ETag"] == sent[1].headers["ETag"]
    assert Claim.objects.filter(text="It is so.").count() == 1


def test_a_request_whose_answer_was_erased_acts_no_second_time(client):
    client.post(address("claim"), {"text": "It is so."}, HTTP_IDEMPOTENCY_KEY="one")
    IdempotencyKey.objects.empty()
    again = client.post(address("claim"), {"text": "It is so."}, HTTP_IDEMPOTENCY_KEY="one")
    assert (again.status_code, again.json()["code"]) == (410, "answer_erased")
    assert Claim.objects.filter(text="It is so.").count() == 1


def test_the_same_key_with_another_body_is_refused(client, desk, client_of):
    client.post(address("claim"), {"text": "It is so."}, HTTP_IDEMPOTENCY_KEY="one")
    other = client.post(address("claim"), {"text": "It is not so."}, HTTP_IDEMPOTENCY_KEY="one")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    # Another user's key is another key.
    assert client_of(desk.editor).post(address("claim"), {"text": "No."}, HTTP_IDEMPOTENCY_KEY="one").status_code == 201


def test_a_refused_request_may_use_its_key_again(client):
    refused = client.post(address("claim"), {"text": ""}, HTTP_IDEMPOTENCY_KEY="one")
    taken = client.post(address("claim"), {"text": "It is so."}, HTTP_IDEMPOTENCY_KEY="one")
    assert [refused.status_code, taken.status_code] == [400, 201]


def bearer(token: str) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def test_a_token_acts_for_its_user_until_it_is_deleted(desk):
    row, token = AuthToken.objects.create(desk.researcher)
    created = bearer(token).post(address("claim"), {"text": "It is so."})
    assert created.status_code == 201
    assert Claim.history.get(id=created.json()["id"]).history_user == desk.researcher
    row.delete()
    assert bearer(token).post(address("claim"), {"text": "It is so."}).status_code == 401


@pytest.mark.parametrize("change", ["expired", "inactive", "garbage", "altered"])
def test_a_token_that_no_longer_holds_is_refused_for_reading_too(desk, change):
    user = f.make_user(f"has-{change}", "Researcher")
    row, token = AuthToken.objects.create(user, expiry=timedelta(hours=1))
    assert bearer(token).get(address("claim")).status_code == 200
    match change:
        case "expired":
            AuthToken.objects.filter(pk=row.pk).update(expiry=timezone.now() - timedelta(seconds=1))
        case "inactive":
            type(user).objects.filter(pk=user.pk).update(is_active=False)
        case "garbage":
            token = "x" * 64
        case "altered":
            token = f"{token[:-1]}{'a' if token[-1] != 'a' else 'b'}"
    response = bearer(token).get(address("claim"))
    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_session_writes_only_with_its_csrf_token(desk):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(desk.researcher)
    refused = client.post(address("claim"), {"text": "It is so."})
    assert (refused.status_code, refused.headers["Content-Type"]) == (403, "application/problem+json")
    client.get("/admin/")
    client.cookies["csrftoken"] = "a" * 32
    assert client.post(address("claim"), {"text": "It is so."}, HTTP_X_CSRFTOKEN="a" * 32).status_code == 201


def test_a_session_of_somebody_who_left_reads_what_the_public_reads(desk):
    user = f.make_user("gone", "Researcher")
    client = APIClient()
    client.force_login(user)
    draft = f.make_claim()
    assert client.get(f"{address('claim')}{draft.pk}/").status_code == 200
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(f"{address('claim')}{draft.pk}/").status_code == 404


def test_whoever_restricts_a_dispute_stays_in_it(client, desk):
    created = client.post(
        address("dispute"), {"title": "Why?", "question": "Why?", "visibility": "restricted", "members": []}
    )
    assert created.json()["members"] == [desk.researcher.get_username()]
    with transaction.atomic():
        assert Dispute.objects.visible_to(desk.researcher).filter(pk=created.json()["id"]).exists()
