"""The addresses of collected files, each worked out once: a page of the desk names thirty."""

from __future__ import annotations

from django.urls import get_script_prefix
from whitenoise.storage import CompressedManifestStaticFilesStorage


class KeptAddresses(CompressedManifestStaticFilesStorage):
    """Files under names with a digest of what they hold, which stay as long as a process."""

    def url(self, name: str, force: bool = False) -> str:
        kept: dict[tuple[str, str, bool], str] = self.__dict__.setdefault("_addresses", {})
        key = get_script_prefix(), name, force
        if key not in kept:
            kept[key] = super().url(name, force)
        return kept[key]
