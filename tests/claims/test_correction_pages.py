"""Corrections in public: the page, the feeds, the reports and the desk's own pages."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.reports.formats import csv, html, markdown
from claims.reports.load.dossier import load_claim
from claims.services import withdraw_claim
from factcheck.audit.models import AuditEntry
from tests.admin_page import Page
from tests.factories import make_claim, make_corrected, make_dispute, make_published, someone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

FEED, PAGE = "/corrections/feed/", "/corrections/"
ATOM, AUDIT = "{http://www.w3.org/2005/Atom}", "{urn:factcheck:audit}"
SCRIPT = "<script>alert(1)</script> & “so”"


@pytest.fixture
def corrected(register: None, settings: Any) -> Any:
    settings.FACTCHECK_BASE_URL, settings.FACTCHECK_NEWSROOM = "https://desk.example.org", "The Desk"
    claim = make_claim(f"He died. {SCRIPT}", dispute=make_dispute("Death of Z", slug="z"), published=True)
    return make_corrected(claim, "contested", "refuted", reason=f"A second autopsy. {SCRIPT}", severity="retraction")


def read(path: str = FEED, **headers: str) -> ElementTree.Element:
    answer = Client().get(path, **headers)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return ElementTree.fromstring(answer.content)


def test_a_feed_tells_severity_both_ratings_and_the_reason(corrected):
    feed = read()
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title").startswith("Retraction, from “Contested” to “Refuted”: He died.")
    shown = entry.findtext(f"{ATOM}summary")
    for part in ("Contested. In short.", "Refuted. In short.", "A second autopsy.", "Retraction", "Death of Z"):
        assert part in shown
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert entry.find(f"{ATOM}category").get("term") == "retraction"
    assert entry.find(f"{ATOM}link").get("href") == f"https://desk.example.org/claims/{corrected.claim_id}/"
    assert entry.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}published") == feed.findtext(f"{ATOM}updated")
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == entry.findtext(f"{ATOM}author/{ATOM}name") == "The Desk"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {
        "alternate": "https://desk.example.org/corrections/",
        "self": "https://desk.example.org/corrections/feed/",
    }


def test_names_of_entries_never_change(corrected):
    names = [element.text for element in read().iter(f"{ATOM}id")]
    day = f"{corrected.published_at:%Y-%m-%d}"
    assert names == [
        "tag:desk.example.org,2025-01-01:corrections",
        f"tag:desk.example.org,{day}:correction/{corrected.pk}",
    ]
    make_corrected(corrected.claim, verdict=corrected)
    assert set(names) < {element.text for element in read(HTTP_HOST="localhost").iter(f"{ATOM}id")}


def test_a_feed_carries_the_head_of_the_audit_chain(corrected):
    head = AuditEntry.objects.order_by("-id").first()
    feed = read()
    assert feed.find(f"{AUDIT}head").attrib == {"entry": str(head.pk), "sha256": head.hash}
    assert head.hash in feed.findtext(f"{ATOM}subtitle")


def test_only_what_anybody_may_read_is_in_a_feed(corrected, ann):
    hidden = make_dispute(visibility="restricted")
    make_corrected(make_claim("zqhidden", dispute=hidden), reason="zqhidden")
    make_corrected(make_claim("zqinternal", dispute=make_dispute(visibility="internal")), reason="zqinternal")
    gone = make_corrected(make_claim("zqgone", published=True), reason="zqgone")
    withdraw_claim(actor=someone("Editor"), claim=gone.claim, reason="Wrong.")
    desk = Client()
    desk.force_login(ann)
    for client in (Client(), desk):
        text = client.get(FEED).content.decode()
        assert "He died." in text
        assert "zq" not in text
    assert "zq" not in Client().get(PAGE).content.decode()
    assert Client().get(f"/disputes/{hidden.slug}/corrections/feed/").status_code == 404
    page = desk.get(PAGE).content.decode()
    assert "zqinternal" in page
    assert "zqhidden" not in page
    assert "zqgone" not in page


def test_a_dispute_has_a_feed_of_its_own(corrected):
    make_corrected()
    feed = read("/disputes/z/corrections/feed/")
    assert len(feed.findall(f"{ATOM}entry")) == 1
    assert "Death of Z" in feed.findtext(f"{ATOM}title")
    assert len(read().findall(f"{ATOM}entry")) == 2
    assert len({feed.findtext(f"{ATOM}id"), read().findtext(f"{ATOM}id")}) == 2
    for path in ("/disputes/nobody/corrections/feed/", f"/disputes/{corrected.claim.dispute_id}/corrections/feed/"):
        assert Client().get(path).status_code == 404


def test_whoever_has_the_feed_is_told_so(corrected):
    first = Client().get(FEED)
    assert Client().get(FEED, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    assert Client().get(FEED, HTTP_IF_MODIFIED_SINCE=first["Last-Modified"]).status_code == 304
    assert Client().head(FEED)["ETag"] == first["ETag"]
    assert Client().post(FEED).status_code == 405
    make_corrected()
    assert Client().get(FEED, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


def test_an_empty_feed_is_a_feed(register):
    feed = read()
    assert feed.findall(f"{ATOM}entry") == []
    assert feed.findtext(f"{ATOM}updated") == "2025-01-01T00:00:00+00:00"
    assert "No verdict has been corrected yet." in Client().get(PAGE).content.decode()


def test_a_feed_takes_the_same_queries_for_one_and_for_many(corrected):
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            Client().get(path)
        return len(seen)

    before = [queries(FEED), queries(PAGE)]
    for _n in range(4):
        make_corrected(make_claim(dispute=make_dispute(), published=True))
    assert [queries(FEED), queries(PAGE)] == before


def test_the_page_shows_both_decisions_and_leads_to_the_feed(corrected):
    answer = Client().get(PAGE)
    page = answer.content.decode()
    assert "script-src" not in answer["Content-Security-Policy"]
    assert "<script" not in page
    assert " style=" not in page
    assert 'rel="alternate" type="application/atom+xml"' in page
    for part in ("Retraction", "Contested. In short.", "Refuted. In short.", "A second autopsy.", "Death of Z"):
        assert part in page, part
    assert Client().get(PAGE + "?x=1").status_code == 200
    assert Client().post(PAGE).status_code == 405


def test_reports_tell_from_what_to_what(corrected, anonymous):
    again = make_corrected(
        corrected.claim, verdict=corrected, after="refuted", severity="clarification", reason="Wording."
    )
    dossier = load_claim(corrected.claim, anonymous)
    text = markdown.write(dossier).decode().replace("**", "")
    assert "from “Contested” to “Refuted”. A second autopsy." in text
    assert "still “Refuted”. Wording." in text
    page = re.sub(r"<[^>]+>", "", html.write(dossier).decode())
    assert "from “Contested” to “Refuted”. A second autopsy." in page
    assert "still “Refuted”. Wording." in page
    table = csv.write(dossier).decode("utf-8-sig")
    line = next(line for line in table.splitlines() if line.startswith(f'"verdict","{corrected.pk}"'))
    assert "verdict that it supersedes: Contested" in line
    assert '"Refuted"' in line
    line = next(line for line in table.splitlines() if line.startswith(f'"verdict","{again.pk}"'))
    assert "verdict that it supersedes: Refuted" in line


def test_the_desk_finds_corrections_and_sees_what_they_replaced(corrected, ann):
    first = make_published(make_claim("Another claim."))
    desk = Client()
    desk.force_login(ann)
    listed = Page(desk.get("/admin/claims/verdict/?correction=yes"))
    assert f"/admin/claims/verdict/{corrected.pk}/change/" in " ".join(listed.links)
    assert f"/admin/claims/verdict/{first.pk}/change/" not in " ".join(listed.links)
    severe = Page(desk.get("/admin/claims/verdict/?correction_severity=update"))
    assert f"/admin/claims/verdict/{corrected.pk}/change/" not in " ".join(severe.links)
    page = Page(desk.get(f"/admin/claims/verdict/{corrected.pk}/change/"))
    assert "Retraction Contested became Refuted A second autopsy." in page.text
    assert f"/admin/claims/verdict/{corrected.supersedes_id}/change/" in page.links
