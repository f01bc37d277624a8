"""One row of every noun that has pages in the admin."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django_tasks_db.models import DBTaskResult
from knox.models import AuthToken

from claims.exports.job import request_export
from factcheck.audit.models import AuditEntry
from factcheck.webhooks.models import WebhookCall
from tests import factories as make


@pytest.fixture
def rows(register: None) -> dict[str, Any]:
    """One row of every noun, by the name of its model."""
    claim = make.make_claim("It is so.", dispute=make.make_dispute(), tags=["air"])
    link = make.make_link(claim, evidence=make.make_evidence(documents=[make.make_document()]))
    webhook = make.make_webhook()
    user = make.someone("Researcher")
    made: list[Any] = [
        claim,
        claim.dispute,
        link,
        link.evidence,
        make.make_attribution(claim, document=make.make_document(publisher=make.make_source())),
        make.make_relation(claim),
        make.make_review(claim),
        make.make_inquiry(claim),
        make.make_assessment(link),
        make.make_published(),
        make.make_confirmation(),
        make.make_import(),
        request_export(actor=user, kind="list", query="/api/v1/claims/", format="xlsx"),
        DBTaskResult.objects.get(),
        make.make_snapshot(),
        make.make_document(),
        make.make_source(),
        make.rating(),
        make.rating().scale,
        webhook,
        WebhookCall.objects.create(webhook=webhook, entry_id=AuditEntry.objects.values_list("pk", flat=True)[0]),
        AuditEntry.objects.first(),
        user,
        Group.objects.first(),
        AuthToken.objects.create(user)[0],
    ]
    return {row._meta.model_name: row for row in made}
