"""Writing through the recorded viewset: rights, versions, bulk, requests sent twice (FAULTS T23, T27 to T29)."""

import threading

import pytest
from django.db import connection
from rest_framework.test import APIClient

from factcheck.audit.models import IdempotencyKey
from factcheck.models.queryset import public_rows
from sources.models import Source
from sources.models.source import SourceQuerySet
from tests.base.urls import KIND, SourceViewSet

pytestmark = [pytest.mark.urls("tests.base.urls"), pytest.mark.django_db]
URL = "/api/v1/sources/"


def source(**values):
    row = Source(**{"kind": KIND, "name": "A source", **values})
    row.save()
    return row


def client_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def errors_of(response):
    return {error["field"]: error["code"] for error in response.json()["errors"]}


def test_create_answers_with_place_and_tag(api):
    created = api.post(URL, {"kind": KIND, "name": " Two  words "})
    assert created.status_code == 201
    assert created.json()["name"] == "Two words"
    read = api.get(created["Location"])
    assert read.content == created.content
    assert read["ETag"] == created["ETag"]
    assert read["ETag"].startswith('"1-')


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_anonymous_writes_need_a_log_in(anyone, method):
    response = getattr(anyone, method)(URL if method == "post" else f"{URL}1/")
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_write_needs_the_right_of_the_role(django_user_model):
    reader = client_of(django_user_model.objects.create_user("reader"))
    assert reader.post(URL, {"kind": KIND, "name": "A"}).status_code == 403
    assert reader.post(f"{URL}1/rename/").status_code == 403


def test_hidden_row_is_not_found(anyone, django_user_model):
    row = source()
    assert anyone.get(f"{URL}{row.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"titel": "A"}, "titel", "unknown_field"),
        ({"name": "a\u202e"}, "name", "forbidden_character"),
        ({"name": "a\x1b"}, "name", "forbidden_character"),
        ({"name": None}, "name", "null"),
        ({"name": "x" * 301}, "name", "max_length"),
        ({"kind": "\x1b"}, "kind", "invalid_choice"),
        ({"aliases": {"a": 1}}, "aliases", "invalid_list"),
        ({"part_of": 2**62}, "part_of", "does_not_exist"),
        ({"part_of": True}, "part_of", "incorrect_type"),
        ({"part_of": {"id": "x"}}, "part_of", "incorrect_type"),
        ({"withheld": True}, None, "invalid"),
    ],
)
def test_bad_field_is_a_400_that_names_it(api, body, field, code):
    response = api.post(URL, {"kind": KIND, "name": "A", **body})
    assert response.status_code == 400
    assert errors_of(response)[field] == code


def test_reference_takes_an_id_or_an_object(api):
    parent = source(name="Parent")
    for value in (parent.pk, {"id": parent.pk, "label": "anything"}):
        response = api.post(URL, {"kind": KIND, "name": "Part", "part_of": value})
        assert response.json()["part_of"] == {"id": parent.pk, "label": "Parent", "slug": "parent"}


def test_what_was_read_can_be_sent_back(api):
    row = source()
    body = api.get(f"{URL}{row.pk}/").json()
    assert api.put(f"{URL}{row.pk}/", {**body, "name": "B", "change_reason": "A slip."}).status_code == 200
    assert row.history.first().history_change_reason == "A slip."


def test_merge_patch_is_a_patch(api):
    row = source()
    response = api.generic("PATCH", f"{URL}{row.pk}/", b'{"name":"B"}', content_type="application/merge-patch+json")
    assert response.json()["name"] == "B"


def test_stale_change_is_refused(api):
    row = source()
    first = api.get(f"{URL}{row.pk}/")["ETag"]
    assert api.patch(f"{URL}{row.pk}/", {"name": "B"}, HTTP_IF_MATCH=first)["ETag"].startswith('"2-')
    stale = api.patch(f"{URL}{row.pk}/", {"name": "C"}, HTTP_IF_MATCH=first)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    assert api.delete(f"{URL}{row.pk}/", HTTP_IF_MATCH=first).status_code == 412
    assert api.post(f"{URL}{row.pk}/rename/", HTTP_IF_MATCH=first).status_code == 412
    for good in ['"2"', "*", '"1", "2"', 'W/"2"']:
        assert api.patch(f"{URL}{row.pk}/", {"aliases": []}, HTTP_IF_MATCH=good).status_code in {200, 412}
    for bad in ["2", '"2', "a b", '"' + "x" * 5_000 + '"']:
        assert api.patch(f"{URL}{row.pk}/", {"name": "D"}, HTTP_IF_MATCH=bad).status_code == 400


def test_unchanged_answer_is_304(api):
    row = source()
    for url in (URL, f"{URL}{row.pk}/"):
        tag = api.get(url)["ETag"]
        assert api.head(url)["ETag"] == tag
        for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            answer = api.get(url, HTTP_IF_NONE_MATCH=known)
            assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
        assert api.get(url, HTTP_IF_NONE_MATCH='"other"').status_code == 200
        assert api.get(url, HTTP_IF_NONE_MATCH="other").status_code == 400


@pytest.fixture
def all_public(monkeypatch):
    """Every source is read by everybody."""
    monkeypatch.setattr(SourceQuerySet, "visible_to", lambda self, _user: self)
    public_rows.cache_clear()
    yield
    public_rows.cache_clear()


