"""The routes of the API as Django's resolver knows them, so that no test can overlook a new one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from factcheck.router import router

PREFIX = "api/"
NOT_OURS = {"docs"}
"""Swagger UI: a page that only shows the schema."""


@dataclass(frozen=True)
class Route:
    """One address pattern: its name, the names in its path, its methods, and the action that answers each."""

    name: str
    parameters: tuple[str, ...]
    actions: dict[str, str]
    view: Any

    @property
    def noun(self) -> str:
        """The router's name of the noun: `evidence-link` of `evidence-link-detail`."""
        names = sorted((name for _prefix, _view, name in router.registry), key=len, reverse=True)
        return next((name for name in names if self.name.startswith(f"{name}-")), "")

    def path(self, **values: Any) -> str:
        """The address with these values in its path; what is not named stays out."""
        return reverse(self.name, kwargs={name: values[name] for name in self.parameters})


@cache
def api_routes() -> dict[str, Route]:
    """Every route below `/api/`, by name."""
    found: dict[str, Route] = {}
    for pattern in _below(get_resolver(), ""):
        name, view = pattern.name, pattern.callback
        cls = getattr(view, "cls", None) or getattr(view, "view_class", None)
        if not name or name in NOT_OURS:
            continue
        actions = getattr(view, "actions", None) or {"get": "get"}
        assert name not in found, f"two routes are called {name}"
        names = tuple(pattern.pattern.regex.groupindex)
        found[name] = Route(name, names, {k: v for k, v in actions.items() if k != "head"}, cls)
    return found


def _below(resolver: URLResolver, prefix: str) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLResolver):
            if path.startswith(PREFIX) or PREFIX.startswith(path):
                yield from _below(pattern, path)
        elif path.startswith(PREFIX):
            yield pattern
