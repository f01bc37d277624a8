"""What all tests share: the engine, the roles and ratings, the people, and their clients."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from _pytest import runner
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.template import RequestContext
from django.test import client as test_client
from django.test import override_settings
from rest_framework.test import APIClient

from factcheck.api.filters import ReferenceFilter
from factcheck.base.frames import roomy
from tests import factories
from tests.database import django_db_setup, empty_tables, is_sqlite, module_rows, vocabularies
from tests.factories import load_vocabularies

WITH_A_SERVER = {"test_commands.py", "test_engine.py", "test_settings.py"}
"""Start databases or commands of their own."""
__all__ = ["django_db_setup", "module_rows", "vocabularies"]

# Many tests ask which pages there are, before anybody has asked for one.
admin.autodiscover()
connection.ops.__class__.execute_sql_flush = empty_tables

# Django and pytest keep nearly all that they make, and the collector looks at it again and again: a sixth of the whole
# time. So it rests while all is loaded, never looks at that, and waits for many new objects before it looks at those.
gc.disable()


def pytest_collection_finish(session: pytest.Session) -> None:
    gc.freeze()
    gc.set_threshold(100_000, 50, 1_000)
    gc.enable()


LONGEST = ("upgrade", "test_demo_result", "test_described_answers", "test_hidden_by_filters", "test_doors", "openapi")
"""Folders and modules that begin, so that in the end no worker waits for the others."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL leave out the tests that never ask a database: they would only repeat what they said on SQLite."""
    items.sort(key=lambda item: not {item.path.stem, item.path.parent.name} & {*LONGEST})
    if is_sqlite():
        return
    left_out = [item for item in items if not _asks_a_database(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if _asks_a_database(item)]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """As pytest does, with room for the frames of a test and its fixtures."""
    roomy(runner.pytest_runtest_protocol, item, nextitem)
    return True


def _asks_a_database(item: Any) -> bool:
    asked = {"db", "transactional_db", "django_db_setup", "live_server"} & set(item.fixturenames)
    return bool(asked) or item.get_closest_marker("django_db") is not None or item.path.name in WITH_A_SERVER


@pytest.fixture(scope="session", autouse=True)
def fast_passwords() -> Iterator[None]:
    """Hash passwords fast: what makes a hash safe makes a test with ten users slow."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def context_of_the_page() -> Iterator[None]:
    """Of an answer the values that its page was drawn with. The test client copies those of every piece of it too, of
    which a page of the desk has a hundred."""
    store = test_client.store_rendered_templates

    def store_first(kept: dict[str, Any], signal: Any, sender: Any, template: Any, context: Any, **more: Any) -> None:
        if isinstance(context, RequestContext) and "context" not in kept:
            store(kept, signal, sender, template, context, **more)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(test_client, "store_rendered_templates", store_first)
        yield


@pytest.fixture(autouse=True)
def kept_files(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The folder of the copies that a test keeps: never the one of this machine's own register."""
    settings.MEDIA_ROOT = tmp_path_factory.getbasetemp() / "files"
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def no_worker(settings: Any) -> None:
    """None runs beside a test: nobody waits for one."""
    settings.FACTCHECK_REPORT_WAIT = 0


@pytest.fixture(autouse=True)
def lasting_sessions(settings: Any) -> None:
    """Tests travel in time: no session ends by itself, but where a test asks for that."""
    settings.FACTCHECK_SESSION_HOURS = settings.FACTCHECK_SESSION_IDLE_MINUTES = 0


@pytest.fixture
def quick_references(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a filter refers to is looked up once, where thousands of questions name the same few rows."""
    found: dict[tuple[Any, str], list[Any]] = {}
    look_up = ReferenceFilter.pks_of

    def pks_of(self: ReferenceFilter, value: str) -> list[Any]:
        key = (self.parent.request.user, value)
        if key not in found:
            found[key] = look_up(self, value)
        return found[key]

    monkeypatch.setattr(ReferenceFilter, "pks_of", pks_of)


@pytest.fixture
def register(vocabularies: None, db: None) -> None:
    """The roles and the rating scale are there."""
    load_vocabularies()


@pytest.fixture
def live_register(transactional_db: None) -> None:
    """As `register`, for tests in which several connections see each other's rows."""
    load_vocabularies()


@pytest.fixture
def ann(register: None) -> Any:
    """A researcher."""
    return factories.make_user("ann", "Researcher", first_name="Ann", last_name="Archer")


@pytest.fixture
def rob(register: None) -> Any:
    """Another researcher."""
    return factories.make_user("rob", "Researcher", first_name="Rob", last_name="Reed")


@pytest.fixture
def reviewer(register: None) -> Any:
    return factories.make_user("vera", "Reviewer", first_name="Vera", last_name="Voss")


@pytest.fixture
def editor(register: None) -> Any:
    return factories.make_user("edgar", "Editor", first_name="Edgar", last_name="Ellis")


@pytest.fixture
def administrator(register: None) -> Any:
    return factories.make_user("ada", "Administrator", first_name="Ada", last_name="Adler")


@pytest.fixture
def reader(register: None) -> Any:
    """A guest who is logged in but does not work on the desk."""
    return factories.make_user("rita", "Reader", first_name="Rita", last_name="Rowe")


@pytest.fixture
def anonymous() -> AnonymousUser:
    return AnonymousUser()


@pytest.fixture
def api() -> Any:
    """A function that gives the API client of a user; without one, of the public."""

    def client(user: Any = None) -> APIClient:
        made = APIClient()
        if user is not None:
            made.force_authenticate(user)
        return made

    return client
