"""What the desk is told to look at in a dispute."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Dispute
from claims.reports.content.concerns import Entered, concerns
from claims.rules.catalogue import RULES, WORK_RULES
from claims.services import withdraw
from claims.services.rule import set_level
from tests import factories as make
from tests.admin_page import get
from tests.claims.test_dispute_admin import client_of

TITLES = {7: "Autopsy"}


def codes(*claims: Entered) -> list[str]:
    return [concern.code for concern in concerns(claims, TITLES)]


def entered(number: int, linked: tuple[int, ...] = (7,), **more: Any) -> Entered:
    return Entered(**{"id": number * 10, "number": number, "linked": frozenset(linked), "question": 1, **more})


def test_evidence_is_weighed_against_every_rival() -> None:
    first, second = entered(1), entered(2, linked=(8,))
    found = {concern.evidence: concern for concern in concerns([first, second], TITLES)}
    assert found[7,].words == "“Autopsy” bears on claim 1 and was not weighed against claim 2."
    assert found[7,].claims == (20,)
    assert codes(first, entered(2, linked=(8, 7))) == ["evidence_not_weighed"]
    assert codes(first, entered(2, linked=(7,))) == []
    assert codes(first, entered(2, linked=(), rated=frozenset({7}))) == ["no_evidence"]


def test_evidence_need_not_be_weighed_against_claims_of_another_question_or_of_none() -> None:
    rivals = [entered(1), entered(2)]
    for other in (2, None):
        assert codes(*rivals, entered(3, linked=(9,), question=other)) == []
    assert codes(*rivals, entered(3, linked=(9,))) == ["evidence_not_weighed"] * 2


def test_what_a_rule_on_verdicts_tells_is_not_told_twice() -> None:
    assert codes(entered(1, linked=())) == ["no_evidence"]
    assert codes(entered(1, discounted=frozenset({7}))) == ["no_evidence_counts"]
    assert codes(entered(1, linked=(), judged=True), entered(2, discounted=frozenset({7}), judged=True)) == []


def test_every_concern_has_its_rule() -> None:
    all_of_them = concerns(
        [
            entered(1, stale="A link was added.", overdue=("A",), orphaned=("B",), outdated=True),
            entered(2, linked=()),
            entered(3, linked=(8,), discounted=frozenset({8})),
        ],
        TITLES,
        {1: "Why?"},
    )
    assert {row.code for row in all_of_them} == {rule.code for rule in WORK_RULES}
    assert all(row.words.endswith(".") and row.claims for row in all_of_them)


@pytest.fixture
def troubled(register: None) -> Dispute:
    dispute = make.make_dispute("Two causes", slug="two-causes")
    one, other = (make.make_claim(dispute=dispute, published=True) for _ in range(2))
    make.make_relation(one, other)
    make.make_attribution(one, document=make.make_document())
    make.make_link(one, "context", evidence=make.make_evidence(documents=[make.make_document()]))
    make.make_link(one, "refutes")
    origin = make.make_attribution(one, source=make.make_source("Ministry"))
    make.make_attribution(one, source=make.make_source("Paper"), stance="relays", relayed_from=origin)
    withdraw(actor=make.someone("Editor"), row=origin, reason="Misheard.")
    make.make_published(one)
    make.make_inquiry(one, source=make.make_source("Airline"), due_on="2025-07-03")
    make.make_attribution(one)
    return dispute


@pytest.mark.django_db
def test_the_desk_reads_them_and_nobody_else(troubled: Dispute, api: Any, editor: Any, reader: Any) -> None:
    address = f"/api/v1/disputes/{troubled.slug}/concerns/"
    found = api(editor).get(address).json()["concerns"]
    assert {row["code"] for row in found} == {
        "verdict_stale",
        "inquiry_overdue",
        "chain_broken",
        "no_evidence",
        "evidence_not_weighed",
    }
    assert "Airline, who was asked for one by 3 July 2025" in str(found)
    assert "Paper passes on a statement that was withdrawn" in str(found)
    assert api(reader).get(address).status_code == 403
    refused = api().get(address)
    assert (refused.status_code, refused["WWW-Authenticate"]) == (401, "Bearer")
    page = get(client_of(editor), f"/admin/claims/dispute/{troubled.pk}/change/")
    assert "Paper passes on a statement that was withdrawn" in page.text


@pytest.mark.django_db
def test_concerns_have_the_levels_and_exceptions_of_their_rules(register: None, api: Any, editor: Any) -> None:
    set_level(actor=editor, code="rival_supported", level="hint", reason="We move old rows.")
    set_level(actor=editor, code="evidence_not_weighed", level="warn", reason="We weigh all.")
    dispute = make.make_dispute(exclusive=True)
    claims = [make.make_claim(dispute=dispute, published=True) for _ in range(2)]
    for claim in claims:
        make.make_published(claim, code="supported")
    make.make_claim(dispute=dispute)

    def told() -> list[tuple[str, str, bool, str]]:
        found = api(editor).get(f"/api/v1/disputes/{dispute.pk}/concerns/").json()["concerns"]
        return [(row["code"], row["level"], row["excepted"], row["remedy"]) for row in found]

    weighing = ("evidence_not_weighed", "warn", False, RULES["evidence_not_weighed"].remedy)
    bare = ("no_evidence", "hint", False, RULES["no_evidence"].remedy)
    both = ("rival_supported", "hint", False, RULES["rival_supported"].remedy)
    assert told() == [*[weighing] * 4, bare, both]
    page = get(client_of(editor), f"/admin/claims/dispute/{dispute.pk}/change/").text
    one, other = (claim.pk for claim in claims)
    assert page.count(f"Claim {one} and claim {other} cannot both be true, and both stand as supported.") == 1
    assert "both are published" not in page
    make.make_ruleexception("rival_supported", claim=claims[0], other=claims[1])
    assert told() == [*[weighing] * 4, bare, ("rival_supported", "hint", True, "Excepted: It was announced.")]


@pytest.mark.django_db
def test_more_rows_take_no_more_queries(troubled: Dispute, api: Any, editor: Any) -> None:
    client, counts = api(editor), []
    client.get(f"/api/v1/disputes/{troubled.slug}/concerns/")  # what is cached in the process is there then
    for times in (0, 5):
        for _number in range(times):
            make.make_attribution(troubled.claims.first(), document=make.make_document())
            make.make_link(troubled.claims.last(), evidence=make.make_evidence(documents=[make.make_document()]))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/api/v1/disputes/{troubled.slug}/concerns/").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
