"""The floor: a bare project of Django REST framework with two middlewares, whose one view answers a small dict."""

from __future__ import annotations

from benchmarks.peers.project import start_project
from benchmarks.request import Application


def start() -> Application:
    return start_project("benchmarks.peers.floor_urls", database=False)
