"""Odd requests over every route: each is refused with the reason in words, none breaks the service or later reads.

They are generated from the resolver, the filter sets and the serializers, so that a new route, filter or field gets
its own by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from rest_framework.test import APIClient

from tests.api import odd
from tests.api.nouns import NOUNS, address
from tests.api.routes import Route, api_routes

pytestmark = pytest.mark.django_db

ROUTES = list(api_routes().values())
LISTS = [route for route in ROUTES if route.actions.get("get") == "list"]
WRITABLE = [noun for noun, kind in NOUNS.items() if kind.body]
PROBLEM = "application/problem+json"
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


def values_for(filter_: Any) -> tuple[str, ...]:
    kind = type(filter_).__name__
    if "Date" in kind or "Edtf" in kind:
        return (*odd.DATES, *odd.NUMBERS, "x")
    if kind in {"NumberFilter", "IdFilter", "IdsFilter", "DecimalFilter", "ReferenceFilter"}:
        return (*odd.NUMBERS, *odd.TEXTS)
    return (*odd.TEXTS, *odd.NUMBERS[:6])


@pytest.mark.parametrize("route", LISTS, ids=lambda route: route.name)
def test_odd_values_of_every_filter(odd_story, client, route):
    filters = route.view.filterset_class.base_filters if route.view.filterset_class else {}
    for name, filter_ in filters.items():
        for value in (quote(value) for value in values_for(filter_)):
            check(get(client, f"{route.path()}?{name}={value}"), f"{route.name}?{name}={value[:60]}")
        for value in odd.PERCENT[:4]:
            check(get(client, f"{route.path()}?{name}={value}"), f"{route.name}?{name}={value}")
        assert get(client, f"{route.path()}?{name}=1&{name}=2").status_code == 400


@pytest.mark.parametrize("route", LISTS, ids=lambda route: route.name)
def test_odd_pages_orders_searches_and_includes(odd_story, client, route):
    for name, values in {
        "cursor": odd.CURSORS,
        "page_size": odd.NUMBERS,
        "ordering": ("password", "-", "--id", "id,id", "extra__a", "?", "pk", "id__in", *odd.TEXTS),
        "search": (*odd.TEXTS, "x" * 201, " ".join("a" * 9), " ".join(["a"] * 1_000)),
        "include": ("x", "attributions,attributions", ",,,", "__all__", *odd.TEXTS),
    }.items():
        for value in (*(quote(value) for value in values), *odd.PERCENT):
            check(get(client, f"{route.path()}?{name}={value}"), f"{route.name}?{name}={value[:60]}")
    for query in ("=", "&&&", "a" * 9_000, "&".join(f"x{n}=1" for n in range(1_100)), "x[]=1", "id__in=1,2"):
        response = get(client, f"{route.path()}?{query}")
        check(response, f"{route.name}?{query[:60]}")


@pytest.mark.parametrize("route", [r for r in ROUTES if r.parameters], ids=lambda route: route.name)
def test_odd_values_in_the_path(odd_story, client, route):
    template = route.path(**dict.fromkeys(route.parameters, "987654"))
    texts = [quote(value, safe="") for value in (*odd.NUMBERS, *odd.TEXTS) if value.strip() and value != "00001" and len(value) < 4_000]
    for value in (*texts, *odd.PERCENT, "9" * 3_900, "a" * 4_200):
        path = template.replace("987654", value)
        for method in {"GET", *(name.upper() for name in route.actions)}:
            response = client.generic(method, path, b"{}", "application/json", HTTP_X_CHANGE_REASON="x")
            check(response, f"{method} {path[:90]}")
            assert response.status_code in {400, 404, 405, 414}, f"{response.status_code} {method} {path[:90]}"


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_odd_methods_headers_and_media_types(odd_story, client, route):
    row = row_of(route.noun, odd_story) if route.noun else None
    path = route.path(**{name: "html" if name == "format_name" else row.pk for name in route.parameters})
    for method in odd.METHODS:
        if method.upper() not in KNOWN_METHODS or method.lower() not in route.actions and method != "HEAD":
            response = client.generic(method, path)
            check(response, f"{method} {path}")
            assert response.status_code in {401, 403, 404, 405}, f"{response.status_code} {method} {path}"
    for accept in odd.ACCEPTS:
        check(client.get(path, HTTP_ACCEPT=accept), f"Accept: {accept[:40]} {path}")
    for name, value in odd.HEADERS:
        key = name.upper().replace("-", "_")
        key = key if key == "CONTENT_LENGTH" else f"HTTP_{key}"
        for method in {"get", *route.actions} - {"delete"}:
            response = client.generic(method.upper(), path, b"{}", "application/json", **{key: value})
            check(response, f"{method} {path} with {name}: {value[:40]}")
    for method in set(route.actions) - {"get", "delete"}:
        for kind in odd.CONTENT_TYPES:
            response = client.generic(method.upper(), path, b'{"zq": 1}', kind)
            check(response, f"{method} {path} as {kind[:40]}")
            assert response.status_code >= 400 or kind.startswith("application/merge-patch"), f"{method} {path} as {kind}"
        for sent in odd.BODIES:
            check(client.generic(method.upper(), path, sent, "application/json"), f"{method} {path}: {sent[:60]!r}")


def probes(noun: str, story: Any, client: APIClient) -> Iterator[tuple[str, dict[str, Any]]]:
    """For each field of the noun, a body that is right but for an odd value in it."""
    view = next(route.view for route in LISTS if route.noun == noun)
    right = NOUNS[noun].body()
    for name in [*view.serializer_class().fields, "change_reason", "zq"]:
        for value in odd.JSON:
            yield name, {**right, name: value}


@pytest.mark.parametrize("noun", WRITABLE)
def test_odd_values_of_every_field(odd_story, client, noun):
    row = (NOUNS[noun].draft or NOUNS[noun].published)(odd_story.administrator)
    how = {"HTTP_X_CHANGE_REASON": "x"}
    for name, sent in probes(noun, odd_story, client):
        text = json.dumps(sent)
        check(client.generic("POST", address(noun), text, "application/json", **how), f"POST {noun}.{name}: {text[:200]}")
        change = json.dumps({name: sent[name]})
        etag = f'"{type(row).objects.get(pk=row.pk).version}"'
        response = client.generic(
            "PATCH", f"{address(noun)}{row.pk}/", change, "application/json", HTTP_IF_MATCH=etag, **how
        )
        check(response, f"PATCH {noun}.{name}: {change[:200]}")
        if response.status_code == 200:
            check(client.get(f"{address(noun)}{row.pk}/"), f"read after PATCH {noun}.{name}: {change[:200]}")


@pytest.mark.parametrize("noun", NOUNS)
def test_no_odd_request_left_a_row_that_cannot_be_read(odd_story, client, noun):
    # In the same savepoint as the reads: what was written above is written again, as far as it is taken.
    if NOUNS[noun].body:
        for _name, sent in probes(noun, odd_story, client):
            client.generic("POST", address(noun), json.dumps(sent), "application/json", HTTP_X_CHANGE_REASON="x")
    included = ",".join(next(route.view for route in LISTS if route.noun == noun).include_fields)
    target = f"{address(noun)}?page_size=200" + (f"&include={included}" if included else "")
    while target:
        response = client.get(target)
        assert response.status_code == 200, (target, response.content[:300])
        for row in response.json()["results"]:
            detail = client.get(f"{address(noun)}{row['id']}/")
            assert detail.status_code == 200, (noun, row)
        target = response.json()["next"]
