"""The public pages of disputes and claims."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from claims.services import publish_claim
from factcheck.audit.context import acting
from tests.claims.report_case import make_rivals
from tests.factories import make_attribution, make_claim, make_dispute, make_published

pytestmark = pytest.mark.usefixtures("register")


@pytest.fixture
def visitor() -> Client:
    return Client()


def test_a_dispute_has_a_page_under_a_strict_policy(visitor: Client, ann: Any, reviewer: Any) -> None:
    make_rivals(ann, reviewer)
    answer = visitor.get("/disputes/deaths-in-custody/")
    assert answer.status_code == 200
    assert answer["Content-Security-Policy"].startswith("default-src 'none';")
    assert "unsafe" not in answer["Content-Security-Policy"]
    page = answer.content.decode()
    assert ">What caused the deaths?</p>" in page
    assert "/api/v1/disputes/deaths-in-custody/report/csv/" in page
    assert "nobody has published" not in page


def test_the_id_of_a_dispute_leads_to_its_lasting_address(visitor: Client) -> None:
    dispute = make_dispute("Lasting", question="Which?")
    make_claim(dispute=dispute, published=True)
    answer = visitor.get(f"/disputes/{dispute.pk}/")
    assert (answer.status_code, answer["Location"]) == (301, "/disputes/lasting/")


def test_a_claim_has_a_page(visitor: Client) -> None:
    undecided, decided = make_claim("It rained.", published=True), make_published().claim
    assert "It rained." in visitor.get(f"/claims/{undecided.pk}/").content.decode()
    assert "report/claimreview/" not in visitor.get(f"/claims/{undecided.pk}/").content.decode()
    assert "report/claimreview/" in visitor.get(f"/claims/{decided.pk}/").content.decode()


def test_what_the_visitor_may_not_see_is_not_there(visitor: Client, editor: Any, ann: Any) -> None:
    draft = make_claim()
    dispute = make_dispute("Closed", visibility="restricted", members=[ann])
    inside = make_claim(dispute=dispute)
    publish_claim(actor=editor, claim=inside)
    for address in (
        f"/claims/{draft.pk}/",
        f"/claims/{inside.pk}/",
        f"/disputes/{dispute.slug}/",
        f"/disputes/{dispute.pk}/",
    ):
        assert visitor.get(address).status_code == 404
    visitor.force_login(ann)
    assert "Desk copy" in visitor.get(f"/claims/{draft.pk}/").content.decode()
    assert visitor.get(f"/disputes/{dispute.slug}/").status_code == 200


def test_a_page_says_from_when_on_there_was_something_to_read(visitor: Client, ann: Any, editor: Any) -> None:
    monday, tuesday, friday = (datetime(2025, 7, day, 12, tzinfo=UTC) for day in (7, 8, 11))
    with time_machine.travel(monday, tick=False):
        # Drafts first: that the desk had them is not what a visitor is told.
        dispute = make_dispute("Old", visibility="internal")
        claim = make_claim("It was so.", dispute=dispute)
        make_claim("It was not.", dispute=dispute, published=True)
    with time_machine.travel(tuesday, tick=False), acting(actor=editor, reason="It is out."):
        make_published(claim)
        dispute.refresh_from_db()
        dispute.visibility = "public"
        dispute.save()
    with time_machine.travel(friday, tick=False):
        make_attribution(make_claim("A draft.", dispute=dispute))
        for address in ("/disputes/old/", f"/claims/{claim.pk}/"):
            answer = visitor.get(f"{address}?as_of=2025-07-07")
            page = answer.content.decode()
            assert answer.status_code == 404
            assert "It first had something at 8 July 2025, 12:00 UTC: choose that moment or a later one" in page
            assert f'<a href="{address}?as_of=2025-07-08">' in page
            assert visitor.get(f"{address}?as_of=2025-07-08").status_code == 200
            page = visitor.get(address).content.decode()
            assert '<a href="#look-back">What has changed</a>' in page
            assert 'could first be read in the register on <time datetime="2025-07-08">' in page
            # Since a day before there was anything, nothing is new.
            page = visitor.get(f"{address}?since=2025-07-06").content.decode()
            assert "There is nothing to compare" in page
        visitor.force_login(ann)
        assert visitor.get("/disputes/old/?as_of=2025-07-07").status_code == 200


def test_a_page_is_only_read(visitor: Client) -> None:
    claim = make_claim(published=True)
    assert visitor.post(f"/claims/{claim.pk}/").status_code == 405
