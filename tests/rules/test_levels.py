"""The levels of rules and the exceptions from them, by service, REST and admin."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.models import RuleException, RuleSetting
from claims.reports.load.dossier import load_dispute
from claims.rules.catalogue import RULES
from claims.rules.registry import GRAVITY
from claims.services.rule import set_level
from factcheck.audit.models import AuditEntry
from factcheck.base.errors import Forbidden, RuleViolation
from tests import factories as f
from tests.admin_page import get, send
from tests.claims.test_dispute_admin import client_of
from tests.house.test_house import OURS
from tests.rules.examples import decided, tie

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


def test_what_holds_a_fixed_rule_is_there() -> None:
    constraints = {constraint.name for model in OURS for constraint in model._meta.constraints}
    for rule in RULES.values():
        assert (rule.held_by in constraints) == rule.fixed, rule.code
        assert rule.check is not None or rule.held_by, rule.code
        assert rule.level in GRAVITY
        assert rule.sentence.endswith(".")
        assert rule.remedy.endswith(".")


@pytest.mark.parametrize("code", [code for code, rule in RULES.items() if rule.fixed])
def test_what_is_fixed_keeps_its_level(editor: Any, code: str) -> None:
    with pytest.raises(RuleViolation) as caught:
        set_level(actor=editor, code=code, level="hint", reason="In a hurry.")
    assert caught.value.code == "fixed_rule"
    assert not RuleSetting.objects.exists()


def test_a_softened_rule_no_longer_refuses_and_the_change_is_in_the_trail(editor: Any, reviewer: Any) -> None:
    one, other = decided("supported", "supported")
    with pytest.raises(RuleViolation):
        tie(one, "excludes", other)
    with pytest.raises(Forbidden):
        set_level(actor=reviewer, code="rival_supported", level="warn", reason="No.")
    set_level(actor=editor, code="rival_supported", level="warn", reason="We move old rows.")
    tie(one, "excludes", other)
    entry = AuditEntry.objects.filter(object_type="rulesetting").get()
    assert (entry.actor_name, entry.reason) == ("Edgar Ellis", "We move old rows.")


def test_a_hardened_rule_refuses(editor: Any) -> None:
    dispute = f.make_dispute(occurred_on="2025-07-01")
    f.make_attribution(f.make_claim(dispute=dispute), said_on="2025-06-01")
    set_level(actor=editor, code="said_before_event", level="refuse", reason="We take no forecasts.")
    with pytest.raises(RuleViolation) as caught:
        f.make_attribution(f.make_claim(dispute=dispute), said_on="2025-06-01")
    assert (caught.value.code, caught.value.field) == ("said_before_event", "said_on")


def test_what_comes_about_by_itself_cannot_be_refused(editor: Any) -> None:
    with pytest.raises(RuleViolation, match="choose warn or hint"):
        set_level(actor=editor, code="verdict_stale", level="refuse", reason="Strict.")


def test_levels_are_set_over_rest_by_editors(api: Any, editor: Any, ann: Any, reader: Any) -> None:
    path, body = "/api/v1/rules/said_before_event/", {"level": "hint", "reason": "We forecast much."}
    assert api(ann).patch(path, body, format="json").status_code == 403
    assert api().patch(path, body, format="json").status_code == 401
    assert api(reader).get("/api/v1/rules/").status_code == 403
    changed = api(editor).patch(path, body, format="json")
    assert (changed.status_code, changed.json()["level"], changed.json()["default_level"]) == (200, "hint", "warn")
    told = {rule["code"]: rule for rule in api(ann).get("/api/v1/rules/").json()["rules"]}
    assert told.keys() == RULES.keys()
    assert told["said_before_event"]["level"] == "hint"
    fixed = api(editor).patch("/api/v1/rules/two_people/", body, format="json")
    assert (fixed.status_code, fixed.json()["code"]) == (400, "fixed_rule")
    assert api(editor).patch("/api/v1/rules/nothing/", body, format="json").status_code == 404
    assert api(editor).patch(path, {"level": "hint"}, format="json").status_code == 400


def test_the_page_of_the_method_says_what_the_register_refuses_now(editor: Any) -> None:
    sentence = "Where the finer claim is published as supported, the coarser one is not refuted."
    assert sentence in Client().get("/method/").content.decode()
    set_level(actor=editor, code="coarser_refuted", level="warn", reason="Old verdicts are looked at one by one.")
    assert sentence not in Client().get("/method/").content.decode()


def test_a_question_waits_for_what_has_to_hold_on_another_one(editor: Any) -> None:
    dispute = f.make_dispute(exclusive=True)
    fine, other = (f.make_claim(dispute=dispute, published=True) for _n in range(2))
    coarse = f.make_claim("It fell.", dispute=dispute, question=None, published=True)
    f.make_relation(fine, coarse, kind="refines")
    f.make_link(fine, "supports")
    f.make_link(other, "refutes")
    f.make_published(fine, code="supported", confidence="high")
    f.make_published(other, code="refuted", confidence="high")

    def state() -> tuple[str, str]:
        (question,) = load_dispute(dispute, AnonymousUser()).questions
        (past,) = load_dispute(dispute, AnonymousUser(), timezone.now()).questions
        assert (question.state, question.sentence) == (past.state, past.sentence)
        return question.state.code, question.sentence

    assert state()[0] == "settled"
    set_level(actor=editor, code="coarser_refuted", level="warn", reason="Old verdicts are looked at one by one.")
    verdict = f.make_published(coarse, code="refuted", confidence="high")
    assert state()[0] == "open", state()[1]
    assert "“It fell”, which has to hold where it does, speaks against that" in state()[1]
    f.make_corrected(verdict=verdict, after="unproven", confidence="high")
    assert state()[0] == "settled"


def test_an_exception_names_its_rows_and_lets_them_pass(api: Any, editor: Any) -> None:
    one, other, third = decided("supported", "supported", "supported")
    given = {"code": "rival_supported", "claim": one.pk, "reason": "They speak of two days."}
    refused = api(editor).post("/api/v1/rule-exceptions/", given, format="json")
    assert (refused.status_code, refused.json()["code"]) == (400, "exception_rows")
    made = api(editor).post("/api/v1/rule-exceptions/", {**given, "other": other.pk}, format="json")
    assert made.status_code == 201
    tie(one, "excludes", other)
    with pytest.raises(RuleViolation):
        tie(one, "excludes", third)


def test_nothing_is_excepted_twice(api: Any, editor: Any) -> None:
    row = f.make_relation(f.make_claim(), f.make_claim())
    ends = {"claim": row.claim_id, "other": row.other_id}
    given = {"code": "rival_numbers_overlap", "reason": "It was announced.", **ends}
    address, desk = "/api/v1/rule-exceptions/", api(editor)
    made = desk.post(address, given, format="json").json()["id"]
    for again in (given, {**given, "claim": row.other_id, "other": row.claim_id, "reason": "Once more."}):
        answer = desk.post(address, again, format="json")
        assert answer.status_code == 400
        [error] = answer.json()["errors"]
        assert (error["code"], error["field"]) == ("excepted_already", "claim")
        assert f"exception {made}" in error["detail"]
    assert desk.post(address, {**given, "code": "relations_clash"}, format="json").status_code == 201
    assert desk.patch(f"{address}{made}/", {"reason": "It was announced in May."}, format="json").status_code == 200


@pytest.mark.parametrize("code", ["two_people", "date_in_future", "nothing"])
def test_some_rules_have_no_exceptions(code: str) -> None:
    with pytest.raises(RuleViolation):
        f.make_ruleexception(code, claim=f.make_claim())
    assert not RuleException.objects.exists()


def test_the_page_of_rules_lists_all_and_leads_to_their_levels(editor: Any, ann: Any) -> None:
    page = get(client_of(editor), reverse("rules-page"))
    for rule in RULES.values():
        assert rule.sentence in page.text
    url = f"{reverse('admin:claims_rulesetting_add')}?code=said_before_event"
    assert url in page.links
    send(client_of(editor), url, {"level": "hint", "reason": "We forecast much."})
    assert RuleSetting.objects.get().level == "hint"
    assert "We forecast much." in get(client_of(ann), reverse("rules-page")).text
    assert url not in get(client_of(ann), reverse("rules-page")).links
