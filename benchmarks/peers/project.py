"""A Django project with two middlewares and nothing else, as a peer is one."""

from __future__ import annotations

from collections.abc import Sequence

import dj_database_url
import django
from django.conf import settings

from benchmarks.environment import database_url
from benchmarks.registers import HOST
from benchmarks.request import Application
from benchmarks.wsgi import application_of

PROCESSORS = (
    "template.context_processors.request",
    "contrib.auth.context_processors.auth",
    "contrib.messages.context_processors.messages",
)


def start_project(
    urls: str, *, database: bool, apps: Sequence[str] = (), middleware: Sequence[str] = ()
) -> Application:
    """The application of a project with these addresses; with the database of the register where one is asked for."""
    settings.configure(
        ALLOWED_HOSTS=[HOST],
        ROOT_URLCONF=urls,
        INSTALLED_APPS=["rest_framework", "benchmarks.peers", *apps],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.middleware.common.CommonMiddleware",
            *middleware,
        ],
        # Without a statement for the session: the least that a page of somebody known can take.
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": [f"django.{name}" for name in PROCESSORS]},
            }
        ],
        STATIC_URL="static/",
        DATABASES={"default": dj_database_url.parse(database_url(), conn_max_age=None)} if database else {},
        REST_FRAMEWORK={
            "DEFAULT_AUTHENTICATION_CLASSES": [],
            "UNAUTHENTICATED_USER": None,
            "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
            "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
            "PAGE_SIZE": 50,
        },
        SECRET_KEY="for measurements alone",
        USE_TZ=True,
        TIME_ZONE="UTC",
    )
    django.setup()
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 - once there are settings

    return application_of(get_wsgi_application())
