"""The desk keeps copies from the page of a document, and sees which are broken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from factcheck.base.download import Download
from sources.models import Document, Snapshot
from tests import factories as f

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

PAGE = b"<!doctype html><p>It was so.</p>"
ADD = "/admin/sources/snapshot/add/"


@pytest.fixture
def desk(ann: Any) -> Client:
    client = Client()
    client.force_login(ann)
    return client


@pytest.fixture
def document() -> Document:
    return f.make_document(url="https://example.org/news")


def form(document: Document, **fields: Any) -> dict[str, Any]:
    return {"document": document.pk, "taken_at_0": "2025-07-01", "taken_at_1": "12:00:00", **fields}


def upload(content: bytes = PAGE) -> SimpleUploadedFile:
    return SimpleUploadedFile("page.html", content, "text/html")


def test_a_copy_is_uploaded_and_its_figures_are_computed(desk, document, ann):
    response = desk.post(ADD, form(document, copy=upload()))
    assert response.status_code == 302, response.content.decode()
    snapshot = Snapshot.objects.get()
    assert (snapshot.size, snapshot.media_type, snapshot.taken_by) == (len(PAGE), "text/html", ann)
    assert Path(snapshot.file.path).read_bytes() == PAGE
    assert snapshot.text == "It was so."


def test_a_copy_in_an_archive_is_typed_as_before(desk, document):
    fields = {"archive_url": "https://a.example.org/1", "media_type": "text/html", "size": "7", "digest": f.DIGEST}
    assert desk.post(ADD, form(document, **fields)).status_code == 302
    assert not Snapshot.objects.get().file


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Choose the file"),
        ({"archive_url": "https://a.example.org/1"}, "Say this of a copy that only an archive keeps."),
        ({"copy": b"x" * 11}, "larger than 10 bytes"),
        ({"copy": b""}, "empty"),
    ],
)
def test_what_is_missing_is_said_in_the_form(desk, document, settings, fields, words):
    settings.FACTCHECK_SNAPSHOT_MAX_BYTES = 10
    given = {name: upload(value) if name == "copy" else value for name, value in fields.items()}
    response = desk.post(ADD, form(document, **given))
    assert response.status_code == 200
    assert words in response.content.decode()
    assert not Snapshot.objects.exists()


def test_a_file_that_the_browser_forgets_is_asked_for_again(desk, document):
    response = desk.post(ADD, form(document, copy=upload(), taken_at_0="tomorrow"))
    assert response.status_code == 200
    assert "Choose the file again" in response.content.decode()


def test_the_page_of_a_document_shows_its_copies_and_their_state(desk, document):
    desk.post(ADD, form(document, copy=upload()))
    snapshot = Snapshot.objects.get()
    page = f"/admin/sources/document/{document.pk}/change/"
    shown = desk.get(page).content.decode()
    assert f"/admin/sources/snapshot/{snapshot.pk}/file/" in shown
    assert f"{ADD}?document={document.pk}" in shown
    assert "Broken since" not in shown
    snapshot.broken_since = snapshot.taken_at
    snapshot.save(past_tense="found_broken")
    assert "Broken since" in desk.get(page).content.decode()
    assert "Broken since" in desk.get("/admin/sources/snapshot/?broken=yes").content.decode()
    assert desk.get(f"/admin/sources/snapshot/{snapshot.pk}/change/").status_code == 200


def test_the_file_is_downloaded_as_an_attachment(desk, document):
    desk.post(ADD, form(document, copy=upload()))
    snapshot = Snapshot.objects.get()
    address = f"/admin/sources/snapshot/{snapshot.pk}/file/"
    response = desk.get(address)
    assert b"".join(response.streaming_content) == PAGE
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"].startswith("sandbox")
    Path(snapshot.file.path).unlink()
    assert desk.get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_a_copy_is_fetched_by_a_button_where_that_is_switched_on(desk, document, settings, monkeypatch):
    def download(_url: str, target: Any, **_how: Any) -> Download:
        target.write(PAGE)
        return Download("https://example.org/news", "text/html")

    monkeypatch.setattr("factcheck.base.download.download", download)
    page = f"/admin/sources/document/{document.pk}/"
    assert "Fetch a copy now" not in desk.get(f"{page}change/").content.decode()
    refused = desk.post(f"{page}fetch/")
    assert refused.status_code == 400
    assert "switched off" in refused.content.decode()
    settings.FACTCHECK_FETCH = True
    assert "Fetch a copy now" in desk.get(f"{page}change/").content.decode()
    assert desk.post(f"{page}fetch/").status_code == 302
    assert Snapshot.objects.get().final_url == "https://example.org/news"


def test_the_state_of_a_quote_is_shown_where_the_desk_works(desk):
    document = f.make_document(text="He said: it was so. Then he left.")
    found = f.make_attribution(quote="It was so.", document=document)
    lost = f.make_attribution(found.claim, quote="It was not so.", document=document)
    page = desk.get(f"/admin/claims/attribution/{found.pk}/change/").content.decode()
    assert "<mark>it was so.</mark>" in page
    assert "does not stand" in desk.get(f"/admin/claims/attribution/{lost.pk}/change/").content.decode()
    claim = desk.get(f"/admin/claims/claim/{found.claim_id}/change/").content.decode()
    assert "1 quote not found in the cited document" in claim
    listed = desk.get("/admin/claims/attribution/?quote=not_found").content.decode()
    assert f"/admin/claims/attribution/{lost.pk}/" in listed
    assert f"/admin/claims/attribution/{found.pk}/" not in listed
