"""The number of queries of an answer does not depend on how many rows are in it.

One row against four: a query for each row shows with the second already, and the time goes into making rows.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from rest_framework.test import APIClient

from claims.models import Prepared
from tests import factories as f
from tests.api.nouns import NOUNS, address
from tests.api.routes import api_routes
from tests.api.test_writing import WHOLE

pytestmark = pytest.mark.django_db

LISTS = {route.noun: route for route in api_routes().values() if route.noun and route.actions.get("get") == "list"}
READERS = ("anonymous", "administrator") if connection.vendor == "sqlite" else ("researcher",)
"""The public and who sees most; the queries are the same on both engines, as one reader shows."""
MORE = 3


def queries(client: Any, target: str, rows: int = 0) -> int:
    """How many queries the answer takes when nothing of it is kept ready."""
    Prepared.objects.exclude(noun="").delete()
    with CaptureQueriesContext(connection) as seen:
        response = client.get(target)
    assert response.status_code == 200, (target, response.content[:200])
    if rows:
        assert len(response.json()["results"]) >= rows, target
    return len(seen)


def full_claim(**fields: Any) -> Any:
    """A published claim with one of everything."""
    claim = f.make_claim(published=True, **fields)
    fill(claim, 1)
    f.make_published(claim)
    return claim


def fill(claim: Any, times: int) -> None:
    """Hang so many of each noun on the claim; each with rows of its own behind it."""
    for _number in range(times):
        parent = f.make_source()
        publisher = f.make_source(part_of=parent)
        document = f.make_document(publisher=publisher)
        f.make_snapshot(document)
        origin = f.make_evidence()
        said = f.make_attribution(
            claim, source=publisher, document=document, on_behalf_of=f.make_source(withheld=True, withheld_reason="x")
        )
        f.make_attribution(claim, source=publisher, stance="relays", relayed_from=said)
        evidence = f.make_evidence(documents=[document, f.make_document()], derived_from=origin, dispute=claim.dispute)
        link = f.make_link(claim, evidence=evidence)
        f.make_affiliation(publisher)
        f.make_premise(link, f.make_claim(published=True))
        f.make_assessment(link)
        f.make_relation(claim, f.make_claim(dispute=claim.dispute, published=True))
        f.make_relation(f.make_claim(published=True), claim, kind="supports")
        f.make_review(claim, publisher=publisher, rating=f.rating())
        f.make_inquiry(claim, source=publisher)
        f.make_ruleexception(attribution=said)
        f.make_ruleexception("rival_supported", claim=claim, other=f.make_claim())


LISTED = [
    (noun, who)
    for noun in NOUNS
    for who in READERS
    if not (who == "anonymous" and noun in {"audit", "export", "webhook"})
    if not (who == "researcher" and noun == "webhook")
]
PARTS = [
    (noun, path, who)
    for noun in ("claim", "dispute")
    for path in ("", "history/", "report/csv/")
    for who in READERS
    if not (who == "anonymous" and path == "history/")
]
NOT_DETAILED = {"claim", "dispute", "audit", "import", "export", "webhook", "correction", "confirmation"}
DETAILED = [(noun, step) for noun in sorted(set(NOUNS) - NOT_DETAILED) for step in ("", "history/")]
OF_ITS_OWN = {"import", "export", "webhook", "rating-scale", "rating", "correction", "confirmation"}
"""What does not hang on claims."""
Counts = dict[tuple[str, ...], int]


@pytest.fixture(scope="module")
def counted(desk: Any) -> tuple[Counts, Counts]:
    """The queries of every answer while there is one full claim, and one row of what does not hang on claims; and when
    there are four claims, four of everything on the first, and four versions of each row."""
    with override_settings(FACTCHECK_REMEMBERED_MB=0):
        return count_twice(desk)


def count_twice(desk: Any) -> tuple[Counts, Counts]:
    f.make_import(imported_by=desk.editor)
    f.make_export(desk.researcher)
    f.make_webhook()
    f.make_corrected()
    f.make_confirmation()
    claim = full_claim(dispute=f.make_dispute())
    rows = {
        noun: NOUNS[noun].model.objects.visible_to(desk.administrator).order_by("pk").last() for noun, _ in DETAILED
    }
    targets: dict[tuple[str, ...], tuple[str, str]] = {}
    for noun, who in LISTED:
        included = ",".join(LISTS[noun].view.include_fields)
        for more in {"", included and f"&include={included}"}:
            targets["list", noun, who, more] = who, f"{address(noun)}?page_size=200{more}"
    for noun, path, who in PARTS:
        row = claim if noun == "claim" else claim.dispute
        targets["part", noun, path, who] = who, f"{address(noun)}{row.pk}/{path}"
    for noun, step in DETAILED:
        targets["detail", noun, step] = "administrator", f"{address(noun)}{rows[noun].pk}/{step}"

    def count(listed: int) -> Counts:
        # The public does not see all of them; exports are their maker's own.
        least = {
            key: listed if key[0] == "list" and who != "anonymous" else 0 for key, (who, _target) in targets.items()
        }
        return {key: queries(clients[who], target, least[key]) for key, (who, target) in targets.items()}

    clients = {who: APIClient() for who in (*READERS, "administrator")}
    for who, client in clients.items():
        if who != "anonymous":
            client.force_authenticate(getattr(desk, who))
    for who, target in targets.values():
        # What is cached in the process is there when it counts.
        clients[who].get(target)
    before = count(1)
    grow(claim, rows, desk)
    return before, count(1 + MORE)


def grow(claim: Any, rows: dict[str, Any], desk: Any) -> None:
    """Three more of everything: claims, what hangs on the first, versions of each row."""
    for number in range(MORE):
        full_claim(dispute=f.make_dispute())
        for noun in OF_ITS_OWN:
            (NOUNS[noun].draft or NOUNS[noun].published)(desk.researcher if noun == "export" else desk.editor)
        f.EvidenceDocument(evidence=rows["evidence"], document=f.make_document(publisher=f.make_source())).save()
        f.make_link(f.make_claim(), evidence=rows["evidence"])
        f.make_rating(scale=rows["rating-scale"], order=number)
        for noun in set(rows) - {"snapshot", "verdict"}:
            with f.acting(reason="Again."):
                NOUNS[noun].model.objects.get(pk=rows[noun].pk).save()
    fill(claim, MORE)


def test_every_list_of_the_router_is_counted():
    assert set(LISTS) == set(NOUNS)


@pytest.mark.parametrize(("noun", "who"), LISTED)
def test_lists_take_the_same_queries_for_one_row_and_four(counted, noun, who):
    before, after = ({key: counts[key] for key in counts if key[:3] == ("list", noun, who)} for counts in counted)
    if noun == "audit":  # one query for each noun among the entries, however many entries
        assert all(after[key] <= before[key] for key in before)
    else:
        assert after == before


@pytest.mark.parametrize(("noun", "path", "who"), PARTS)
def test_details_take_the_same_queries_for_one_child_and_four(counted, noun, path, who):
    before, after = (counts["part", noun, path, who] for counts in counted)
    assert after <= before if path == "history/" else after == before


@pytest.mark.parametrize(("noun", "step"), DETAILED)
def test_details_of_every_noun_take_the_same_queries_when_more_hangs_on_them(counted, noun, step):
    before, after = (counts["detail", noun, step] for counts in counted)
    assert after == before


WRITES = {"claim": 16, "attribution": 18, "100 claims": 16, "dispute with its rows": 170, "publication": 56}
"""How many statements a write takes at most; those that name the user are not among them."""


@pytest.mark.parametrize("write", WRITES)
def test_a_write_takes_few_statements(client_of, desk, write):
    client = client_of(desk.researcher)
    dispute = client.post(address("dispute"), {"title": "Why?", "question": "Why?"}).json()["id"]
    claim = {"text": "It is so.", "dispute": dispute}
    said = {"claim": f.make_claim().pk, "source": f.make_source().pk, "stance": "asserts", "quote": "It is so."}
    noun, body = {
        "claim": ("claim", claim),
        "attribution": ("attribution", said),
        "100 claims": ("claim", [claim] * 100),
        "dispute with its rows": ("dispute", WHOLE),
        "publication": ("verdict", None),
    }[write]
    target = address(noun)
    if write == "publication":
        client, target = client_of(desk.reviewer), f"{target}{f.make_submitted().pk}/publish/"
    with CaptureQueriesContext(connection) as seen:
        response = client.post(target, body, HTTP_IF_MATCH="*")
    assert response.status_code in {200, 201}, response.content[:500]
    # On PostgreSQL the lock of the writer is asked for as well.
    assert len(seen) <= WRITES[write] + (connection.vendor == "postgresql"), [row["sql"][:80] for row in seen]
