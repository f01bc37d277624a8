"""What tests share: dossiers with all there can be, and one row of every noun in the admin."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.db import transaction
from django_tasks_db.models import DBTaskResult
from knox.models import AuthToken

from claims.exports.job import request_export
from claims.models import EvidenceLink
from claims.reports.content.changes import LONG, ChangeContent, Difference
from claims.reports.content.dossier import ClaimDossier, DisputeDossier
from claims.reports.content.rows import Term, When
from claims.reports.load.dossier import load_claim, load_dispute
from factcheck.audit.models import AuditEntry
from factcheck.teamwork.models import Team
from factcheck.webhooks.models import WebhookCall
from tests import factories as make
from tests.claims.report_case import ARABIC, ARMENIAN, ENDLESS, GEORGIAN, HEBREW, HOSTILE, MARKUP, make_rivals
from tests.factories import (
    load_vocabularies,
    make_assessment,
    make_attribution,
    make_claim,
    make_document,
    make_evidence,
    make_link,
    make_source,
    make_user,
)

SINCE = When("2025-07-01", "1 July 2025")
CHANGES = (
    ChangeContent(Term("added", "new"), Term("review", "review by another publisher"), 1, 1, 1, HOSTILE),
    ChangeContent(
        Term("replaced", "replaced"),
        Term("verdict", "verdict"),
        2,
        1,
        1,
        "Mostly supported",
        (Difference("summary", "summary", ARABIC, "b"), Difference("rationale", "rationale", "", "c" * (LONG + 1))),
        HOSTILE,
    ),
)


@pytest.fixture(scope="session")
def dossiers(django_db_setup: None, django_db_blocker: Any) -> tuple[DisputeDossier, ClaimDossier]:
    """The rivals for the public, with one in typst's own markup, and the richest claim for the desk. They are plain
    values: the register is empty again."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_vocabularies()
        ann, vera = (
            make_user(name, role, last_name=name) for name, role in (("Ann", "Researcher"), ("Vera", "Reviewer"))
        )
        dispute = make_rivals(ann, vera)
        rival = make_claim(MARKUP, dispute=dispute, published=True)
        for quote, language in (
            (HEBREW, "he"),
            (GEORGIAN, "ka"),
            (ARMENIAN, "hy"),
            (ENDLESS, "en"),
            ("\tA\r\nB\n\nC", "zh"),
        ):
            make_attribution(rival, source=make_source(f"Source {language}"), quote=quote, quote_language=language)
        make_link(rival, "supports", evidence=make_evidence("Long", description="Many words. " * 600))
        make_assessment(EvidenceLink.objects.order_by("pk").first(), analyst=ann, rating="VI")
        for number in range(3):
            make_claim(f"Rival {number}.", dispute=dispute, published=True)
        heart = dispute.claims.order_by("pk").first()
        said = heart.attributions.get(source__name="Investigative Committee")
        spoken = {"source": said.source, "on_behalf_of": said.on_behalf_of}
        make_attribution(heart, **spoken, stance="denies", said_on="2025-08-01")
        make_attribution(heart, source=make_source("Z", withheld=True, withheld_reason="In danger"))
        make_attribution(heart, document=make_document("Taken back", retracted_on="2025-07-11"))
        public, desk = load_dispute(dispute, AnonymousUser()), load_claim(heart, vera)
        transaction.set_rollback(True)
    return public, replace(desk, since=SINCE, changes=CHANGES)


@pytest.fixture(scope="session")
def public(dossiers: tuple[DisputeDossier, ClaimDossier]) -> DisputeDossier:
    return dossiers[0]


@pytest.fixture(scope="session")
def desk(dossiers: tuple[DisputeDossier, ClaimDossier]) -> ClaimDossier:
    return dossiers[1]


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
        claim.question,
        link,
        link.evidence,
        make.make_attribution(claim, document=make.make_document(publisher=make.make_source())),
        make.make_relation(claim),
        make.make_review(claim),
        make.make_inquiry(claim),
        make.make_premise(link),
        make.make_affiliation(),
        make.make_assessment(link),
        make.make_published(),
        make.make_confirmation(),
        make.make_import(),
        make.make_rulesetting(),
        make.make_ruleexception(),
        request_export(actor=user, kind="list", query="/api/v1/claims/", format="xlsx"),
        DBTaskResult.objects.get(),
        Team.objects.create(name="Politics"),
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
