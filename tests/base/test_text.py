"""What text and addresses may hold, and the one spelling of an address."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from factcheck.base.text import check_text, check_texts, fold, forbidden_character, normalise_url, validate_http_url


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a\x00", "U+0000"),
        ("\x1b[31m", "U+001B"),
        ("\x7f", "U+007F"),
        ("\ud800", "U+D800"),
        ("\udfff", "U+DFFF"),
        ("\u202e", "U+202E"),
        ("\u2069", "U+2069"),
        ("\ufffe", "U+FFFE"),
        ("\x9b31m", "U+009B"),
        ("\x85", "U+0085"),
        ("\ufdd0", "U+FDD0"),
        ("\U0001ffff", "U+1FFFF"),
        ("\U0010fffe", "U+10FFFE"),
        ("tab\tline\r\nend", None),
        ("Ə, ß, 漢字, עברית, 🛩, ‘quote’, zero\u200bwidth, \u200e", None),
    ],
)
def test_forbidden_character(text: str, found: str | None) -> None:
    assert forbidden_character(text) == found
    if found:
        with pytest.raises(ValidationError, match=found.replace("+", r"\+")):
            check_text(text)


@given(st.text())
def test_what_passes_can_be_encoded_and_holds_no_control(text: str) -> None:
    if forbidden_character(text) is None:
        text.encode()
        assert not {chr(code) for code in range(32)} - set("\t\n\r") & set(text)


@pytest.mark.parametrize("value", ["\x00", ["\x00"], {"a": "\x00"}, {"\x00": 1}, {"a": [1, {"b": ("\x00",)}]}])
def test_every_text_of_a_json_value_is_checked(value: object) -> None:
    with pytest.raises(ValidationError):
        check_texts(value)


def test_other_json_values_pass() -> None:
    check_texts({"a": [1, 2.5, None, True, "text"], "b": {}})


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("HTTPS://Example.ORG", "https://example.org/"),
        ("http://example.org:80/a", "http://example.org/a"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("https://example.org:80/a", "https://example.org:80/a"),
        ("https://example.org/a#part", "https://example.org/a"),
        ("https://example.org/a?b=1&c=%20#", "https://example.org/a?b=1&c=%20"),
        ("  https://example.org/a\n", "https://example.org/a"),
        ("https://example.org/ä ö", "https://example.org/%C3%A4%20%C3%B6"),
        ("https://[2001:DB8::1]:8080/", "https://[2001:db8::1]:8080/"),
        ("https://example.org/A/B?Q=R", "https://example.org/A/B?Q=R"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("https://user@example.org/#x", "https://user@example.org/#x"),
        ("https://example.org/\x00", "https://example.org/\x00"),
        ("not an address", "not an address"),
        ("", ""),
    ],
)
def test_normal_spelling(url: str, normal: str) -> None:
    assert normalise_url(url) == normal


@pytest.mark.parametrize(
    ("host", "meant"),
    [
        ("аррӏе.com", "xn--80ak6aa92e.com"),
        ("www.аррӏе.com", "www.xn--80ak6aa92e.com"),
        ("gооgle.com", "xn--ggle-55da.com"),
        ("ραγραι.com", None),
        ("россия.рф", ""),
        ("сосо.рф", ""),
        ("новости.com", ""),
        ("münchen.de", ""),
        ("例え.jp", ""),
        ("example.org", ""),
    ],
)
def test_a_host_that_looks_like_another_is_refused(host: str, meant: str | None) -> None:
    url = f"https://{host}/"
    if meant == "":
        validate_http_url(url)
        return
    with pytest.raises(ValidationError, match="look like others") as refused:
        validate_http_url(url)
    if meant:
        assert f"write {meant}" in refused.value.messages[0]
        validate_http_url(f"https://{meant}/")


@given(st.text(max_size=80).map(lambda rest: f"https://example.org/{rest}"))
def test_normal_spelling_is_its_own(url: str) -> None:
    normal = normalise_url(url)
    assert normalise_url(normal) == normal
    assert normal.isascii() or forbidden_character(url)


@given(st.text(max_size=60))
def test_address_that_passes_is_harmless(text: str) -> None:
    for url in (text, f"http://{text}", f"https://example.org/{text}"):
        normal = normalise_url(url)
        try:
            validate_http_url(normal)
        except ValidationError:
            continue
        assert normal.lower().startswith(("http://", "https://"))
        assert "@" not in normal.split("/")[2]
        assert not set(normal) & set(' \t\r\n\\"<>')


@given(st.text())
def test_folded_text_has_single_spaces(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert folded == folded.strip()
    assert "  " not in folded
