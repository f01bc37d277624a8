"""Countries and languages by their standard codes."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from factcheck.base.places import country_name, language_name, validate_country, validate_language


@pytest.mark.parametrize(
    ("code", "name"), [("AZ", "Azerbaijan"), ("RU", "Russian Federation"), ("BO", "Bolivia"), ("", ""), ("XX", "XX")]
)
def test_country_name(code: str, name: str) -> None:
    assert country_name(code) == name


@pytest.mark.parametrize(
    ("tag", "name"), [("az", "Azerbaijani"), ("sr-Latn", "Serbian"), ("rus", "Russian"), ("", ""), ("xx", "xx")]
)
def test_language_name(tag: str, name: str) -> None:
    assert language_name(tag) == name


@pytest.mark.parametrize("code", ["AZ", "AM", "RU", "GB"])
def test_country(code: str) -> None:
    validate_country(code)


@pytest.mark.parametrize("code", ["az", "Az", "AZE", "UK", "XX", "", " AZ", "A\x00"])
def test_bad_country(code: str) -> None:
    with pytest.raises(ValidationError):
        validate_country(code)


@pytest.mark.parametrize("tag", ["en", "az", "en-GB", "sr-Latn", "zh-Hant-TW", "tlh"])
def test_language(tag: str) -> None:
    validate_language(tag)


@pytest.mark.parametrize("tag", ["", "e", "english", "EN", "en_GB", "en-", "xq", "en-a-b-c-d-e", "en\n", "en-\x00"])
def test_bad_language(tag: str) -> None:
    with pytest.raises(ValidationError):
        validate_language(tag)
