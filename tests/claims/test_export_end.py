"""Exports that are cancelled or deleted, and parts of their files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from claims.exports import job
from claims.exports.cancel import cancel_export
from claims.exports.job import request_export, run_export
from claims.models import Export
from tests.claims.test_dispute_admin import client_of
from tests.factories import make_claim, make_export

pytestmark = pytest.mark.usefixtures("register")
LIST = "/api/v1/exports/"


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    """Without those that exports of other tests left, which had the same numbers."""
    settings.MEDIA_ROOT = tmp_path


def ask(user: Any) -> Export:
    return request_export(actor=user, kind="list", query="/api/v1/claims/", format="ndjson")


def made(user: Any) -> Export:
    make_claim("Whole.")
    export = ask(user)
    run_export.call(export.pk)
    export.refresh_from_db()
    return export


def kept(export: Export) -> list[Path]:
    return list((Path(settings.MEDIA_ROOT) / "exports").glob(f"{export.pk}-*"))


def read(response: Any) -> bytes:
    """The body of a streamed answer, which the client closes at its end."""
    return b"".join(response.streaming_content)


def test_the_answer_to_a_request_says_when_to_ask(ann: Any, api: Any) -> None:
    body = {"kind": "list", "query": "/api/v1/claims/", "format": "ndjson"}
    asked = api(ann).post(LIST, body)
    assert asked.status_code == 202
    assert int(asked["Retry-After"]) > 0
    waiting = api(ann).get(f"{LIST}{asked.json()['id']}/file/")
    assert (waiting.status_code, waiting.json()["code"]) == (409, "export_not_done")
    assert int(waiting["Retry-After"]) > 0


@pytest.mark.parametrize("method", ["cancel", "delete"])
def test_a_job_that_waits_is_called_off(ann: Any, api: Any, method: str) -> None:
    export, client = ask(ann), api(ann)
    for _again in range(2):
        if method == "cancel":
            answer = client.post(f"{LIST}{export.pk}/cancel/")
            assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
        else:
            assert client.delete(f"{LIST}{export.pk}/").status_code == 204
    run_export.call(export.pk)
    export.refresh_from_db()
    assert (export.status, export.started_at, kept(export)) == ("cancelled", None, [])
    refused = client.get(f"{LIST}{export.pk}/file/")
    assert (refused.status_code, refused.json()["code"]) == (409, "export_cancelled")
    assert [row["id"] for row in client.get(f"{LIST}?status=cancelled").json()["results"]] == [export.pk]


@pytest.mark.parametrize("moment", ["render", "keep_file", "get_reader"])
@pytest.mark.parametrize("breaks", [False, True])
def test_a_job_that_is_made_is_called_off_and_leaves_no_file(
    ann: Any, monkeypatch: pytest.MonkeyPatch, moment: str, breaks: bool
) -> None:
    name = "_get_reader" if moment == "get_reader" else moment
    original = getattr(job, name)

    def cancelled_meanwhile(*args: Any) -> Any:
        outcome = original(*args)
        cancel_export(actor=ann, export=Export.objects.get())
        if breaks:
            raise ZeroDivisionError
        return outcome

    monkeypatch.setattr(job, name, cancelled_meanwhile)
    make_claim()
    export = ask(ann)
    run_export.call(export.pk)
    export.refresh_from_db()
    assert (export.status, export.problem, export.digest, str(export.file)) == ("cancelled", "", "", "")
    # What a fault left between keeping and storing goes with the abandoned files.
    assert kept(export) == [] or (breaks and moment == "keep_file")
    for left in kept(export):
        left.unlink()


def test_a_file_is_deleted_and_its_record_stays(ann: Any, api: Any) -> None:
    export, client = made(ann), api(ann)
    link = client.get(f"{LIST}{export.pk}/").json()["link"]
    refused = client.post(f"{LIST}{export.pk}/cancel/")
    assert (refused.status_code, refused.json()["code"]) == (409, "export_ended")
    assert len(kept(export)) == 1
    for _again in range(2):
        assert client.delete(f"{LIST}{export.pk}/").status_code == 204
    assert kept(export) == []
    told = client.get(f"{LIST}{export.pk}/").json()
    assert (told["status"], told["link"], told["rows"]) == ("deleted", "", 1)
    assert told["digest"] == export.digest
    gone = client.get(f"{LIST}{export.pk}/file/")
    assert (gone.status_code, gone.json()["code"]) == (410, "export_deleted")
    assert client_of(ann).get(link).status_code == 410


def test_only_the_maker_ends_an_export(ann: Any, rob: Any, editor: Any, api: Any) -> None:
    done, waiting = made(ann), ask(ann)
    for other, status in ((None, 401), (rob, 404), (editor, 403)):
        client = api(other)
        for export in (done, waiting):
            assert client.post(f"{LIST}{export.pk}/cancel/").status_code == status
            assert client.delete(f"{LIST}{export.pk}/").status_code == status
    assert client_of(editor).post(f"/admin/claims/export/{done.pk}/end/").status_code == 403
    assert client_of(rob).post(f"/admin/claims/export/{done.pk}/end/").status_code == 302
    assert {row.status for row in Export.objects.all()} == {"done", "queued"}
    assert len(kept(done)) == 1


def test_a_download_that_runs_is_no_job(ann: Any, api: Any) -> None:
    export = make_export(made_by=ann, status="running")
    for refused in (api(ann).delete(f"{LIST}{export.pk}/"), api(ann).post(f"{LIST}{export.pk}/cancel/")):
        assert (refused.status_code, refused.json()["code"]) == (409, "export_not_a_job")


def test_the_desk_cancels_and_deletes_on_the_page_of_an_export(ann: Any) -> None:
    done, waiting, client = made(ann), ask(ann), client_of(ann)
    for export, word, state in ((waiting, "Cancel", "cancelled"), (done, "Delete the file", "deleted")):
        page = f"/admin/claims/export/{export.pk}/"
        assert word in client.get(f"{page}change/").content.decode()
        assert client.get(f"{page}end/").status_code == 403
        assert client.post(f"{page}end/").status_code == 302
        shown = client.get(f"{page}change/").content.decode()
        assert "end_form" not in shown
        export.refresh_from_db()
        assert export.status == state


def test_a_part_of_a_file_is_handed_out(ann: Any, api: Any) -> None:
    export, client = made(ann), api(ann)
    url = f"{LIST}{export.pk}/file/"
    whole = client.get(url)
    body, size = read(whole), export.size
    assert (whole["Accept-Ranges"], len(body)) == ("bytes", size)
    for asked, first, last in (
        ("bytes=0-0", 0, 0),
        ("bytes=0-4", 0, 4),
        ("bytes=5-", 5, size - 1),
        ("bytes=-3", size - 3, size - 1),
        (f"bytes=2-{size * 9}", 2, size - 1),
    ):
        part = client.get(url, HTTP_RANGE=asked)
        assert part.status_code == 206
        assert part["Content-Range"] == f"bytes {first}-{last}/{size}"
        assert read(part) == body[first : last + 1]
        assert part["Content-Length"] == str(last - first + 1)
        assert (part["ETag"], part["Content-Disposition"]) == (whole["ETag"], whole["Content-Disposition"])
    beyond = client.get(url, HTTP_RANGE=f"bytes={size}-")
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{size}")
    assert beyond.json()["code"] == "range_not_satisfiable"
    for ignored in ("bytes=0-1,3-4", "lines=0-1", "bytes=4-2", "bytes=x", "0-1", f"bytes=-{size * 9}"):
        all_of_it = client.get(url, HTTP_RANGE=ignored)
        assert (all_of_it.status_code, read(all_of_it)) == (200, body)


def test_a_part_is_of_the_same_file(ann: Any, api: Any) -> None:
    export, client = made(ann), api(ann)
    url = f"{LIST}{export.pk}/file/"
    etag = f'"{export.digest}"'
    for tag, status in ((etag, 206), ('"other"', 200), (f"W/{etag}", 200), ("Mon, 01 Jan 2024 00:00:00 GMT", 200)):
        answer = client.get(url, HTTP_RANGE="bytes=0-1", HTTP_IF_RANGE=tag)
        assert (answer.status_code, answer["ETag"]) == (status, etag)
        assert len(read(answer)) == (2 if status == 206 else export.size)
    assert client.get(url, HTTP_RANGE="bytes=0-1", HTTP_IF_NONE_MATCH=etag).status_code == 304


def test_head_tells_the_size_alone(ann: Any, api: Any) -> None:
    export, client = made(ann), api(ann)
    head = client.head(f"{LIST}{export.pk}/file/", HTTP_RANGE="bytes=0-1")
    assert (head.status_code, head["Content-Length"], head["Accept-Ranges"]) == (200, str(export.size), "bytes")
    assert read(head) == b""


def test_the_signed_link_knows_parts_too(ann: Any) -> None:
    make_claim("Whole.", published=True)
    export = request_export(actor=ann, kind="list", query="/api/v1/claims/", format="ndjson", desk=False)
    run_export.call(export.pk)
    link = client_of(ann).get(f"{LIST}{export.pk}/").json()["link"]
    part = Client().get(link, headers={"Range": "bytes=0-1"})
    assert (part.status_code, read(part)) == (206, b'{"')
    head = Client().head(link)
    assert (head.status_code, head["Content-Length"]) == (200, str(Export.objects.get().size))
    assert read(head) == b""
