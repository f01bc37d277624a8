"""A kept copy that is handed to somebody leaves an entry in the trail, whichever door it left by."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.http import FileResponse
from django.test import Client, RequestFactory

from claims.exports.job import request_export, run_export
from factcheck.audit.differences import history_models
from factcheck.audit.models import AuditEntry
from factcheck.audit.verification import Break, verify
from factcheck.webhooks.announcement import announcement
from sources.downloads import copy_response
from sources.models import Snapshot
from sources.services import keep_copy
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


@pytest.fixture
def kept(kept_files: Any) -> Snapshot:
    document = make.make_document("Minutes of the council")
    return keep_copy(actor=None, document=document, content=io.BytesIO(b"<p>As it was.</p>"), media_type="text/html")


def readings() -> list[tuple[str, str]]:
    rows = AuditEntry.objects.filter(action="snapshot.read").order_by("id")
    return [(row.actor_name, row.object_id) for row in rows]


def test_a_download_by_the_api_is_in_the_trail(kept: Snapshot, api: Any, ann: Any) -> None:
    address = f"/api/v1/snapshots/{kept.pk}/file/"
    answer = api(ann).get(address)
    assert b"".join(answer.streaming_content) == b"<p>As it was.</p>"
    assert readings() == [("Ann Archer", str(kept.pk))]
    entry = AuditEntry.objects.get(action="snapshot.read")
    assert entry.object_label.startswith("Minutes of the council")
    # Whoever has it already is handed nothing.
    assert api(ann).get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert len(readings()) == 1
    told = api(ann).get(f"/api/v1/snapshots/{kept.pk}/history/").json()["results"]
    assert told[0]["action"] == "snapshot.read"


def test_who_asks_for_the_headers_alone_is_handed_nothing(kept: Snapshot, ann: Any) -> None:
    request = RequestFactory().head("/")
    request.user = ann
    answer = copy_response(request, kept)
    assert isinstance(answer, FileResponse)
    assert answer.file_to_stream is not None
    answer.file_to_stream.close()
    assert readings() == []


def test_a_download_by_the_admin_is_in_the_trail(kept: Snapshot, ann: Any) -> None:
    client = Client()
    client.force_login(ann)
    for _again in range(2):
        b"".join(client.get(f"/admin/sources/snapshot/{kept.pk}/file/").streaming_content)
    assert readings() == [("Ann Archer", str(kept.pk))] * 2


def test_a_copy_in_a_bundle_is_in_the_trail(kept: Snapshot, ann: Any) -> None:
    claim = make.make_claim(published=True)
    make.make_attribution(claim, document=kept.document)
    export = request_export(actor=ann, kind="bundle", query=f"/api/v1/claims/{claim.pk}/", format="zip")
    run_export.call(export.pk)
    assert readings() == [("Ann Archer", str(kept.pk))]


def test_who_may_not_have_it_leaves_no_entry(kept: Snapshot, api: Any, ann: Any, reader: Any) -> None:
    address = f"/api/v1/snapshots/{kept.pk}/file/"
    assert {api().get(address).status_code, api(reader).get(address).status_code} <= {401, 403}
    Path(kept.file.path).unlink()
    assert api(ann).get(address).status_code == 404
    assert readings() == []


def test_the_trail_holds_and_nobody_outside_is_told(kept: Snapshot, api: Any, ann: Any) -> None:
    b"".join(api(ann).get(f"/api/v1/snapshots/{kept.pk}/file/").streaming_content)
    assert [found for found in verify(history_models()) if isinstance(found, Break)] == []
    assert announcement(AuditEntry.objects.get(action="snapshot.read")) is None
