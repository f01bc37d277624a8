"""Rating in place: the matrix on the admin's page of a dispute."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from claims.admin import weighing
from claims.models import Assessment, Claim, Dispute
from factcheck.audit.models import AuditEntry
from tests.admin_page import Page
from tests.claims.test_dispute_admin import client_of
from tests.factories import make_assessment, make_claim, make_dispute, make_evidence, make_link, make_relation

SELECT = re.compile(r'<select name="(cell-\d+-\d+)"(.*?)</select>', re.DOTALL)


@pytest.fixture
def rivals(register: None) -> list[Claim]:
    dispute = make_dispute("Five causes")
    claims = [make_claim(f"Cause {n}.", dispute=dispute) for n in range(5)]
    for claim in claims[1:]:
        make_relation(claims[0], claim, kind="excludes")
    make_link(claims[0], evidence=make_evidence("Autopsy"))
    return claims


def page(dispute: Dispute) -> str:
    return reverse("admin:claims_dispute_change", args=[dispute.pk])


def sheet_of(dispute: Dispute, query: str = "") -> str:
    return f"{reverse('admin:claims_dispute_weigh', args=[dispute.pk])}{query}"


def test_an_analyst_rates_cells_in_place(rivals, ann):
    client, dispute = client_of(ann), rivals[0].dispute
    body = client.get(sheet_of(dispute)).content.decode()
    names = [name for name, _rest in SELECT.findall(body)]
    assert len(names) == 5
    answer = client.post(sheet_of(dispute), {names[0]: "VI", names[1]: "C", names[2]: ""}, follow=True)
    assert "2 ratings changed." in answer.content.decode()
    assert sorted(Assessment.objects.filter(analyst=ann).values_list("rating", flat=True)) == ["C", "VI"]
    assert Assessment.history.count() == 2
    entries = AuditEntry.objects.filter(object_type="assessment")
    assert [(entry.action, entry.actor_name) for entry in entries] == [("assessment.created", "Ann Archer")] * 2


def test_changed_withdrawn_and_untouched(rivals, ann):
    client, dispute = client_of(ann), rivals[0].dispute
    evidence = rivals[0].evidence_links.get().evidence
    for claim in rivals[:3]:
        make_assessment(rivals[0].evidence_links.get(), claim=claim, analyst=ann)
    client.post(
        sheet_of(dispute),
        {
            f"cell-{evidence.pk}-{rivals[0].pk}": "VC",
            f"cell-{evidence.pk}-{rivals[1].pk}": "withdraw",
            f"cell-{evidence.pk}-{rivals[2].pk}": "",
        },
    )
    left = dict(Assessment.objects.filter(evidence=evidence).values_list("claim", "rating"))
    assert left == {rivals[0].pk: "VC", rivals[2].pk: "C"}


def test_earlier_and_other_ratings_are_hidden_until_asked_for(rivals, ann, rob):
    link = rivals[0].evidence_links.get()
    make_assessment(link, analyst=ann, rating="VI", note="My reason.")
    make_assessment(link, analyst=rob, rating="C", note="Rob's reason.")
    client, dispute = client_of(ann), rivals[0].dispute
    blind = client.get(sheet_of(dispute)).content.decode()
    assert "Rated before" in blind
    assert " selected" not in "".join(rest for _name, rest in SELECT.findall(blind))
    assert "Rob" not in blind
    asked = client.get(sheet_of(dispute, "?mine=1")).content.decode()
    assert '<option value="VI" selected>' in asked
    shown = client.get(page(dispute)).content.decode()
    assert "Rob&#x27;s reason." in shown


def test_each_analyst_has_an_order_of_their_own_that_stays(rivals, ann, rob, editor, reviewer):
    def order(user: Any) -> list[str]:
        body = client_of(user).get(sheet_of(rivals[0].dispute)).content.decode()
        return [name for name, _rest in SELECT.findall(body)]

    orders = [order(user) for user in (ann, rob, editor, reviewer)]
    assert order(ann) == orders[0]
    assert all(sorted(found) == sorted(orders[0]) for found in orders)
    assert len({tuple(found) for found in orders}) > 1


def test_many_pieces_are_rated_sheet_by_sheet(rivals, ann, monkeypatch):
    monkeypatch.setattr(weighing, "CELLS_ON_A_SHEET", 10)
    for number in range(4):
        make_link(rivals[1], evidence=make_evidence(f"Letter {number}"))
    client, dispute = client_of(ann), rivals[0].dispute

    def sheet(query: str) -> list[str]:
        return [name for name, _rest in SELECT.findall(client.get(sheet_of(dispute, query)).content.decode())]

    sheets = [sheet(f"?sheet={number}") for number in (1, 2, 3)]
    assert [len(names) for names in sheets] == [10, 10, 5]
    assert len({name for names in sheets for name in names}) == 25
    assert sheet("") == sheet("?sheet=99") == sheet("?sheet=x") == sheets[0]
    assert "E3 to E4" in client.get(sheet_of(dispute)).content.decode()
    turned = client.post(sheet_of(dispute, "?sheet=3"), {sheets[2][0]: "C", "then": "2"})
    assert turned["Location"] == sheet_of(dispute, "?sheet=2")
    assert Assessment.objects.count() == 1


@pytest.mark.parametrize(
    ("cell", "value", "words"),
    [
        ("cell-1-999999", "C", "has no cell"),
        ("cell-x", "C", "has no cell"),
        ("{cell}", "ZZ", "is no rating"),
        ("{cell}", "\x00", "is no rating"),
    ],
)
def test_a_wrong_cell_or_rating_saves_nothing(rivals, ann, cell, value, words):
    good = f"cell-{rivals[0].evidence_links.get().evidence_id}-{rivals[0].pk}"
    other = f"cell-{rivals[0].evidence_links.get().evidence_id}-{rivals[1].pk}"
    answer = client_of(ann).post(sheet_of(rivals[0].dispute), {other: "C", cell.format(cell=good): value}, follow=True)
    assert answer.status_code in {200, 400}
    assert words in answer.content.decode() or answer.status_code == 400
    assert not Assessment.objects.exists()


def test_who_may_not_rate_is_refused(rivals, reader, ann, editor):
    dispute = rivals[0].dispute
    cell = f"cell-{rivals[0].evidence_links.get().evidence_id}-{rivals[0].pk}"
    assert client_of(reader).post(sheet_of(dispute), {cell: "C"}).status_code == 302  # to the log-in of the admin
    closed = make_dispute("Closed", visibility="restricted", members=[editor])
    client_of(ann).post(sheet_of(closed), {cell: "C"})
    assert not Assessment.objects.exists()
    assert client_of(ann).get(sheet_of(closed)).status_code == 302  # to the front page: it is not there for her
    ann.groups.clear()
    ann.user_permissions.set(Permission.objects.filter(codename__in=["desk", "view_dispute"]))
    assert client_of(ann).get(page(dispute)).status_code == 200
    assert client_of(ann).get(sheet_of(dispute)).status_code == 403


def test_the_page_says_so_when_nothing_is_rated_and_where_to_begin(rivals, ann):
    body = client_of(ann).get(page(rivals[0].dispute)).content.decode()
    assert "Nobody has rated the evidence yet." in body
    assert f'href="{sheet_of(rivals[0].dispute)}?question={rivals[0].question_id}"' in body


def test_what_was_chosen_is_in_the_sheet_that_comes_back(rivals, ann):
    evidence = rivals[0].evidence_links.get().evidence
    chosen = {f"cell-{evidence.pk}-{claim.pk}": code for claim, code in zip(rivals[:3], ("VI", "I", "N"), strict=True)}
    answer = client_of(ann).post(sheet_of(rivals[0].dispute), {**chosen, "cell-9-9": "C"})
    assert answer.status_code == 400
    back = Page(answer)
    assert "What you chose is still below." in back.text
    assert {name: back.fields[name] for name in chosen} == chosen
    assert not Assessment.objects.exists()


def test_more_cells_than_a_sheet_has_are_refused(rivals, ann):
    many = {f"cell-1-{number}": "" for number in range(weighing.CELLS_ON_A_SHEET + 1)}
    answer = client_of(ann).post(sheet_of(rivals[0].dispute), many)
    assert (answer.status_code, "Send the others after these." in answer.content.decode()) == (400, True)


def test_a_script_saves_cell_by_cell_and_is_told_what_was_there(rivals, ann, rob):
    client, dispute = client_of(ann), rivals[0].dispute
    name = f"cell-{rivals[0].evidence_links.get().evidence_id}-{rivals[0].pk}"
    script = {"headers": {"X-Desk-Script": "1"}}
    make_assessment(rivals[0].evidence_links.get(), analyst=rob, rating="VC")
    assert client.post(sheet_of(dispute), {name: "VI"}, **script).json() == {"before": {name: "withdraw"}}
    assert client.post(sheet_of(dispute), {name: "C"}, **script).json() == {"before": {name: "VI"}}
    assert client.post(sheet_of(dispute), {name: "withdraw"}, **script).json() == {"before": {name: "C"}}
    assert list(Assessment.objects.values_list("analyst", "rating")) == [(rob.pk, "VC")]
    for given in ({name: "XX"}, {"cell-0-0": "C"}, {f"cell-{n}-1": "C" for n in range(200)}):
        refused = client.post(sheet_of(dispute), given, **script)
        assert (refused.status_code, bool(refused.json()["refused"])) == (422, True)
