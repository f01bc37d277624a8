"""Where the reason for a change comes from: body or header, in whatever bytes a client sends."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.api.problem import Problem
from factcheck.api.reason import MAX_LENGTH, change_reason, from_header

WORDS = "Опечатка: İşgəncə — «5» → 7"


def asked(data: Any = None, header: str | None = None) -> Any:
    meta = {} if header is None else {"HTTP_X_CHANGE_REASON": header}
    return SimpleNamespace(data={} if data is None else data, META=meta)


def test_without_any_there_is_no_reason() -> None:
    assert change_reason(asked()) == ""
    assert change_reason(asked(data=["a", "list"])) == ""


def test_the_body_is_asked_before_the_header() -> None:
    assert change_reason(asked({"change_reason": "in the body"}, "in the header")) == "in the body"
    assert change_reason(asked({}, "in the header")) == "in the header"
    assert change_reason(asked({"change_reason": None}, "in the header")) == "in the header"


def test_an_empty_reason_in_the_body_is_a_reason_given() -> None:
    assert change_reason(asked({"change_reason": ""}, "in the header")) == ""


def test_white_space_is_folded() -> None:
    assert change_reason(asked({"change_reason": "  two \n\t words "})) == "two words"


@pytest.mark.parametrize("given_reason", [1, True, ["a"], {"a": 1}, 1.5])
def test_what_is_no_text_is_refused(given_reason: Any) -> None:
    with pytest.raises(Problem) as caught:
        change_reason(asked({"change_reason": given_reason}))
    assert caught.value.errors[0]["field"] == "change_reason"


def test_a_reason_without_end_is_refused() -> None:
    assert change_reason(asked({"change_reason": "a" * MAX_LENGTH})) == "a" * MAX_LENGTH
    with pytest.raises(Problem, match="Shorten"):
        change_reason(asked({"change_reason": "a" * (MAX_LENGTH + 1)}))


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\ud800", "\u202e", "\ufffe"])
def test_a_character_that_is_no_text_is_named(character: str) -> None:
    with pytest.raises(Problem, match=rf"U\+{ord(character):04X}"):
        change_reason(asked({"change_reason": f"a{character}b"}))


@pytest.mark.parametrize(
    "header",
    [
        WORDS.encode().decode("latin-1"),  # UTF-8, as WSGI hands it over
        quote(WORDS),  # percent-encoded
        WORDS,  # text already, as a test client hands it over
    ],
)
def test_a_header_is_understood_in_either_spelling(header: str) -> None:
    assert change_reason(asked(header=header)) == WORDS


@pytest.mark.parametrize("header", ["100 % sure", "50%", "%zz", "%ff%fe"])
def test_a_per_cent_sign_that_encodes_nothing_stays(header: str) -> None:
    assert "%" in from_header(header)


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cn")), max_size=100))
def test_whatever_is_percent_encoded_comes_back(words: str) -> None:
    assert from_header(quote(words)) == words


@given(st.binary(max_size=100))
def test_no_bytes_break_the_header(raw: bytes) -> None:
    assert isinstance(from_header(raw.decode("latin-1")), str)
