"""The models of the audit trail."""

from factcheck.audit.models.entry import AuditEntry
from factcheck.audit.models.idempotency import IdempotencyKey
from factcheck.audit.models.webhook import CallStatus, Webhook, WebhookCall, WebhookCursor

__all__ = ["AuditEntry", "CallStatus", "IdempotencyKey", "Webhook", "WebhookCall", "WebhookCursor"]
