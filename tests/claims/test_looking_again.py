"""What the desk looks at again, by its doors: stale verdicts and overdue replies."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from claims.models import Confirmation, Inquiry, Verdict
from claims.rules.catalogue import RULES
from claims.services import confirm_verdict, withdraw
from factcheck.base.errors import RuleViolation
from tests import factories as make
from tests.admin_page import get, send
from tests.claims.test_dispute_admin import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
INDEX = reverse("admin:index")


def test_the_desk_filters_by_staleness_and_reads_why(register: None, api: Any, editor: Any, reader: Any) -> None:
    fresh, stale = make.make_published(), make.make_stale()
    for noun, old, new in (("verdicts", stale, fresh), ("claims", stale.claim, fresh.claim)):
        for wanted, row in (("true", old), ("false", new)):
            found = {entry["id"] for entry in api(editor).get(f"/api/v1/{noun}/?stale={wanted}").json()["results"]}
            assert row.pk in found
            assert ({old.pk, new.pk} - {row.pk}).isdisjoint(found)
        assert api(reader).get(f"/api/v1/{noun}/?stale=true").status_code == 403
        assert api().get(f"/api/v1/{noun}/?stale=false").status_code in {401, 403}
        told = api(editor).get(f"/api/v1/{noun}/{old.pk}/").json()["stale"]
        assert [reason["code"] for reason in told] == ["attribution_added"]
        assert api(editor).get(f"/api/v1/{noun}/{new.pk}/").json()["stale"] == []
        assert api().get(f"/api/v1/{noun}/{old.pk}/").json()["stale"] == []


def test_a_reviewer_confirms_over_rest(register: None, api: Any, reviewer: Any) -> None:
    verdict = make.make_stale()
    at = f"/api/v1/verdicts/{verdict.pk}/confirm/"
    assert api(reviewer).post(at, {}, format="json").status_code == 400
    answer = api(reviewer).post(at, {"reason": "It holds."}, format="json").json()
    assert (answer["stale"], [row["reason"] for row in answer["confirmations"]]) == ([], ["It holds."])
    again = api(reviewer).post(at, {"reason": "It holds."}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "not_stale")
    rows = api().get(f"/api/v1/confirmations/?claim={verdict.claim_id}").json()["results"]
    assert [row["reason"] for row in rows] == ["It holds."]
    assert api().get("/api/v1/verdicts/").json()["results"][0]["confirmations"][0]["reviewer"]["id"] is None


def without_ground() -> Verdict:
    """A supported claim of which the only evidence was withdrawn after the verdict."""
    claim = make.make_claim()
    link = make.make_link(claim, "supports")
    verdict = make.make_published(claim, code="supported")
    withdraw(actor=make.someone("Editor"), row=link, reason="A forgery.")
    return verdict


def without_premise() -> Verdict:
    """One of which the only evidence depends on a claim that was refuted after the verdict."""
    claim, genuine = make.make_claim(), make.make_claim("The video is genuine.")
    make.make_premise(make.make_link(claim, "supports"), genuine)
    verdict = make.make_published(claim, code="supported")
    make.make_published(genuine, code="refuted")
    return verdict


def beside_its_rival() -> Verdict:
    """One of two claims that are both supported, from before the rule was refused; its document changed."""
    one, other = (make.make_published(make.make_claim(), code="supported") for _ in range(2))
    setting = make.make_rulesetting("rival_supported", "warn")
    make.make_relation(one.claim, other.claim, kind="excludes")
    setting.delete()
    return one


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (without_ground, "evidence_required"),
        (without_premise, "evidence_required"),
        (beside_its_rival, "rival_supported"),
    ],
)
def test_nobody_confirms_what_would_not_be_published(made: Any, code: str, api: Any, reviewer: Any) -> None:
    verdict = made()
    assert Verdict.objects.stale().filter(pk=verdict.pk).exists()
    remedy = f"Otherwise correct verdict {verdict.pk}"
    with pytest.raises(RuleViolation, match=remedy) as refused:
        confirm_verdict(actor=reviewer, verdict=verdict, reason="It holds.")
    assert (refused.value.code, refused.value.field) == (code, "rating")
    assert RULES[code].remedy in refused.value.message
    answer = api(reviewer).post(f"/api/v1/verdicts/{verdict.pk}/confirm/", {"reason": "It holds."}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    step = reverse("admin:claims_verdict_confirm", args=[verdict.pk])
    assert remedy in get(client_of(reviewer), step).text
    assert client_of(reviewer).post(step, {"reason": "It holds."}).status_code == 400
    assert not Confirmation.objects.exists()
    make.make_ruleexception(code, **excepted(verdict, code))
    confirm_verdict(actor=reviewer, verdict=verdict, reason="It holds.")


def excepted(verdict: Verdict, code: str) -> dict[str, Any]:
    """The rows of an exception from this rule."""
    relation = verdict.claim.relations.first()
    return {"claim": verdict.claim} | ({"other": relation.other} if relation is not None else {})


def test_the_front_page_says_why_and_a_reviewer_confirms(register: None, reviewer: Any) -> None:
    verdict = make.make_stale(make.make_claim("It is so."))
    inquiry = make.make_inquiry(verdict.claim, source=make.make_source("Airline"), due_on="2025-07-03")
    client = client_of(reviewer)
    page = get(client, INDEX)
    assert "was added on" in page.text
    assert "Airline was asked for an answer by 03 July 2025" in page.text
    own = reverse("admin:claims_verdict_change", args=[verdict.pk])
    assert "This verdict needs a new look" in get(client, own).text
    send(client, reverse("admin:claims_verdict_confirm", args=[verdict.pk]), {"reason": "It holds."})
    assert Confirmation.objects.get().reason == "It holds."
    assert "No verdict is stale because of one of the latest changes." in get(client, INDEX).text
    assert "It holds." in get(client, own).text
    send(client, reverse("admin:claims_inquiry_silence", args=[inquiry.pk]))
    assert Inquiry.objects.get().outcome == "silence"


def test_silence_is_an_answer_only_after_the_due_day(register: None, api: Any, reviewer: Any) -> None:
    today = timezone.localdate()
    for due, field in ((None, "due_on"), (today, "outcome")):
        with pytest.raises(ValidationError) as refused:
            make.make_inquiry(due_on=due, outcome="silence")
        assert list(refused.value.message_dict) == [field]
    row = make.make_inquiry(due_on=today)
    waiting = api(reviewer).post(f"/api/v1/inquiries/{row.pk}/silence/")
    assert (waiting.status_code, waiting.json()["errors"][0]["field"]) == (400, "outcome")
    late = make.make_inquiry(due_on="2025-07-03")
    overdue = api(reviewer).get("/api/v1/inquiries/?overdue=true").json()["results"]
    assert [entry["id"] for entry in overdue] == [late.pk]
    assert api(reviewer).post(f"/api/v1/inquiries/{late.pk}/silence/").json()["outcome"] == "silence"
    assert api(reviewer).get("/api/v1/inquiries/?overdue=true").json()["results"] == []
    assert api(reviewer).post(f"/api/v1/inquiries/{late.pk}/silence/").json()["code"] == "wrong_status"