@pytest.mark.usefixtures("all_public")
def test_change_of_a_public_row_needs_right_reason_and_version(api, editor):
    row = source()
    url = f"{URL}{row.pk}/"
    assert api.patch(url, {"name": "B"}).status_code == 403
    trusted = client_of(editor)
    without = trusted.patch(url, {"name": "B"})
    assert (without.status_code, without.json()["code"]) == (400, "reason_required")
    assert errors_of(without) == {"change_reason": "reason_required"}
    reason = {"HTTP_X_CHANGE_REASON": "Ein Irrtum: w%C3%A4hlte 100 % falsch"}
    assert trusted.patch(url, {"name": "B"}, **reason).status_code == 428
    assert trusted.patch(url, {"name": "B"}, **reason, HTTP_IF_MATCH='"9"').status_code == 412
    assert trusted.patch(url, {"name": "B"}, **reason, HTTP_IF_MATCH='"1"').status_code == 200
    assert row.history.first().history_change_reason == "Ein Irrtum: wählte 100 % falsch"
    assert row.history.first().history_user == editor
    assert trusted.delete(url, **reason, HTTP_IF_MATCH="*").status_code == 409


@pytest.mark.parametrize("reason", ["\u202e", "x" * 2_001, 5, ["a"]])
def test_reason_is_text(api, reason):
    row = source()
    assert api.patch(f"{URL}{row.pk}/", {"name": "B", "change_reason": reason}).status_code == 400


def test_array_is_created_whole_or_not_at_all(api):
    good = [{"kind": KIND, "name": name} for name in "ab"]
    response = api.post(URL, good)
    assert response.status_code == 201
    assert [row["name"] for row in response.json()] == ["a", "b"]
    for bad, field in [
        ([*good, {"kind": KIND, "name": ""}], "2.name"),
        ([{"kind": "x", "name": "c"}, *good], "0.kind"),
        ([*good, 3], "2"),
    ]:
        response = api.post(URL, bad)
        assert response.status_code == 400
        assert field in errors_of(response)
    clash = api.post(URL, [{"kind": KIND, "name": name, "slug": "same"} for name in "cd"])
    assert (clash.status_code, errors_of(clash)) == (400, {"1.slug": "unique"})
    assert api.post(URL, []).status_code == 400
    assert api.post(URL, good * 251).status_code == 400
    assert Source.objects.count() == 2


def test_row_that_is_referred_to_is_kept(api):
    parent = source()
    source(name="Part", part_of=parent)
    response = api.delete(f"{URL}{parent.pk}/")
    assert (response.status_code, response.json()["code"]) == (409, "still_referred_to")


def test_same_key_gets_the_same_answer(api):
    body, key = {"kind": KIND, "name": "A"}, {"HTTP_IDEMPOTENCY_KEY": "k1"}
    first, second = api.post(URL, body, **key), api.post(URL, body, **key)
    assert first.content == second.content
    assert (second.status_code, second["ETag"], second["Location"]) == (201, first["ETag"], first["Location"])
    assert second["Idempotent-Replayed"] == "true"
    assert Source.objects.count() == 1


def test_same_key_for_another_request_is_refused(api, editor):
    body, key = {"kind": KIND, "name": "A"}, {"HTTP_IDEMPOTENCY_KEY": "k1"}
    row = api.post(URL, body, **key).json()
    assert api.post(URL, {**body, "name": "B"}, **key).status_code == 422
    assert api.post(f"{URL}{row['id']}/rename/", body, **key).status_code == 422
    assert client_of(editor).post(URL, body, **key).status_code == 201


def test_refusal_does_not_use_up_the_key(api):
    key = {"HTTP_IDEMPOTENCY_KEY": "k1"}
    assert api.post(URL, {"kind": KIND, "name": ""}, **key).status_code == 400
    assert api.post(URL, {"kind": KIND, "name": "A"}, **key).status_code == 201
    assert IdempotencyKey.objects.count() == 1


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "é"])
def test_key_is_printable(api, key):
    assert api.post(URL, {"kind": KIND, "name": "A"}, HTTP_IDEMPOTENCY_KEY=key).status_code == 400


def test_action_with_a_key_acts_once(api):
    row = source(name="A")
    for _time in range(2):
        assert api.post(f"{URL}{row.pk}/rename/", HTTP_IDEMPOTENCY_KEY="k").json() == {"name": "A again"}
    row.refresh_from_db()
    assert row.name == "A again"


def together(count, act):
    """Answers of `act(number)` from as many threads, started at once."""
    answers, barrier = [], threading.Barrier(count)

    def run(number):
        barrier.wait()
        try:
            answers.append(act(number))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_let_one_through(researcher):
    row = source()
    answers = together(
        6, lambda n: client_of(researcher).patch(f"{URL}{row.pk}/", {"name": f"N{n}"}, HTTP_IF_MATCH='"1"')
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 5
    row.refresh_from_db()
    assert row.version == 2


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_same_slug_at_once_is_stored_once(researcher):
    answers = together(6, lambda n: client_of(researcher).post(URL, {"kind": KIND, "name": f"N{n}", "slug": "same"}))
    codes = sorted(answer.status_code for answer in answers)
    assert codes[0] == 201
    assert set(codes[1:]) <= {400, 409}
    assert Source.objects.count() == 1


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_same_key_at_once_acts_once(researcher, monkeypatch):
    gate = threading.Event()
    original = SourceViewSet.perform_create

    def slow(self, serializer):
        original(self, serializer)
        gate.wait(0.3)

    monkeypatch.setattr(SourceViewSet, "perform_create", slow)
    body = {"kind": KIND, "name": "A"}
    answers = together(5, lambda _n: client_of(researcher).post(URL, body, HTTP_IDEMPOTENCY_KEY="k"))
    codes = sorted(answer.status_code for answer in answers)
    # PostgreSQL tells the others at once; on SQLite they wait their turn and get the first answer again.
    assert codes == ([201] + [409] * 4 if connection.vendor == "postgresql" else [201] * 5)
    assert Source.objects.count() == 1
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
