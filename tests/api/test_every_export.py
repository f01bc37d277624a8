"""Whatever the format, nothing leaves for somebody who may not read it: every format of both catalogues, every noun,
every dispute, claim and page, opened as its own program would open it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.urls import reverse
from pypdf import PdfReader

from claims.choices import ExportKind
from claims.exports.job import request_export, run_export
from claims.exports.lists.formats import LIST_FORMATS
from claims.exports.lists.nouns import EXPORTABLE
from claims.exports.target import find_target
from claims.models import Claim, Dispute, Export
from claims.reports.formats.catalogue import FORMATS
from claims.reports.formats.claimreview import NoPublishedVerdict
from factcheck.audit.models import AuditEntry
from factcheck.base.errors import Absent
from sources.models import Source
from tests.admin_page import Page
from tests.api.doors import every_door
from tests.api.marks import mark_every_text
from tests.api.story import SECRET_TO_DESK, SECRET_TO_PUBLIC, SECRET_TO_READER

pytestmark = pytest.mark.django_db

SECRETS = {"anonymous": SECRET_TO_PUBLIC, "reader": SECRET_TO_READER, "researcher": SECRET_TO_DESK}
# The rights are the database's; the writers ask none.
REPORTS = [name for name in FORMATS if connection.vendor == "sqlite" or name in {"json", "csv"}]
LISTS = [name for name in LIST_FORMATS if connection.vendor == "sqlite" or name in {"ndjson", "csv"}]


def texts(content: bytes) -> Iterator[str]:
    """All text in a file, also what is packed in it."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name
                yield from texts(archive.read(name))
    elif content.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(content))
        yield str(reader.metadata)
        for page in reader.pages:
            yield page.extract_text()
            yield from (str(note.get_object()) for note in page.get("/Annots", ()))
    else:
        text = content.decode("utf-8", "replace")
        yield text
        yield unquote(text)


def leaks(content: bytes, secrets: tuple[str, ...], where: str) -> list[str]:
    found = "\n".join(texts(content))
    return [f"{secret} in {where}" for secret in secrets if secret in found]


@pytest.fixture(scope="module")
def story(story: Any) -> Any:
    return mark_every_text(story)


