"""The nouns of the REST API in one list: what the router serves, and whose lists can be exported."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Model

from claims.api.assessment import AssessmentViewSet
from claims.api.attribution import AttributionViewSet
from claims.api.audit import AuditEntryViewSet
from claims.api.claim import ClaimViewSet
from claims.api.confirmation import ConfirmationViewSet
from claims.api.correction import CorrectionViewSet
from claims.api.dispute import DisputeViewSet
from claims.api.evidence import EvidenceLinkViewSet, EvidenceViewSet
from claims.api.importbatch import ImportBatchViewSet
from claims.api.inquiry import InquiryViewSet
from claims.api.premise import PremiseViewSet
from claims.api.question import QuestionViewSet
from claims.api.rating import RatingScaleViewSet, RatingViewSet
from claims.api.relation import RelationViewSet
from claims.api.review import ReviewViewSet
from claims.api.rule import RuleExceptionViewSet
from claims.api.verdict import VerdictViewSet
from factcheck.api.viewset import RecordedReadOnlyViewSet
from factcheck.webhooks.api import WebhookViewSet
from sources.api.affiliation import AffiliationViewSet
from sources.api.document import DocumentViewSet
from sources.api.snapshot import SnapshotViewSet
from sources.api.source import SourceViewSet


class Noun(NamedTuple):
    """One noun of the API, in the order in which a router takes it."""

    prefix: str
    """Its place in addresses, such as `evidence-links`."""
    viewset: type[RecordedReadOnlyViewSet]
    basename: str
    """One of its rows in a word, such as `evidence-link`; the names of its addresses begin with it."""

    @property
    def model(self) -> type[Model]:
        assert self.viewset.queryset is not None
        return self.viewset.queryset.model

    @property
    def type(self) -> str:
        """What one of its rows is called in files, such as `evidence_link`."""
        return self.basename.replace("-", "_")


NOUNS = (
    Noun("sources", SourceViewSet, "source"),
    Noun("affiliations", AffiliationViewSet, "affiliation"),
    Noun("documents", DocumentViewSet, "document"),
    Noun("snapshots", SnapshotViewSet, "snapshot"),
    Noun("disputes", DisputeViewSet, "dispute"),
    Noun("questions", QuestionViewSet, "question"),
    Noun("claims", ClaimViewSet, "claim"),
    Noun("relations", RelationViewSet, "relation"),
    Noun("attributions", AttributionViewSet, "attribution"),
    Noun("evidence", EvidenceViewSet, "evidence"),
    Noun("evidence-links", EvidenceLinkViewSet, "evidence-link"),
    Noun("premises", PremiseViewSet, "premise"),
    Noun("assessments", AssessmentViewSet, "assessment"),
    Noun("rating-scales", RatingScaleViewSet, "rating-scale"),
    Noun("ratings", RatingViewSet, "rating"),
    Noun("verdicts", VerdictViewSet, "verdict"),
    Noun("confirmations", ConfirmationViewSet, "confirmation"),
    Noun("corrections", CorrectionViewSet, "correction"),
    Noun("reviews", ReviewViewSet, "review"),
    Noun("inquiries", InquiryViewSet, "inquiry"),
    Noun("rule-exceptions", RuleExceptionViewSet, "rule-exception"),
    Noun("imports", ImportBatchViewSet, "import"),
    Noun("audit", AuditEntryViewSet, "audit"),
    Noun("webhooks", WebhookViewSet, "webhook"),
)
"""All but the exports themselves, which stand above this room; the router adds them."""
