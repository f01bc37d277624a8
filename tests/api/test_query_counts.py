"""The number of queries of an answer does not depend on how many rows are in it.

One row against four: a query for each row shows with the second already, and the time goes into making rows.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories as f
from tests.api.nouns import NOUNS, address
from tests.api.routes import api_routes

pytestmark = pytest.mark.django_db

LISTS = {route.noun: route for route in api_routes().values() if route.actions.get("get") == "list"}
READERS = ("anonymous", "administrator") if connection.vendor == "sqlite" else ("researcher",)
"""The public and who sees most; the queries are the same on both engines, as one reader shows."""
MORE = 3


def queries(client: Any, target: str, rows: int | None = None) -> int:
    """How many queries the answer takes; the second asking counts, when what is cached in the process is there."""
    client.get(target)
    with CaptureQueriesContext(connection) as seen:
        response = client.get(target)
    assert response.status_code == 200, (target, response.content[:200])
    if rows is not None:
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


def test_every_list_of_the_router_is_counted():
    assert set(LISTS) == set(NOUNS)


@pytest.fixture(scope="module")
def sparse(desk: Any) -> Any:
    """One full claim, and one row of what does not hang on claims."""
    f.make_import(imported_by=desk.editor)
    f.make_export(desk.researcher)
    f.make_webhook()
    f.make_corrected()
    f.make_confirmation()
    return full_claim(dispute=f.make_dispute())


def measured(client: Any, noun: str) -> dict[str, int]:
    """The queries of the list, plain and with everything included."""
    view = LISTS[noun].view
    included = [f"&include={','.join(view.include_fields)}"] if view.include_fields else []
    included += [f"&include={name}" for name in view.include_fields]
    return {extra: queries(client, f"{address(noun)}?page_size=200{extra}") for extra in ["", *included]}


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("noun", NOUNS)
def test_lists_take_the_same_queries_for_one_row_and_four(sparse, desk, client_of, noun, who):
    if (who == "anonymous" and noun in {"audit", "export", "webhook"}) or (who == "researcher" and noun == "webhook"):
        pytest.skip("not for them")
    client = client_of(getattr(desk, who))
    before = measured(client, noun)
    for _number in range(MORE):
        if noun in {"import", "export", "webhook", "rating-scale", "rating", "correction", "confirmation"}:
            # Exports are their maker's own.
            (NOUNS[noun].draft or NOUNS[noun].published)(desk.researcher if noun == "export" else desk.editor)
        else:
            full_claim(dispute=f.make_dispute())
    queries(client, f"{address(noun)}?page_size=200", rows=0 if who == "anonymous" else 1 + MORE)
    if noun == "audit":  # one query for each noun among the entries, however many entries
        assert measured(client, noun)[""] <= before[""]
    else:
        assert measured(client, noun) == before


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("path", ["", "history/", "report/csv/"])
@pytest.mark.parametrize("noun", ["claim", "dispute"])
def test_details_take_the_same_queries_for_one_child_and_four(sparse, desk, client_of, noun, path, who):
    if who == "anonymous" and path == "history/":
        pytest.skip("for the desk only")
    client = client_of(getattr(desk, who))
    target = f"{address(noun)}{(sparse if noun == 'claim' else sparse.dispute).pk}/{path}"
    before = queries(client, target)
    fill(sparse, MORE)
    after = queries(client, target)
    assert after <= before if path == "history/" else after == before


@pytest.mark.parametrize(
    "noun",
    sorted(set(NOUNS) - {"claim", "dispute", "audit", "import", "export", "webhook", "correction", "confirmation"}),
)
def test_details_of_every_noun_take_the_same_queries_when_more_hangs_on_them(sparse, desk, client_of, noun):
    client = client_of(desk.administrator)
    row = NOUNS[noun].model.objects.visible_to(desk.administrator).order_by("pk").last()
    before = {step: queries(client, f"{address(noun)}{row.pk}/{step}") for step in ("", "history/")}
    if noun == "evidence":
        for _number in range(MORE):
            f.EvidenceDocument(evidence=row, document=f.make_document(publisher=f.make_source())).save()
            f.make_link(f.make_claim(), evidence=row)
    elif noun == "rating-scale":
        for number in range(MORE):
            f.make_rating(scale=row, order=number)
    else:
        fill(sparse, MORE)
    if noun != "snapshot":
        kind = NOUNS[noun].model.objects.get(pk=row.pk)
        for _number in range(0 if noun == "verdict" else 3):
            with f.acting(reason="Again."):
                kind.save()
    assert {step: queries(client, f"{address(noun)}{row.pk}/{step}") for step in before} == before