@pytest.fixture(params=SECRETS)
def who(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def user(who: str, desk: Any) -> Any:
    return getattr(desk, who)


def test_no_list_tells_what_is_not_for_its_reader(story, who, user, client_of):
    client, found = client_of(user), []
    for prefix in EXPORTABLE:
        for name in LISTS:
            entry = LIST_FORMATS[name]
            if not entry.streams or not entry.fits(prefix):
                continue
            answer = client.get(f"/api/v1/{prefix}/export/{name}/")
            if answer.status_code in {401, 403}:
                continue
            assert answer.status_code == 200, (prefix, name)
            content = b"".join(answer.streaming_content)
            # What nobody but the desk reads is an empty list for others.
            assert content or prefix == "assessments", (prefix, name)
            found += leaks(content, SECRETS[who], f"{prefix} as {name}")
    assert found == []


def test_no_report_tells_what_is_not_for_its_reader(story, who, user):
    reader, found = user or AnonymousUser(), []
    rows = [*Dispute.objects.visible_to(reader), *Claim.objects.visible_to(reader)]
    assert rows
    for row in rows:
        noun = "disputes" if isinstance(row, Dispute) else "claims"
        dossier = find_target(f"/api/v1/{noun}/{row.pk}/", reader).load_dossier(reader)
        # The formats that take long to write tell nothing but what the dossier holds: one dispute and claim of each.
        slow = {"pdf", "docx", "xlsx"} if row.pk not in {story.dispute.pk, story.claim.pk} else set()
        for name in set(REPORTS) - slow:
            try:
                content = FORMATS[name].write(dossier)
            except NoPublishedVerdict:
                continue
            found += leaks(content, SECRETS[who], f"{noun} {row.pk} as {name}")
    assert found == []


@pytest.mark.parametrize("who", ["reader", "researcher"])
def test_no_job_tells_what_is_not_for_its_maker(story, who, user, kept_files):
    asked = [
        request_export(actor=user, kind=ExportKind.LIST, query=f"/api/v1/{noun}/", format="xlsx")
        for noun in ("claims", "attributions", "evidence", "verdicts", "reviews", "corrections", "sources", "documents")
    ]
    asked.append(
        request_export(
            actor=user, kind=ExportKind.BUNDLE, query=f"/api/v1/disputes/{story.dispute.slug}/", format="zip"
        )
    )
    found = []
    for export in asked:
        run_export.call(export.pk)
        export = Export.objects.get(pk=export.pk)
        assert export.status == "done", export.problem
        content = (kept_files / export.file.name).read_bytes()
        found += leaks(content, SECRETS[who], f"{export.query} as {export.format}")
    assert found == []


@pytest.mark.parametrize("kind", [ExportKind.REPORT, ExportKind.BUNDLE])
def test_what_is_hidden_cannot_be_asked_for(story, desk, kind):
    form = "pdf" if kind == ExportKind.REPORT else "zip"
    for key in (story.hidden_dispute.pk, story.hidden_dispute.slug, "no-such-dispute"):
        with pytest.raises(Absent) as refusal:
            request_export(actor=desk.researcher, kind=kind, query=f"/api/v1/disputes/{key}/", format=form)
        assert "zqhidden" not in str(refusal.value).replace(str(key), "")


@pytest.mark.parametrize("who", ["anonymous", "researcher"] if connection.vendor == "sqlite" else ["reader"])
def test_no_page_tells_what_is_not_for_its_reader(story, who, user, client):
    if user is not None:
        client.force_login(user)
    paths = [reverse(name) for name in ("home", "disputes", "sources", "verdicts", "corrections", "method", "sitemap")]
    paths += [reverse(name) for name in ("verdicts-feed", "corrections-feed")]
    paths += [f"/?q={word}" for word in ("z", "heart", "zqhidden", "zqwithheld", "zqdraft")]
    for model, page, key in ((Dispute, "dispute", "slug"), (Claim, "claim", "pk"), (Source, "source", "slug")):
        paths += [reverse(page, kwargs={"key": getattr(row, key)}) for row in model.objects.all()]
    paths += [f"/sitemap-{noun}-1.xml" for noun in ("disputes", "claims", "sources")]
    found, read = [], 0
    for path in paths:
        answer = client.get(path)
        assert answer.status_code in {200, 301, 302, 404}, path
        read += answer.status_code == 200
        asked = path.rpartition("/")[2] or path.strip("/").rpartition("/")[2]
        text = answer.content.replace(asked.encode(), b"").replace(asked.partition("=")[2].encode() or b"\0", b"")
        if text.strip():
            found += leaks(text, SECRETS[who], path)
        if who != "researcher" and path == "/sources/zqwithheld-slug/":
            assert answer.status_code == 404
    assert found == []
    assert read > 10


@pytest.mark.skipif(connection.vendor == "sqlite", reason="test_every_door.py tries each page on SQLite")
def test_no_page_of_the_desk_tells_of_a_restricted_dispute_or_has_two_forms(story, desk, client):
    """To who may nearly everything and is no member. To send one form would drop what was typed into another."""
    client.force_login(desk.editor)
    request = RequestFactory().get("/")
    request.user = desk.editor
    wrong, hidden, before = [], 0, AuditEntry.objects.count()
    for door in every_door():
        if not door.of_desk or (door.model is None and "<" in door.pattern):
            continue
        row = None
        if door.model is not None:
            rows = admin.site._registry[door.model].get_queryset(request).order_by("pk")
            row = rows.first()
            others = door.model._default_manager.exclude(pk__in=rows.values("pk"))
            if "object_id" in door.pattern and (other := others.order_by("pk").first()) is not None:
                hidden += 1
                if client.get(door.at({"object_id": other.pk})).status_code == 200:
                    wrong.append(f"{door.address} opens for a row that is hidden")
        if "<" in door.pattern and row is None:
            continue
        values = {"object_id": row and row.pk, "id": row and row.pk, "name": "csv", "noun": "claim"}
        answer = client.get(door.at({**values, "pk": story.claim.pk}))
        if answer.status_code == 200 and not answer.streaming:
            typed_into = [fields for method, fields in Page(answer).forms if method == "post" and fields]
            wrong += [f"{door.address} has several forms"] * (len(typed_into) > 1)
            # Who works here is no secret.
            told = re.sub(rb"zqhidden-(member|second)", b"", answer.content)
            wrong += leaks(told, SECRET_TO_DESK, door.address)
    assert wrong == []
    assert hidden > 70
    assert AuditEntry.objects.count() == before
