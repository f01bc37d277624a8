"""Odd requests, made from what the register itself declares: the addresses, filters and fields of its API, the pages,
filters, forms and actions of the admin. What is added to these is asked by itself.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib import admin
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from tests.api import odd
from tests.api.routes import Route, api_routes

VALUES = [
    *(quote(value) for value in (*odd.TEXTS, *odd.NUMBERS, *odd.DATES, *odd.MOMENTS)),
    *odd.PERCENT,
    *odd.CURSORS[:-1],
]
LONGEST = 8_000
"""Characters of an address: beyond, the server refuses it whatever it says."""
FORM = "application/x-www-form-urlencoded"
HOSTILE = ("99999999999999999999", "\x00", "-1", "9" * 400, "0001-01-01", "1;2", "[]", "{}", "\u202e", "a" * 5_000)
CHOSEN = ("", "1", "99999999999999999999", "x", "\x00", "-1", "1,2")
"""What is sent as the rows on which an action of a list is to work."""
PLAIN = (
    "text/plain",
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-16",
    "multipart/mixed",
    ";",
    "",
)


@dataclass(frozen=True, slots=True)
class Question:
    """A request; `who` is nobody, `token` or `session`, of an administrator."""

    who: str
    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def odd_questions(seed: int, user: Any) -> list[Question]:
    """All of them, in an order that the seed tells; forms and actions are those that this user is offered."""
    chance = random.Random(seed)
    admin.autodiscover()
    values = [value for value in VALUES if len(value) < LONGEST]
    found = [*of_the_api(chance, values), *of_pages(chance, values), *of_the_desk(chance, values, user)]
    chance.shuffle(found)
    return found


# --- the API ---


def of_the_api(chance: random.Random, values: list[str]) -> Iterator[Question]:
    who = cycle(("token", "token", "nobody"))
    for route in api_routes().values():
        number = str(chance.randint(1, 9))
        path = route.path(**dict.fromkeys(route.parameters, number))
        for value in chance.sample(values, 4) if route.parameters else ():
            odd_path = route.path(**dict.fromkeys(route.parameters, "987654")).replace("987654", value or "%20")
            yield Question(
                next(who),
                chance.choice([*route.actions]).upper(),
                odd_path,
                b"{}",
                {"content-type": "application/json"},
            )
        for name in parameters_of(route):
            for value in chance.sample(values, 3):
                yield Question(next(who), "GET", f"{path}?{name}={value}")
        for method in {*route.actions} - {"get"}:
            yield from bodies_of(route, method.upper(), path, chance)
        for name, value in chance.sample(odd.HEADERS, 2):
            if name not in {"Content-Length", "Host"}:
                method = "GET" if "get" in route.actions else "POST"
                yield Question("nobody" if name == "Authorization" else next(who), method, path, b"", {name: value})
        yield Question(next(who), chance.choice(odd.METHODS).strip(), path)


def parameters_of(route: Route) -> list[str]:
    """The names that a list takes in its query."""
    if route.actions.get("get") != "list":
        return []
    filters = getattr(route.view, "filterset_class", None)
    return [
        *(filters.base_filters if filters else ()),
        "cursor",
        "page_size",
        "ordering",
        "search",
        "include",
        "fields",
    ]


def bodies_of(route: Route, method: str, path: str, chance: random.Random) -> Iterator[Question]:
    """Odd bodies, and odd values of each field where a row is entered or changed."""
    headers = {"content-type": "application/json", "x-change-reason": "odd", "if-match": "*"}
    for body in chance.sample([body for body in odd.BODIES if len(body) < 100_000], 3):
        yield Question("token", method, path, body, headers)
    yield Question("token", method, path, b"zq=1", {**headers, "content-type": chance.choice(PLAIN)})
    serializer = getattr(route.view, "serializer_class", None)
    if route.actions.get(method.lower()) in {"create", "partial_update"} and serializer is not None:
        for name in serializer().fields:
            for value in chance.sample(odd.JSON, 2):
                yield Question("token", method, path, json.dumps({name: value}).encode(), headers)


# --- public pages, and all others that are no form of a row ---


def of_pages(chance: random.Random, values: list[str]) -> Iterator[Question]:
    for pattern in patterns(get_resolver(), ""):
        if pattern.startswith("api/"):
            continue
        who = ("session", "session", "nobody") if pattern.startswith("admin/") else ("nobody", "nobody", "session")
        for reader in who:
            yield Question(reader, "GET", "/" + filled(pattern, chance.choice(values) or "%20"))
            name = chance.choice(("q", "p", "page", "e", "o", "next", "at", "since", "x"))
            yield Question(reader, "GET", f"/{filled(pattern, '1')}?{name}={chance.choice(values)}")
        body = urlencode({"csrfmiddlewaretoken": "a" * 32, chance.choice(("next", "x", "q")): chance.choice(HOSTILE)})
        yield Question("session", "POST", "/" + filled(pattern, "1"), body.encode(), {"content-type": FORM})


def patterns(resolver: URLResolver, before: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        path = before + str(pattern.pattern).lstrip("^").rstrip("$")
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, path)
        elif isinstance(pattern, URLPattern) and not path.startswith("static"):
            yield path


def filled(pattern: str, value: str) -> str:
    """The address with this value in the place of each part that varies."""
    parts = pattern.split("<")
    return parts[0] + "".join(value + part.partition(">")[2] for part in parts[1:])


# --- the admin ---


def of_the_desk(chance: random.Random, values: list[str], user: Any) -> Iterator[Question]:
    request = RequestFactory().get("/admin/")
    request.user = user
    for model, model_admin in admin.site._registry.items():
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        names = [*(lookup_of(given) for given in model_admin.get_list_filter(request)), "q", "p", "o", "e", "all"]
        for name in names:
            for value in chance.sample(values, 3):
                yield Question("session", "GET", f"{path}?{name}={value}")
        for action in [*model_admin.get_actions(request), "x"]:
            for chosen in chance.sample(CHOSEN, 3):
                yield form(path, action=action, _selected_action=chosen, index="0", select_across="0")
        fields = [*model_admin.get_form(request).base_fields] if model_admin.has_add_permission(request) else []
        for where in ("add/", "1/change/", "2/change/"):
            for value in chance.sample(HOSTILE, 2):
                yield form(path + where, **dict.fromkeys(fields, value), _save="Save")
        for value in chance.sample(values, 2):
            yield Question("session", "GET", f"{path}{value or '%20'}/change/")
            yield form(f"{path}1/delete/", post=value)


def form(path: str, **fields: str) -> Question:
    body = urlencode({"csrfmiddlewaretoken": "a" * 32, **fields})
    return Question("session", "POST", path, body.encode(), {"content-type": FORM})


def lookup_of(given: Any) -> str:
    """The name of a filter of a list in its address."""
    while isinstance(given, tuple | list):
        given = given[0]
    return given if isinstance(given, str) else str(getattr(given, "parameter_name", "x"))
