"""The register itself, for `benchmarks.worker`: its WSGI application with every middleware and its log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

from benchmarks.request import Application, Request
from benchmarks.wsgi import application_of

PEOPLE = {"desk": "editor", "author": "researcher", "reviewer": "reviewer"}


def start() -> Application:
    """The application; who reads at the desk has a session in the admin and pages, and a token in the API."""
    from factcheck.wsgi import application  # noqa: PLC0415 - sets the service up

    known = {reader: credentials(username) for reader, username in PEOPLE.items()}

    def prepare(request: Request) -> Request:
        headers = dict(request.headers)
        if request.reader in known:
            token, cookie = known[request.reader]
            headers |= {"authorization": token} if request.path.startswith("/api/") else {"cookie": cookie}
        return replace(request, path=with_cursor(request.path), headers=headers)

    return application_of(application, prepare=prepare, count=sent)


def credentials(username: str) -> tuple[str, str]:
    """The header of a token for the API, and a cookie for the pages, of one of the people of the register."""
    from django.conf import settings  # noqa: PLC0415
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from knox.models import AuthToken  # noqa: PLC0415

    user = User.objects.get(username=username)
    _row, token = AuthToken.objects.create(user=user)
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return f"Bearer {token}", f"{name}={client.cookies[name].value}"


@cache
def with_cursor(path: str) -> str:
    """The path with the register's own cursor in the place of `{after 777}`."""
    found = re.search(r"\{after (\d+)\}", path)
    if found is None:
        return path
    from django.test import RequestFactory  # noqa: PLC0415
    from rest_framework.request import Request as ApiRequest  # noqa: PLC0415

    from factcheck.api.pagination import Order, SignedCursorPagination  # noqa: PLC0415

    pages = SignedCursorPagination()
    bare = path.partition("?")[0]
    pages.request, pages.base_url = ApiRequest(RequestFactory().get(bare)), bare
    pages.order = Order("-id", "id", descending=True, falling=True)
    return pages.link_from({"id": int(found[1])}, reverse=False)


@contextmanager
def sent() -> Iterator[list[tuple[str, Any]]]:
    """Collects the statements that this thread sends meanwhile, with their parameters."""
    from django.db import connection  # noqa: PLC0415

    found: list[tuple[str, Any]] = []

    def see(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(see):
        yield found
