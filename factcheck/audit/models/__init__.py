"""The models of the audit trail, and of what is remembered of requests."""

from factcheck.audit.models.bulk import BulkJob, BulkPiece, BulkStatus
from factcheck.audit.models.entry import AuditEntry
from factcheck.audit.models.idempotency import IdempotencyKey
from factcheck.audit.models.stamp import HeadStamp

__all__ = ["AuditEntry", "BulkJob", "BulkPiece", "BulkStatus", "HeadStamp", "IdempotencyKey"]
