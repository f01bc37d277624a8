"""What stands before every view, and what the ground floor knows: hostile input, slashes, outages, codes, names."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any
from unicodedata import category

import pycountry
import pytest
from django import db
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.models import Dispute
from factcheck.api.kinds import TagFilter, TextFilter
from factcheck.base import edtf, errors
from factcheck.base.ancestry import all_furthest, furthest
from factcheck.base.command import explain_silence
from factcheck.base.http import hostile
from factcheck.base.http.outage import BUSY, FULL, READ_ONLY, TOO_SLOW, outage_of
from factcheck.base.http.slash import SlashMiddleware, lacks_slash
from factcheck.base.places import country_name, validate_country
from factcheck.base.slug import NUMBERED, STEM, free_slug, refuse_number

URLS = "tests.base.urls"


def request(path: str = "/", query: str = "", **meta: Any) -> Any:
    found = RequestFactory().get("/", **meta)
    found.path_info = path
    found.META["QUERY_STRING"] = query
    return found


# --- hostile input ---


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/" + "x" * 4_095, None), ("/" + "x" * 4_096, 414), ("/a%b/", None), ("/100%/", None), ("/%ff/", 404),
        ("/%zz/", None), ("/a\tb/", None), ("/a\nb/", 404), ("/\x7f/", 404), ("/\u202e/", 404), ("/\ud800/", 404),
        ("/\ufffe/", 404), ("/é/", None), ("/🙂/", None), ("", None),
    ],
)  # fmt: skip
def test_a_path_is_text_of_bounded_length(path: str, status: int | None) -> None:
    problem = hostile.path_problem(request(path))
    assert (problem and problem[0]) == status


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("a=" + "x" * 8_190, None), ("a=" + "x" * 8_191, 414), ("&" * 199, None), ("&" * 200, 400), ("a=%00", 400),
        ("%00=a", 400), ("a=%ff", 400), ("a=%C3%A9", None), ("a=%ED%A0%80", 400), ("a=%E2%80%AE", 400), ("a=%", None),
        ("a=%zz", None), ("a=%0A", None), ("a=\xc3\xa9", None), ("a=\xe9", 400), ("a=\u20ac", 400),
    ],
)  # fmt: skip
def test_a_query_is_text_of_bounded_length(query: str, status: int | None) -> None:
    problem = hostile.query_problem(request(query=query))
    assert (problem and problem[0]) == status


@given(st.binary(max_size=12))
@settings(max_examples=40)
def test_a_query_of_any_bytes_is_refused_where_it_is_no_clean_text(raw: bytes) -> None:
    query = "a=" + "".join(f"%{byte:02X}" for byte in raw)
    try:
        text = raw.decode()
        clean = not any(category(c) == "Cc" and c not in "\t\n\r" for c in text)
        clean = clean and not any(0xFDD0 <= ord(c) <= 0xFDEF or ord(c) & 0xFFFE == 0xFFFE for c in text)
        clean = clean and not any(0x202A <= ord(c) <= 0x202E or 0x2066 <= ord(c) <= 0x2069 for c in text)
    except UnicodeDecodeError:
        clean = False
    assert (hostile.query_problem(request(query=query)) is None) == clean


@pytest.mark.parametrize(
    ("meta", "refused"),
    [
        ({}, False),
        ({"CONTENT_LENGTH": ""}, False),
        ({"CONTENT_LENGTH": "9" * 18}, False),
        ({"CONTENT_LENGTH": "9" * 19}, True),
        ({"CONTENT_LENGTH": "+5"}, True),
        ({"CONTENT_LENGTH": "٥"}, True),
        ({"CONTENT_LENGTH": "5\n"}, True),
        ({"CONTENT_TYPE": "text/\x00"}, True),
        ({"HTTP_X": "a\tb"}, False),
        ({"HTTP_X": "a\x1bb"}, True),
        ({"HTTP_COOKIE": "a=\x01"}, False),
        ({"HTTP_AUTHORIZATION": "bAsIc ****"}, False),
        ({"HTTP_AUTHORIZATION": "Basic"}, False),
        ({"HTTP_AUTHORIZATION": "Token é"}, True),
    ],
)
def test_a_header_holds_nothing_that_cannot_be_meant(meta: dict[str, str], refused: bool) -> None:
    problem = hostile.header_problem(request(**meta))
    assert (problem is not None) == refused
    if problem:
        assert problem[:2] == (400, "invalid_header")


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ("q=" + "+".join("abcdefgh"), False), ("q=" + "+".join("abcdefghi"), True), ("q=" + "a" * 200, False),
        ("q=" + "a" * 201, True), ("name=" + "a" * 500, False), ("a__%72egex=x", True), ("q=1&q=" + "a" * 201, True),
        ("a__regex", False), ("a__regex=", False), ("q=regex", False),
    ],
)  # fmt: skip
def test_a_search_of_the_admin_is_bounded_and_of_others_left_to_them(query: str, refused: bool) -> None:
    assert (hostile.admin_problem(request("/admin/x/", query)) is not None) == refused
    assert hostile.admin_problem(request("/api/v1/x/", query)) is None


# --- slashes ---


@pytest.mark.parametrize(
    ("path", "lacking"),
    [
        ("/page", True), ("/page/", False), ("/nothing", False), ("/api/v1/sources", True), ("/admin", True),
        ("/admin/nothing", False), ("/fail/bug", True), ("", False), ("//page", False), ("/page//", False),
    ],
)  # fmt: skip
def test_a_slash_lacks_where_only_the_address_with_it_lives(path: str, lacking: bool) -> None:
    asked = request(path)
    asked.urlconf = URLS
    assert lacks_slash(asked) is lacking


@pytest.mark.parametrize("query", ["", "a=1&b=%2F", "next=//evil.example"])
def test_who_is_sent_on_stays_on_this_host_and_keeps_the_query(query: str) -> None:
    asked = RequestFactory().post("/page", QUERY_STRING=query)
    asked.urlconf = URLS  # type: ignore[attr-defined]
    response = SlashMiddleware(lambda _request: HttpResponse())(asked)
    assert response.status_code == 308
    assert response["Location"] == "/page/" + (f"?{query}" if query else "")


# --- outages ---


def of_postgresql(kind: type[db.Error], state: str | None) -> db.Error:
    error = kind("said in some language")
    error.__cause__ = Exception()
    error.__cause__.sqlstate = state  # type: ignore[union-attr]
    return error


def of_file(number: int) -> db.OperationalError:
    error = db.OperationalError("unknown error")
    error.__cause__ = Exception()
    error.__cause__.__cause__ = OSError(number, "x")
    return error


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (of_postgresql(db.OperationalError, "57014"), TOO_SLOW),
        (of_postgresql(db.OperationalError, "57P01"), BUSY),
        (of_postgresql(db.OperationalError, "53100"), FULL),
        (of_postgresql(db.OperationalError, "53300"), BUSY),
        (of_postgresql(db.InternalError, "25006"), READ_ONLY),
        (of_postgresql(db.OperationalError, "40P01"), BUSY),
        (of_postgresql(db.OperationalError, "55P03"), BUSY),
        (of_postgresql(db.OperationalError, "55000"), None),
        (of_postgresql(db.OperationalError, None), BUSY),
        (of_postgresql(db.InterfaceError, ""), BUSY),
        (of_postgresql(db.InternalError, "XX000"), None),
        (of_postgresql(db.IntegrityError, "53100"), None),
        (of_postgresql(db.DataError, "22003"), None),
        (of_file(errno.ENOSPC), FULL),
        (of_file(errno.EROFS), READ_ONLY),
        (of_file(errno.ENOENT), None),
        (db.OperationalError("Database Is Locked"), BUSY),
        (db.OperationalError("no such table: x"), None),
        (OSError("without a number"), None),
        (FileNotFoundError(errno.ENOENT, "x"), None),
        (ValueError("database is locked"), None),
    ],
)
def test_an_outage_is_told_from_a_fault_of_the_question(error: BaseException, outage: str | None) -> None:
    assert outage_of(error) == outage


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (db.OperationalError("no such table: claims_claim"), "migrate"),
        (db.OperationalError("table x has no column\n named y"), "migrate"),
        (of_postgresql(db.ProgrammingError, "42P01"), "migrate"),
        (of_postgresql(db.ProgrammingError, "42703"), "migrate"),
        (of_postgresql(db.ProgrammingError, "42601"), None),
        (db.ProgrammingError("syntax error"), None),
        (db.IntegrityError("x"), None),
        (db.DataError("x"), None),
        (db.OperationalError("connection refused"), "does not answer: connection refused"),
        (db.InterfaceError("connection already closed"), "does not answer"),
    ],
)
def test_a_command_says_why_the_database_is_silent(error: db.Error, says: str | None) -> None:
    told = explain_silence(error)
    assert (told is None) == (says is None)
    assert (says or "") in (told or "")
    assert "\n" not in (told or "")


def test_what_the_database_says_is_told_in_part() -> None:
    assert len(explain_silence(db.OperationalError("x" * 5_000)) or "") < 400


@pytest.mark.parametrize("kind", [errors.DomainError, *errors.DomainError.__subclasses__(), errors.Frozen])
def test_a_code_given_to_one_error_is_not_that_of_the_next(kind: type[errors.DomainError]) -> None:
    usual = kind.code
    assert kind("x", code="special").code == "special"
    assert (kind("x").code, kind("x").field, str(kind("x", field="a.b"))) == (usual, None, "x")


# --- codes, dates, ancestors, names ---


@pytest.mark.parametrize("code", ["\u212aE", "S\u212a", "AZ\n", "ＡＺ", "ŁU", "\u0130L", "A\u0130", "aZ"])
def test_a_letter_that_only_looks_like_one_of_a_code_is_refused(code: str) -> None:
    with pytest.raises(ValidationError):
        validate_country(code)


def test_every_country_is_one_and_has_a_name() -> None:
    for country in pycountry.countries:
        validate_country(country.alpha_2)
        assert len(country_name(country.alpha_2)) > 2


@given(st.dates().filter(lambda day: day.year < 9999))
@settings(max_examples=40)
def test_a_day_in_words_is_that_of_its_parts(day: Any) -> None:
    text = day.isoformat()
    words = edtf.in_words(text)
    assert words == edtf.day_in_words(day)
    assert (words.split()[0], words.split()[2]) == (str(day.day), str(day.year))
    assert words.split()[1] == edtf.in_words(text[:7]).split()[0]


@given(st.dictionaries(st.integers(0, 9), st.none() | st.integers(0, 9)), st.sets(st.integers(0, 12)))
@settings(max_examples=40)
def test_the_ancestors_of_many_rows_are_those_of_each(parents: dict[int, int | None], rows: set[int]) -> None:
    found = all_furthest(rows, parents)
    assert found == {row: furthest(row, parents) for row in rows}
    assert all(found[row] == row for row in rows if parents.get(row) is None)


def shelf(*taken: str, name: str = "dispute") -> Any:
    """A model of which these short names are taken."""

    def choose(slug: str = "", slug__in: Sequence[str] = ()) -> Any:
        found = [one for one in (slug, *slug__in) if one in taken]
        rows = SimpleNamespace(values_list=lambda *_a, **_k: found, exists=lambda: bool(found))
        return SimpleNamespace(order_by=lambda: rows)

    return SimpleNamespace(_base_manager=SimpleNamespace(filter=choose), _meta=SimpleNamespace(model_name=name))


@pytest.mark.parametrize(
    ("name", "taken", "slug"),
    [
        ("The Siege", (), "the-siege"),
        ("The Siege", ("the-siege", "the-siege-3"), "the-siege-2"),
        ("1992", (), "dispute-1992"),
        ("", (), "dispute"),
        ("---", (), "dispute"),
        ("²", (), "dispute-2"),
        ("Élan / Übung", (), "elan-ubung"),
        ("a" * 99 + " b", (), "a" * 99),
    ],
)
def test_a_short_name_is_made_of_the_letters_and_is_free(name: str, taken: tuple[str, ...], slug: str) -> None:
    assert free_slug(shelf(*taken), name) == slug


@given(st.text(max_size=130) | st.integers(0, 10**130).map(str) | st.just("9" * 130), st.booleans())
@settings(max_examples=40)
def test_every_short_name_fits_its_column_and_is_no_number(name: str, crowded: bool) -> None:
    stem = free_slug(shelf(), name)
    taken = [stem, *(f"{stem}-{number}" for number in range(2, NUMBERED + 1))] if crowded else []
    slug = free_slug(shelf(*taken), name)
    assert len(stem) <= STEM
    Dispute._meta.get_field("slug").run_validators(slug)
    assert slug not in taken
    refuse_number(slug)


@pytest.mark.parametrize("slug", ["7", "007", "٧", "9" * 40])
def test_a_number_is_no_short_name(slug: str) -> None:
    with pytest.raises(ValidationError, match="letter"):
        refuse_number(slug)


# --- kinds of filter ---


@pytest.mark.parametrize("lookup", ["regex", "iregex", "name__regex"])
def test_no_filter_takes_a_regular_expression(lookup: str) -> None:
    with pytest.raises(ValueError, match="regular expression"):
        TextFilter(lookup_expr=lookup)
    with pytest.raises(ValueError, match="regular expression"):
        TagFilter(lookup_expr=lookup)
