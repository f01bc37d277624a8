"""Copies are uploaded, fetched and downloaded over REST."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import encode_multipart
from django.urls import reverse
from rest_framework.test import APIClient

from factcheck.base.download import Download
from factcheck.base.fetch import FetchError
from sources.models import Snapshot
from sources.services import keep_copy
from tests import factories as f

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

UPLOAD, FETCH = "/api/v1/snapshots/upload/", "/api/v1/snapshots/fetch/"
PAGE = b"<!doctype html><p>It was so.</p>"


def page(content: bytes = PAGE, name: str = "page.html", kind: str = "text/html") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def send(client: Any, **fields: Any) -> Any:
    headers = fields.pop("headers", {})
    data = {"document": f.make_document().pk, "file": page(), **fields}
    body = encode_multipart("B", {k: v for k, v in data.items() if v is not None})
    return raw(client, body, headers=headers)


def raw(client: Any, body: bytes, content_type: str = "multipart/form-data; boundary=B", **how: Any) -> Any:
    return client.generic("POST", UPLOAD, body, content_type=content_type, **how)


def part(name: str, value: bytes, extra: str = "") -> bytes:
    return f'--B\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n'.encode() + value + b"\r\n"


def test_an_uploaded_copy_is_kept(api, ann):
    response = send(api(ann), taken_at="2025-07-01T12:00:00Z", final_url="https://example.org/x", tool="Browser")
    answer = response.json()
    assert response.status_code == 201, answer
    assert response["Location"].endswith(f"/snapshots/{answer['id']}/")
    assert response["ETag"].startswith('"1-')
    assert answer["digest"] == f"sha256:{hashlib.sha256(PAGE).hexdigest()}"
    assert (answer["size"], answer["media_type"], answer["kept"]) == (len(PAGE), "text/html", True)
    assert (answer["broken_since"], answer["archive_url"]) == (None, "")
    assert answer["taken_at"] == "2025-07-01T12:00:00Z"
    assert answer["final_url"] == "https://example.org/x"
    assert answer["taken_by"]["id"] == ann.pk
    assert "text" not in answer
    snapshot = Snapshot.objects.get(pk=answer["id"])
    assert Path(snapshot.file.path).read_bytes() == PAGE
    assert snapshot.text == "It was so."


def test_the_same_key_uploads_once(api, ann):
    document = f.make_document().pk
    first = send(api(ann), document=document, headers={"Idempotency-Key": "one"})
    again = send(api(ann), document=document, headers={"Idempotency-Key": "one"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again["Idempotent-Replayed"] == "true"
    assert first.json() == again.json()
    other = send(api(ann), document=document, file=page(b"other"), headers={"Idempotency-Key": "one"})
    assert other.status_code == 422
    assert Snapshot.objects.count() == 1


def test_who_may_keep_copies(api, reader):
    assert send(api()).status_code == 401
    assert send(api(reader)).status_code == 403
    assert api(reader).post(FETCH, {"document": f.make_document().pk}).status_code == 403
    assert not Snapshot.objects.exists()


REFUSED = [
    ({"file": None}, "file"),
    ({"file": "no file"}, "file"),
    ({"document": None}, "document"),
    ({"document": 10**25}, "document"),
    ({"document": page()}, "document"),
    ({"digest": "sha256:0"}, "digest"),
    ({"archive_url": "javascript:alert(1)"}, "archive_url"),
    ({"tool": "a\u202eb"}, "tool"),
    ({"taken_at": "yesterday"}, "taken_at"),
    ({"media_type": "x" * 200}, "media_type"),
    ({"file": page(b"")}, "file"),
    ({"file": [page(), page(b"other")]}, "file"),
    ({"other": page()}, "other"),
]


@pytest.mark.parametrize(("fields", "named"), REFUSED)
def test_an_upload_that_is_not_right_says_what_is_wrong(api, ann, fields, named, kept_files):
    before = set(kept_files.rglob("*"))
    response = send(api(ann), **fields)
    assert response.status_code == 400, response.content
    assert named in {error["field"] for error in response.json()["errors"]}
    assert not Snapshot.objects.exists()
    assert set(kept_files.rglob("*")) - before <= {kept_files / "snapshots", kept_files / "snapshots/unfinished"} | {
        kept_files
    }


def test_an_upload_beyond_the_limit_is_refused_while_it_comes(api, ann, settings):
    settings.FACTCHECK_SNAPSHOT_MAX_BYTES = 1_000
    response = send(api(ann), file=page(b"x" * 1_001))
    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    assert send(api(ann), file=page(b"x" * 1_000)).status_code == 201
    two = send(api(ann), file=[page(b"x" * 600), page(b"y" * 600)])
    assert two.status_code == 413


HOSTILE = [
    (b"", 400),
    (b"nonsense", 400),
    (part("document", b"1") + b"--B--", 400),
    (part("doc\x00ument", b"1") + part("file", PAGE, '; filename="a.html"') + b"--B--\r\n", 400),
    (part("document", b"1\x00") + part("file", PAGE, '; filename="a.html"') + b"--B--\r\n", 400),
    (part("tool", b"\xff\xfe") + part("file", PAGE, '; filename="a\x00.html"') + b"--B--\r\n", 400),
    (part("file", PAGE, '; filename="../../etc/passwd"') + b"--B--\r\n", 400),
    (part("document", b"1") + part("file", PAGE, '; filename="cut.html"'), 400),
    (part("document", b"1") + part("file", b"x" * 300_000, '; filename="cut.html"')[:-150_000], 400),
    (part("file", b"!", '; filename="a"\r\nContent-Transfer-Encoding: base64') + b"--B--\r\n", 400),
    (b"".join(part(f"field{n}", b"x") for n in range(3_000)) + b"--B--\r\n", 400),
    (b"".join(part(f"file{n}", b"x", '; filename="a"') for n in range(30)) + b"--B--\r\n", 400),
    (part("tool", b"x" * 3_000_000) + b"--B--\r\n", 413),
]


@pytest.mark.parametrize(("body", "status"), HOSTILE)
def test_a_hostile_form_is_refused_not_failed(api, ann, body, status):
    response = raw(api(ann), body)
    assert response.status_code == status, response.content
    assert response["Content-Type"].startswith("application/problem+json")
    assert not Snapshot.objects.exists()


def test_a_form_that_was_cut_off_is_not_kept(api, ann):
    document = f.make_document().pk
    whole = part("document", str(document).encode()) + part("file", PAGE, '; filename="a.html"') + b"--B--\r\n"
    assert raw(api(ann), whole[:-9]).status_code == 400
    assert not Snapshot.objects.exists()
    assert raw(api(ann), whole).status_code == 201


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/mixed; boundary=B"],
)
def test_only_forms_with_files_are_read(api, ann, content_type):
    assert raw(api(ann), b"{}", content_type).status_code == 415


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary="])
def test_a_form_without_a_boundary_is_refused(api, ann, content_type):
    assert raw(api(ann), b"x", content_type).status_code == 400


def test_forms_are_read_nowhere_else(api, ann):
    body = encode_multipart("B", {"file": page()})
    response = api(ann).generic("POST", "/api/v1/snapshots/", body, content_type="multipart/form-data; boundary=B")
    assert response.status_code == 415


def test_a_session_uploads_within_the_same_limits(ann, settings):
    """The look for the token of a session reads the form before the view does."""
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(ann)
    client.get("/admin/")
    token = client.cookies["csrftoken"].value
    settings.FACTCHECK_SNAPSHOT_MAX_BYTES = 1_000
    headers = {"X-CSRFToken": token}
    assert send(client).status_code == 403
    assert send(client, headers=headers).status_code == 201
    assert send(client, headers=headers, file=page(b"x" * 1_001)).status_code == 413
    body = part("document", b"1") + part("file", PAGE, '; filename="a.html"')
    assert raw(client, body, headers=headers).status_code == 400


# --- fetched ---


@pytest.fixture
def web(monkeypatch, settings) -> list[str]:
    settings.FACTCHECK_FETCH = True
    asked: list[str] = []

    def download(url: str, target: Any, **how: Any) -> Download:
        asked.append(url)
        if "broken" in url:
            raise FetchError("The connection broke.")
        target.write(PAGE)
        return Download(f"{url}?moved", "text/html")

    monkeypatch.setattr("factcheck.base.download.download", download)
    return asked


def test_a_document_is_fetched(api, ann, web):
    document = f.make_document(url="https://example.org/news")
    response = api(ann).post(FETCH, {"document": document.pk})
    assert response.status_code == 201, response.content
    assert response.json()["final_url"] == "https://example.org/news?moved"
    assert response.json()["kept"] is True
    assert web == ["https://example.org/news"]


def test_the_same_key_fetches_once(api, ann, web):
    body = {"document": f.make_document().pk, "url": "https://example.org/x"}
    answers = [api(ann).post(FETCH, body, headers={"Idempotency-Key": "f"}) for _twice in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert len(web) == 1


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"url": "https://broken.example.org/"}, "url"),
        ({}, "url"),
        ({"url": "x\u202ey"}, "url"),
        ({"adress": "x"}, "adress"),
        ({"document": None}, "document"),
    ],
)
def test_what_cannot_be_fetched_is_said(api, ann, web, body, named):
    response = api(ann).post(FETCH, {"document": f.make_document().pk, **body})
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [named]


def test_an_array_is_no_fetch(api, ann, web):
    assert api(ann).post(FETCH, []).status_code == 400


def test_fetching_is_off_by_default(api, ann):
    response = api(ann).post(FETCH, {"document": f.make_document(url="https://example.org/x").pk})
    assert (response.status_code, response.json()["code"]) == (400, "fetching_off")


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://169.254.169.254/", "http://[::1]/", "file:///etc/passwd"])
def test_nothing_private_is_fetched(api, ann, settings, url):
    settings.FACTCHECK_FETCH = True
    response = api(ann).post(FETCH, {"document": f.make_document().pk, "url": url})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "url")


# --- downloaded ---


@pytest.fixture
def snapshot(register: None) -> Snapshot:
    return keep_copy(actor=None, document=f.make_document(), content=io.BytesIO(PAGE), media_type="text/html")


def file_of(snapshot: Snapshot) -> str:
    return reverse("snapshot-file", kwargs={"pk": snapshot.pk})


def test_the_desk_downloads_the_file_and_nothing_runs_it(api, ann, snapshot):
    response = api(ann).get(file_of(snapshot))
    assert b"".join(response.streaming_content) == PAGE
    assert response.status_code == 200
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == f'attachment; filename="snapshot-{snapshot.pk}.html"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox;")
    assert response["ETag"] == f'"{snapshot.digest}"'
    assert response["Content-Length"] == str(len(PAGE))
    assert "private" in response["Cache-Control"]
    known = api(ann).get(file_of(snapshot), headers={"If-None-Match": response["ETag"]})
    assert (known.status_code, known["ETag"]) == (304, response["ETag"])


def test_the_file_is_the_desks_alone(api, reader, snapshot):
    f.make_attribution(f.make_claim(published=True), document=snapshot.document)
    assert api().get(f"/api/v1/snapshots/{snapshot.pk}/").status_code == 200
    assert api().get(file_of(snapshot)).status_code == 401
    assert api(reader).get(file_of(snapshot)).status_code == 403


def test_a_file_that_is_gone_is_said_to_be(api, ann, snapshot):
    Path(snapshot.file.path).unlink()
    response = api(ann).get(file_of(snapshot))
    assert response.status_code == 404
    assert "missing" in response.json()["detail"]
    archived = api(ann).get(file_of(f.make_snapshot()))
    assert archived.status_code == 404
    assert "archive_url" in archived.json()["detail"]


def test_copies_are_filtered_by_keeping_and_state(api, ann, snapshot):
    archived = f.make_snapshot()
    snapshot.broken_since = snapshot.taken_at
    snapshot.save(past_tense="found_broken")

    def found(query: str) -> list[int]:
        return [row["id"] for row in api(ann).get(f"/api/v1/snapshots/?{query}").json()["results"]]

    assert found("kept=true") == found("broken=true") == [snapshot.pk]
    assert found("kept=false") == found("broken=false") == [archived.pk]


def test_a_copy_in_an_archive_is_entered_as_before(api, ann):
    body = {
        "document": f.make_document().pk,
        "taken_at": "2025-07-01T12:00:00Z",
        "archive_url": "https://archive.example.org/x",
        "media_type": "text/html",
        "size": 1,
        "digest": f.DIGEST,
    }
    response = api(ann).post("/api/v1/snapshots/", body)
    assert (response.status_code, response.json()["kept"]) == (201, False)
    nowhere = api(ann).post("/api/v1/snapshots/", {**body, "archive_url": ""})
    assert nowhere.status_code == 400
