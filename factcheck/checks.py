"""System checks of what Django cannot know: `manage.py check` runs them, `--deploy` those for production."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django
import rest_framework
from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from factcheck.env import LOOPBACK_HOSTS

# The first releases without the faults that touch this service (memory bombs, stored script in the admin).
DJANGO_FLOOR = (5, 2, 19)
REST_FRAMEWORK_FLOOR = (3, 18, 3)


@register(Tags.security)
def check_versions(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a Django or REST framework with known holes."""
    messages: list[CheckMessage] = []
    if django.VERSION[:3] < DJANGO_FLOOR:
        messages.append(
            Error(
                f"Django {django.get_version()} has known security faults.",
                hint="Install the versions of requirements.lock.",
                id="factcheck.E001",
            )
        )
    if tuple(int(part) for part in rest_framework.VERSION.split(".")[:3]) < REST_FRAMEWORK_FLOOR:
        messages.append(
            Error(
                f"Django REST framework {rest_framework.VERSION} has known security faults.",
                hint="Install the versions of requirements.lock.",
                id="factcheck.E002",
            )
        )
    return messages


@register(Tags.security)
def check_loopback(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Keep a development server, whose key everybody knows, on its own machine."""
    if settings.FACTCHECK_PRODUCTION:
        return []
    # Django's test runner adds a host of its own.
    foreign = sorted(set(settings.ALLOWED_HOSTS) - {*LOOPBACK_HOSTS, ".localhost", "testserver"})
    if not foreign:
        return []
    return [
        Error(
            f"A development server must not answer to {', '.join(foreign)}: its secret key is in the source.",
            hint="Set FACTCHECK_ENV=production, FACTCHECK_SECRET_KEY and FACTCHECK_BASE_URL.",
            id="factcheck.E003",
        )
    ]


@register(Tags.database)
def check_statement_limit(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Through PgBouncer no connection brings its limit of time with it: the database has to have one."""
    messages: list[CheckMessage] = []
    for name in (databases or []) if settings.FACTCHECK_PGBOUNCER else []:
        with connections[name].cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            (limit,) = cursor.fetchone()
        if limit == "0":
            messages.append(
                checks.Warning(
                    f"No statement of the database {name} has a limit of time.",
                    hint="ALTER DATABASE ... SET statement_timeout = '10s', and connect again.",
                    id="factcheck.W003",
                )
            )
    return messages


@register(Tags.security)
def check_private_files(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Drafts and withheld names are in these files: other accounts of the machine are not to read them."""
    folder = Path(settings.FACTCHECK_DATA_DIR)
    if not settings.FACTCHECK_PRODUCTION or not folder.is_dir() or not folder.stat().st_mode & 0o077:
        return []
    return [
        checks.Warning(
            f"Other accounts of this machine may look into {folder}.",
            hint=f"chmod -R go= {folder}",
            id="factcheck.W004",
        )
    ]


@register(Tags.database)
def check_roles(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """A role that is none would need no second factor, or be given to nobody who logs in by single sign-on."""
    wanted = settings.FACTCHECK_SECOND_FACTOR_FOR
    given = [role for _group, role in settings.FACTCHECK_OIDC.roles]
    if not [*wanted, *given] or "default" not in (databases or []):
        return []
    if "auth_group" not in connections["default"].introspection.table_names():
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT name FROM auth_group ORDER BY name")
        names = [name for (name,) in cursor.fetchall()]
    faults = [
        *(("SECOND_FACTOR_FOR", name, "nobody needs a second factor for it", "factcheck.W005") for name in wanted),
        *(("OIDC_ROLES", name, "who is in its group gets no role", "factcheck.W006") for name in given),
    ]
    return [
        checks.Warning(
            f"FACTCHECK_{setting} names “{name}”, which is no role here: {outcome}.",
            hint=f"The roles are {', '.join(names) or 'not there yet: run migrate'}.",
            id=number,
        )
        for setting, name, outcome, number in faults
        if name not in names
    ]


@register(Tags.security, deploy=True)
def check_production(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Ask for the environment and the address under which the public reads the register."""
    if not settings.FACTCHECK_PRODUCTION:
        return [
            checks.Warning(
                "These are the settings of a development server.",
                hint="Set FACTCHECK_ENV=production.",
                id="factcheck.W001",
            )
        ]
    if urlsplit(settings.FACTCHECK_BASE_URL).scheme != "https":
        return [
            checks.Warning(
                "Links in reports would lead to a plain http address.",
                hint="Let FACTCHECK_BASE_URL start with https://.",
                id="factcheck.W002",
            )
        ]
    return []
