"""The desk's pages for what is said, what speaks for and against it, and what the desk decided."""

# Importing the module says how the nouns are offered.
from claims.admin import picker
from claims.admin.assessment import AssessmentAdmin
from claims.admin.attribution import AttributionAdmin
from claims.admin.auditentry import AuditEntryAdmin
from claims.admin.claim import ClaimAdmin
from claims.admin.confirmation import ConfirmationAdmin
from claims.admin.dispute import DisputeAdmin
from claims.admin.evidence import EvidenceAdmin
from claims.admin.evidencelink import EvidenceLinkAdmin
from claims.admin.export import ExportAdmin
from claims.admin.importbatch import ImportBatchAdmin
from claims.admin.inquiry import InquiryAdmin
from claims.admin.premise import PremiseAdmin
from claims.admin.question import QuestionAdmin
from claims.admin.rating import RatingAdmin, RatingScaleAdmin
from claims.admin.relation import ClaimRelationAdmin
from claims.admin.review import ReviewAdmin
from claims.admin.rule import RuleExceptionAdmin, RuleSettingAdmin
from claims.admin.task import TaskAdmin
from claims.admin.verdict import VerdictAdmin

__all__ = [
    "AssessmentAdmin",
    "AttributionAdmin",
    "AuditEntryAdmin",
    "ClaimAdmin",
    "ClaimRelationAdmin",
    "ConfirmationAdmin",
    "DisputeAdmin",
    "EvidenceAdmin",
    "EvidenceLinkAdmin",
    "ExportAdmin",
    "ImportBatchAdmin",
    "InquiryAdmin",
    "PremiseAdmin",
    "QuestionAdmin",
    "RatingAdmin",
    "RatingScaleAdmin",
    "ReviewAdmin",
    "RuleExceptionAdmin",
    "RuleSettingAdmin",
    "TaskAdmin",
    "VerdictAdmin",
    "picker",
]
