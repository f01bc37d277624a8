"""Exports at the desk: the menus of lists and pages, the page of an export, and whose they are."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from claims.exports.job import run_export
from claims.models import Export
from tests.admin_page import get
from tests.claims.test_dispute_admin import client_of
from tests.factories import make_attribution, make_claim, make_dispute, make_export, make_kept_export, make_source

LIST = reverse("admin:claims_export_changelist")


def export_links(client: Any, url: str) -> dict[str, str]:
    """The links of the menus above a page by their words."""
    page = client.get(url)
    assert page.status_code == 200
    items = [item for action in page.context.get("actions_list") or [] for item in action["items"]]
    items += [item for action in page.context.get("actions_detail") or [] for item in action["items"]]
    return {item["title"]: unescape(item["path"]) for item in items}


def test_a_list_is_exported_as_it_is_filtered(ann: Any) -> None:
    make_claim("It rained.", published=True)
    drafts = [make_claim(f"Draft {number}.") for number in range(3)]
    client = client_of(ann)
    links = export_links(client, "/admin/claims/claim/?status=draft&q=Draft&o=1")
    body = b"".join(client.get(links["NDJSON"]).streaming_content).decode()
    assert body.count("\n") == 3
    assert "It rained." not in body
    streamed = Export.objects.get()
    assert (streamed.query, streamed.rows, streamed.made_by) == (
        "/admin/claims/claim/?status=draft&q=Draft&o=1",
        3,
        ann,
    )
    asked = client.get(links["Excel workbook"])
    assert b"Export the list" in asked.content
    assert Export.objects.count() == 1  # looking asks for nothing
    page = client.post(
        links["Excel workbook"], {"kind": "list", "query": streamed.query, "format": "xlsx"}, follow=True
    )
    job = Export.objects.first()
    assert page.redirect_chain[0][0] == reverse("admin:claims_export_change", args=[job.pk])
    assert b'http-equiv="refresh"' in page.content
    run_export.call(job.pk)
    page = client.get(reverse("admin:claims_export_change", args=[job.pk]))
    assert b'http-equiv="refresh"' not in page.content
    assert job.query.encode() in page.content.replace(b"&amp;", b"&")
    download = client.get(reverse("admin:claims_export_file", args=[job.pk]))
    assert b"".join(download.streaming_content)[:2] == b"PK"
    client.post(reverse("admin:claims_export_again", args=[streamed.pk]))
    assert Export.objects.first().format == "ndjson"
    # Of what is selected only that.
    chosen = client.post(
        "/admin/claims/claim/?status=draft",
        {"action": "export_selected", "_selected_action": [draft.pk for draft in drafts[:2]]},
        follow=True,
    )
    assert b"2 selected rows" in chosen.content
    csv = next(url for label, url, _now in chosen.context["links"] if label == "CSV")
    assert b"".join(client.get(csv).streaming_content).count(b"Draft ") == 2


def test_the_menu_is_for_what_stands_in_the_register(administrator: Any) -> None:
    client = client_of(administrator)
    make_source()
    assert "CSV" in export_links(client, "/admin/sources/source/")
    assert "JSON-LD DataFeed" not in export_links(client, "/admin/claims/rating/")
    assert "CSV" not in export_links(client, "/admin/claims/importbatch/")
    for path in ("stream/pdf/?query=/admin/claims/claim/", "ask/?kind=list&format=nope", "selected/?query=/admin/"):
        assert client.get(f"{LIST}{path}").status_code == 404
    for query in ("https://elsewhere.example.org/", "/admin/claims/claim/?ids=x", "/api/v1/claims/?zq=1", "/nothing/"):
        assert client.get(f"{LIST}stream/csv/", {"query": query}).status_code == 400
    refused = client.post(f"{LIST}ask/", {"kind": "list", "query": "/api/v1/claims/?zq=1", "format": "xlsx"})
    assert refused.status_code == 400
    assert b"Unknown parameter" in refused.content
    assert not Export.objects.exists()


def test_a_dispute_has_its_preview_its_reports_and_its_bundle(ann: Any, rob: Any) -> None:
    dispute = make_dispute("Closed", visibility="restricted", members=[ann])
    make_claim("It rained.", dispute=dispute)
    client = client_of(ann)
    links = export_links(client, reverse("admin:claims_dispute_change", args=[dispute.pk]))
    assert {"Preview", "PDF", "HTML", "Bundle (ZIP)"} <= set(links)
    preview = client.get(links["Preview"])
    assert b"It rained." in preview.content
    assert "default-src 'none'" in preview["Content-Security-Policy"]
    assert client_of(rob).get(links["Preview"]).status_code == 404
    assert b"Make a bundle" in client.get(links["Bundle (ZIP)"]).content
    given = {"kind": "bundle", "query": f"/api/v1/disputes/{dispute.pk}/", "format": "zip"}
    assert client_of(rob).post(f"{LIST}ask/", given).status_code == 400
    assert client.post(f"{LIST}ask/", {**given, "public": "1"}).status_code == 400
    assert not Export.objects.exists()
    assert client.post(f"{LIST}ask/", given).status_code == 302


def test_the_menu_leads_to_what_changed_since_the_last_report(ann: Any, rob: Any) -> None:
    claim = make_claim("It rained.", dispute=make_dispute("Weather"), published=True)
    page = reverse("admin:claims_dispute_change", args=[claim.dispute.pk])
    assert not any("since" in label for label in export_links(client_of(ann), page))
    client_of(rob).get(f"/api/v1/disputes/{claim.dispute.slug}/report/json/")
    make_attribution(claim, source=make_source("Ministry"), stance="denies")
    links = export_links(client_of(ann), page)
    preview = next(url for label, url in links.items() if label.startswith("Changes since"))
    told = client_of(ann).get(preview).content.decode().partition("What has changed")[2].partition("</section>")[0]
    assert "Ministry" in told
    assert client_of(ann).get(f"{links['Preview']}?since=never").status_code == 400


def test_exports_are_their_makers_own(ann: Any, rob: Any, editor: Any, reader: Any) -> None:
    kept, failed = make_kept_export(ann), make_export(ann, status="failed", problem="The list is gone.", digest="")
    page, file = (reverse(f"admin:claims_export_{name}", args=[kept.pk]) for name in ("change", "file"))
    assert file in get(client_of(ann), page).links
    assert file in get(client_of(ann), LIST).links
    assert "The list is gone." in get(client_of(ann), reverse("admin:claims_export_change", args=[failed.pk])).text
    again = reverse("admin:claims_export_again", args=[kept.pk])
    for user, status in ((rob, 302), (editor, 403)):
        assert client_of(user).get(file).status_code == status
        assert client_of(user).post(again).status_code == status
    assert kept.query in get(client_of(editor), LIST).text
    assert file not in get(client_of(editor), page).links
    assert kept.query not in get(client_of(rob), LIST).text
    assert client_of(reader).get(LIST).status_code == 302
    for client in (client_of(ann), client_of(editor)):
        assert client.post(page, {"query": "x"}).status_code == 403
        assert client.post(reverse("admin:claims_export_delete", args=[kept.pk]), {"post": "yes"}).status_code == 403
        assert client.get(reverse("admin:claims_export_add")).status_code == 403


@pytest.mark.parametrize("address", ["change", "file"])
def test_an_export_that_is_not_there_is_told(ann: Any, address: str) -> None:
    assert client_of(ann).get(reverse(f"admin:claims_export_{address}", args=[987654])).status_code == 302
