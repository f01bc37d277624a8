"""Webhooks that are narrowed to disputes and sources, and where they may lead."""

from __future__ import annotations

from typing import Any

import pytest

from claims.services import withdraw
from factcheck.audit.context import acting
from factcheck.audit.models import AuditEntry
from factcheck.base import fetch
from factcheck.webhooks.announcement import announcement
from factcheck.webhooks.models import Webhook
from sources.models import Source
from tests import factories as make
from tests.factories import someone

LIST = "/api/v1/webhooks/"
NEW = {"name": "Partner", "url": "https://receiver.example.org/hook", "actions": ["*"]}
pytestmark = pytest.mark.usefixtures("register")


def told(since: int = 0, **narrowed: Any) -> list[tuple[str, int]]:
    """What a webhook that is narrowed like this is told: actions, and the numbers of the rows."""
    webhook = Webhook(actions=["*"], **narrowed)
    entries = AuditEntry.objects.filter(id__gt=since).order_by("id")
    return [(e.action, int(e.object_id)) for e in entries if webhook.wants(e) and announcement(e) is not None]


def last() -> int:
    return AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0


def test_a_dispute_alone_is_told() -> None:
    one, two = (make.make_claim(published=True, dispute=make.make_dispute()) for _ in range(2))
    for claim in (one, two):
        make.make_attribution(claim)
    everything = told()
    mine, others = told(disputes=[one.dispute_id]), told(disputes=[two.dispute_id])
    assert ("claim.published", one.pk) in mine
    assert ("dispute.created", one.dispute_id) in mine
    assert not set(mine) & set(others)
    assert set(told(disputes=[one.dispute_id, two.dispute_id])) == {*mine, *others} < set(everything)


def test_a_source_alone_is_told() -> None:
    voice, body, other = (make.make_source(name) for name in ("Voice", "Body", "Other"))
    claim = make.make_claim(published=True, dispute=make.make_dispute())
    mine = make.make_attribution(claim, source=voice, on_behalf_of=body)
    theirs = make.make_attribution(claim, source=other)
    make.make_published(claim)
    for row in (voice, body):
        found = told(sources=[row.pk])
        assert {action for action, _number in found} >= {"attribution.created", "verdict.published"}
        assert ("attribution.created", mine.pk) in found
        assert ("attribution.created", theirs.pk) not in found
        assert ("source.created", row.pk) in found or row is body
    elsewhere = make.make_claim(published=True)
    assert ("claim.published", elsewhere.pk) not in told(sources=[voice.pk])
    assert told(sources=[voice.pk], disputes=[make.make_dispute().pk]) == []
    before = last()
    withdraw(actor=someone("Reviewer"), row=mine, reason="Wrong.")
    assert told(before, sources=[voice.pk]) == [("attribution.withdrawn", mine.pk)]


def withhold(source: Source) -> None:
    with acting(actor=someone("Editor"), reason="Safety."):
        source.withheld, source.withheld_reason = True, "Safety."
        source.save()


def test_a_withheld_source_is_not_told_by_what_it_said() -> None:
    source, body = make.make_source("Mole"), make.make_source("Body")
    claim = make.make_claim(published=True)
    make.make_attribution(claim, source=source, on_behalf_of=body)
    make.make_attribution(make.make_claim(published=True), source=body)
    review = make.make_review(claim, publisher=source)
    assert told(sources=[source.pk])
    before = last()
    withhold(source)
    assert told(before, sources=[source.pk]) == [("source.changed", source.pk)]
    assert {action for action, _number in told(sources=[source.pk])} <= {"source.changed", "source.created"}
    found = told(sources=[body.pk])
    assert ("claim.published", claim.pk) not in found
    assert ("review.created", review.pk) not in found
    make.make_published(claim)
    assert not [action for action, _ in told(before, sources=[body.pk]) if action.startswith("verdict")]


def test_withheld_body_is_not_told_by_who_speaks_for_it() -> None:
    voice, body = make.make_source("Voice"), make.make_source("Mole")
    make.make_attribution(make.make_claim(published=True), source=voice, on_behalf_of=body)
    withhold(body)
    assert not [action for action, _ in told(sources=[body.pk]) if not action.startswith("source.")]
    assert told(sources=[voice.pk])


def hidden() -> dict[str, list[tuple[str, int]]]:
    """Rows that not anybody reads, by the field that would name them."""
    restricted = make.make_dispute(visibility="restricted", members=[someone("Administrator")])
    internal = make.make_dispute(visibility="internal")
    make.make_claim(published=True, dispute=internal)
    withheld = make.make_source("Mole", withheld=True, withheld_reason="Safety.")
    make.make_attribution(make.make_claim(published=True), source=withheld)
    return {
        "disputes": [restricted.pk, internal.pk, make.make_dispute().pk, 10**9],
        "sources": [withheld.pk, make.make_source("Uncited").pk, 10**9],
    }


