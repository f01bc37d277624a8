"""The pages of sources, documents and snapshots."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from factcheck.audit.models import AuditEntry
from sources.models import Document, Snapshot, Source
from tests import factories as make
from tests.admin_page import get, send
from tests.claims.test_claim_admin import at
from tests.claims.test_dispute_admin import client_of


def test_a_source_is_entered_with_other_names_one_on_each_line(ann: Any) -> None:
    data = {
        "name": "Ministry of Culture",
        "kind": "state_body",
        "country": "AZ",
        "reliability": "F",
        "aliases": "Culture Ministry\nMinistry, of Culture\n",
    }
    page = send(client_of(ann), reverse("admin:sources_source_add"), data)
    assert page.errors == []
    source = Source.objects.get()
    assert source.aliases == ["Culture Ministry", "Ministry, of Culture"]
    assert (source.country, source.slug) == ("AZ", "ministry-of-culture")


def test_a_withheld_name_needs_its_reason_next_to_the_field(ann: Any) -> None:
    source = make.make_source("Whistle")
    answer = send(client_of(ann), at(source), {"withheld": "on"})
    assert "Say why the name of this source is withheld." in answer.text
    send(client_of(ann), at(source), {"withheld_reason": "Danger."}, answer)
    source.refresh_from_db()
    assert source.withheld


def test_a_source_that_the_public_reads_is_the_reviewers_to_change(ann: Any, reviewer: Any) -> None:
    said = make.make_attribution(make.make_claim(published=True), source=make.make_source("Ministry"))
    assert client_of(ann).post(at(said.source), {"name": "Other"}).status_code == 403
    answer = send(client_of(reviewer), at(said.source), {"name": "The Ministry"})
    assert "Say why you change this published source" in answer.text
    send(client_of(reviewer), at(said.source), {"change_reason": "Its full name."}, answer)
    assert AuditEntry.objects.of(said.source).first().reason == "Its full name."


def test_a_source_that_is_referred_to_is_not_deleted(editor: Any) -> None:
    source = make.make_source("Ministry")
    make.make_attribution(source=source)
    client = client_of(editor)
    page = get(client, at(source, "delete"))
    assert "would require deleting" in page.text or "protected" in page.text
    client.post(at(source, "delete"), {"post": "yes"})
    assert Source.objects.filter(pk=source.pk).exists()


def test_a_circle_is_refused_next_to_its_field(ann: Any) -> None:
    whole = make.make_source("Whole")
    part = make.make_source("Part", part_of=whole)
    answer = send(client_of(ann), at(whole), {"part_of": part.pk})
    assert "this one leads back to itself" in answer.text


def test_an_address_is_entered_once_and_is_one_of_the_web(ann: Any) -> None:
    make.make_document(url="https://example.org/a")
    client, url = client_of(ann), reverse("admin:sources_document_add")
    for address, words in (
        ("https://EXAMPLE.org/a#top", "already in the register"),
        ("javascript:alert(1)", "starts with http:// or https://"),
        ("https://user:pw@example.org/", "Leave user names"),
    ):
        answer = send(client, url, {"title": "Twice", "kind": "article", "url": address})
        assert words in answer.text, address
    assert Document.objects.count() == 1


def test_a_snapshot_is_added_by_whoever_took_it_and_never_changed(ann: Any, administrator: Any) -> None:
    document = make.make_document()
    data = {
        "document": document.pk,
        "taken_at_0": "2025-07-03",
        "taken_at_1": "12:00:00",
        "archive_url": "https://archive.example.org/1",
        "media_type": "text/html",
        "size": 10,
        "digest": make.DIGEST,
    }
    page = send(client_of(ann), reverse("admin:sources_snapshot_add"), data)
    assert page.errors == []
    snapshot = Snapshot.objects.get()
    assert snapshot.taken_by == ann
    client = client_of(administrator)
    assert "A snapshot never changes" in get(client, at(snapshot)).text
    assert client.post(at(snapshot), data).status_code == 403
    assert client.post(at(snapshot, "delete"), {"post": "yes"}).status_code == 403
