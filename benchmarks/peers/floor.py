"""The floor: a bare project of Django REST framework with two middlewares, whose one view answers a small dict."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import django
from django.conf import settings

from benchmarks.registers import HOST
from benchmarks.request import Answer, Request
from benchmarks.wsgi import ask


def start() -> Callable[[Request], Answer]:
    settings.configure(
        ALLOWED_HOSTS=[HOST],
        ROOT_URLCONF="benchmarks.peers.floor_urls",
        INSTALLED_APPS=["rest_framework"],
        MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"],
        REST_FRAMEWORK={
            "DEFAULT_AUTHENTICATION_CLASSES": [],
            "UNAUTHENTICATED_USER": None,
            "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        },
        SECRET_KEY="for measurements alone",
        USE_TZ=True,
    )
    django.setup()
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 - once there are settings

    application = get_wsgi_application()
    return lambda request: ask(application, request, {})


@contextmanager
def count() -> Iterator[list[str]]:
    """It asks no database."""
    yield []
