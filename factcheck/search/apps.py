"""The index of words, kept beside the rows that it finds."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    name = "factcheck.search"
    label = "search"
    verbose_name = "Search"

    def ready(self) -> None:
        from factcheck.search.rebuild import fill_after_migrate

        # Sent for each app that has models, after the last migration of all: once is enough, when all tables are there.
        post_migrate.connect(fill_after_migrate, sender=apps.get_app_config("claims"))
