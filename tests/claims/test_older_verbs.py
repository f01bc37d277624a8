"""A verb that stands on older rows only: no door takes it, no row loses it, and the desk finds what has it."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from claims.logic.verbs import CHOOSE_AGAIN, OLDER
from claims.models import Attribution
from factcheck.audit.context import acting
from tests.admin_page import get, new_row, send
from tests.claims.test_claim_admin import at
from tests.claims.test_round_trip import empty_register
from tests.factories import make_attribution, make_claim, make_older_attribution, make_source, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
ATTRIBUTIONS, DISPUTES = "/api/v1/attributions/", "/api/v1/disputes/"
OLD_REGISTER = Path(__file__).parent / "golden" / "register" / "4fba7be.ndjson.gz"


def hedging() -> dict[str, Any]:
    return {"claim": make_claim().pk, "source": make_source().pk, "stance": "hedges"}


API: dict[str, Callable[[Any], tuple[Any, str]]] = {
    "create": lambda client: (client.post(ATTRIBUTIONS, hedging()), "stance"),
    "bulk": lambda client: (client.post(ATTRIBUTIONS, [{**hedging(), "stance": "asserts"}, hedging()]), "1.stance"),
    "nested": lambda client: (
        client.post(
            DISPUTES,
            {
                "title": "A quarry",
                "question": "Who closed it?",
                "claims": [{"text": "It is shut.", "attributions": [{"source": make_source().pk, "stance": "hedges"}]}],
            },
        ),
        "claims.0.attributions.0.stance",
    ),
    "change": lambda client: (
        client.patch(f"{ATTRIBUTIONS}{make_attribution().pk}/", {"stance": "hedges"}, HTTP_IF_MATCH='"1"'),
        "stance",
    ),
}


@pytest.mark.parametrize("door", API)
def test_the_api_names_the_field_and_the_remedy(door: str, api: Any, ann: Any) -> None:
    answer, field = API[door](api(ann))
    assert answer.status_code == 400, answer.json()
    assert [(error["field"], error["detail"]) for error in answer.json()["errors"]] == [(field, CHOOSE_AGAIN)]
    assert not Attribution.objects.filter(stance__in=OLDER).exists()


WAYS: dict[str, Callable[[Attribution], Any]] = {
    "save": lambda row: row.save(),
    "save one field": lambda row: row.save(update_fields=["stance"]),
    "update": lambda row: Attribution.objects.filter(pk=row.pk).update(stance="hedges"),
    "base manager": lambda row: Attribution._base_manager.filter(pk=row.pk).update(stance="hedges"),
    "bulk_update": lambda row: Attribution.objects.bulk_update([row], ["stance"]),
    "bulk_create": lambda row: Attribution.objects.bulk_create(
        [Attribution(claim=row.claim, source=row.source, stance="hedges")]
    ),
    "create": lambda row: Attribution.objects.create(claim=row.claim, source=row.source, stance="hedges"),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_model_takes_it_by_no_way(way: str) -> None:
    row = make_attribution()
    row.stance = "hedges"
    with pytest.raises(ValidationError, match="Choose the verb"):
        WAYS[way](row)
    assert list(Attribution.objects.values_list("stance", flat=True)) == ["asserts"]


def test_an_older_row_is_changed_without_losing_its_verb_and_gets_another_one() -> None:
    row = make_older_attribution(quote="Perhaps.")
    with acting(reason="A slip."):
        row.quote = "Perhaps so."
        row.save()
        Attribution.objects.filter(pk=row.pk).update(capacity="spokesman")
        assert Attribution.objects.get(pk=row.pk).stance == "hedges"
        row.refresh_from_db()
        row.stance = "questions"
        row.save()
        row.stance = "hedges"
        with pytest.raises(ValidationError, match="Choose the verb"):
            row.save()


def test_the_admin_offers_it_to_nobody_but_the_row_that_has_it(ann: Any) -> None:
    desk = Client()
    desk.force_login(ann)
    claim = make_claim()
    hedged, row = make_older_attribution(claim), make_attribution(claim)
    pages = [
        (add := get(desk, reverse("admin:claims_attribution_add")), 0),
        (get(desk, at(row)), 0),
        (get(desk, at(hedged)), 1),
        (whole := get(desk, at(claim)), 1),
    ]
    for page, offered in pages:
        assert page.text.count("Hedges: an older entry") == offered
    answers = [
        send(
            desk,
            reverse("admin:claims_attribution_add"),
            {"claim": str(claim.pk), "source": str(row.source_id), "stance": "hedges"},
            add,
        ),
        send(desk, at(row), {"stance": "hedges"}),
        send(desk, at(claim), new_row(whole, "attributions", source=str(row.source_id), stance="hedges"), whole),
    ]
    for page in answers:
        assert [strip_tags(error) for error in page.errors] == [CHOOSE_AGAIN]
    assert send(desk, at(hedged), {"quote": "Perhaps."}).errors == []
    assert list(Attribution.objects.order_by("pk").values_list("stance", "quote")) == [
        ("hedges", "Perhaps."),
        ("asserts", ""),
    ]


def test_the_front_page_leads_to_what_has_to_be_chosen_again(ann: Any, api: Any) -> None:
    desk = Client()
    desk.force_login(ann)
    make_attribution(stance="questions")
    title = "Older verbs to choose again"
    assert title not in get(desk, reverse("admin:index")).text
    rows = [make_older_attribution() for _each in range(10)]
    page = get(desk, reverse("admin:index"))
    assert f"{title} 10" in page.text
    listed = next(link for link in page.links if "attribution/?stance=hedges" in link)
    found = get(desk, listed)
    assert all(any(link.startswith(at(row)) for link in found.links) for row in rows)
    assert "11 attributions" not in found.text
    assert len(api(ann).get(f"{ATTRIBUTIONS}?stance=hedges").json()["results"]) == len(rows)


def test_an_older_register_comes_in_with_its_verbs_and_lists_them(tmp_path: Path) -> None:
    file = tmp_path / "old.ndjson"
    file.write_bytes(gzip.decompress(OLD_REGISTER.read_bytes()))
    hedged = file.read_bytes().count(b'"stance":"hedges"')
    assert hedged
    empty_register()
    told = StringIO()
    call_command("import_claims", str(file), stdout=told)
    assert f"Statements with a verb that is not chosen any more: {hedged}." in told.getvalue()
    assert Attribution.objects.older().count() == hedged
    desk = Client()
    desk.force_login(make_user("nina", "Researcher"))
    assert f"Older verbs to choose again {hedged}" in get(desk, reverse("admin:index")).text
