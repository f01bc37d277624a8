"""Django Ninja over the same models and prefetches as plain REST framework."""

from __future__ import annotations

from benchmarks.peers.project import start_project
from benchmarks.request import Application


def start() -> Application:
    return start_project("benchmarks.peers.ninja_urls", database=True)
