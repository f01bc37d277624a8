"""What the desk is told before it types, and where what is wrong afterwards is found."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Attribution
from factcheck.admin.beforehand import CORRECT, names_of_who_may
from factcheck.admin.links import add_url, admin_url
from tests import factories as make
from tests.admin_page import get, new_row, send
from tests.claims.test_dispute_admin import client_of

NOUNS = ["attribution", "evidencelink", "review", "inquiry"]


@pytest.mark.parametrize("noun", NOUNS)
def test_what_would_be_public_at_once_is_refused_before_anything_is_typed(ann: Any, reviewer: Any, noun: str) -> None:
    claim = make.make_claim("It is so.", dispute=make.make_dispute("Why?"))
    url = f"{reverse(f'admin:claims_{noun}_add')}?claim={claim.pk}"
    assert get(client_of(ann), url).named
    make.make_published(claim)
    page = get(client_of(ann), url)
    assert page.named == set()
    assert "Vera Voss" in page.text
    assert url in page.text
    assert f"{reverse('admin:claims_claim_add')}?dispute={claim.dispute_id}" in " ".join(page.links)
    assert get(client_of(reviewer), url).named


def test_a_relay_is_offered_only_where_it_can_be_saved(ann: Any, reviewer: Any) -> None:
    said = make.make_attribution()
    add = add_url(Attribution, claim=said.claim_id, relayed_from=said.pk)
    assert add in get(client_of(ann), admin_url(said)).links
    make.make_published(said.claim)
    assert add not in get(client_of(ann), admin_url(said)).links
    assert add in get(client_of(reviewer), admin_url(said)).links


def test_a_second_verdict_is_the_correction_of_the_first(ann: Any) -> None:
    verdict = make.make_published()
    page = get(client_of(ann), f"{reverse('admin:claims_verdict_add')}?claim={verdict.claim_id}")
    assert page.named == set()
    assert admin_url(verdict, "correct") in page.links


def test_what_is_wrong_is_listed_with_a_way_to_each_field(ann: Any) -> None:
    claim = make.make_claim("It is so.")
    client, url = client_of(ann), admin_url(claim)
    page = get(client, url)
    row = new_row(page, "attributions", source="", stance="asserts", said_on="soon")
    page = send(client, url, {"text": "", "quantity_min": "many", **row}, page)
    assert {"#id_text", "#id_quantity_min", "#id_attributions-0-source", "#id_attributions-0-said_on"} <= {*page.links}
    assert "Attributions, row 1: Said on : Enter a date" in page.text.replace(" :", " :")
    assert "Nothing was saved." in page.text


def test_nothing_is_deleted_in_passing(administrator: Any) -> None:
    said = make.make_attribution(document=make.make_document())
    client: Client = client_of(administrator)
    assert b"delete_id_" not in client.get(admin_url(said)).content


@pytest.mark.parametrize(("people", "named"), [(1, 1), (6, 6), (7, 7), (60, 7)])
def test_as_many_are_named_or_counted_as_there_are(register: None, people: int, named: int) -> None:
    for number in range(people):
        make.make_user(f"vera{number:02}", "Reviewer")
    make.make_user("gone", "Reviewer", is_active=False)
    told = names_of_who_may(CORRECT)
    assert len(told) == named
    assert told[-1] == (f"{people - 6} more" if people > 6 else f"vera{people - 1:02}")
