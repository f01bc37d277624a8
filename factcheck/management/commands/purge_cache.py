"""Have each shared cache forget all that it keeps of the register."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from factcheck.base.command import RegisterCommand
from factcheck.base.shared_cache import EVERYTHING, purge


class Command(RegisterCommand):
    help = (
        "Have each cache of FACTCHECK_CACHE_URLS forget all answers: after a new release, after other settings, and "
        "after a change that was made past the register."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.FACTCHECK_CACHE_URLS:
            raise CommandError("No shared cache is named: set FACTCHECK_CACHE_URLS.")
        failed = {url: problem for url in settings.FACTCHECK_CACHE_URLS if (problem := purge(url, [EVERYTHING]))}
        if failed:
            told = "; ".join(f"{url}: {problem}" for url, problem in failed.items())
            raise CommandError(f"Not all caches were told: {told}.")
        self.stdout.write(f"{len(settings.FACTCHECK_CACHE_URLS)} caches have forgotten all.")
