"""The first hour on the desk: a menu of what one starts from, tabs that say what is in them, words explained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib import admin
from django.urls import reverse

from claims.logic.glossary import TERMS
from claims.models import EvidenceLink
from claims.services.demo import INVENTED
from factcheck.admin.inlines import RecordedInlineMixin
from factcheck.unfold import NAVIGATION
from tests import factories as make
from tests.admin_page import get
from tests.claims.test_dispute_admin import client_of

INDEX = reverse("admin:index")


def test_the_menu_has_what_one_starts_from_and_the_rest_in_a_fold(ann: Any) -> None:
    client = client_of(ann)
    menu = client.get(INDEX).content.decode().partition('id="nav-sidebar-apps"')[2].partition("</div>")[0]
    starts, _, others = menu.partition("<details>")
    assert reverse("admin:claims_claim_changelist") in starts
    assert reverse("admin:claims_evidencelink_changelist") not in starts
    assert reverse("admin:claims_evidencelink_changelist") in others
    assert "All tables" in others
    assert reverse("admin:auth_user_changelist") not in menu, "a researcher keeps no accounts"
    assert "Administration" not in menu, "no heading without anything below it"
    # On a page of one of them the fold is open.
    there = client.get(reverse("admin:claims_evidencelink_changelist")).content.decode()
    assert "<details open><summary>All tables" in there
    assert f'href="{reverse("admin:claims_evidencelink_changelist")}" aria-current="page"' in there


def test_every_table_in_the_menu_is_there_once() -> None:
    links = [str(item["link"]) for group in NAVIGATION for item in group["items"]]
    assert len(links) == len(set(links))


def test_a_tab_tells_how_many_rows_it_has_and_an_empty_one_what_belongs_there(ann: Any) -> None:
    claim = make.make_claim("The bridge fell at noon.")
    make.make_attribution(claim)
    make.make_attribution(claim)
    page = get(client_of(ann), reverse("admin:claims_claim_change", args=[claim.pk]))
    assert "Attributions 2 " in page.text
    assert "Evidence 0 " in page.text
    assert "What speaks for this claim or against it, and how strongly" in page.text
    assert "Who says this claim" not in page.text, "there are two, and no need to say so"
    assert "Add another attribution" in page.text
    assert "Add evidence" in page.text


def test_rows_on_further_pages_are_not_said_to_be_none(ann: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("factcheck.admin.formsets.ROWS_ON_A_PAGE", 2)
    claim = make.make_claim("The bridge fell at noon.")
    for _ in range(3):
        make.make_attribution(claim)
    address = reverse("admin:claims_claim_change", args=[claim.pk])
    assert "Attributions more than 2 " in get(client_of(ann), address).text
    assert "Attributions 3 " in get(client_of(ann), f"{address}?attributions-page=2").text


def test_every_list_of_rows_under_a_page_says_what_belongs_there() -> None:
    lists = {inline for page in admin.site._registry.values() for inline in page.inlines}
    ours = {inline for inline in lists if issubclass(inline, RecordedInlineMixin)}
    assert sorted(inline.__name__ for inline in ours if not inline.belongs and inline.show_count) == []
    assert len(ours) > 10


def test_words_are_explained_from_the_models_and_where_they_stand(ann: Any) -> None:
    client = client_of(ann)
    page = get(client, reverse("glossary"))
    assert f"Bearing {EvidenceLink._meta.get_field('bearing').help_text} Supports Refutes Context" in page.text
    assert "One checkable statement in our own neutral wording." in page.text
    assert TERMS["origin"].says in page.text
    assert "Webhook" not in page.text, "a researcher sees none"
    # On a form: beside what is reckoned, and in the head of a column.
    claim = make.make_claim("The bridge fell at noon.")
    form = client.get(reverse("admin:claims_claim_change", args=[claim.pk])).content.decode()
    button = 'popovertarget="word-origin">origin</button>'
    assert f'{button}<span class="desk-word" id="word-origin" popover>{TERMS["origin"].says}' in form
    assert 'aria-label="What is “Strength”?">?</button>' in form
    assert f'{reverse("glossary")}#claim"' in form


def test_only_the_desk_reads_the_glossary(reader: Any) -> None:
    assert client_of(reader).get(reverse("glossary")).status_code in {302, 403}


def test_the_glossary_and_the_definitions_say_the_same() -> None:
    told = Path("docs/definitions.md").read_text().partition("## In one sentence")[2].partition("\n## ")[0]
    rows = [
        tuple(cell.strip() for cell in line.strip("|").split("|")) for line in told.splitlines() if line[:2] == "| "
    ]
    assert rows[1:] == [(term.word, term.says) for term in TERMS.values()]


def test_the_tour_leads_to_what_is_there(ann: Any) -> None:
    client = client_of(ann)
    page = get(client, reverse("tour"))
    assert "manage.py demo loads it" in page.text
    assert client.get(reverse("tour-steps")).json() == {"steps": []}
    assert 'id="desk-tour-offer"' not in client.get(INDEX).content.decode(), "nothing to go through"
    dispute = make.make_dispute()
    type(dispute).objects.filter(pk=dispute.pk).update(slug=INVENTED)
    claim = make.make_claim("The bridge fell at noon.", dispute=dispute)
    make.make_attribution(claim)
    make.make_submitted(claim)
    steps = client.get(reverse("tour-steps")).json()["steps"]
    assert len(steps) == 4
    for step in steps:
        shown = client.get(step["url"])
        mark = step["at"].split()[-1]
        wanted = f'id="{mark[1:]}"' if mark[0] == "#" else mark[1:]
        assert (shown.status_code, wanted in shown.content.decode()) == (200, True), step
    assert all(step["title"] in get(client, reverse("tour")).text for step in steps)
    assert 'id="desk-tour-offer" hidden' in client.get(INDEX).content.decode()
