"""Django's own admin, over the tables of the register: no theme, no rules, no masks, and as many columns and rows."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from benchmarks.peers.project import start_project
from benchmarks.request import Application, Request

APPS = tuple(f"django.contrib.{name}" for name in ("contenttypes", "auth", "sessions", "messages", "admin"))
MIDDLEWARE = (
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
)
EDITOR = "editor"


def start() -> Application:
    project = start_project("benchmarks.peers.admin_urls", database=True, apps=APPS, middleware=MIDDLEWARE)
    return replace(project, prepare=logged_in)


def logged_in(request: Request) -> Request:
    """The request, in a session of the desk."""
    return replace(request, headers={**request.headers, "cookie": cookie()})


@cache
def cookie() -> str:
    from django.contrib.auth.models import User  # noqa: PLC0415 - the project is set up by now
    from django.test import Client  # noqa: PLC0415 - as above

    client = Client()
    client.force_login(User.objects.get(username=EDITOR))
    return f"sessionid={client.cookies['sessionid'].value}"
