"""Merging twins by the doors: the API, the page of the desk, and where the address of a twin leads."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from factcheck.audit.context import acting
from sources.models import Document, Source
from sources.services import merge
from sources.services.article import find_document
from tests import factories as make
from tests.admin_page import get, send
from tests.claims.test_claim_admin import at
from tests.claims.test_dispute_admin import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
API = "/api/v1/sources/"


@pytest.fixture
def twins(register: None) -> tuple[Source, Source]:
    """Two sources of what the public reads."""
    twin, into = make.make_source("The Ministry of Defence", country="AZ"), make.make_source("Ministry of Defence")
    for source in (twin, into):
        make.make_attribution(make.make_claim(published=True), source=source)
    return twin, into


def test_merge_by_the_api_needs_version_and_reason(api: Any, ann: Any, editor: Any, twins: Any) -> None:
    twin, into = twins
    url, body = f"{API}{twin.pk}/merge/", {"into": into.pk, "change_reason": "Entered twice."}
    assert api().post(url, body, format="json").status_code == 401
    assert api(editor).post(url, body, format="json").status_code == 428
    headers = {"HTTP_IF_MATCH": f'"{twin.version}"'}
    assert api(ann).post(url, body, format="json", **headers).json()["code"] == "forbidden"
    told = api(editor).post(url, {"into": into.pk}, format="json", **headers)
    assert (told.status_code, told.json()["code"]) == (400, "reason_required")
    told = api(editor).post(url, {**body, "into": 10**9}, format="json", **headers)
    assert (told.status_code, told.json()["errors"][0]["field"]) == (400, "into")
    told = api(editor).post(url, {**body, "onto": 1}, format="json", **headers)
    assert told.json()["errors"][0]["code"] == "unknown_field"
    answer = api(editor).post(url, body, format="json", **headers)
    assert (answer.status_code, answer.json()["id"], answer.json()["aliases"]) == (200, into.pk, [twin.name])
    told = api(editor).get(f"{API}{twin.pk}/").json()
    assert told["merged_into"]["id"] == into.pk
    assert [row["id"] for row in api(editor).get(f"{API}?merged=true").json()["results"]] == [twin.pk]
    told = api(editor).patch(
        f"{API}{into.pk}/", {"merged_into": twin.pk, "change_reason": "x"}, format="json", HTTP_IF_MATCH="*"
    )
    assert "Call merge" in told.content.decode()


def test_the_addresses_of_a_twin_lead_to_the_one_that_stays(api: Any, editor: Any, twins: Any) -> None:
    twin, into = twins
    merge(actor=editor, twin=twin, into=into, reason="Entered twice.")
    answer = api().get(f"{API}{twin.pk}/")
    assert (answer.status_code, answer["Location"].endswith(f"{API}{into.pk}/")) == (301, True)
    for key in (twin.slug, twin.pk):
        page = Client().get(f"/sources/{key}/")
        assert (page.status_code, page["Location"]) == (301, f"/sources/{into.slug}/")
    assert (
        "merged_into" not in api().get(f"{API}{into.pk}/").json()
        or not api().get(f"{API}{into.pk}/").json()["merged_into"]
    )


def test_the_address_of_a_twin_tells_nothing_of_what_its_reader_may_not_read(api: Any, editor: Any) -> None:
    twin, into = make.make_document(), make.make_document()
    merge(actor=editor, twin=twin, into=into, reason="Entered twice.")
    assert api().get(f"/api/v1/documents/{twin.pk}/").status_code == 404
    with acting(reason="As found."):
        make.make_attribution(make.make_claim(published=True), document=into)
    assert api().get(f"/api/v1/documents/{twin.pk}/").status_code == 301


def test_both_stand_side_by_side_before_anything_is_done(editor: Any, twins: Any) -> None:
    twin, into = twins
    client = client_of(editor)
    assert "Merge into …" in get(client, at(twin)).text
    page = get(client, at(twin, "merge"))
    assert into.name in page.text, "what is near is offered"
    page = get(client, f"{at(twin, 'merge')}?into={into.pk}")
    for words in ("This one goes", "That one stays", "attributions: 1", "is taken over", "The public reads"):
        assert words in page.text
    answer = send(client, f"{at(twin, 'merge')}?into={into.pk}", {}, page)
    assert "required" in answer.text
    assert Source.objects.get(pk=twin.pk).merged_into_id is None
    done = client.post(at(twin, "merge"), {**page.fields, "change_reason": "Entered twice."}, follow=True)
    assert "Merged: all that referred to" in done.content.decode()
    assert Source.objects.get(pk=twin.pk).merged_into == into
    assert f"was merged into source {into.pk}" in get(client, at(twin)).text
    assert "Merge into …" not in get(client, at(twin)).text
    listed = get(client, f"{reverse('admin:sources_source_changelist')}?merged=yes").text
    assert f"Merged into {into.pk}" in listed


def test_what_was_changed_since_the_page_was_opened_is_looked_at_again(editor: Any, twins: Any) -> None:
    twin, into = twins
    client = client_of(editor)
    page = get(client, f"{at(twin, 'merge')}?into={into.pk}")
    with acting(reason="Better."):
        Source.objects.filter(pk=into.pk).update(description="A ministry.")
    answer = client.post(at(twin, "merge"), {**page.fields, "change_reason": "Entered twice."})
    assert (answer.status_code, "changed since this page" in answer.content.decode()) == (400, True)
    assert Source.objects.get(pk=twin.pk).merged_into_id is None


def test_who_merges_none_has_no_page_and_what_is_refused_is_said_there(reader: Any, ann: Any, editor: Any) -> None:
    twin, into = make.make_document(retracted_on="2025"), make.make_document()
    assert client_of(reader).get(at(twin, "merge")).status_code in {302, 403}
    page = get(client_of(ann), f"{at(twin, 'merge')}?into={into.pk}")
    assert "retracted" in page.text
    assert "merge_form" not in page.text
    assert (
        "There is no document with the number 999999." in get(client_of(ann), f"{at(twin, 'merge')}?into=999999").text
    )
    assert "give the number" in get(client_of(ann), f"{at(twin, 'merge')}?into=Nowhere").text


def test_near_twins_offer_the_merge_of_what_is_stored_and_lead_to_the_one_that_stays(ann: Any, editor: Any) -> None:
    twin, into = make.make_source("Ministry of Defence"), make.make_source("The Ministry of Defence")
    asked = {"field": "sources.source.name", "text": "Ministry of Defence"}
    near = json.loads(client_of(ann).get(reverse("near"), {**asked, "but": twin.pk}).content)["near"]
    assert [(row["id"], row["merge"]) for row in near] == [(str(into.pk), f"{at(twin, 'merge')}?into={into.pk}")]
    merge(actor=editor, twin=twin, into=into, reason="Entered twice.")
    near = json.loads(client_of(ann).get(reverse("near"), asked).content)["near"]
    assert [(row["id"], "merge" in row) for row in near] == [(str(into.pk), False)]
    query = {"app_label": "claims", "model_name": "attribution", "field_name": "source", "term": "Ministry"}
    offered = json.loads(client_of(ann).get(reverse("admin:autocomplete"), query).content)["results"]
    assert [row["id"] for row in offered] == [str(into.pk)]


def test_an_article_entered_again_at_the_address_of_a_twin_is_the_one_that_stays(editor: Any) -> None:
    twin = make.make_document(url="https://a.example.org/one?utm_source=x")
    into = make.make_document(url="https://b.example.org/two")
    merge(actor=editor, twin=twin, into=into, reason="Reprinted under another address.")
    assert find_document("https://a.example.org/one", editor) == Document.objects.get(pk=into.pk)


def test_a_draft_claim_is_merged_by_its_page(editor: Any) -> None:
    into, twin = make.make_claim("It was so."), make.make_claim("It was so, they say.")
    said = make.make_attribution(twin)
    client = client_of(editor)
    page = get(client, f"{at(twin, 'merge')}?into={into.pk}")
    client.post(at(twin, "merge"), {**page.fields, "change_reason": "The same statement."})
    said.refresh_from_db()
    assert said.claim == into
    page = get(client, at(twin))
    assert f"was merged into claim {into.pk}" in page.text
    assert at(twin, "publish") not in page.links
