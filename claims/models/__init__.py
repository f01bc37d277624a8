"""The models of what is said, what bears on it and what the desk decided."""

from claims.models.assessment import Assessment
from claims.models.attribution import Attribution
from claims.models.carrier import EvidenceDocument
from claims.models.claim import Claim
from claims.models.confirmation import Confirmation
from claims.models.discount import StoredDiscount
from claims.models.dispute import Dispute, DisputeMember
from claims.models.evidence import Evidence, EvidenceLink
from claims.models.export import Export
from claims.models.importbatch import ImportBatch
from claims.models.inquiry import Inquiry
from claims.models.premise import Premise
from claims.models.prepared import Prepared
from claims.models.question import Question, StoredState
from claims.models.quotecheck import QuoteCheck
from claims.models.rating import Rating, RatingScale
from claims.models.relation import ClaimRelation
from claims.models.review import Review
from claims.models.rule import RuleException, RuleSetting
from claims.models.verdict import Verdict

__all__ = [
    "Assessment",
    "Attribution",
    "Claim",
    "ClaimRelation",
    "Confirmation",
    "Dispute",
    "DisputeMember",
    "Evidence",
    "EvidenceDocument",
    "EvidenceLink",
    "Export",
    "ImportBatch",
    "Inquiry",
    "Premise",
    "Prepared",
    "Question",
    "QuoteCheck",
    "Rating",
    "RatingScale",
    "Review",
    "RuleException",
    "RuleSetting",
    "StoredDiscount",
    "StoredState",
    "Verdict",
]
