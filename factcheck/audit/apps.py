"""The memory of the register: who changed what, when and why."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "factcheck.audit"
    label = "audit"
    verbose_name = "Audit trail"
