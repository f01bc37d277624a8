"""Odd requests over every route: each is refused with the reason in words, none breaks the service or later reads.

They are generated from the resolver, the filter sets and the serializers, so that a new route, filter or field gets
its own by itself. What is tried where:

- the first place of each kind gets all odd values, every other one a share of them in turn;
- the share differs from engine to engine: SQLite tries one half of it, PostgreSQL the other (`tests.api.odd.share`);
- a value that a field refuses without a look at the database is sent on SQLite alone, all others on both engines;
- what is only read is one kind of field, whatever it shows: nothing that is sent for it is looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from rest_framework.exceptions import ValidationError
from rest_framework.test import APIClient

from tests.api import odd
from tests.api.nouns import NOUNS, address
from tests.api.routes import api_routes

pytestmark = pytest.mark.django_db

ROUTES = list(api_routes().values())
LISTS = [route for route in ROUTES if route.noun and route.actions.get("get") == "list"]
WRITABLE = [noun for noun, kind in NOUNS.items() if kind.body]
PROBLEM = "application/problem+json"
TOKEN = "a" * 32
AFTERWARDS = 6
"""So many rows of a page are read one by one."""
KNOWN_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture(scope="module")
def odd_story(story: Any, desk: Any) -> Any:
    """The story, with an administrator who may read and change all of it."""
    story.administrator = desk.administrator
    return story


@pytest.fixture
def client(odd_story: Any, client_of: Any) -> APIClient:
    return client_of(odd_story.administrator)


def check(response: Any, what: str) -> None:
    """No fault of ours; every refusal is a problem document that says its code."""
    assert response.status_code < 500, f"{response.status_code} for {what}: {response.content[:300]!r}"
    if response.status_code >= 400:
        assert response.headers.get("Content-Type") == PROBLEM, what
        if response.content:
            problem = response.json()
            assert problem["code"], what
            assert problem["detail"], what
            assert problem["status"] == response.status_code, what


def get(client: APIClient, target: str, **headers: str) -> Any:
    """GET the target exactly as written, so that odd percent-encoding arrives as it is."""
    path, _mark, query = target.partition("?")
    return client.generic("GET", path, QUERY_STRING=query, **headers)


def row_of(noun: str, story: Any) -> Any:
    """A row of the noun that the desk may change; made when the story has none."""
    kind = NOUNS[noun]
    found = kind.model.objects.order_by("pk").first()
    return found if found is not None else (kind.draft or kind.published)(story.administrator)


def values_for(filter_: Any, turn: int) -> list[str]:
    kind = type(filter_).__name__
    if "Date" in kind or "Edtf" in kind:
        return odd.share((*odd.DATES, *odd.MOMENTS, *odd.NUMBERS, "x"), kind, turn)
    if kind in {"NumberFilter", "IdFilter", "DecimalFilter", "ReferenceFilter"}:
        return odd.share((*odd.NUMBERS, *odd.TEXTS), kind, turn)
    return odd.share((*odd.TEXTS, *odd.NUMBERS[:6]), kind, turn)


@pytest.mark.parametrize("route", LISTS, ids=lambda route: route.name)
def test_odd_values_of_every_filter(odd_story, client, route):
    filters = route.view.filterset_class.base_filters if route.view.filterset_class else {}
    for turn, (name, filter_) in enumerate(filters.items()):
        values = [quote(value) for value in values_for(filter_, turn)] + odd.share(odd.PERCENT, "percent", turn)
        for value in values:
            check(get(client, f"{route.path()}?{name}={value}"), f"{route.name}?{name}={value[:60]}")
        assert get(client, f"{route.path()}?{name}=1&{name}=2").status_code == 400


@pytest.mark.parametrize("route", LISTS, ids=lambda route: route.name)
def test_odd_pages_orders_searches_and_includes(odd_story, client, route):
    turn = LISTS.index(route)
    for name, values in {
        "cursor": odd.CURSORS,
        "page_size": odd.NUMBERS,
        "ordering": ("password", "-", "--id", "id,id", "extra__a", "?", "pk", "id__in", *odd.TEXTS),
        "search": (*odd.TEXTS, "x" * 201, " ".join("a" * 9), " ".join(["a"] * 1_000)),
        "include": ("x", "attributions,attributions", ",,,", "__all__", *odd.TEXTS),
    }.items():
        for value in odd.share([*(quote(value) for value in values), *odd.PERCENT], name, turn):
            check(get(client, f"{route.path()}?{name}={value}"), f"{route.name}?{name}={value[:60]}")
    for query in ("=", "&&&", "a" * 9_000, "&".join(f"x{n}=1" for n in range(1_100)), "x[]=1", "id__in=1,2"):
        response = get(client, f"{route.path()}?{query}")
        check(response, f"{route.name}?{query[:60]}")


@pytest.mark.parametrize("route", [r for r in ROUTES if r.parameters], ids=lambda route: route.name)
def test_odd_values_in_the_path(odd_story, client, route):
    template = route.path(**dict.fromkeys(route.parameters, "987654"))
    texts = [
        quote(value, safe="")
        for value in (*odd.NUMBERS, *odd.TEXTS)
        if value.strip() and value != "00001" and len(value) < 4_000
    ]
    values = [*texts, *odd.PERCENT, "9" * 3_900, "a" * 4_200]
    for value in odd.share(values, route.view.__name__, ROUTES.index(route)):
        path = template.replace("987654", value)
        for method in {"GET", *(name.upper() for name in route.actions)}:
            response = client.generic(method, path, b"{}", "application/json", HTTP_X_CHANGE_REASON="x")
            check(response, f"{method} {path[:90]}")
            assert response.status_code in {400, 404, 405, 414}, f"{response.status_code} {method} {path[:90]}"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="methods and headers are refused before a database is asked")
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_odd_methods_headers_and_media_types(odd_story, client, route):
    row = row_of(route.noun, odd_story) if route.noun else None
    if not route.noun:
        pytest.skip("a description of the service, without rows")
    path = route.path(**{name: "html" if name == "format_name" else row.pk for name in route.parameters})
    for method in odd.METHODS:
        if method.upper() not in KNOWN_METHODS or (method.lower() not in route.actions and method != "HEAD"):
            response = client.generic(method, path)
            check(response, f"{method} {path}")
            # OPTIONS says what an address takes, and nothing else.
            allowed = {200} if method == "OPTIONS" and not response.content else {401, 403, 404, 405}
            assert response.status_code in allowed, f"{response.status_code} {method} {path}"
    turn = ROUTES.index(route)
    for accept in odd.share(odd.ACCEPTS, "accept", turn):
        check(client.get(path, HTTP_ACCEPT=accept), f"Accept: {accept[:40]} {path}")
    for name, value in odd.share(odd.HEADERS, "headers", turn):
        key = name.upper().replace("-", "_")
        key = key if key == "CONTENT_LENGTH" else f"HTTP_{key}"
        for method in set(route.actions) - {"delete"}:
            response = client.generic(method.upper(), path, b"{}", "application/json", **{key: value})
            check(response, f"{method} {path} with {name}: {value[:40]}")
    for method in set(route.actions) - {"get", "delete"}:
        for kind in odd.share(odd.CONTENT_TYPES, f"types {method}", turn):
            response = client.generic(method.upper(), path, b'{"zq": 1}', kind)
            check(response, f"{method} {path} as {kind[:40]}")
            assert response.status_code >= 400 or kind.startswith("application/merge-patch"), (
                f"{method} {path} as {kind}"
            )
        for sent in odd.share(odd.BODIES, f"bodies {method}", turn):
            check(client.generic(method.upper(), path, sent, "application/json"), f"{method} {path}: {sent[:60]!r}")


@pytest.mark.parametrize("route", [r for r in ROUTES if "post" in r.actions and r.noun], ids=lambda route: route.name)
def test_every_post_takes_every_form_of_body_or_refuses_it(odd_story, client, route):
    row = row_of(route.noun, odd_story)
    path = route.path(**dict.fromkeys(route.parameters, row.pk))
    # The look for a session's token reads the form before the view does.
    by_session = APIClient(enforce_csrf_checks=True, raise_request_exception=False)
    by_session.force_login(odd_story.administrator)
    by_session.cookies["csrftoken"] = TOKEN
    ways = list(product(odd.FORMS, odd.KEYS, (client, by_session)))
    for (sent, kind), key, sender in odd.share(ways, f"forms for {parsers(route)}", ROUTES.index(route), of=3):
        headers = {"HTTP_X_CSRFTOKEN": TOKEN} | ({"HTTP_IDEMPOTENCY_KEY": key} if key else {})
        response = sender.generic("POST", path, sent, kind, **headers)
        check(response, f"POST {path} {sent!r} as {kind!r} with the key {key!r}")


def parsers(route: Any) -> list[str]:
    """What reads the bodies of the POST at this route."""
    act = getattr(route.view, route.actions["post"])
    own = getattr(act, "kwargs", {}).get("parser_classes", route.view.parser_classes)
    return [parser.__name__ for parser in own]


def probes(noun: str) -> Iterator[tuple[str, Any]]:
    """For each field of the noun, odd values for it."""
    view = next(route.view for route in LISTS if route.noun == noun)
    for turn, (name, field) in enumerate(view.serializer_class().fields.items()):
        kind = "read only" if field.read_only else type(field).__name__
        for value in odd.share(odd.JSON, kind, turn + len(noun), of=24 if field.read_only else 12):
            if connection.vendor == "sqlite" or field.read_only or not refused_unasked(field, value):
                yield name, value
    yield from (("change_reason", value) for value in odd.share(odd.JSON, "change_reason", len(noun), of=10))


def refused_unasked(field: Any, value: Any) -> bool:
    """Whether the field refuses the value all by itself: no query is made, so that all engines answer alike."""

    def count(execute: Any, *arguments: Any) -> Any:
        asked.append(arguments)
        return execute(*arguments)

    asked: list[Any] = []
    with connection.execute_wrapper(count):
        try:
            field.run_validation(value)
        except ValidationError:
            return not asked
        except (AttributeError, KeyError, TypeError, ValueError):  # it wants to know more, such as who asks
            return False
    return False


@pytest.mark.parametrize("noun", WRITABLE)
def test_what_no_field_takes_is_refused_in_every_field(odd_story, client, noun):
    row = (NOUNS[noun].draft or NOUNS[noun].published)(odd_story.administrator)
    view = next(route.view for route in LISTS if route.noun == noun)
    for turn, name in enumerate([*view.serializer_class().fields, "change_reason", "zq"]):
        for value in odd.share(odd.NEVER, f"never {noun}", turn):
            sent = f'{{"{name}": {value}}}'
            for method, target in (("PATCH", f"{address(noun)}{row.pk}/"), ("POST", address(noun))):
                response = client.generic(
                    method, target, sent, "application/json", HTTP_X_CHANGE_REASON="x", HTTP_IF_MATCH="*"
                )
                check(response, f"{method} {noun} {sent[:100]}")
                allowed = {400, 405} if noun == "snapshot" else {400}
                assert response.status_code in allowed, f"{response.status_code} {method} {noun} {sent[:100]}"
                if response.status_code == 400:
                    assert response.json()["code"].startswith("json_"), f"{method} {noun} {sent[:100]}"


@pytest.mark.parametrize("noun", WRITABLE)
def test_odd_values_of_every_field(odd_story, client, noun):
    row = (NOUNS[noun].draft or NOUNS[noun].published)(odd_story.administrator)
    target, how = f"{address(noun)}{row.pk}/", {"HTTP_X_CHANGE_REASON": "x"}
    for number, (name, value) in enumerate(probes(noun)):
        sent = json.dumps({name: value})
        version = type(row).objects.values_list("version", flat=True).get(pk=row.pk)
        how["HTTP_IF_MATCH"] = f'"{version}"'
        check(client.generic("PATCH", target, sent, "application/json", **how), f"PATCH {noun} {sent[:200]}")
        if number % 16 == 0:
            whole = json.dumps({**NOUNS[noun].body(), name: value})
            check(client.generic("POST", address(noun), whole, "application/json", **how), f"POST {noun} {sent[:200]}")
    assert_readable(client, noun)


def assert_readable(client: APIClient, noun: str) -> None:
    """What was taken can be read again, in lists and one by one."""
    included = ",".join(next(route.view for route in LISTS if route.noun == noun).include_fields)
    # The youngest first: what was sent before.
    target = f"{address(noun)}?page_size=200&ordering=-id" + (f"&include={included}" if included else "")
    while target:
        response = client.get(target)
        assert response.status_code == 200, (target, response.content[:300])
        for row in response.json()["results"][:AFTERWARDS]:
            steps = ["", "history/", "report/html/"] if noun in {"claim", "dispute"} else [""]
            for step in steps:
                detail = client.get(f"{address(noun)}{row['id']}/{step}")
                assert detail.status_code in {200, 404 if step.startswith("report") else 200}, (noun, step, row)
        target = response.json()["next"]
