"""What all tests share: the engine, the roles and ratings, the people, and their clients."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from rest_framework.test import APIClient

from tests import factories
from tests.engine import django_db_modify_db_settings, fast_passwords
from tests.factories import load_vocabularies

SQLITE_ENGINE = "factcheck.base.sqlite3"
WITH_A_SERVER = {"test_commands.py", "test_engine.py", "test_settings.py"}
"""Start databases or commands of their own."""
__all__ = ["django_db_modify_db_settings", "fast_passwords"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL leave out the tests that never ask a database: they would only repeat what they said on SQLite."""
    if settings.DATABASES["default"]["ENGINE"] == SQLITE_ENGINE:
        return
    left_out = [item for item in items if not _asks_a_database(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if _asks_a_database(item)]


def _asks_a_database(item: Any) -> bool:
    asked = {"db", "transactional_db", "django_db_setup", "live_server"} & set(item.fixturenames)
    return bool(asked) or item.get_closest_marker("django_db") is not None or item.path.name in WITH_A_SERVER


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database with the roles and the rating scale that every installation has: loaded once, since each test
    is rolled back."""
    with django_db_blocker.unblock():
        load_vocabularies()


@pytest.fixture(autouse=True)
def kept_files(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The folder of the copies that a test keeps: never the one of this machine's own register."""
    settings.MEDIA_ROOT = tmp_path_factory.getbasetemp() / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def register(db: None) -> None:
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
