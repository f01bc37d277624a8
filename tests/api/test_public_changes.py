"""`/api/v1/changes/`: everybody may follow what is public, what was taken away included, and learns of nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from claims.api import change
from claims.models import Claim
from claims.services import publish_claim, withdraw, withdraw_claim
from factcheck.audit.context import acting
from factcheck.audit.models import AuditEntry
from tests.api.story import SECRET_TO_PUBLIC
from tests.factories import make_attribution, make_claim, make_dispute, make_document, make_source, make_verdict

pytestmark = pytest.mark.django_db
CHANGES = "/api/v1/changes/"


def follow(client: Any, address: str) -> tuple[list[dict[str, Any]], str]:
    """All that there is from this address on, and where it goes on."""
    found: list[dict[str, Any]] = []
    while True:
        answer = client.get(address).json()
        found += answer["results"]
        address = answer["next"]
        if not answer["more"]:
            return found, address


def test_a_follower_hears_of_what_is_published_changed_and_withdrawn(desk, client_of):
    client = client_of()
    nothing, place = follow(client, CHANGES)
    assert nothing == []
    claim = make_claim("It is so.", published=True)
    row = make_attribution(claim)
    withdraw(actor=desk.editor, row=row, reason="Wrong claim.")
    found, place = follow(client, place)
    told = [(entry["action"], entry["noun"], entry["id"], entry["gone"]) for entry in found]
    assert ("claim.published", "claims", claim.pk, False) in told
    # With the statement goes who is read of because of it alone.
    assert told[-2:] == [
        ("attribution.withdrawn", "attributions", row.pk, True),
        ("attribution.withdrawn", "sources", row.source_id, True),
    ]
    assert found[-2]["claim"] == claim.pk

    assert follow(client, place)[0] == []


def test_what_comes_and_goes_with_a_claim_is_told_with_it(desk, client_of):
    client = client_of()
    dispute, document = make_dispute(), make_document(publisher=make_source())
    claim = make_claim(dispute=dispute)
    said = make_attribution(claim, document=document)
    _nothing, place = follow(client, CHANGES)
    publish_claim(actor=desk.editor, claim=claim)
    rows = {("claims", claim.pk), ("disputes", dispute.pk), ("attributions", said.pk), ("documents", document.pk)}
    rows |= {("sources", said.source_id), ("sources", document.publisher_id)}
    rows |= {("questions", row.pk) for row in dispute.questions.all()}
    # All that one entry tells stands on one page, however short that is to be.
    page = client.get(f"{place}&page_size=1").json()
    assert {(one["noun"], one["id"]) for one in page["results"]} == rows
    assert {(one["action"], one["gone"]) for one in page["results"]} == {("claim.published", False)}
    _told, place = follow(client, place)
    withdraw_claim(actor=desk.editor, claim=claim, reason="Wrong.")
    found, place = follow(client, place)
    assert {(one["noun"], one["id"]) for one in found if one["gone"]} == rows
    publish_claim(actor=desk.editor, claim=claim)
    _told, place = follow(client, place)
    with acting(actor=desk.editor, reason="Not for all."):
        dispute.visibility = "internal"
        dispute.save()
    found, _place = follow(client, place)
    assert {(one["noun"], one["id"]) for one in found if one["gone"]} == rows


def test_a_body_does_not_go_with_the_source_that_spoke_for_it_and_is_withheld(desk, client_of):
    client, voice, body = client_of(), make_source(part_of=make_source()), make_source()
    make_attribution(make_claim(published=True), source=voice, on_behalf_of=body)
    _told, place = follow(client, CHANGES)
    for withheld in (True, False):
        with acting(actor=desk.editor, reason="Safety."):
            voice.withheld, voice.withheld_reason = withheld, "Safety."
            voice.save()
        found, place = follow(client, place)
        # Else it would say for whom a withheld source speaks, and to whom it belongs.
        bodies = set() if withheld else {body.pk, voice.part_of_id}
        assert {one["id"] for one in found if one["noun"] == "sources"} == {voice.pk, *bodies}


def test_nothing_is_told_of_drafts_and_restricted_disputes(desk, client_of):
    client = client_of()
    _nothing, place = follow(client, CHANGES)
    draft = make_claim("Not yet.")
    make_attribution(draft)
    make_verdict(make_claim(published=True))
    hidden = make_claim("Hidden.", dispute=make_dispute(visibility="restricted", members=[desk.editor]), published=True)
    make_attribution(hidden)
    with acting(actor=desk.editor, reason="Typing."):
        draft.context = "More."
        draft.save()
    found, _place = follow(client, place)
    assert {entry["noun"] for entry in found} <= {"claims", "sources"}
    assert not {draft.pk, hidden.pk} & {entry["id"] for entry in found if entry["noun"] == "claims"}
    assert not {draft.pk, hidden.pk} & {entry["claim"] for entry in found}


def test_every_reader_is_told_the_same_and_no_secret(story, desk, client_of):
    feeds = {}
    for who in ("anonymous", "reader", "researcher", "editor"):
        found, _place = follow(client_of(getattr(desk, who)), f"{CHANGES}?since=0&page_size=200")
        feeds[who] = found
    assert feeds["reader"] == feeds["researcher"] == feeds["editor"] == feeds["anonymous"] != []
    for secret in SECRET_TO_PUBLIC:
        assert secret not in str(feeds["anonymous"])
    readable = set(Claim.objects.visible_to(AnonymousUser()).values_list("pk", flat=True))
    for entry in feeds["anonymous"]:
        if entry["noun"] == "claims" and not entry["gone"]:
            assert entry["id"] in readable


def test_small_steps_tell_what_one_great_step_tells(story, client_of, monkeypatch):
    client = client_of()
    whole, place = follow(client, f"{CHANGES}?since=0&page_size=200")
    monkeypatch.setattr(change, "LOOKED_AT", 7)
    some, other_place = follow(client, f"{CHANGES}?since=0&page_size=2")
    assert some == whole
    assert place.partition("&")[0] == other_place.partition("&")[0]
    assert [entry["entry"] for entry in whole] == sorted(entry["entry"] for entry in whole)


def test_a_great_dispute_is_opened_and_closed_page_by_page(desk, client_of, monkeypatch):
    dispute = make_dispute(visibility="internal")
    for _number in range(4):
        make_attribution(make_claim(dispute=dispute, published=True))
    client = client_of()
    _nothing, place = follow(client, CHANGES)
    for visibility in ("public", "restricted"):
        with acting(actor=desk.editor, reason="So."):
            dispute.visibility = visibility
            dispute.save()
        # By another address than the pages: what was answered is remembered.
        whole = client.get(f"{place}&page_size=200").json()
        assert len(whole["results"]) > 10
        monkeypatch.setattr(change, "LONGEST", 3)
        pages, address = [], place
        while not pages or pages[-1]["more"]:
            pages.append(client.get(address).json())
            address = pages[-1]["next"]
        monkeypatch.undo()
        assert {len(page["results"]) for page in pages[:-1]} == {3}
        assert [row for page in pages for row in page["results"]] == whole["results"]
        assert {row["gone"] for row in whole["results"]} == {visibility == "restricted"}
        assert f"{address}&page_size=200" == whole["next"]
        place = address
    assert client.get(f"{CHANGES}?since=1~nothing~2").status_code == 400


def test_it_begins_with_a_number_a_moment_or_now(story, client_of):
    client = client_of()
    whole, _place = follow(client, f"{CHANGES}?since=0&page_size=200")
    assert follow(client, f"{CHANGES}?since=2025-01-01T00:00Z&page_size=200")[0] == whole
    at = AuditEntry.objects.order_by("-id")[0].at.isoformat().replace("+00:00", "Z")
    assert len(follow(client, f"{CHANGES}?since={at}")[0]) <= 1
    assert follow(client, f"{CHANGES}?since={whole[-1]['entry'] - 1}")[0] == whole[-1:]
    for query in ("since=yesterday", "since=-1", "since=", "page_size=0", "zq=1"):
        assert client.get(f"{CHANGES}?{query}").status_code == 400


def test_a_page_asks_the_database_as_often_for_many_changes_as_for_one(story, client_of, django_assert_max_num_queries):
    client, asked = client_of(), []
    for number in (1, 6):
        _nothing, place = follow(client, CHANGES)
        for _ in range(number):
            make_attribution(make_claim(published=True, dispute=make_dispute()))
        with django_assert_max_num_queries(90) as seen:
            found = client.get(place).json()["results"]
        assert len({entry["claim"] for entry in found} - {None}) == number
        asked.append(len(seen))
    assert asked[0] == asked[1]
