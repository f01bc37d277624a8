"""The memory of the register: who changed what, when and why."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class AuditConfig(AppConfig):
    name = "factcheck.audit"
    label = "audit"
    verbose_name = "Audit trail"

    def ready(self) -> None:
        from factcheck.audit.triggers import put_back, take_away

        pre_migrate.connect(take_away, sender=self)
        post_migrate.connect(put_back, sender=self)
