"""Every door of the service as Django's resolver knows it: its address, its methods, and what it answers to each role.

`docs/doors.md` is made of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.api.routes import api_routes

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^()]*\)")
METHODS = ("get", "post", "put", "patch", "delete")
LET_IN = {400, 409, 412, 415, 422, 428}
"""What was sent, or the state of the row, is refused: nobody is."""
REFUSED = {401, 403, 404, 405, 410}


@dataclass
class Door:
    """One address pattern and the view behind it."""

    pattern: str
    view: Any
    name: str

    @property
    def address(self) -> str:
        """As it is written down."""
        return "/" + PARAMETER.sub(lambda found: f"{{{found[1] or found[2]}}}", self.pattern)

    def at(self, values: dict[str, Any]) -> str:
        """With these values in its place."""
        return "/" + PARAMETER.sub(lambda found: str(values[found[1] or found[2]]), self.pattern)

    @property
    def of_desk(self) -> bool:
        return self.pattern.startswith("admin/")

    @property
    def of_rest(self) -> bool:
        return self.pattern.startswith("api/v1/")

    @property
    def methods(self) -> tuple[str, ...]:
        """Those of a view of REST; a page is asked for and sent a form."""
        if not self.of_rest:
            return ("get", "post")
        actions = getattr(self.view, "actions", None)
        return tuple(name for name in METHODS if (name in actions if actions else hasattr(self.view.cls, name)))

    @cached_property
    def model(self) -> Any:
        """Whose page of the desk it is, if it is one's."""
        label = ".".join(self.pattern.split("/")[1:3])
        return next((one for one in admin.site._registry if one._meta.label_lower == label), None)

    @property
    def noun(self) -> str:
        """What the router calls the noun that it is about, if it is about one."""
        return api_routes()[self.name].noun if self.of_rest else ""

    @property
    def part(self) -> str:
        """Under which heading it stands."""
        if self.of_rest or self.of_desk:
            named = self.pattern.split("/")[2 if self.of_rest else 1]
            own = self.model._meta.verbose_name_plural if self.model else "pages beside the tables"
            return f"API: {named or 'the root'}" if self.of_rest else f"Desk: {own}"
        return "Beside the API" if self.pattern.startswith("api/") else "Outside"


def every_door() -> list[Door]:
    """Each address once: where two patterns have one, the first answers."""
    found: dict[str, Door] = {}
    for door in _below(get_resolver(), ""):
        found.setdefault(door.address, door)
    return [*found.values()]


def _below(resolver: URLResolver, prefix: str) -> Iterator[Door]:
    for pattern in resolver.url_patterns:
        path = prefix + re.sub(r"^\^|\$$", "", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from _below(pattern, path)
        elif isinstance(pattern, URLPattern):
            yield Door(path, pattern.callback, pattern.name or "")


def cell(status: int, leads_to: str = "") -> str:
    """An answer as it is written down."""
    if leads_to.startswith(reverse("admin:login")):
        return "log in"
    if status < 400:
        return "yes"
    assert status in LET_IN | REFUSED, status
    return str(status)


def lines(door: Door, row: str, cells: dict[str, list[str]]) -> Iterator[tuple[str, ...]]:
    """The lines of a door: one for all methods that are answered alike, none for what nobody has."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for method, answers in cells.items():
        alike.setdefault(tuple(answers), []).append(method.upper())
    for answers, methods in alike.items():
        if {*answers} != {"405"}:
            yield (f"`{door.address}`", ", ".join(methods), row, *answers)


def as_table(rows: list[tuple[str, ...]], roles: tuple[str, ...]) -> str:
    head = ("Address", "Method", "Row", *(role.capitalize() for role in roles))
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows))
