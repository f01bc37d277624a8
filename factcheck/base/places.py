"""Countries and languages by their standard codes."""

from __future__ import annotations

import re
from functools import cache

import pycountry
from django.core.exceptions import ValidationError

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


@cache
def country_name(code: str) -> str:
    """The common English name of an ISO 3166-1 alpha-2 code; the code itself when there is none."""
    country = pycountry.countries.get(alpha_2=code) if code else None
    return getattr(country, "common_name", country.name) if country else code


@cache
def language_name(tag: str) -> str:
    """The English name of a BCP 47 tag's language; the tag itself when there is none."""
    primary = tag.split("-", maxsplit=1)[0]
    language = (pycountry.languages.get(alpha_2=primary) or pycountry.languages.get(alpha_3=primary)) if tag else None
    return language.name if language else tag


def validate_country(code: str) -> None:
    """Raise ValidationError unless `code` is an ISO 3166-1 alpha-2 code."""
    country = pycountry.countries.get(alpha_2=code)
    # It finds small letters too, and K for the Kelvin sign.
    if country is None or country.alpha_2 != code:
        raise ValidationError("Enter a country by its two capital letters (ISO 3166), such as AZ.", code="country")


def validate_language(tag: str) -> None:
    """Raise ValidationError unless `tag` is a BCP 47 language tag, such as `az` or `sr-Latn`."""
    primary = tag.split("-", maxsplit=1)[0]
    known = pycountry.languages.get(alpha_2=primary) or pycountry.languages.get(alpha_3=primary)
    if not _LANGUAGE.fullmatch(tag) or known is None:
        raise ValidationError("Enter a language tag (BCP 47), such as en, az or sr-Latn.", code="language")
