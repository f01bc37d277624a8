"""What is older than a rule is listed when a register is restored, and by check_register, and is not refused."""

from __future__ import annotations

import io
import json
from collections import defaultdict
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.choices import RuleLevel
from claims.models import Attribution, ClaimRelation
from claims.rules.catalogue import RULES
from claims.services import verdict as steps
from factcheck.audit.context import acting
from factcheck.models import guards
from tests import factories as f
from tests.claims.test_round_trip import empty_register, exported, imported
from tests.rules.doors import by_service, filled
from tests.rules.examples import EXAMPLES
from tests.rules.test_doors import FIRST

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


@pytest.fixture
def older(monkeypatch: Any) -> None:
    """A register in which every rule is broken, from before there were rules."""
    with monkeypatch.context() as before:
        before.setattr(guards, "_guards", defaultdict(list))
        before.setattr(steps, "check_publishable", lambda _verdict: None)
        for example in FIRST:
            assert by_service(example.noun, filled(example.broken())) is None


def checked(*arguments: str) -> tuple[dict[str, dict[str, Any]], str]:
    """What check_register tells of each rule, and the words with which it ends."""
    out, ended = io.StringIO(), ""
    try:
        call_command("check_register", "--json", *arguments, stdout=out)
    except CommandError as error:
        ended = str(error)
    return {rule["code"]: rule for rule in json.loads(out.getvalue())["rules"]}, ended


def test_breaches_of_an_old_register_are_listed_and_not_refused(older: None) -> None:
    lines = exported()
    codes = {example.code for example in EXAMPLES}
    refused = {code for code in codes if RULES[code].level == RuleLevel.REFUSE}
    empty_register()
    outcome = imported(lines)
    assert outcome.problems == []
    assert outcome.breaches.keys() == refused
    told, ended = checked()
    assert codes <= told.keys()
    assert f"{outcome.breaches.total():,} places break a rule that refuses" in ended
    for code in codes:
        assert told[code]["count"] >= 1
        assert told[code]["places"][0]["rows"]
        assert told[code]["remedy"] == RULES[code].remedy
    out = io.StringIO()
    with pytest.raises(CommandError, match="places break a rule"):
        call_command("check_register", stdout=out)
    assert "What stands here would be refused if it were entered now." in out.getvalue()


def test_an_old_breach_stands_in_the_way_of_no_other_change(older: None) -> None:
    for row in (*ClaimRelation.objects.all(), *Attribution.objects.all()):
        with acting(reason="A note."):
            if isinstance(row, ClaimRelation):
                row.note = "A note."
            else:
                row.capacity = "Speaker"
            row.save()


def test_the_number_of_queries_does_not_depend_on_the_number_of_rows() -> None:
    def fill(number: int) -> None:
        for _ in range(number):
            dispute = f.make_dispute(occurred_on="2025-07-01")
            one, other = (f.make_claim(dispute=dispute, published=True) for _ in range(2))
            f.make_relation(one, other, kind="excludes")
            f.make_published(one, code="supported")
            f.make_attribution(one, said_on="2025-07-02", document=f.make_document(published_on="2025-07-03"))

    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            checked()
        return len(found)

    fill(1)
    few = count()
    fill(4)
    assert count() == few


def test_a_sound_register_ends_well() -> None:
    f.make_published(f.make_claim())
    told, ended = checked()
    assert ended == ""
    assert all(rule["level"] != RuleLevel.REFUSE for rule in told.values())
