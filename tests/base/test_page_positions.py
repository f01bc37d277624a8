"""Pages, permissions and references as functions: sizes, orders, positions, rights and ids at their limits."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured, ObjectDoesNotExist
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from claims.models import Claim, Verdict
from factcheck.api.pagination import (
    SALT,
    SALT_BEFORE,
    SignedCursorPagination,
    column_field,
    ordering_columns,
)
from factcheck.api.permissions import VERBS, DenyAll, ModelRolePermissions, is_extra_action
from factcheck.api.problem import Problem
from factcheck.api.reference import REPRESENTED, Reference, reader_in
from factcheck.base.http.address import public_url
from sources.models import Source

LARGEST = 2**63 - 1


def asked(path: str, **query: Any) -> Request:
    return Request(RequestFactory().get(path, query))


def pages(request: Request, **view: Any) -> SignedCursorPagination:
    """The pagination of a list of sources, as far as it is before it asks the database."""
    paginator = SignedCursorPagination()
    paginator.request, paginator.base_url = request, public_url(request.get_full_path())
    paginator.order = paginator.read_ordering(request, SimpleNamespace(**view))
    paginator.field = column_field(Source.objects.all(), paginator.order.column)
    return paginator


# --- sizes and orders ---


@pytest.mark.parametrize("size", [1, 2, 50, 199, 200])
def test_a_page_has_the_size_that_was_asked_for(size: int) -> None:
    assert SignedCursorPagination().get_page_size(asked("/", page_size=size)) == size


def test_a_page_has_fifty_rows_when_nobody_asks() -> None:
    assert SignedCursorPagination().get_page_size(asked("/")) == 50


@pytest.mark.parametrize(
    "size", ["0", "201", "-1", "+5", "5.0", "1e2", "", " 5", "5 ", "٥", "５", "²", "00005", "9" * 5_000, "many", "0x10"]
)
def test_a_size_that_is_no_number_from_1_to_200_is_refused_by_name(size: str) -> None:
    with pytest.raises(Problem) as caught:
        SignedCursorPagination().get_page_size(asked("/", page_size=size))
    assert (caught.value.status_code, caught.value.errors[0]["field"]) == (400, "page_size")


@given(st.text(max_size=6))
@settings(max_examples=40)
def test_no_text_makes_a_page_larger_than_the_largest(size: str) -> None:
    try:
        found = SignedCursorPagination().get_page_size(asked("/", page_size=size))
    except Problem as refusal:
        assert refusal.status_code == 400  # noqa: PT017 - either is right
    else:
        assert 1 <= found <= 200


@pytest.mark.parametrize(
    ("declared", "columns"),
    [
        ({}, {"id": "id"}),
        ({"ordering_fields": None}, {"id": "id"}),
        ({"ordering_fields": ("name",)}, {"id": "id", "name": "name"}),
        ({"ordering_fields": {"created": "created_at"}}, {"id": "id", "created": "created_at"}),
    ],
)
def test_a_list_can_be_ordered_by_what_it_declares_and_by_id(declared: dict[str, Any], columns: dict[str, str]) -> None:
    assert ordering_columns(SimpleNamespace(**declared)) == columns


@pytest.mark.parametrize(
    ("given_order", "read"),
    [
        ("id", ("id", "id", False, False)),
        ("-id", ("-id", "id", True, True)),
        ("created", ("created", "created_at", False, False)),
        ("-created", ("-created", "created_at", True, True)),
        ("-published_at", ("-published_at", "published", True, True)),
        ("-published_at,id", ("-published_at,id", "published", True, False)),
        ("published_at,-id", ("published_at,-id", "published", False, True)),
    ],
)
def test_an_order_is_read_by_its_public_name(given_order: str, read: tuple[str, str, bool]) -> None:
    view = SimpleNamespace(ordering_fields={"created": "created_at", "published_at": "published"})
    assert SignedCursorPagination().read_ordering(asked("/", ordering=given_order), view) == read


@pytest.mark.parametrize(
    "order", ["created_at", "--created", "", "-", "name", "ID", "created,id", "id\x00", "pk", "created,-id"]
)
def test_an_order_that_is_not_offered_is_refused_and_told_what_is(order: str) -> None:
    view = SimpleNamespace(ordering_fields={"created": "created_at"})
    with pytest.raises(Problem, match="created, id") as caught:
        SignedCursorPagination().read_ordering(asked("/", ordering=order), view)
    assert caught.value.errors[0]["field"] == "ordering"


@pytest.mark.parametrize(
    ("view", "read"),
    [
        ({}, ("-id", "id", True, True)),
        (
            {"default_ordering": "-created", "ordering_fields": {"created": "created_at"}},
            ("-created", "created_at", True, True),
        ),
        ({"default_ordering": "name"}, ("name", "name", False, False)),
    ],
)
def test_without_an_order_the_lists_own_stands(view: dict[str, Any], read: tuple[str, str, bool]) -> None:
    assert SignedCursorPagination().read_ordering(asked("/"), SimpleNamespace(**view)) == read


# --- positions ---


def position_in(link: str) -> dict[str, Any]:
    (cursor,) = parse_qs(urlsplit(link).query)["cursor"]
    return dict(signing.Signer(salt=SALT).unsign_object(cursor))


ROWS = [
    ("name", "Ünïcode & 'quotes' 東", "Ünïcode & 'quotes' 東"),
    ("id", 7, 7),
    ("id", LARGEST, LARGEST),
    ("created_at", datetime(2025, 7, 1, 14, 5, 6, 7, UTC), datetime(2025, 7, 1, 14, 5, 6, 7, UTC)),
    ("created_at", datetime(1, 1, 1, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)),
]


@pytest.mark.parametrize("as_dict", [True, False], ids=["values", "row"])
@pytest.mark.parametrize(("column", "value", "read"), ROWS)
def test_the_position_in_a_link_is_read_back_as_it_was(column: str, value: Any, read: Any, as_dict: bool) -> None:
    view = {"ordering_fields": ("name", "created_at")}
    written = pages(asked("/api/v1/sources/", ordering=column, kind="press"), **view)
    values = {"id": 7, column: value}
    link = written.link_from(values if as_dict else SimpleNamespace(**values), reverse=True)
    query = {name: value for name, (value,) in parse_qs(urlsplit(link).query).items()}
    assert query["kind"] == "press"
    again = asked("/api/v1/sources/", **query)
    position = pages(again, **view).read_cursor(again)
    assert position is not None
    assert position["k"] == [read, values["id"]]
    assert position["r"] == 1


@pytest.mark.parametrize("change", [{"kind": "agency"}, {"kind": ""}, {"ordering": "-name"}, {"extra": "1"}])
def test_a_position_is_good_for_its_own_question_only(change: dict[str, str]) -> None:
    question = {"ordering": "name", "kind": "press"}
    link = pages(asked("/x/", **question), ordering_fields=("name",)).link_from({"id": 1, "name": "a"}, reverse=False)
    cursor = parse_qs(urlsplit(link).query)["cursor"][0]
    other = asked("/x/", **question | change, cursor=cursor)
    with pytest.raises(Problem) as caught:
        pages(other, ordering_fields=("name",)).read_cursor(other)
    assert (caught.value.code, caught.value.errors[0]["field"]) == ("invalid_cursor", "cursor")


def test_a_position_is_good_for_its_own_list_only() -> None:
    link = pages(asked("/x/")).link_from({"id": 1}, reverse=False)
    other = asked("/y/", cursor=parse_qs(urlsplit(link).query)["cursor"][0])
    with pytest.raises(Problem):
        pages(other).read_cursor(other)


@pytest.mark.parametrize(("name", "value"), [("page_size", "7"), ("cursor", "x")])
def test_another_size_of_the_page_is_the_same_question(name: str, value: str) -> None:
    paginator = SignedCursorPagination()
    assert paginator.digest(asked("/x/", kind="a", **{name: value})) == paginator.digest(asked("/x/", kind="a"))


@pytest.mark.parametrize("cursor", ["", ".", ":", "x:y", "a" * 5_000, "٥", "\x00", "eyJvIjoiaWQifQ:1:2", "🙂"])
def test_a_position_that_was_made_up_is_refused(cursor: str) -> None:
    request = asked("/x/", cursor=cursor)
    with pytest.raises(Problem) as caught:
        pages(request).read_cursor(request)
    assert caught.value.code == "invalid_cursor"


@pytest.mark.parametrize("content", [{}, [], None, 7, "id", {"o": "-id"}, {"o": "-id", "d": "x", "k": []}])
def test_a_signed_text_of_another_shape_is_refused(content: Any) -> None:
    request = asked("/x/", cursor=signing.Signer(salt=SALT).sign_object(content))
    with pytest.raises(Problem):
        pages(request).read_cursor(request)


def test_a_text_that_was_signed_for_something_else_is_refused() -> None:
    paginator = pages(asked("/x/"))
    position = position_in(paginator.link_from({"id": 1}, reverse=False))
    request = asked("/x/", cursor=signing.Signer(salt="another room").sign_object(position))
    with pytest.raises(Problem):
        paginator.read_cursor(request)


def test_a_position_that_was_handed_out_with_the_time_is_read_still() -> None:
    paginator = pages(asked("/x/"))
    position = position_in(paginator.link_from({"id": 1}, reverse=False))
    request = asked("/x/", cursor=signing.dumps(position, salt=SALT_BEFORE))
    assert paginator.read_cursor(request) == position


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_a_changed_letter_of_a_position_is_seen(data: st.DataObject) -> None:
    link = pages(asked("/x/")).link_from({"id": 12}, reverse=False)
    cursor = parse_qs(urlsplit(link).query)["cursor"][0]
    at = data.draw(st.integers(0, len(cursor) - 2))  # the last letter of base64 has bits that say nothing
    letter = data.draw(st.characters(codec="ascii", categories=["L", "N"]))
    altered = cursor[:at] + letter + cursor[at + 1 :]
    request = asked("/x/", cursor=altered)
    if altered == cursor:
        assert pages(request).read_cursor(request) is not None
    else:
        with pytest.raises(Problem):
            pages(request).read_cursor(request)


def test_a_column_that_may_be_null_has_no_place_in_an_order() -> None:
    with pytest.raises(ImproperlyConfigured, match="null"):
        column_field(Claim.objects.all(), "quantity_min")
    with pytest.raises(FieldDoesNotExist):
        column_field(Claim.objects.all(), "nothing")


def test_a_column_is_found_over_relations() -> None:
    assert column_field(Verdict.objects.all(), "claim__id") is Claim._meta.get_field("id")


@pytest.mark.parametrize(
    ("following", "before", "header"),
    [
        (False, False, None),
        (True, False, ["next"]),
        (False, True, ["prev"]),
        (True, True, ["next", "prev"]),
    ],
)
def test_the_link_header_names_the_pages_there_are(following: bool, before: bool, header: list[str] | None) -> None:
    paginator = pages(asked("/x/"))
    paginator.page = [{"id": 3}, {"id": 2}]
    paginator.has_next, paginator.has_previous = following, before
    response = paginator.get_paginated_response(["rows"])
    assert response.data["results"] == ["rows"]
    assert (response.data["next"] is not None, response.data["previous"] is not None) == (following, before)
    named = [part.split("rel=")[1].strip('"') for part in response.get("Link", "").split(", ") if part]
    assert named == (header or [])
    if following:
        assert position_in(response.data["next"])["k"] == [2, 2]
    if before:
        assert position_in(response.data["previous"])["k"] == [3, 3]


# --- permissions ---


class Person:
    is_authenticated = is_active = True

    def __init__(self, *permissions: str) -> None:
        self.permissions = set(permissions)

    def has_perms(self, needed: list[str]) -> bool:
        return set(needed) <= self.permissions


def may(method: str, user: Any, **view: Any) -> bool:
    request: Any = SimpleNamespace(method=method, user=user)
    return ModelRolePermissions().has_permission(request, SimpleNamespace(**view))  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_anybody_reads(method: str) -> None:
    assert may(method, AnonymousUser(), model=Claim)
    assert may(method, None)


@pytest.mark.parametrize("method", VERBS)
def test_each_method_that_writes_needs_its_own_right(method: str) -> None:
    right = f"claims.{VERBS[method]}_claim"
    others = {f"claims.{verb}_claim" for verb in ("add", "change", "delete", "view")} - {right}
    assert may(method, Person(right), model=Claim)
    assert not may(method, Person(*others, f"claims.{VERBS[method]}_verdict"), model=Claim)
    assert not may(method, AnonymousUser(), model=Claim)
    assert not may(method, None, model=Claim)


@pytest.mark.parametrize("method", VERBS)
def test_an_action_without_a_right_of_its_own_changes_the_row(method: str) -> None:
    assert may(method, Person("claims.change_claim"), model=Claim, action="approve")
    assert not may(method, Person("claims.add_claim", "claims.delete_claim"), model=Claim, action="approve")


@pytest.mark.parametrize("needed", ["claims.publish", ["claims.publish"], ("claims.publish", "claims.see")])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_action_with_rights_of_its_own_needs_them_all_even_to_be_read(method: str, needed: Any) -> None:
    view = {"model": Claim, "action": "publish", "action_permissions": {"publish": needed}}
    assert may(method, Person("claims.publish", "claims.see"), **view)
    assert not may(method, Person("claims.see", "claims.change_claim"), **view)
    assert not may(method, AnonymousUser(), **view)


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "post", ""])
def test_a_method_that_nobody_knows_is_nobodys(method: str) -> None:
    assert not may(method, Person("claims.change_claim", "claims.add_claim"), model=Claim)


def test_who_was_locked_out_writes_nothing() -> None:
    person = Person("claims.add_claim")
    person.is_active = False
    assert not may("POST", person, model=Claim)


def test_a_view_without_a_model_is_written_by_nobody() -> None:
    assert not may("POST", Person("claims.add_claim"))
    assert not DenyAll().has_permission(None, None)  # type: ignore[arg-type]
    assert not DenyAll().has_object_permission(None, None, None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("action", "extra"), [(None, False), ("list", False), ("partial_update", False), ("publish", True), ("lists", True)]
)
def test_an_action_beside_those_of_a_list_is_extra(action: str | None, extra: bool) -> None:
    assert is_extra_action(SimpleNamespace(action=action)) is extra  # type: ignore[arg-type]


# --- references ---


class Shelf:
    """Rows 1 to 9 and the largest, as far as a reference asks for them, of a noun without short names."""

    model = Claim

    def get(self, pk: int) -> int:
        if pk in {*range(1, 10), LARGEST}:
            return pk
        raise ObjectDoesNotExist


@pytest.mark.parametrize("data", [7, "7", "007", {"id": 7}, {"id": "7"}, {"id": 7, "label": "x", "other": [1]}])
def test_a_reference_is_an_id_or_an_object_with_one(data: Any) -> None:
    assert Reference(queryset=Shelf()).to_internal_value(data) == 7


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (0, "does_not_exist"),
        (-7, "does_not_exist"),
        (10, "does_not_exist"),
        (LARGEST + 1, "does_not_exist"),
        (10**400, "does_not_exist"),
        ("9" * 19, "does_not_exist"),
        ("9" * 20, "incorrect_type"),
        (True, "incorrect_type"),
        (False, "incorrect_type"),
        (7.0, "incorrect_type"),
        (float("nan"), "incorrect_type"),
        (None, "incorrect_type"),
        ("", "incorrect_type"),
        ("-7", "incorrect_type"),
        ("٧", "incorrect_type"),
        ("７", "incorrect_type"),
        (" 7", "incorrect_type"),
        ("7\x00", "incorrect_type"),
        ([], "incorrect_type"),
        ([7], "incorrect_type"),
        ({}, "incorrect_type"),
        ({"ID": 7}, "incorrect_type"),
        ({"id": {"id": 7}}, "incorrect_type"),
        ({"id": True}, "incorrect_type"),
        ({"id": [7]}, "incorrect_type"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_no_id_of_a_row_is_refused(data: Any, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Reference(queryset=Shelf()).to_internal_value(data)
    assert caught.value.get_codes() == [code]
    json.dumps(caught.value.detail)


def test_the_largest_id_is_one() -> None:
    assert Reference(queryset=Shelf()).to_internal_value(LARGEST) == LARGEST


def test_a_row_of_a_page_is_represented_once() -> None:
    class Counting(Reference):
        times = 0

        def represent(self, row: Any, user: Any) -> dict[str, Any]:
            Counting.times += 1
            return super().represent(row, user)

    field = Counting(read_only=True)
    field._context = {REPRESENTED: {}}
    one, same, other = Source(pk=1, name="One"), Source(pk=1, name="One"), Claim(pk=1)
    assert field.to_representation(one) is field.to_representation(same)
    assert field.to_representation(other)["id"] == 1
    assert Counting.times == 2, "a claim of the same number is another row"


def test_without_a_request_the_public_reads() -> None:
    assert reader_in({}).is_anonymous
    assert reader_in({"request": None}).is_anonymous
    assert reader_in({"request": SimpleNamespace(user=None)}).is_anonymous
    person: Any = Person()
    assert reader_in({"request": SimpleNamespace(user=person)}) is person
