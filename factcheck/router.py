"""The nouns of the REST API and their addresses under /api/v1/."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

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
from claims.api.rating import RatingScaleViewSet, RatingViewSet
from claims.api.relation import RelationViewSet
from claims.api.review import ReviewViewSet
from claims.api.verdict import VerdictViewSet
from claims.exports.api.export import ExportViewSet
from factcheck.webhooks.api import WebhookViewSet
from sources.api.document import DocumentViewSet
from sources.api.snapshot import SnapshotViewSet
from sources.api.source import SourceViewSet

router = SimpleRouter()
router.register("sources", SourceViewSet, "source")
router.register("documents", DocumentViewSet, "document")
router.register("snapshots", SnapshotViewSet, "snapshot")
router.register("disputes", DisputeViewSet, "dispute")
router.register("claims", ClaimViewSet, "claim")
router.register("relations", RelationViewSet, "relation")
router.register("attributions", AttributionViewSet, "attribution")
router.register("evidence", EvidenceViewSet, "evidence")
router.register("evidence-links", EvidenceLinkViewSet, "evidence-link")
router.register("assessments", AssessmentViewSet, "assessment")
router.register("rating-scales", RatingScaleViewSet, "rating-scale")
router.register("ratings", RatingViewSet, "rating")
router.register("verdicts", VerdictViewSet, "verdict")
router.register("confirmations", ConfirmationViewSet, "confirmation")
router.register("corrections", CorrectionViewSet, "correction")
router.register("reviews", ReviewViewSet, "review")
router.register("inquiries", InquiryViewSet, "inquiry")
router.register("imports", ImportBatchViewSet, "import")
router.register("exports", ExportViewSet, "export")
router.register("audit", AuditEntryViewSet, "audit")
router.register("webhooks", WebhookViewSet, "webhook")


class ApiRoot(APIView):
    """The nouns of the API, each with the address of its list."""

    permission_classes = (AllowAny,)

    @extend_schema(responses={200: {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}})
    def get(self, request: Request) -> Response:
        return Response({prefix: reverse(f"{name}-list", request=request) for prefix, _view, name in router.registry})
