"""Nothing of one claim or one dispute reads a whole table of a large register; SQLite tells how it goes about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.models import Claim
from tests.claims.report_case import make_full_claim
from tests.factories import make_dispute

pytestmark = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL's plans depend on rows that a test has not"
)

# Scales, ratings and levels of rules are few in any register.
LARGE = {
    model._meta.db_table
    for app in ("sources", "claims")
    for model in apps.get_app_config(app).get_models()
    if model._meta.model_name not in {"rating", "ratingscale", "rulesetting"}
}


@pytest.fixture
def claim(register: None) -> Claim:
    return make_full_claim(make_dispute())


@pytest.fixture
def statistics(claim: Claim) -> Iterator[None]:
    """The planner believes in 100,000 rows a noun, until the test is over."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.executemany("INSERT INTO sqlite_stat1 VALUES (%s, NULL, '100000')", [(table,) for table in LARGE])
        cursor.execute("ANALYZE sqlite_schema")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.execute("ANALYZE sqlite_schema")


@pytest.mark.usefixtures("statistics")
@pytest.mark.parametrize("who", ["anonymous", "administrator"])
def test_no_query_of_one_claim_or_dispute_reads_a_whole_table(
    claim: Claim, api: Any, request: pytest.FixtureRequest, who: str
) -> None:
    client = api(request.getfixturevalue(who) if who != "anonymous" else None)
    asked: dict[str, Any] = {}

    def remember(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith(("SELECT", "WITH")):
            asked[sql] = params
        return execute(sql, params, many, context)

    with connection.execute_wrapper(remember):
        for address in (
            f"/api/v1/claims/{claim.pk}/",
            f"/api/v1/claims/{claim.pk}/report/json/",
            f"/api/v1/disputes/{claim.dispute_id}/",
            f"/api/v1/disputes/{claim.dispute_id}/report/json/",
            f"/claims/{claim.pk}/",
            f"/disputes/{claim.dispute.slug}/",
        ):
            assert client.get(address).status_code == 200

    assert {sql: found for sql, params in asked.items() if (found := whole_tables(sql, params))} == {}


# Where each index of the desk is needed.
OF_THE_DESK = {
    "": (
        *("verdict_author_status", "verdict_review_by", "quote_check_warned", "attribution_stance", "snapshot_broken"),
        *("relation_updated", "premise_updated", "evidence_document_updated", "question_reworded"),
    ),
    "claims/claim/?language=az": ("claim_language",),
    "claims/attribution/?stance=hedges": ("attribution_stance",),
    "claims/attribution/?withdrawn=yes": ("attribution_withdrawn",),
    "claims/evidencelink/?withdrawn=yes": ("evidence_link_withdrawn",),
    "claims/review/?withdrawn=yes": ("review_withdrawn",),
    "claims/inquiry/": ("inquiry_asked",),
    "sources/snapshot/": ("snapshot_taken",),
    "sources/source/": ("source_country",),
    "sources/document/": ("document_language",),
    "sources/document/?kind=statement": ("document_kind",),
    "sources/document/?retracted=yes": ("document_retracted",),
}


@pytest.mark.usefixtures("statistics")
@pytest.mark.parametrize("page", OF_THE_DESK)
def test_a_page_of_the_desk_uses_the_indexes_that_are_for_it(administrator: Any, page: str) -> None:
    client = Client()
    client.force_login(administrator)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/admin/{page}").status_code == 200
    used = " ".join(step for query in asked.captured_queries for step in steps_of(query["sql"]))
    assert [index for index in OF_THE_DESK[page] if f"INDEX {index} " not in used] == []


def steps_of(sql: str) -> list[str]:
    if not sql.startswith(("SELECT", "WITH")):
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return [f"{step} " for _id, _parent, _unused, step in cursor.fetchall()]


def whole_tables(sql: str, params: Any) -> list[str]:
    """The steps of the plan that read all rows of a large table, be it only to build a filter of them."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        steps = [step for _id, _parent, _unused, step in cursor.fetchall()]
    return [
        step for step in steps if step.startswith("BLOOM") or (step.startswith("SCAN") and step.split()[1] in LARGE)
    ]
