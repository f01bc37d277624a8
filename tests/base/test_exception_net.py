"""What falls through a view becomes an answer, and a bug stays a bug (FAULTS T6, T7, T23, T26, T42)."""

import json

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.test import RequestFactory

from factcheck.audit.models import IdempotencyKey
from factcheck.base.errors import Forbidden, Frozen, RuleViolation
from factcheck.base.http.constraints import violation_of
from factcheck.base.http.net import answer_to
from factcheck.base.http.problem_details import problem_of
from sources.models import Source
from tests.base.urls import KIND

pytestmark = [pytest.mark.urls("tests.base.urls")]

ANSWERS = [
    ("overflow", 400, "invalid_value"),
    ("data", 400, "invalid_value"),
    ("tree", 400, "too_complex"),
    ("integrity", 409, "reference"),
    ("locked", 503, "unavailable"),
    ("interrupted", 503, "too_slow"),
    ("full", 507, "storage_full"),
    ("no-room", 507, "storage_full"),
    ("quota", 507, "storage_full"),
    ("read-only", 503, "read_only"),
    ("no-right", 503, "read_only"),
    ("too-many-files", 503, "unavailable"),
    ("no-file", 500, "server_error"),
    ("denied", 403, "forbidden"),
    ("bug", 500, "server_error"),
    ("value", 500, "server_error"),
    ("missing-table", 500, "server_error"),
]


@pytest.mark.parametrize(("how", "status", "code"), ANSWERS)
def test_exception_of_an_api_view_is_a_problem(anyone, how, status, code):
    response = anyone.get(f"/api/fail/{how}/")
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("how", "status", "code"), ANSWERS)
def test_exception_of_a_page_is_a_page(anyone, how, status, code):
    response = anyone.get(f"/fail/{how}/")
    assert response.status_code == status
    assert response["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("path", ["/bug/", "/fail/bug/", "/api/fail/bug/"])
def test_a_fault_tells_nothing_of_the_inside(anyone, path):
    answer = anyone.get(path)
    assert answer.status_code == 500
    for inside in ("Traceback", "Error(", "OverflowError", "ZeroDivisionError", "a bug", "could have made", ".py"):
        assert inside not in answer.content.decode()


def test_busy_database_says_when_to_come_back(anyone):
    assert anyone.get("/api/fail/locked/")["Retry-After"]


def test_overflow_without_client_input_stays_a_bug(anyone):
    assert anyone.get("/bug/").status_code == 500
    assert anyone.get("/bug/?a=1").status_code == 400


def test_posted_form_is_told_that_nothing_is_lost(anyone):
    assert b"what you typed" in anyone.post("/fail/integrity/").content


def test_recursion_is_the_clients_only_in_a_parser():
    def endless():
        endless()

    for act, answered in [(lambda: json.loads("[" * 100_000), True), (endless, False)]:
        with pytest.raises(RecursionError) as caught:
            act()
        answer = answer_to(RequestFactory().post("/"), caught.value)
        assert (answer is not None) is answered


def test_domain_errors_keep_their_code_and_field():
    problem = problem_of(RuleViolation("Say why.", code="reason_required", field="change_reason"))
    assert (problem.status, problem.code, problem.errors[0]["field"]) == (400, "reason_required", "change_reason")
    assert problem_of(Frozen("No.")).status == 409
    assert problem_of(Forbidden("No.")).status == 403


def test_django_validation_error_names_its_fields():
    error = ValidationError({"name": ValidationError("Too %(how)s.", code="long", params={"how": "long"})})
    assert problem_of(error).errors == ({"field": "name", "code": "long", "detail": "Too long."},)


@pytest.mark.django_db
def test_duplicate_of_a_unique_column_names_the_field():
    Group.objects.create(name="one")
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Group.objects.create(name="one")
    assert violation_of(caught.value).fields == ("name",)
    problem = problem_of(caught.value)
    assert problem.status == 409
    assert "constraint" not in problem.detail
    assert "auth_group" not in problem.detail


@pytest.mark.django_db
def test_named_constraint_speaks_with_its_own_message(researcher):
    row = {"actor": researcher, "key": "k", "target": "", "fingerprint": "", "status": 201, "body": b""}
    IdempotencyKey.objects.create(**row)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        IdempotencyKey.objects.create(**row)
    found = violation_of(caught.value)
    assert found.name == "audit_idempotency_key_once"
    assert found.message == "A request with this Idempotency-Key was already answered."


@pytest.mark.django_db
def test_check_constraint_speaks_with_its_own_message():
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Source(kind=KIND, name="A", withheld=True).save()
    found = violation_of(caught.value)
    assert (found.kind, found.name) == ("check", "source_withheld_has_reason")
    assert problem_of(caught.value).status == 409


@pytest.mark.django_db
def test_missing_value_is_bad_input():
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Group.objects.create(name=None)
    problem = problem_of(caught.value)
    assert (problem.status, problem.errors[0]["field"]) == (400, "name")


@pytest.mark.django_db
def test_row_that_is_referred_to_says_by_what():
    parent = Source(kind=KIND, name="Parent")
    parent.save()
    Source(kind=KIND, name="Part", part_of=parent).save()
    with pytest.raises(ProtectedError) as caught:
        parent.delete()
    problem = problem_of(caught.value)
    assert (problem.status, problem.code) == (409, "still_referred_to")
    assert "1 source" in problem.detail


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "?created_at__year=9999",
        "?created_at__year=0",
        "?created_at__gte=0001-01-01T00:00:00%2B14:00",
        "?version__in=1,9223372036854775808",
        "?kind__exact=%00",
        "?p=99999999999999999999",
        "add/?created_at=x",
        "9" * 30 + "/change/",
    ],
)
def test_admin_list_takes_odd_filters(admin_client, query):
    admin_client.raise_request_exception = False
    assert admin_client.get(f"/admin/sources/source/{query}").status_code < 500
