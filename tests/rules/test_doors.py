"""Every rule, by every door: what breaks it is refused or told, and what does not break it is neither."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from claims.choices import RuleLevel
from claims.models import Claim, Verdict
from claims.rules.catalogue import RULES
from claims.rules.survey import survey
from tests import factories as f
from tests.admin_page import get
from tests.claims.test_dispute_admin import client_of
from tests.database import is_sqlite
from tests.rules import doors
from tests.rules.examples import EXAMPLES, WITHOUT_A_DOOR, Example

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

FIRST = list({(example.code, example.noun): example for example in reversed(EXAMPLES)}.values())
"""One example for each rule and noun: a door that takes long to open is tried with these alone."""
LET_IN = FIRST if "EXAMPLES" in os.environ else list({example.noun: example for example in reversed(FIRST)}.values())
"""With these such a door is tried for what breaks no rule: for every rule the service is asked, to which it leads."""
SLOW = (doors.by_api, doors.by_bulk, doors.by_admin, doors.by_nested) if is_sqlite() else (doors.by_api,)
"""What they do before the service is asked is the same on both engines."""


def test_every_rule_has_its_examples() -> None:
    asked = {code for code, rule in RULES.items() if rule.check is not None}
    assert {example.code for example in EXAMPLES} == asked - set(WITHOUT_A_DOOR)


@pytest.mark.parametrize("example", EXAMPLES if is_sqlite() else FIRST, ids=str)
def test_every_door_asks_the_rule(example: Example) -> None:
    rule = RULES[example.code]
    body = doors.filled(example.sound())
    for door in doors_for(example, LET_IN):
        with taken_back():
            assert door(example.noun, body) is None, door.__name__
            assert door is not doors.by_service or example.code not in found()
    body = doors.filled(example.broken())
    for door in doors_for(example, FIRST):
        with taken_back():
            before = count(example.noun)
            refused = door(example.noun, body)
            if rule.level == RuleLevel.REFUSE:
                assert refused is not None, door.__name__
                says(example, refused)
            else:
                assert refused is None, door.__name__
            assert (count(example.noun) > before) == (refused is None), door.__name__
            assert door is not doors.by_service or (example.code in found()) == (refused is None)


def doors_for(example: Example, slowly: list[Example]) -> list[Any]:
    """The service, and for these examples the doors that take long."""
    return [doors.by_service, *(door for door in SLOW if example in slowly and leads_to(door, example.noun))]


@contextmanager
def taken_back() -> Iterator[None]:
    """What one door stores is gone before the next is tried."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def leads_to(door: Any, noun: str) -> bool:
    return door is not doors.by_nested or noun not in {"verdict", "review", "premise"}


def says(example: Example, refused: doors.Refusal) -> None:
    """The refusal names the rule and the field; where a door tells no code, it says the remedy."""
    code, field = refused
    if field:
        assert code == example.code
        assert field == "kind" if example.noun == "relation" else field
    else:
        assert RULES[example.code].remedy in code


def test_what_a_rule_warns_of_stands_among_the_concerns(api: Any, ann: Any, reader: Any) -> None:
    [example] = [one for one in FIRST if one.code == "rival_numbers_overlap"]
    body = example.broken()
    assert doors.by_service("relation", body) is None
    claim = Claim.objects.get(pk=body["claim"])
    told = api(ann).get(f"/api/v1/claims/{claim.pk}/concerns/").json()["concerns"]
    assert [(one["code"], one["level"], one["excepted"]) for one in told] == [("rival_numbers_overlap", "warn", False)]
    assert set(told[0]["claims"]) == {body["claim"], body["other"]}
    assert api(reader).get(f"/api/v1/claims/{claim.pk}/concerns/").status_code == 404
    assert told[0]["words"] in get(client_of(ann), reverse("admin:claims_claim_change", args=[claim.pk])).text
    dispute = f.make_dispute()
    for pk in (body["claim"], body["other"]):
        row = Claim.objects.get(pk=pk)
        row.dispute = dispute
        row.save()
    told = api(ann).get(f"/api/v1/disputes/{dispute.pk}/concerns/").json()["concerns"]
    one, other = sorted((body["claim"], body["other"]))
    assert f"Claim {one} and claim {other} are rivals on a number" in next(
        one["words"] for one in told if one["code"] == "rival_numbers_overlap"
    )
    f.make_ruleexception("rival_numbers_overlap", claim=claim, other=Claim.objects.get(pk=body["other"]))
    told = api(ann).get(f"/api/v1/claims/{claim.pk}/concerns/").json()["concerns"]
    assert [(one["excepted"], one["remedy"]) for one in told] == [(True, "Excepted: It was announced.")]


def count(noun: str) -> int:
    """How many rows of the noun are stored; of verdicts those that are published."""
    rows = Verdict.objects.published() if noun == "verdict" else doors.MODELS[noun]._base_manager
    return rows.count()


def found() -> set[str]:
    """The rules that something in the register breaks."""
    return {finding.rule.code for finding in survey()}
