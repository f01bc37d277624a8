"""Faults of a client, clashes, outages and bugs told apart; what a constraint says on each engine."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import (
    DisallowedHost,
    RequestDataTooBig,
    SuspiciousFileOperation,
    SuspiciousOperation,
    TooManyFieldsSent,
    ValidationError,
)
from django.db import DataError, IntegrityError, OperationalError, models
from django.http import BadHeaderError
from hypothesis import given
from hypothesis import strategies as st

from claims.models import Claim, Verdict
from factcheck.base.errors import (
    Absent,
    Busy,
    Conflict,
    DomainError,
    Forbidden,
    Frozen,
    PreconditionRequired,
    RuleViolation,
    StaleVersion,
)
from factcheck.base.http.constraints import violation_of
from factcheck.base.http.outage import BUSY, FULL
from factcheck.base.http.problem_details import ProblemDetails, flatten_validation, in_a_sentence, problem_of

STATUSES = {
    RuleViolation: 400,
    Forbidden: 403,
    Absent: 404,
    Conflict: 409,
    Frozen: 409,
    StaleVersion: 412,
    PreconditionRequired: 428,
    Busy: 503,
}


@pytest.mark.parametrize(("error", "status"), STATUSES.items(), ids=lambda value: getattr(value, "__name__", value))
def test_each_error_of_the_domain_has_its_status_and_its_words(error: type[DomainError], status: int) -> None:
    problem = problem_of(error("What is wrong, and what to do."))
    assert problem is not None
    assert (problem.status, problem.detail, problem.errors, problem.unexpected) == (
        status, "What is wrong, and what to do.", (), False,
    )  # fmt: skip


def test_an_error_about_a_field_names_it() -> None:
    problem = problem_of(RuleViolation("Say why.", code="rationale_required", field="rationale"))
    assert problem is not None
    assert problem.code == "rationale_required"
    assert problem.errors == ({"field": "rationale", "code": "rationale_required", "detail": "Say why."},)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (RequestDataTooBig(), 413, "too_large"),
        (TooManyFieldsSent(), 400, "too_many_parameters"),
        (SuspiciousOperation(), 400, "bad_request"),
        (SuspiciousFileOperation("../x"), 400, "bad_request"),
        (DisallowedHost("evil.example"), 400, "bad_request"),
        (DataError("integer out of range"), 400, "invalid_value"),
        (OverflowError("Python int too large to convert to SQLite INTEGER"), 400, "invalid_value"),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"), 400, "invalid_value"),
        (BadHeaderError("newline"), 400, "invalid_value"),
        (OperationalError("Expression tree is too large (maximum depth 1000)"), 400, "too_complex"),
        (OperationalError("too many SQL variables"), 400, "too_complex"),
        (OperationalError("parser stack overflow"), 400, "too_complex"),
        (OperationalError("user-defined function raised exception"), 400, "invalid_value"),
        (OperationalError("database or disk is full"), 507, FULL),
        (OperationalError("database is locked"), 503, BUSY),
    ],
)
def test_what_a_client_or_the_machine_has_done_is_answered_as_that(error: Exception, status: int, code: str) -> None:
    problem = problem_of(error)
    assert problem is not None
    assert (problem.status, problem.code) == (status, code)
    assert problem.detail.endswith(".")


@pytest.mark.parametrize(
    "error",
    [
        ValueError("a bug"),
        TypeError("a bug"),
        KeyError("a"),
        RecursionError(),
        AttributeError("x"),
        ZeroDivisionError(),
    ],
)
def test_a_bug_is_left_alone(error: Exception) -> None:
    assert problem_of(error) is None


def raised_in(module: str, error: Exception) -> Exception:
    """The error as if it came out of a module of this name."""
    try:
        exec("raise error", {"__name__": module, "error": error})
    except Exception as caught:  # noqa: BLE001 - whatever it is
        return caught
    raise AssertionError


@pytest.mark.parametrize(
    "module", ["json.decoder", "django.forms.fields", "rest_framework.fields", "django.db.models.sql.where"]
)
def test_a_nesting_without_end_in_what_reads_input_is_the_clients(module: str) -> None:
    problem = problem_of(raised_in(module, RecursionError()))
    assert problem is not None
    assert problem.status == 400


@pytest.mark.parametrize("module", ["jsonish", "claims.services.claim", "django.formsets"])
def test_a_nesting_without_end_of_our_own_is_a_bug(module: str) -> None:
    assert problem_of(raised_in(module, RecursionError())) is None


def test_a_value_that_only_the_admin_could_have_read_is_the_clients() -> None:
    assert problem_of(raised_in("django.contrib.admin.views.main", ValueError("year 10000"))) is not None
    assert problem_of(raised_in("claims.admin.claim", ValueError("year 10000"))) is None


def test_without_input_a_number_out_of_range_is_a_bug() -> None:
    assert problem_of(DataError("out of range"), client_made=False) is None
    assert problem_of(DataError("out of range"), client_made=True) is not None


@pytest.mark.parametrize("error", [Conflict("x"), ValidationError("x"), RequestDataTooBig()])
def test_other_faults_do_not_hang_on_the_input(error: Exception) -> None:
    assert problem_of(error, client_made=False) is not None


# --- validation errors ---


def test_a_validation_error_is_flattened_to_its_fields() -> None:
    error = ValidationError(
        {
            "text": [ValidationError("Write it.", code="blank"), "Shorten it."],
            "__all__": ["The two do not fit."],
        }
    )
    assert flatten_validation(error) == [
        {"field": "text", "code": "blank", "detail": "Write it."},
        {"field": "text", "code": "invalid", "detail": "Shorten it."},
        {"field": None, "code": "invalid", "detail": "The two do not fit."},
    ]


def test_a_message_is_told_with_its_parameters() -> None:
    error = ValidationError("Choose from %(listed)s.", code="choice", params={"listed": "a, b"})
    assert flatten_validation(error) == [{"field": None, "code": "choice", "detail": "Choose from a, b."}]


@pytest.mark.parametrize(
    ("errors", "sentence"),
    [
        ([], "The input is not valid."),
        ([{"field": None, "detail": "Write it."}], "Write it."),
        ([{"field": "text", "detail": "Write it."}], "text: Write it."),
        ([{"field": "text", "detail": "Write it."}] * 3, "text: Write it. (2 more)"),
    ],
)
def test_the_first_problem_is_told_and_how_many_more(errors: list[dict[str, Any]], sentence: str) -> None:
    assert in_a_sentence(errors) == sentence


FIELDS = st.sampled_from(["text", "title", "__all__"])
MESSAGES = st.lists(st.text(st.characters(whitelist_categories=("L",)), min_size=1, max_size=5), min_size=1, max_size=3)


@given(st.dictionaries(FIELDS, MESSAGES, min_size=1))
def test_no_message_is_lost(messages: dict[str, list[str]]) -> None:
    problem = problem_of(ValidationError(messages))
    assert problem is not None
    told = sorted((entry["field"] or "__all__", entry["detail"]) for entry in problem.errors)
    assert told == sorted((name, text) for name, texts in messages.items() for text in texts)
    json.dumps(list(problem.errors))


# --- constraints ---


def refused(text: str) -> IntegrityError:
    return IntegrityError(text)


def refused_by_postgresql(**diagnosis: str | None) -> IntegrityError:
    names = ("constraint_name", "table_name", "column_name", "sqlstate", "message_detail")
    cause = Exception("refused")
    cause.diag = SimpleNamespace(**dict.fromkeys(names) | diagnosis)  # type: ignore[attr-defined]
    error = IntegrityError("refused")
    error.__cause__ = cause
    return error


OWN = [
    (model, constraint)
    for model in apps.get_models()
    if model._meta.app_label in {"claims", "sources", "audit", "webhooks"}
    for constraint in model._meta.constraints
]


@pytest.mark.parametrize(("model", "constraint"), OWN, ids=lambda value: getattr(value, "name", ""))
def test_every_rule_of_ours_is_told_in_its_words_on_postgresql(
    model: type[models.Model], constraint: models.BaseConstraint
) -> None:
    state = "23514" if isinstance(constraint, models.CheckConstraint) else "23505"
    found = violation_of(
        refused_by_postgresql(constraint_name=constraint.name, table_name=model._meta.db_table, sqlstate=state)
    )
    assert found.name == constraint.name
    assert found.kind == ("check" if state == "23514" else "unique")
    assert "constraint" not in found.message.lower()
    assert model._meta.db_table not in found.message


@pytest.mark.parametrize(
    ("model", "constraint"),
    [(model, one) for model, one in OWN if isinstance(one, models.CheckConstraint)],
    ids=lambda value: getattr(value, "name", ""),
)
def test_every_check_of_ours_is_told_in_its_words_on_sqlite(
    model: type[models.Model], constraint: models.BaseConstraint
) -> None:
    found = violation_of(refused(f"CHECK constraint failed: {constraint.name}"))
    assert (found.kind, found.name) == ("check", constraint.name)
    assert found.message.startswith(str(constraint.violation_error_message))


@pytest.mark.parametrize(
    ("error", "kind", "fields"),
    [
        (refused("NOT NULL constraint failed: claims_claim.text"), "required", ("text",)),
        (refused("FOREIGN KEY constraint failed"), "reference", ()),
        (refused("CHECK constraint failed: of_nobody"), "check", ()),
        (refused("something else"), "check", ()),
        (refused(""), "check", ()),
        (refused_by_postgresql(sqlstate="23502", table_name="claims_claim", column_name="text"), "required", ("text",)),
        (refused_by_postgresql(sqlstate="23503"), "reference", ()),
        (refused_by_postgresql(sqlstate="23514", constraint_name="of_nobody"), "check", ()),
        (refused_by_postgresql(sqlstate="23505"), "unique", ()),
        (refused_by_postgresql(), "check", ()),
    ],
)
def test_what_is_no_named_rule_is_told_in_general(error: IntegrityError, kind: str, fields: tuple[str, ...]) -> None:
    found = violation_of(error)
    assert (found.kind, found.fields) == (kind, fields)
    assert found.message.endswith(".")
    assert "SQL" not in found.message


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (refused("NOT NULL constraint failed: claims_claim.text"), 400),
        (refused("FOREIGN KEY constraint failed"), 409),
        (refused("CHECK constraint failed: verdict_two_people"), 409),
    ],
)
def test_a_clash_is_a_409_and_what_is_missing_a_400(error: IntegrityError, status: int) -> None:
    problem = problem_of(error)
    assert isinstance(problem, ProblemDetails)
    assert problem.status == status
    assert problem.unexpected, "a check in front was missing, and the log says so"


@given(st.text(max_size=200))
def test_no_words_of_a_database_break_the_answer(text: str) -> None:
    found = violation_of(refused(text))
    assert found.kind in {"unique", "check", "reference", "required"}
    assert found.message


def test_what_is_still_referred_to_is_counted_by_kind() -> None:
    rows = {Claim(pk=1), Claim(pk=2), Verdict(pk=3)}
    problem = problem_of(models.ProtectedError("protected", rows))
    assert problem is not None
    assert (problem.status, problem.code) == (409, "still_referred_to")
    assert "2 claims, 1 verdicts" in problem.detail
