"""Plain Django REST framework: ModelSerializer, prefetch_related, page numbers; who writes has a token and a role."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from benchmarks.peers.project import start_project
from benchmarks.request import Application, Request

APPS = ("django.contrib.contenttypes", "django.contrib.auth", "knox")
WRITER = "editor"


def start() -> Application:
    return replace(start_project("benchmarks.peers.drf_create", database=True, apps=APPS), prepare=signed)


def signed(request: Request) -> Request:
    """The request, with the token of the writer where it changes something."""
    if request.method == "GET":
        return request
    return replace(request, headers={**request.headers, "authorization": f"Token {token()}"})


@cache
def token() -> str:
    from django.contrib.auth.models import User  # noqa: PLC0415 - the project is set up by now
    from knox.models import AuthToken  # noqa: PLC0415 - as above

    return str(AuthToken.objects.create(user=User.objects.get(username=WRITER))[1])
