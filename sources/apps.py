"""Who speaks, and where it was printed."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "sources"
    verbose_name = "Sources and documents"

    def ready(self) -> None:
        from factcheck.search.index import search_by
        from sources.models import Affiliation, Document, Snapshot, Source
        from sources.services.samewords import follow_copies
        from sources.services.twins import merge_sources_and_documents
        from sources.visibility import cites

        cites("source", Document.objects.visible_to, "publisher")
        merge_sources_and_documents()
        follow_copies()
        search_by(Source, 1, "name", "aliases", "slug", "description")
        search_by(Document, 2, "title", "authors", "url")
        search_by(Affiliation, 3, "name")
        search_by(Snapshot, 4, "archive_url")
