"""What the tests of the REST doors share: the desk and the story, made once a module and taken back after it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests import factories
from tests.api.story import Story, tell

ROLES = ("Reader", "Researcher", "Reviewer", "Editor", "Administrator")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="Write the golden answers instead of comparing with them.")


@pytest.fixture(scope="module")
def desk(module_rows: None) -> SimpleNamespace:
    """One person for each role, by the role's name."""
    people = {role.lower(): factories.make_user(f"one-{role.lower()}", role) for role in ROLES}
    return SimpleNamespace(anonymous=None, **people)


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
