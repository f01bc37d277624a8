"""The pages of the desk, which stand on nearly everything else: they are imported when somebody asks for one, so that
commands, workers and readers need not wait for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.contrib import admin
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks
from django.http import HttpRequest, HttpResponse
from django.urls import URLResolver
from django.urls.resolvers import RoutePattern
from django.utils.module_loading import import_string

PAGES = "factcheck.desk_urls"


class AdminConfig(SimpleAdminConfig):
    """The admin, whose pages are not looked for at the start."""

    default_site = "factcheck.desk_site.DeskSite"

    def ready(self) -> None:
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(check_pages, checks.Tags.admin)


def check_pages(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Django's own check of every page, which finds those that were looked for."""
    admin.autodiscover()
    return list(check_admin_app(app_configs=app_configs, **kwargs))


class DeskResolver(URLResolver):
    """The addresses of the admin under their namespace, known to Django before they are imported."""

    def __init__(self, route: str) -> None:
        super().__init__(RoutePattern(route), PAGES, app_name="admin", namespace=admin.site.name)

    def _populate(self) -> None:
        """Called for every resolver when the first address of all is looked for by its name.

        Nothing is lost: names in a namespace are looked for in a resolver that Django makes from `url_patterns`.
        """


def desk_view(name: str, *, open_to_all: bool = False) -> Callable[..., HttpResponse]:
    """A page of the desk beside those of the admin, by the dotted name of its view; for who is logged in, unless it is
    open to all."""

    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        import_module(PAGES)
        found = import_string(name)
        return (found if open_to_all else admin.site.admin_view(found))(request, *args, **kwargs)

    return view
