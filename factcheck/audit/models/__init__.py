"""The models of the audit trail."""

from factcheck.audit.models.entry import AuditEntry
from factcheck.audit.models.idempotency import IdempotencyKey

__all__ = ["AuditEntry", "IdempotencyKey"]
