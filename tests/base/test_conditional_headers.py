"""ETags and the conditions on them, as functions: every spelling that a client, a proxy or an attacker sends."""

from __future__ import annotations

import contextlib
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from hypothesis import given
from hypothesis import strategies as st

from factcheck.api.conditional import (
    MAX_HEADER,
    check_if_match,
    etag_of,
    not_modified,
    parse_tags,
    require_if_match,
    tags_in,
)
from factcheck.api.problem import Problem
from factcheck.base.errors import PreconditionRequired, StaleVersion


def asking(**headers: str) -> HttpRequest:
    """A request with these headers, spelt as WSGI does."""
    request = HttpRequest()
    request.META = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    return request


def row(version: int) -> Any:
    return SimpleNamespace(version=version, _meta=SimpleNamespace(verbose_name="claim"))


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ('"7-0123456789abcdef"', ["7-0123456789abcdef"]),
        ('W/"7-0123456789abcdef"', ["7-0123456789abcdef"]),
        ('"a", "b"', ["a", "b"]),
        ('"a","b"', ["a", "b"]),
        (' "a" , W/"b" ', ["a", "b"]),
        ('""', [""]),
        ('"!#$%&"', ["!#$%&"]),
        ("*", None),
        (" * ", None),
    ],
)
def test_a_list_of_tags_is_read_whoever_marked_them_weak(header: str, tags: list[str] | None) -> None:
    assert parse_tags(header, "If-Match") == tags


@pytest.mark.parametrize(
    "header",
    ["", "7", "'7'", '"7', '7"', '"a" "b"', '"a",', ',"a"', "**", '*, "a"', 'w/"a"', '"a"b"', '"a b"', '"ä"', '"\x00"'],
)
def test_what_is_no_list_of_tags_is_refused_by_the_name_of_its_header(header: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_tags(header, "If-None-Match")
    assert caught.value.status_code == 400
    assert "If-None-Match" in str(caught.value.detail)


def test_a_header_without_end_is_refused_before_it_is_read() -> None:
    longest = '"' + "a" * (MAX_HEADER - 2) + '"'
    assert parse_tags(longest, "If-Match") == ["a" * (MAX_HEADER - 2)]
    with pytest.raises(Problem):
        parse_tags(longest + " ", "If-Match")


@given(st.text(max_size=200))
def test_no_header_makes_anything_but_tags_or_a_refusal(header: str) -> None:
    with contextlib.suppress(Problem):
        tags = parse_tags(header, "If-Match")
        assert tags is None or all('"' not in tag for tag in tags)


def test_a_header_that_is_missing_has_no_tags() -> None:
    assert tags_in(asking(), "If-None-Match") == []
    assert tags_in(asking(if_none_match="*"), "If-None-Match") is None
    assert tags_in(asking(if_none_match='"a"'), "If-None-Match") == ["a"]


def test_the_etag_of_a_row_begins_with_its_version() -> None:
    assert etag_of(b"{}", 7).startswith('"7-')
    assert len(etag_of(b"{}", 7)) == len('"7-0123456789abcdef"')


def test_the_etag_of_a_list_is_a_digest_alone() -> None:
    assert "-" not in etag_of(b"[]")
    assert len(etag_of(b"[]")) == 26


@given(st.binary(), st.binary(), st.integers(1, 10**9))
def test_bodies_that_differ_have_etags_that_differ(one: bytes, other: bytes, version: int) -> None:
    assert (etag_of(one) == etag_of(other)) == (one == other)
    assert (etag_of(one, version) == etag_of(other, version)) == (one == other)
    assert etag_of(one, version) != etag_of(one, version + 1)


@given(st.binary(), st.integers(1, 10**9))
def test_an_etag_of_ours_is_always_a_tag_that_we_read(body: bytes, version: int) -> None:
    for etag in (etag_of(body), etag_of(body, version)):
        assert parse_tags(etag, "If-Match") == [etag.strip('"')]
    assert check_if_match(asking(if_match=etag_of(body, version)), row(version))


@pytest.mark.parametrize("header", ['"7"', '"7-0123456789abcdef"', 'W/"7-0123456789abcdef"', '"6", "7"', "*"])
def test_a_change_that_names_the_version_of_the_row_goes_on(header: str) -> None:
    assert check_if_match(asking(if_match=header), row(7)) is True


@pytest.mark.parametrize(
    "header", ['"6"', '"8"', '"77"', '"07x"', '"seven"', '""', '"7-"', '"7-0123"', '"-7"', '"7.0"']
)
def test_a_change_that_names_another_version_is_stale(header: str) -> None:
    with pytest.raises(StaleVersion) as caught:
        check_if_match(asking(if_match=header), row(7))
    assert "to version 7" in caught.value.message
    assert "Read it again" in caught.value.message


def test_a_change_without_a_version_is_told_apart_from_one_with_a_wrong_one() -> None:
    assert check_if_match(asking(), row(7)) is False
    with pytest.raises(PreconditionRequired, match="If-Match"):
        require_if_match(asking(), row(7))
    with pytest.raises(StaleVersion):
        require_if_match(asking(if_match='"6"'), row(7))
    require_if_match(asking(if_match='"7"'), row(7))


def test_a_number_without_end_is_no_version() -> None:
    with pytest.raises(StaleVersion):
        check_if_match(asking(if_match=f'"{"9" * 400}"'), row(7))


def test_not_modified_keeps_what_caches_need_and_drops_the_rest() -> None:
    response = HttpResponse(b"{}", content_type="application/json")
    kept = {"ETag": '"a"', "Vary": "Accept", "Cache-Control": "private", "Link": '<x>; rel="next"'}
    for name, value in kept.items():
        response[name] = value
    response["X-Other"] = "gone"
    answer = not_modified(response)
    assert answer.status_code == 304
    assert answer.content == b""
    assert {name: answer[name] for name in kept} == kept
    assert not answer.has_header("Content-Type")
    assert not answer.has_header("X-Other")
