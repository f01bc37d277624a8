"""Several writers at once: no gap, no double, no lost change, on both engines."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connections

from claims.models import Claim, Verdict
from claims.services import correct_verdict, publish_claim, publish_verdict, submit_verdict
from factcheck.audit.context import acting
from factcheck.audit.models import AuditEntry
from factcheck.base.errors import Conflict, StaleVersion
from sources.models import Source
from tests.audit.conftest import breaks
from tests.factories import make_claim, make_published, make_source, make_submitted, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races]
WRITERS, CHANGES = 8, 10


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads that start together; returns what each gave or raised."""
    barrier = threading.Barrier(len(acts))
    outcomes: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=30)
            outcomes[place] = act()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            outcomes[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return outcomes


def test_writers_leave_a_chain_without_gap_or_double(live_register: None) -> None:
    first = AuditEntry.objects.count()
    shared = make_source("Shared")

    def writer(number: int) -> None:
        with acting(reason=f"Writer {number}"):
            row = Source.objects.create(kind="person", name=f"Source {number}")
            for step in range(CHANGES - 2):
                row.description = str(step)
                row.save()
            Source.objects.filter(pk=shared.pk).update(description=str(number))

    assert at_once(*(lambda n=n: writer(n) for n in range(WRITERS))) == [None] * WRITERS
    numbers = list(AuditEntry.objects.order_by("id").values_list("id", flat=True))
    assert numbers == list(range(1, first + 1 + WRITERS * CHANGES + 1))
    assert breaks() == []
    shared.refresh_from_db()
    assert shared.version == 1 + WRITERS
    for number in range(WRITERS):
        assert AuditEntry.objects.filter(reason=f"Writer {number}").count() == CHANGES


def test_two_saves_of_the_same_version_are_one_change(live_register: None) -> None:
    pk = make_source("A").pk

    def change(name: str) -> None:
        row = Source.objects.get(pk=pk)
        meeting.wait(timeout=30)
        row.name = name
        row.save()

    meeting = threading.Barrier(2)
    outcomes = at_once(lambda: change("B"), lambda: change("C"))
    assert sorted(map(type, outcomes), key=str) == sorted([type(None), StaleVersion], key=str)
    assert Source.objects.get(pk=pk).version == 2
    assert breaks() == []


def test_save_of_a_row_that_was_deleted_does_not_bring_it_back(live_register: None) -> None:
    source = make_source("A")
    Source.objects.get(pk=source.pk).delete()
    with pytest.raises(StaleVersion, match="removed"):
        source.save()
    with pytest.raises(StaleVersion, match="removed"):
        source.delete()
    assert not Source.objects.filter(name="A").exists()
    assert breaks() == []


def test_verdict_published_by_two_at_once_is_published_once(live_register: None) -> None:
    verdict = make_submitted()
    people = [make_user(f"reviewer-{n}", "Reviewer") for n in range(4)]
    outcomes = at_once(*(lambda p=person: publish_verdict(actor=p, verdict=verdict) for person in people))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict"] * 3 + ["Verdict"]
    assert AuditEntry.objects.filter(action="verdict.published").count() == 1
    assert AuditEntry.objects.filter(action="claim.published").count() == 1
    assert breaks() == []


def test_rival_verdicts_of_one_claim_are_published_once(live_register: None) -> None:
    claim = make_claim()
    verdicts = [make_submitted(claim, author=make_user(f"author-{n}", "Researcher")) for n in range(3)]
    reviewer = make_user("vera", "Reviewer")
    outcomes = at_once(*(lambda v=verdict: publish_verdict(actor=reviewer, verdict=v) for verdict in verdicts))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict"] * 2 + ["Verdict"]
    assert Verdict.objects.current().filter(claim=claim).count() == 1


def test_corrections_at_once_are_one(live_register: None) -> None:
    published = make_published()
    reviewer = get_user_model().objects.get(username="some-reviewer")
    corrections = []
    for number in range(3):
        author = make_user(f"author-{number}", "Researcher")
        draft = correct_verdict(actor=author, verdict=published, reason="New data.", severity="update")
        corrections.append(submit_verdict(actor=author, verdict=draft))
    outcomes = at_once(*(lambda v=verdict: publish_verdict(actor=reviewer, verdict=v) for verdict in corrections))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict"] * 2 + ["Verdict"]
    assert Verdict.objects.current().get().supersedes == published


def test_claim_published_by_two_at_once_is_published_once(live_register: None) -> None:
    claim = make_claim()
    editor = make_user("edgar", "Editor")
    outcomes = at_once(*(lambda: publish_claim(actor=editor, claim=Claim.objects.get(pk=claim.pk)) for _ in range(3)))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Claim", "Conflict", "Conflict"]
    assert all(isinstance(outcome, Conflict) for outcome in outcomes if isinstance(outcome, Exception))


def test_same_name_at_once_gets_two_short_names(live_register: None) -> None:
    outcomes = at_once(*(lambda: Source.objects.create(kind="person", name="The Same") for _ in range(4)))
    assert sorted(row.slug for row in outcomes) == ["the-same", "the-same-2", "the-same-3", "the-same-4"]
