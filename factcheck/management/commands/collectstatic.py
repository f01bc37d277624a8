"""Make once for a release what every process serves: static files, and the OpenAPI document."""

from __future__ import annotations

from typing import Any

from django.contrib.staticfiles.management.commands import collectstatic

from factcheck.documentation import keep_documents


class Command(collectstatic.Command):
    help = f"{collectstatic.Command.help.rstrip('.')}, and keep the OpenAPI document beside them."

    def handle(self, **options: Any) -> str | None:
        told = super().handle(**options)
        if options["dry_run"]:
            return told
        folder = keep_documents()
        return f"{told}\nThe OpenAPI document is kept in {folder}." if told else told
