"""A method that an address does not take is refused in words, also by Django's own views."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "NONSENSE"])
@pytest.mark.parametrize("path", ["/api/", "/api/docs/", "/api/schema/", "/api/v1/claims/", "/claims/", "/method/"])
def test_a_method_that_is_not_taken_is_answered_in_words(path: str, method: str) -> None:
    """At an address for those who are known a token is asked for first."""
    answer = Client().generic(method, path)
    assert answer.status_code in {401, 405}, answer.content
    if path.startswith("/api/"):
        code = "method_not_allowed" if answer.status_code == 405 else "not_authenticated"
        assert (answer["Content-Type"], answer.json()["code"]) == ("application/problem+json", code)
    assert answer.status_code == 401 or ("GET" in answer["Allow"] and answer.content)
