"""Kept copies and exports in a storage that is no folder of this machine."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command

from claims.choices import ExportStatus
from claims.exports.file import remove_expired
from claims.exports.job import request_export, run_export
from factcheck.base import storage
from sources.services.snapshot import keep_copy
from sources.services.verification import fault_in, orphans
from tests import factories as f
from tests.api.test_races import client_of

pytestmark = pytest.mark.usefixtures("register")

PAGE = b"<p>It was so.</p>"
S3 = {
    "region_name": "eu-west-1",
    "access_key": "a key",
    "secret_key": "a secret",
    "max_memory_size": 2_000_000,
}


@pytest.fixture(params=["memory", "s3"])
def elsewhere(request: pytest.FixtureRequest, settings: Any) -> Iterator[None]:
    """Files lie in the memory of this process, or in a bucket of a server on this machine."""
    if request.param == "memory":
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        }
        yield
        return
    pytest.importorskip("storages", reason="django-storages is not installed")
    server = pytest.importorskip("moto.server", reason="no S3 server: moto is not installed")
    boto3 = pytest.importorskip("boto3")
    running = server.ThreadedMotoServer(port=0, verbose=False)
    running.start()
    _host, port = running.get_host_and_port()
    address = f"http://127.0.0.1:{port}"
    keys = {"aws_access_key_id": S3["access_key"], "aws_secret_access_key": S3["secret_key"]}
    client = boto3.client("s3", endpoint_url=address, region_name=S3["region_name"], **keys)
    bucket = f"register-{secrets.token_hex(4)}"
    client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": S3["region_name"]})
    named = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {**S3, "bucket_name": bucket, "endpoint_url": address},
    }
    settings.STORAGES = {**settings.STORAGES, "default": named}
    yield
    running.stop()


def test_copies_and_exports_are_kept_there_and_found_again(elsewhere: None, kept_files: Any, ann: Any) -> None:
    before = {*kept_files.rglob("*")}
    copy = keep_copy(actor=ann, document=f.make_document(), content=io.BytesIO(PAGE), media_type="text/html")
    again = keep_copy(actor=ann, document=f.make_document(), content=io.BytesIO(PAGE), media_type="text/html")
    assert copy.file.name == again.file.name
    assert default_storage.exists(copy.file.name)
    assert fault_in(copy) == ""
    assert list(orphans()) == []
    call_command("verify_snapshots")
    answer = client_of(ann).get(f"/api/v1/snapshots/{copy.pk}/file/")
    assert b"".join(answer.streaming_content) == PAGE
    assert answer["Content-Length"] == str(len(PAGE))

    export = request_export(actor=ann, kind="list", query="/api/v1/documents/", format="csv")
    run_export.call(export.pk)
    export.refresh_from_db()
    assert (export.status, export.problem) == (ExportStatus.DONE, "")
    answer = client_of(ann).get(f"/api/v1/exports/{export.pk}/file/")
    assert len(b"".join(answer.streaming_content)) == export.size
    assert {*kept_files.rglob("*")} == before

    default_storage.delete(copy.file.name)
    assert fault_in(copy) == "it is missing"
    assert client_of(ann).get(f"/api/v1/snapshots/{copy.pk}/file/").status_code == 404
    type(export).objects.update(expires_at=export.requested_at)
    assert remove_expired() == 1
    assert list(storage.names_in("exports")) == []


def test_a_file_that_nobody_knows_is_named(elsewhere: None) -> None:
    default_storage.save("snapshots/ab/cd/left", io.BytesIO(b"half"))
    assert list(orphans()) == ["snapshots/ab/cd/left"]
