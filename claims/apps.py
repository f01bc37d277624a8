"""What is said, what speaks for and against it, what the desk decided."""

from collections.abc import Collection
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string


def remove_exports(touched: Collection[Any]) -> None:
    """What the module of their files does, which is imported at the first change: it stands on the API, for which no
    command waits."""
    import_string("claims.exports.file.remove_after_erasure")(touched)


class ClaimsConfig(AppConfig):
    name = "claims"
    verbose_name = "Claims and verdicts"

    def ready(self) -> None:
        from claims.choices import VerdictStatus
        from claims.models import Attribution, EvidenceDocument, Inquiry, Review, Verdict
        from claims.models.searched import make_claims_searchable
        from claims.rules.announcement import (
            disputes_of,
            public_disputes,
            public_sources,
            sources_of,
        )
        from claims.rules.appearance import announced
        from claims.rules.ground_rows import guard_evidence
        from claims.rules.guards import guard_register
        from claims.services.prepared import follow_prepared
        from claims.services.question import ask_missing_questions
        from claims.services.question_state import follow_states
        from claims.services.quotecheck import follow_quotes
        from claims.services.restriction import hide_known_slugs
        from claims.services.teamwork import tell_teamwork
        from claims.services.twins import merge_claims
        from factcheck.audit.followers import settle
        from factcheck.audit.triggers import freeze
        from factcheck.webhooks.announcement import announce
        from factcheck.webhooks.subjects import Subject, narrow
        from sources.visibility import cites

        cites("source", Attribution.objects.visible_to, "source")
        cites("source", Attribution.objects.with_principals_for, "on_behalf_of")
        cites("source", Review.objects.visible_to, "publisher")
        cites("source", Inquiry.objects.visible_to, "source")
        cites("document", Attribution.objects.visible_to, "document")
        cites("document", EvidenceDocument.objects.visible_to, "document")
        freeze(Verdict, "status", VerdictStatus.PUBLISHED)
        follow_quotes()
        guard_register()
        guard_evidence()
        follow_states()
        follow_prepared()
        settle(remove_exports)
        make_claims_searchable()
        post_migrate.connect(ask_missing_questions, sender=self)
        post_migrate.connect(hide_known_slugs, sender=self)
        tell_teamwork()
        announce(announced)
        merge_claims()
        narrow("disputes", Subject(public_disputes, disputes_of))
        narrow("sources", Subject(public_sources, sources_of))
