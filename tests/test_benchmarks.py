"""The measuring instrument of `benchmarks` still fills a register, asks it, and finds a peer in agreement."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from benchmarks import product, report
from benchmarks.cases import cases
from benchmarks.clock import Clock
from benchmarks.fill import derive, fill
from benchmarks.measure import measure
from benchmarks.peers import raw
from benchmarks.registers import HOST
from benchmarks.request import Application
from benchmarks.worker import Answering
from benchmarks.workers import Worker
from benchmarks.wsgi import application_of
from claims.models import Claim

ASKED = {
    *("api root", "light list", "list of 50, six parts", "detail", "304 of a last page", "deep page"),
    *("filter rare source", "admin, choice of a source", "create a claim"),
}


class NearWorker(Worker):
    """Has its application in this process: what the others have in processes of their own, without the wait."""

    def __init__(self, name: str, application: Application) -> None:
        self.name, self.number, self.connection = name, 0, None
        self.answering = Answering(application, Clock(0))

    def order(self, name: str, **given: Any) -> Any:
        return json.loads(json.dumps(getattr(self.answering, name)(**given)))


@pytest.fixture
def workers(live_register: None, settings: Any, monkeypatch: Any) -> Iterator[dict[str, Worker]]:
    """A register with 60 claims, one peer, and in the place of the floor the least that answers."""
    settings.ALLOWED_HOSTS = [HOST]
    monkeypatch.setenv("DATABASE_URL", _address())
    fill(60, trail=True)
    derive()

    def least(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [b"{}"]

    peer = raw.start()
    yield {
        "product": NearWorker("product", product.start()),
        "floor": NearWorker("floor", application_of(least)),
        "raw": NearWorker("raw", peer),
    }
    peer.close()


def _address() -> str:
    """Of the test database, for a peer."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{connection.settings_dict['NAME']}"
    with connection.cursor() as cursor:
        return str(cursor.connection.info.dsn)


def test_a_made_up_register_is_asked_for_its_cases_and_told_as_a_table(
    workers: dict[str, Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    # As little as shows that each case is answered.
    for name, least in {"ROUND": 0.01, "WARM": 1, "AGAIN": 1, "KNOWN_FOR": 0}.items():
        monkeypatch.setattr(f"benchmarks.measure.{name}", least)
    call_command("verify_audit", verbosity=0)
    assert Claim.objects.count() == 60
    asked = [case for case in cases(60) if case.name in ASKED]
    assert {case.name for case in asked} == ASKED

    results = {result.case.name: result for result in measure(asked, workers, 1, lambda _name: None)}

    assert {name: result.status for name, result in results.items()} == {
        name: 304 if name.startswith("304") else 201 if name.startswith("create") else 200 for name in ASKED
    }
    for name in ("light list", "list of 50, six parts", "detail"):
        assert results[name].different == []
        assert set(results[name].ratios) == {"floor", "raw"}
    assert Claim.objects.count() > 60
    page = report.page({"sqlite": list(results.values())}, 60, "python -m benchmarks.speed")
    assert all(f"| {name} |" in page for name in ASKED)