def test_only_what_anybody_reads_can_be_named_and_the_refusal_is_the_same(api: Any) -> None:
    for name, numbers in hidden().items():
        answers = set()
        for number in numbers:
            refused = api(someone("Editor")).post(LIST, {**NEW, name: [number]})
            assert refused.status_code == 400
            (error,) = refused.json()["errors"]
            answers.add((error["field"], error["code"], error["detail"].replace(str(number), "N")))
        assert len(answers) == 1, answers
        assert {field for field, _code, _words in answers} == {name}


@pytest.mark.parametrize("value", ["x", ["x"], [0], [-1], [10**30], [1.5], [True], [None], [[1]], [1, 1]])
@pytest.mark.parametrize("field", ["disputes", "sources"])
def test_what_is_no_list_of_ids_is_refused(api: Any, field: str, value: Any) -> None:
    refused = api(someone("Editor")).post(LIST, {**NEW, field: value})
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["field"].split(".")[0] == field


def test_a_webhook_is_narrowed_and_what_is_closed_later_hinders_no_change(api: Any) -> None:
    claim = make.make_claim(published=True, dispute=make.make_dispute())
    source = make.make_source()
    make.make_attribution(claim, source=source)
    client = api(someone("Editor"))
    made = client.post(LIST, {**NEW, "disputes": [claim.dispute_id], "sources": [source.pk]})
    assert made.status_code == 201, made.content
    assert (made.json()["disputes"], made.json()["sources"]) == ([claim.dispute_id], [source.pk])
    withhold(source)
    url = f"{LIST}{made.json()['id']}/"
    assert client.patch(url, {"name": "Renamed"}).status_code == 200
    assert client.patch(url, {"sources": [], "disputes": []}).json()["sources"] == []


def test_the_admin_takes_ids(editor: Any, client: Any) -> None:
    claim = make.make_claim(published=True, dispute=make.make_dispute())
    client.force_login(editor)
    body = {"name": "Partner", "url": NEW["url"], "actions": "*", "disputes": str(claim.dispute_id), "active": "on"}
    sent = client.post("/admin/webhooks/webhook/add/", body)
    assert sent.status_code == 302, sent.content.decode()[:3000]
    webhook = Webhook.objects.get()
    assert (webhook.disputes, webhook.owner) == ([claim.dispute_id], editor)
    page = client.get(f"/admin/webhooks/webhook/{webhook.pk}/change/").content.decode()
    assert f'value="{claim.dispute_id}"' in page
    refused = client.post("/admin/webhooks/webhook/add/", {**body, "disputes": "harbour"})
    assert (refused.status_code, Webhook.objects.count()) == (200, 1)


ADDRESSES = {"localhost": "127.0.0.1", "inside.example.org": "10.0.0.7", "both.example.org": "8.8.8.8"}


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(host: str, port: int) -> list[str]:
        if host not in ADDRESSES:
            raise OSError
        return ["10.0.0.7", ADDRESSES[host]]

    monkeypatch.setattr(fetch.check_host, "__kwdefaults__", {**fetch.check_host.__kwdefaults__, "resolver": look_up})


@pytest.mark.parametrize(
    ("host", "taken"),
    [
        ("localhost", False),
        ("LOCALHOST.", False),
        ("hook.localhost", False),
        ("printer.local", False),
        ("wiki.internal", False),
        ("nas.home.arpa", False),
        ("inside.example.org", False),
        ("both.example.org", True),
        ("not-yet-there.example.org", True),
    ],
)
def test_a_receiver_that_is_not_on_the_internet_is_refused_at_once(
    names: None, api: Any, settings: Any, host: str, taken: bool
) -> None:
    client = api(someone("Editor"))
    answer = client.post(LIST, {**NEW, "url": f"http://{host}/hook"})
    assert answer.status_code == (201 if taken else 400), answer.content
    if not taken:
        (error,) = answer.json()["errors"]
        assert (error["field"], error["code"]) == ("url", "target_refused")
        assert "FACTCHECK_WEBHOOK_PRIVATE_TARGETS" in error["detail"]
    settings.FACTCHECK_WEBHOOK_PRIVATE_TARGETS = True
    assert client.post(LIST, {**NEW, "url": f"http://{host}:8000/hook"}).status_code == 201


def test_an_address_of_the_release_before_can_be_turned_off_and_changed(api: Any, settings: Any) -> None:
    settings.FACTCHECK_WEBHOOK_PRIVATE_TARGETS = True
    webhook = make.make_webhook("http://localhost/hook")
    settings.FACTCHECK_WEBHOOK_PRIVATE_TARGETS = False
    client = api(someone("Editor"))
    assert client.patch(f"{LIST}{webhook.pk}/", {"active": False}).status_code == 200
    assert client.post(f"{LIST}{webhook.pk}/rotate/").status_code == 200
    assert client.patch(f"{LIST}{webhook.pk}/", {"url": "http://localhost/other"}).status_code == 400
