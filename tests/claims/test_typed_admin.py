"""Forms of the desk take dates, languages and addresses as they are typed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from claims.models import Claim
from sources.models import Document
from tests import factories as make
from tests.admin_page import get, send
from tests.claims.test_claim_admin import at
from tests.claims.test_dispute_admin import client_of

ADD = reverse("admin:sources_document_add")
TYPED = {
    "title": "Who did it",
    "kind": "article",
    "url": "www.example.org/x",
    "published_on": "17 July 2014",
    "language": "Russian",
}


def test_a_form_stores_what_was_meant_and_shows_it(ann: Any) -> None:
    page = send(client_of(ann), ADD, {**TYPED, "_continue": "1"})
    assert page.errors == []
    row = Document.objects.get()
    assert (row.url, row.published_on, row.language) == ("https://www.example.org/x", "2014-07-17", "ru")
    assert page.fields["published_on"] == "2014-07-17"
    # What nobody touched was not changed.
    version = row.version
    send(client_of(ann), reverse("admin:sources_document_change", args=[row.pk]), {"published_on": "17.7.2014"})
    row.refresh_from_db()
    assert row.version == version


def test_what_can_be_meant_in_two_ways_is_refused_next_to_the_field(ann: Any) -> None:
    page = send(
        client_of(ann), ADD, {**TYPED, "published_on": "03/04/2016", "language": "Klingonish", "url": "javascript:x"}
    )
    said = " ".join(page.errors)
    assert "3 April 2016 or 4 March 2016" in said
    assert "English name" in said
    assert "starts with http" in said
    assert page.fields["published_on"] == "03/04/2016"
    assert not Document.objects.exists()


def test_what_is_typed_is_told_as_it_is_understood(ann: Any, reader: Any) -> None:
    client = client_of(ann)

    def told(kind: str, text: str) -> tuple[str, str]:
        answer = client.get(reverse("understood"), {"kind": kind, "text": text}).json()
        return answer["words"], answer["refused"]

    assert told("date", "28.9.2016") == ("28 September 2016", "")
    assert told("date", "1.1.2999") == ("1 January 2999, which is still to come", "")
    assert told("date", "03/04/2016")[1].startswith("03/04/2016 can be")
    assert told("day", "28.9.2999") == ("28 September 2999", "")
    assert told("day", "September 2016")[1] == "Give the day, such as 17 July 2014, 28.9.2016 or 2014-07-17."
    assert told("language", "russian") == ("Russian (ru)", "")
    assert told("language", "qq")[1]
    assert told("address", "Example.org/a") == ("https://example.org/a", "")
    assert told("address", "a b")[1]
    assert told("date", "") == ("", "")
    assert client.get(reverse("understood"), {"kind": "x", "text": "y"}).status_code == 403
    assert client_of(reader).get(reverse("understood"), {"kind": "date", "text": "2014"}).status_code in {302, 403}


def test_a_day_is_typed_as_other_dates_are(ann: Any) -> None:
    inquiry = make.make_inquiry(asked_on=date(2026, 5, 1))
    page = get(client_of(ann), at(inquiry))
    assert page.fields["asked_on"] == "2026-05-01"
    refused = send(client_of(ann), at(inquiry), {"due_on": "May 2026"})
    assert "Give the day, such as" in " ".join(refused.errors)
    assert refused.fields["due_on"] == "May 2026"
    assert "can be 3 April 2026 or 4 March 2026" in send(client_of(ann), at(inquiry), {"due_on": "03/04/2026"}).text
    saved = send(client_of(ann), at(inquiry), {"due_on": "28 May 2026"})
    assert saved.errors == []
    inquiry.refresh_from_db()
    assert (inquiry.asked_on, inquiry.due_on) == (date(2026, 5, 1), date(2026, 5, 28))


def test_the_language_of_a_claim_is_no_guess(ann: Any) -> None:
    client, add = client_of(ann), reverse("admin:claims_claim_add")
    page = get(client, add)
    assert page.fields["language"] == ""
    assert "Left empty: English (en)" in client.get(add).content.decode()
    assert "most of its letters are none of English" in send(client, add, {"text": "Мост упал."}).text
    assert not Claim.objects.exists()
    send(client, add, {"text": "Мост упал.", "language": "Russian"})
    send(client, add, {"text": "The bridge fell."})
    assert list(Claim.objects.order_by("pk").values_list("language", flat=True)) == ["ru", "en"]
    # So it is where claims are entered with their dispute.
    dispute = reverse("admin:claims_dispute_add")
    page = get(client, dispute)
    rows = {"claims-0-text": "Мост упал.", "claims-1-text": "The bridge stands."}
    refused = send(client, dispute, {"title": "The bridge", "question": "Did it fall?", **rows}, page)
    assert "most of its letters are none of English" in refused.text
    send(client, dispute, {"claims-0-language": "ru"}, refused)
    dispute_claims = Claim.objects.filter(dispute__isnull=False).order_by("pk")
    assert list(dispute_claims.values_list("language", flat=True)) == ["ru", "en"]
