"""What the bytes of an answer depend on besides rows: the code that runs, and settings."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings


def edition() -> str:
    """Names the release and the settings on which the bytes of an answer depend."""
    told = (
        settings.FACTCHECK_BASE_URL,
        settings.FACTCHECK_NEWSROOM,
        settings.FACTCHECK_PUBLIC_NAMES,
        settings.FACTCHECK_POLICIES,
        settings.FACTCHECK_LOGO,
        settings.FACTCHECK_RATING_SCALE,
        settings.FACTCHECK_SETTLED_CONFIDENCE,
        settings.LANGUAGE_CODE,
        settings.TIME_ZONE,
    )
    return hashlib.sha256(f"{_release()} {told!r}".encode()).hexdigest()[:16]


@cache
def _release() -> str:
    """Names the code that runs: whoever changes it need not think of raising a number."""
    digest = hashlib.sha256()
    for package in ("claims", "factcheck", "sources"):
        for path in sorted((Path(settings.BASE_DIR) / package).rglob("*")):
            if path.suffix in {".py", ".html", ".txt", ".svg", ".css"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()
