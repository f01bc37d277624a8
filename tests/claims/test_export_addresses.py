"""Exports as functions: addresses and selections, what is recorded of whom, and files that are whole or not there."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser, User
from hypothesis import given, settings
from hypothesis import strategies as st
from rest_framework.exceptions import NotFound, ValidationError

from claims.choices import ExportStatus
from claims.exports.file import Gone, find_export, keep_file, make_temporary_file, may_fetch, serve_file
from claims.exports.record import BUG, RowCounter, describe_error, get_maker, is_signed_in, record_export, record_stream
from claims.exports.target import MOST_SELECTED, Target, add_ids, find_target, split_ids
from claims.models import Export
from factcheck.base.errors import Conflict, Forbidden, RuleViolation

# --- addresses ---

PATHS = st.sampled_from(["/api/v1/claims/", "/admin/claims/claim/", "/x/"])
PARAMETERS = st.lists(
    st.tuples(st.text("abc_", min_size=1, max_size=4), st.text(st.characters(codec="utf-8"), max_size=5)), max_size=3
)


@given(PATHS, PARAMETERS, st.lists(st.integers(0, 10**18 - 1), min_size=1, max_size=5))
@settings(max_examples=40)
def test_a_selection_that_is_added_is_split_off_again(path: str, rest: list[tuple[str, str]], ids: list[int]) -> None:
    address = f"{path}?{urlencode(rest)}" if rest else path
    found, numbers = split_ids(add_ids(address, ids))
    assert numbers == ids
    assert urlsplit(found).path == path
    assert parse_qsl(urlsplit(found).query, keep_blank_values=True) == rest


def test_an_address_without_a_selection_is_left_as_it_was(settings: Any) -> None:
    settings.FACTCHECK_BASE_URL = "https://register.example.org"
    for address in ("/x/", "/x/?a=1&b=%2F", "/x/?a="):
        assert split_ids(f" https://register.example.org{address}\n") == (address, None)


@pytest.mark.parametrize(
    "address",
    [
        "", "x/", "?ids=1", "//evil.example/x/", "https://evil.example/x/",
        "https://register.example.org.evil.example/x/",
        "https://register.example.org@evil.example/", "javascript:alert(1)", "/x/#top", "//[", "http://[/", "\x00",
        "/x/?a=" + "a" * 10_000, "https://register.example.org//evil.example/",
    ],
)  # fmt: skip
def test_an_address_elsewhere_is_refused(address: str, settings: Any) -> None:
    settings.FACTCHECK_BASE_URL = "https://register.example.org"
    with pytest.raises(RuleViolation) as caught:
        split_ids(address)
    assert (caught.value.code, caught.value.field) == ("invalid_query", "query")


@pytest.mark.parametrize(
    "ids", ["", ",", "1,", "1,,2", "-1", "+1", "1.0", "a", "٣", "１", "1 2", "9" * 19, "0x1", "1_0", "1&ids=1"]
)
def test_a_selection_that_is_none_is_refused(ids: str) -> None:
    with pytest.raises(RuleViolation, match="selection once"):
        split_ids(f"/x/?ids={ids}")


def test_the_largest_selection_has_a_thousand_rows() -> None:
    assert len(split_ids(add_ids("/x/", [1] * MOST_SELECTED))[1] or ()) == MOST_SELECTED
    with pytest.raises(RuleViolation):
        split_ids(add_ids("/x/", [1] * (MOST_SELECTED + 1)))


@pytest.mark.parametrize(
    "address",
    [
        "/", "/api/v1/claims/", "/api/v1/claims/7", "/api/v1/claims/7/?a=1", "/api/v2/claims/7/", "/api/v1/verdicts/7/",
        "/claims/7/8/", "/claims//", "/claims/" + "x" * 121 + "/",
        "/admin/claims/claim/7/", "/admin/claims/claim/x/change/",
        "/admin/claims/claim/" + "9" * 19 + "/change/", "/admin/claims/verdict/7/change/",
        "/x/claims/7/", "//claims/7/",
    ],
)  # fmt: skip
def test_an_address_of_anything_else_is_no_target_and_asks_no_database(address: str) -> None:
    with pytest.raises(RuleViolation) as caught:
        find_target(address, AnonymousUser())
    assert caught.value.code == "invalid_query"


def test_a_target_has_the_address_that_lasts() -> None:
    assert Target("claim", 7).address == "/api/v1/claims/7/"
    assert Target("dispute", 7) == Target("dispute", 7) != Target("claim", 7)


# --- who takes out what ---


@pytest.mark.parametrize(
    ("user", "signed_in", "maker"),
    [
        (None, False, "system"),
        (AnonymousUser(), False, "system"),
        (User(username="ann"), True, "ann"),
        (User(username="ann", first_name="Ann", last_name="Archer"), True, "Ann Archer"),
        (User(username="ann", first_name="A" * 150, last_name="B" * 150), True, "A" * 150 + " " + "B" * 49),
    ],
)
def test_the_maker_is_kept_by_name(user: Any, signed_in: bool, maker: str) -> None:
    assert is_signed_in(user) is signed_in
    assert get_maker(user) == maker


@pytest.mark.parametrize("user", [None, AnonymousUser()])
def test_what_the_public_reads_is_not_recorded(user: Any) -> None:
    chunks = [b"a", b"", b"b"]
    assert list(record_stream(iter(chunks), user=user, counter=RowCounter(), query="/x/")) == chunks
    assert record_export(b"ab", user=user, rows=1, query="/x/") is None


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValidationError("Say it."), "Say it."),
        (ValidationError({"non_field_errors": ["Say it."]}), "Say it."),
        (ValidationError({"text": ["Say it."], "rows": [{}, {"a": ["One."]}]}), "text: Say it. rows.1.a: One."),
        (NotFound("Not here."), "Not here."),
        (Conflict("Not now."), "Not now."),
        (
            OSError(28, "No space left on device", "/secret/place"),
            "The file could not be written: No space left on device.",
        ),
        (OSError("/secret/place"), "The file could not be written: unknown fault."),
        (ValueError("/secret/place"), BUG),
        (KeyError("password"), BUG),
        (MemoryError(), BUG),
        (KeyboardInterrupt(), BUG),
    ],
)
def test_a_failure_is_told_in_words_and_nothing_of_the_inside(error: BaseException, words: str) -> None:
    assert describe_error(error) == words


# --- files ---


def test_a_temporary_file_is_gone_afterwards_whatever_happened(kept_files: Path) -> None:
    with make_temporary_file() as path:
        assert path.parent == kept_files / "exports" / "unfinished"
        assert path.read_bytes() == b""
    assert not path.exists()
    with pytest.raises(ZeroDivisionError), make_temporary_file() as other:
        raise ZeroDivisionError
    assert not other.exists()


def test_a_file_that_is_kept_is_whole_read_only_and_under_a_name_of_its_own(kept_files: Path) -> None:
    names = set()
    for _ in range(2):
        with make_temporary_file() as path:
            path.write_bytes(b"content")
            names.add(name := keep_file(path, Export(pk=7), "csv.gz"))
        kept = kept_files / name
        assert kept.read_bytes() == b"content"
        assert kept.stat().st_mode & 0o777 == 0o400
        assert not path.exists()
        assert name.startswith("exports/7-")
        assert name.endswith(".csv.gz")
    assert len(names) == 2


@pytest.mark.parametrize("token", ["", ".", "7", "7.", "7.x", "x.7", "7" * 500, "7:abc", "../7", "é.é", "\x00"])
def test_an_address_that_nobody_signed_is_no_export_and_asks_no_database(token: str) -> None:
    assert find_export(token) is None


def person(pk: int, **values: Any) -> Any:
    return SimpleNamespace(pk=pk, is_authenticated=True, **{"is_active": True, **values})


@pytest.mark.parametrize(
    ("user", "public", "desk"),
    [
        (None, True, False),
        (AnonymousUser(), True, False),
        (person(1), True, True),
        (person(2), True, False),
        (person(1, is_active=False), True, False),
    ],
)
def test_a_copy_of_the_desk_is_its_makers_and_a_public_one_everybodys(user: Any, public: bool, desk: bool) -> None:
    assert may_fetch(user, Export(desk=False, made_by_id=1)) is public
    assert may_fetch(user, Export(desk=True, made_by_id=1)) is desk
    assert may_fetch(user, Export(desk=True, made_by_id=None)) is False


@pytest.mark.parametrize(
    ("status", "error", "code"),
    [
        (ExportStatus.FAILED, Conflict, "export_failed"),
        (ExportStatus.RUNNING, Conflict, "export_not_done"),
        (ExportStatus.DONE, Gone, "export_not_kept"),
    ],
)
def test_a_file_that_is_not_there_is_told_by_its_reason(status: str, error: type[Any], code: str) -> None:
    with pytest.raises(error) as caught:
        serve_file(SimpleNamespace(user=None, META={}), Export(status=status, problem="Why."))  # type: ignore[arg-type]
    assert caught.value.code == code
    assert not isinstance(caught.value, Forbidden)
