"""Who speaks, and where it was printed."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "sources"
    verbose_name = "Sources and documents"

    def ready(self) -> None:
        from sources.models import Document
        from sources.visibility import cites

        cites("source", Document.objects.visible_to, "publisher")
