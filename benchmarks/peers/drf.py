"""Plain Django REST framework: ModelSerializer, prefetch_related, page numbers."""

from __future__ import annotations

from benchmarks.peers.project import start_project
from benchmarks.request import Application


def start() -> Application:
    return start_project("benchmarks.peers.drf_urls", database=True)
