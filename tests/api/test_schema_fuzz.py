"""Requests made up from the OpenAPI document, right ones and wrong ones: the service answers as the document says."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from threading import BoundedSemaphore
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from knox.models import AuthToken
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

from claims.exports.lists import stream
from tests.api.nouns import NOUNS, address

THOROUGH = "SCHEMA_EXAMPLES" in os.environ
"""SCHEMA_EXAMPLES=50 asks for so many, of every operation: wrong questions, and the exports of all nouns too."""
SEED = os.environ.get("SCHEMA_SEED")
"""SCHEMA_SEED=1 asks for others than the usual ones, on the engine of the run."""
EXAMPLES = int(os.environ.get("SCHEMA_EXAMPLES", "2"))
"""For each operation and for each of right and wrong data. What is compared is the document, which is the same on both
engines; values that an engine could choke on are in `tests.api.odd`, for both."""
SHAPE = "response_schema_conformance"
WANTED = ("not_a_server_error", "status_code_conformance", "content_type_conformance", SHAPE)
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor != "sqlite" and SEED is None, reason="the document is the same on both engines"
    ),
]
BOUNDED = settings(
    max_examples=EXAMPLES,
    derandomize=SEED is None,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def document(desk: Any) -> Iterator[Any]:
    """The document, with the service itself behind it.

    The end of a request would close the connection, and with it the transaction around this module.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/schema/?format=json", get_wsgi_application())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module", autouse=True)
def room_for_streams() -> Iterator[None]:
    """Who asks here does not close what is handed out: it gives its place back when it is thrown away, in a later test
    as well, but never after this module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream, "_places", BoundedSemaphore(100_000))
        yield
        gc.collect()


@pytest.fixture(scope="module")
def checks() -> list[Any]:
    return [check for name in WANTED for check in CHECKS.get_by_names([name])]


def probe(operation: Any, mode: GenerationMode, known: list[int], token: str, checks: list[Any]) -> None:
    """Send what is made up for the operation, about half of it to rows that exist; each is taken back afterwards."""

    @hypothesis.seed(SEED)
    @BOUNDED
    @given(st.data())
    def send(data: Any) -> None:
        case = data.draw(operation.as_strategy(generation_mode=mode))
        if known and "id" in (case.path_parameters or {}) and data.draw(st.booleans()):
            case.path_parameters["id"] = data.draw(st.sampled_from(known))
        # What `fields` leaves out is missing, as its description says; `test_described_parameters` reads those answers.
        whole = "fields" not in (case.query or {})
        with transaction.atomic():
            response = case.call(headers={"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"})
            transaction.set_rollback(True)
        case.validate_response(response, checks=[check for check in checks if whole or check.__name__ != SHAPE])

    send()


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("noun", NOUNS)
def test_answers_are_as_documented(story, desk, document, checks, noun, mode):
    _row, token = AuthToken.objects.create(desk.administrator)
    known = list(NOUNS[noun].model.objects.order_by("pk").values_list("pk", flat=True)[:5])
    failures: list[str] = []
    for operation in (result.ok() for result in document.get_all_operations()):
        if not operation.path.startswith(address(noun)) or (
            not THOROUGH and noun != "claim" and "/export/" in operation.path
        ):
            continue  # the exports of all nouns are one view
        if not THOROUGH and mode is GenerationMode.NEGATIVE and operation.method == "get":
            continue  # odd questions are asked by test_odd_requests
        try:
            probe(operation, mode, known, token, checks)
        except hypothesis.errors.Unsatisfiable:
            continue  # nothing wrong can be made up where nothing is asked for
        except BaseExceptionGroup as group:  # all operations are to be told at once
            failures += [f"{operation.label}: {failure}" for failure in group.exceptions]
    assert not failures, "\n\n".join(failures)


BESIDE_NOUNS = ("balance", "changes", "jobs", "me", "rules", "search", "tokens")
"""What the document has beside the nouns, by the first part of its address."""


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_what_is_no_noun_is_as_documented(story, desk, document, checks, mode):
    _row, token = AuthToken.objects.create(desk.administrator)
    failures: list[str] = []
    tried = set()
    for operation in (result.ok() for result in document.get_all_operations()):
        first = operation.path.removeprefix("/api/v1/").partition("/")[0]
        if any(operation.path.startswith(address(noun)) for noun in NOUNS):
            continue
        tried.add(first)
        if not THOROUGH and mode is GenerationMode.NEGATIVE and operation.method == "get":
            continue
        try:
            probe(operation, mode, [], token, checks)
        except hypothesis.errors.Unsatisfiable:
            continue
        except BaseExceptionGroup as group:
            failures += [f"{operation.label}: {failure}" for failure in group.exceptions]
    assert not failures, "\n\n".join(failures)
    assert tried - {""} == {*BESIDE_NOUNS}
