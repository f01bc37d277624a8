"""What happens to rows that a reader may not see changes no answer to them: no count, no order, no search, no feed.

The same addresses are asked before and after, and the answers compared byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from claims.api.claim import ClaimViewSet
from factcheck.api.pagination import orderings
from factcheck.audit.context import acting
from tests import factories as make
from tests.api.routes import api_routes
from tests.api.story import HIDDEN, Story

pytestmark = pytest.mark.django_db

CLAIMS, OTHER = "/api/v1/claims/", "zqother"
OF_SOMEBODY = {"audit", "export"}
"""Lists of what was done: the caller's own exports, and the trail, which the desk reads as far as it may."""


def probes() -> Iterator[str]:
    """Every list in every order, counted, with few fields, searched for what is hidden; and what stands beside."""
    for route in api_routes().values():
        if not route.noun or route.actions.get("get") != "list" or route.noun in OF_SOMEBODY:
            continue
        queries = [f"count=true&page_size=200&fields=id&ordering={order}" for order in orderings(route.view)]
        queries += [f"count=true&search={OTHER}"] if route.view.searchable else []
        yield from (f"{route.path()}?{query}" for query in queries)
    included = ",".join(ClaimViewSet.include_fields)
    yield from (f"{CLAIMS}?page_size=200&include={included}", f"{CLAIMS}export/csv/", f"{CLAIMS}?tag={OTHER}")
    yield from ("/api/v1/changes/?since=0&page_size=200", "/api/v1/changes/", "/api/v1/me/", "/api/v1/tokens/")
    yield from (f"/api/v1/search/?q={OTHER}", "/api/v1/search/?q=died", "/api/v1/balance/", "/api/v1/rules/")
    yield from (f"/api/v1/disputes/{slug}/" for slug in (f"{HIDDEN}-dispute", OTHER))


def answers(client: APIClient, asked: list[str]) -> dict[str, Any]:
    """What each probe is answered, without what differs from request to request."""
    found = {}
    for probe in asked:
        response = client.get(probe)
        text = response.getvalue().decode()
        text = re.sub(r'"request_id":"[^"]*"', "", text)
        # The number of the last entry of the trail, which counts what everybody did.
        text = re.sub(r"changes/\?since=\d+", "", text)
        found[probe] = response.status_code, response.headers.get("ETag", "") if "changes" not in probe else "", text
    return found


PROBES = list(probes())


def touch_restricted(story: Story) -> None:
    """Names, rows of each kind, and a verdict in a dispute that its members alone may see."""
    dispute = story.hidden_dispute
    with acting(actor=story.member, reason="A test"):
        dispute.refresh_from_db()
        dispute.title = f"{OTHER} title"
        dispute.save()
    for number in range(3):
        claim = make.make_claim(f"{OTHER} claim {number}", dispute=dispute, published=True, tags=[OTHER])
        make.make_attribution(claim, source=story.outlet, quote=f"{OTHER} quote")
        make.make_link(claim)
        make.make_review(claim, publisher=story.outlet)
        make.make_inquiry(claim, source=story.outlet)
    make.make_relation(claim, story.claim, note=OTHER)
    make.make_published(claim)


def touch_drafts(story: Story) -> None:
    """Drafts in a public dispute, and a verdict on one of them."""
    claim = make.make_claim(f"{OTHER} draft", dispute=story.dispute)
    make.make_attribution(claim, source=story.outlet)
    make.make_link(claim)
    make.make_verdict(claim)
    make.make_verdict(story.draft)


@pytest.mark.parametrize("who", ["anonymous", "researcher"] if connection.vendor == "sqlite" else ["reader"])
def test_what_a_reader_may_not_see_changes_no_answer(story, desk, client_of, who):
    client = client_of(getattr(desk, who))
    before = answers(client, PROBES)
    touch_restricted(story)
    if who != "researcher":
        touch_drafts(story)
    after = answers(client, PROBES)
    assert {probe: (before[probe], after[probe]) for probe in PROBES if before[probe] != after[probe]} == {}


def test_the_probes_see_what_their_reader_may_see(story, client_of):
    client, some = client_of(story.member), [probe for probe in PROBES if probe.startswith(CLAIMS)]
    before = answers(client, some)
    touch_restricted(story)
    after = answers(client, some)
    assert all(before[probe] != after[probe] for probe in some)
