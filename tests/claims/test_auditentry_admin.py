"""The pages of the audit trail: read only, and only what one may see."""

from __future__ import annotations

import re
from typing import Any

from django.urls import reverse

from factcheck.audit.context import acting
from factcheck.audit.models import AuditEntry
from tests import factories as make
from tests.admin_page import get
from tests.claims.test_dispute_admin import client_of

LIST = reverse("admin:audit_auditentry_changelist")


def test_the_trail_is_read_and_never_written(administrator: Any) -> None:
    administrator.is_superuser = True
    administrator.save()
    make.make_claim()
    entry = AuditEntry.objects.first()
    client = client_of(administrator)
    url = reverse("admin:audit_auditentry_change", args=[entry.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": "x"}).status_code == 403
    assert client.post(reverse("admin:audit_auditentry_delete", args=[entry.pk]), {"post": "yes"}).status_code == 403
    assert client.get(reverse("admin:audit_auditentry_add")).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"})
    assert AuditEntry.objects.filter(pk=entry.pk, hash=entry.hash).exists()


def test_the_trail_is_filtered_by_act_noun_and_actor(ann: Any) -> None:
    with acting(actor=ann):
        make.make_claim("Ann's claim.")
    make.make_source("Some source")
    client = client_of(ann)
    found = get(client, f"{LIST}?noun=claim&act=created&actor=Ann+Archer&within=1").text
    assert "Ann's claim." in found
    assert "Some source" not in found
    assert "Ann's claim." not in get(client, f"{LIST}?actor=system").text


def test_an_entry_shows_its_differences(ann: Any, reviewer: Any) -> None:
    claim = make.make_claim("It is so.", published=True)
    with acting(actor=reviewer, reason="A word was missing."):
        claim.text = "It is not so."
        claim.save()
    entry = AuditEntry.objects.of(claim).first()
    page = get(client_of(ann), reverse("admin:audit_auditentry_change", args=[entry.pk]))
    assert "A word was missing." in page.text
    assert {entry.hash, AuditEntry.objects.get(pk=entry.pk - 1).hash} <= {*re.findall("[0-9a-f]{64}", page.text)}
    assert "It is not so." in page.text
