"""Bodies are read strictly and the refusal says where (FAULTS T1, T4 to T7, T21, T22)."""

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import UnsupportedMediaType

from factcheck.api.parsers import MAX_BYTES, MergePatchParser, StrictJSONParser, parse_json
from factcheck.api.problem import Problem
from factcheck.api.renderers import to_json

REFUSED = [
    (b"{", "json_syntax", ""),
    (b'{"a":["\x00"]}', "json_syntax", ""),
    (b"NaN", "json_type", ""),
    (b"3", "json_type", ""),
    (b"null", "json_type", ""),
    (b'{"a":NaN}', "json_number", "/a"),
    (b'{"a":-Infinity}', "json_number", "/a"),
    (b'{"source":1e999}', "json_number", "/source"),
    (b'{"a":9223372036854775808}', "json_number", "/a"),
    (b'{"a":' + b"9" * 5_000 + b"}", "json_number", "/a"),
    (b'{"a":1,"b":{"c":1,"c":2}}', "json_duplicate_key", "/b"),
    (b'{"evidence":[{},{"url":"\\u0000"}]}', "json_text", "/evidence/1/url"),
    (b'{"a":"\\ud800"}', "json_text", "/a"),
    (b'{"a/b~":"\\udfff"}', "json_text", "/a~1b~0"),
    (b'{"\\ud800":1}', "json_text", ""),
    (b"[" * 33 + b"]" * 33, "json_depth", "/0" * 32),
    (b"[" * 940 + b"]" * 940, "json_depth", "/0" * 32),
    (b"[" * 100_000, "json_depth", ""),
    (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "json_depth", ""),
    (b"\xff\xfe{\x00}\x00", "json_not_utf8", ""),
]


@pytest.mark.parametrize(
    ("body", "code", "pointer"), REFUSED, ids=[f"{c}-{n}" for n, (_b, c, _p) in enumerate(REFUSED)]
)
def test_parser_refuses_with_code_and_place(body, code, pointer):
    with pytest.raises(Problem) as caught:
        parse_json(body)
    assert caught.value.status_code == 400
    assert caught.value.code == code
    assert caught.value.errors[0]["pointer"] == pointer
    to_json(caught.value.errors)


def test_parser_takes_what_is_fine():
    assert parse_json(b"") == {} == parse_json(b" \n")
    assert parse_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}
    assert parse_json(b"[" * 32 + b"]" * 32)
    assert parse_json(b'{"a": -9223372036854775807, "b": 1.5e300, "c": "\\ud83d\\ude00"}')["c"] == "😀"


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), inner)
    ),
    max_leaves=20,
)


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), json_values, max_size=3
    )
)
def test_parser_gives_back_what_the_renderer_wrote(document):
    assert parse_json(to_json(document)) == document


@given(st.binary(max_size=60))
def test_parser_never_fails_otherwise(body):
    with contextlib.suppress(Problem):
        parse_json(body)


@pytest.mark.parametrize(
    "media_type",
    ["*/*", "application/*", "text/plain", "application/json; charset=utf-16", "application/json; charset=bz2_codec"],
)
def test_only_json_in_utf8_is_taken(media_type):
    with pytest.raises(UnsupportedMediaType):
        StrictJSONParser().parse(io.BytesIO(b"{}"), media_type, {})


def test_charset_may_be_said():
    assert StrictJSONParser().parse(io.BytesIO(b"{}"), 'application/json; charset="UTF-8"', {}) == {}
    assert MergePatchParser().parse(io.BytesIO(b"{}"), "application/merge-patch+json", {}) == {}


def test_large_body_is_refused():
    with pytest.raises(Problem) as caught:
        StrictJSONParser().parse(io.BytesIO(b" " * (MAX_BYTES + 1)), "application/json", {})
    assert caught.value.status_code == 413


def test_row_that_is_no_text_does_not_break_the_list_it_stands_in():
    assert to_json({"a": "\ud800", "b": 2**70}) == b'{"a":"\\ud800","b":1180591620717411303424}'
