"""What the tests of the REST doors share: the desk and the story, made once a module and taken back after it."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from tests import factories
from tests.api.story import Story, tell

ROLES = ("Reader", "Researcher", "Reviewer", "Editor", "Administrator")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="Write the golden answers instead of comparing with them.")


@pytest.fixture(scope="module")
def desk(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """The roles, the rating scale and one person for each role, by the role's name.

    One transaction around the whole module: the tests in it are savepoints, and nothing is left afterwards.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        factories.load_vocabularies()
        yield SimpleNamespace(
            anonymous=None, **{role.lower(): factories.make_user(f"one-{role.lower()}", role) for role in ROLES}
        )
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def story(desk: SimpleNamespace) -> Story:
    """The register of `tests.api.story`."""
    return tell()


@pytest.fixture
def client_of(db: None) -> Any:
    """A function that gives the API client of a user (None: the public), told of faults instead of hit by them."""

    def client(user: Any = None) -> APIClient:
        made = APIClient(raise_request_exception=False)
        if user is not None:
            made.force_authenticate(user)
        return made

    return client
