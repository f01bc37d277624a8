"""That a restricted dispute exists is told to its members alone, also by its short name."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from claims.choices import Visibility
from claims.models import Dispute
from factcheck.audit.context import recording
from factcheck.base.slug import is_secret

UPGRADE = "The short name of a restricted dispute ends in what nobody guesses."


def hide_known_slugs(*, using: str = "default", **kwargs: Any) -> None:
    """After a migration: the restricted disputes of an older release have short names that nobody guesses.

    Not part of the migration itself: what it changes is entered in the trail, by the code that does so today.
    """
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return  # taken to an older migration, whose tables this code does not know
    restricted = Dispute._base_manager.filter(visibility=Visibility.RESTRICTED).order_by("pk")
    with recording(actor=None, reason=UPGRADE):
        for dispute in restricted.iterator(chunk_size=500):
            if not is_secret(dispute.slug):
                # What the row must be sees to it.
                dispute.save()
