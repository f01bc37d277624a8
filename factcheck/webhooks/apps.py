"""Who outside is told what happens in the register."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WebhooksConfig(AppConfig):
    name = "factcheck.webhooks"
    label = "webhooks"
    verbose_name = "Webhooks"

    def ready(self) -> None:
        from factcheck.webhooks.upgrade import give_owners

        post_migrate.connect(give_owners, sender=self)
