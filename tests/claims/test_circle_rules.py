"""Nothing comes from itself: circles of relays, evidence and bodies are refused by every door, next to their field."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client

from claims.models import Attribution, Evidence
from factcheck.audit.context import acting
from sources.models import Source
from tests.admin_page import Page
from tests.api.test_races import at_once, client_of
from tests.factories import make_attribution, make_claim, make_evidence, make_source, someone

LINES = {
    "attributions": (Attribution, "relayed_from", "claims/attribution"),
    "evidence": (Evidence, "derived_from", "claims/evidence"),
    "sources": (Source, "part_of", "sources/source"),
}


def three(noun: str, *, linked: bool) -> list[Any]:
    """Three rows, each coming from the one before it if `linked`."""
    rows: list[Any] = []
    claim = make_claim() if noun == "attributions" else None
    for _n in range(3):
        parent = {LINES[noun][1]: rows[-1]} if rows and linked else {}
        if claim is not None:
            rows.append(make_attribution(claim, **parent))
        else:
            rows.append(make_evidence(**parent) if noun == "evidence" else make_source(**parent))
    return rows


@pytest.mark.django_db
@pytest.mark.parametrize("noun", LINES)
@pytest.mark.parametrize("end", [0, 2], ids=["itself", "the far end"])
def test_a_circle_is_refused_at_its_field(register, api, ann, noun, end):
    field = LINES[noun][1]
    rows = three(noun, linked=True)
    answer = api(ann).patch(f"/api/v1/{noun}/{rows[0].pk}/", {field: rows[end].pk})
    found = {(error["field"], error["code"]) for error in answer.json()["errors"]}
    assert (answer.status_code, found) == (400, {(field, "circle")})
    setattr(rows[0], field, rows[end])
    with pytest.raises(ValidationError) as refused, acting(actor=ann):
        rows[0].save()
    assert set(refused.value.message_dict) == {field}


@pytest.mark.django_db
@pytest.mark.parametrize("noun", LINES)
def test_the_admin_refuses_a_circle_next_to_the_field(register, ann, noun):
    model, field, place = LINES[noun]
    rows = three(noun, linked=True)
    desk = Client()
    desk.force_login(ann)
    address = f"/admin/{place}/{rows[0].pk}/change/"
    sent = {**Page(desk.get(address)).fields, field: rows[2].pk}
    answer = desk.post(address, sent)
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == [field]
    assert getattr(model.objects.get(pk=rows[0].pk), f"{field}_id") is None


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("noun", LINES)
def test_a_circle_closed_from_both_ends_at_once_is_refused_once(live_register, noun):
    field = LINES[noun][1]
    one, other, _third = three(noun, linked=False)
    user = someone("Researcher")
    answers = at_once(
        *(
            lambda row=row, parent=parent: client_of(user).patch(f"/api/v1/{noun}/{row.pk}/", {field: parent.pk})
            for row, parent in ((one, other), (other, one))
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 400]
    refused = next(answer for answer in answers if answer.status_code == 400)
    assert [(error["field"], error["code"]) for error in refused.json()["errors"]] == [(field, "circle")]
    call_command("verify_audit", stdout=StringIO())
