"""Which documents carry a piece of evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef

from claims.choices import EvidenceKind
from claims.models.evidence import Evidence
from factcheck.base.people import Reader
from factcheck.models.recorded import RecordedModel, RecordedQuerySet, Scope
from sources.models import Document


class EvidenceDocumentQuerySet(RecordedQuerySet):
    def visible_to(self, user: Reader) -> Self:
        return self.filter(Exists(Evidence.objects.visible_to(user).filter(pk=OuterRef("evidence"))))

    def joining(self) -> Self:
        """Those that make one origin of the pieces that their document carries."""
        return self.filter(evidence__independent_because="").exclude(evidence__kind=EvidenceKind.ABSENT)


class EvidenceDocument(RecordedModel):
    """One document that carries a piece of evidence."""

    evidence = models.ForeignKey(
        Evidence, models.CASCADE, related_name="carriers", help_text="The evidence that the document carries."
    )
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="carries", help_text="The document that carries the evidence."
    )
    past_by = frozenset({"evidence", "history_date"})

    objects = EvidenceDocumentQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        ordering = ("id",)
        verbose_name = "document of the evidence"
        verbose_name_plural = "documents of the evidence"
        constraints = (
            models.UniqueConstraint(
                fields=["evidence", "document"],
                name="evidence_document_once",
                violation_error_message="This document already carries the evidence.",
            ),
        )
        indexes = (models.Index(fields=["updated_at"], name="evidence_document_updated"),)

    def __str__(self) -> str:
        return f"{self.evidence}: {self.document}"

    def guard_delete(self) -> None:
        # Of a document that was merged into another one which carries the evidence too, this says the same again.
        into = self.document.merged_into_id
        if into is None or not EvidenceDocument.objects.filter(evidence=self.evidence_id, document=into).exists():
            super().guard_delete()

    def was_published(self) -> bool:
        return False  # which documents carry it may be corrected, with a reason; the history keeps what was said

    @classmethod
    def audit_scopes(cls, rows: Sequence[Self]) -> Sequence[Scope]:
        return Evidence.audit_scopes([row.evidence for row in rows])
