"""What text and addresses may contain, in every door."""

from __future__ import annotations

import re
from unicodedata import category
from urllib.parse import quote, urlsplit, urlunsplit

from django.core.exceptions import ValidationError

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


def forbidden_character(text: str) -> str | None:
    """The first character that no text of the register may hold, as `U+XXXX`, or None.

    Refused are control characters other than tab and line ends, lone surrogates (they cannot be encoded and
    break every later read), non-characters, and bidirectional overrides (they make text read as other text).
    """
    found = _FORBIDDEN.search(text)
    return f"U+{ord(found.group()):04X}" if found else None


def without_forbidden(text: str) -> str:
    """The text without what `forbidden_character` refuses: for words of others that are only looked into."""
    return _FORBIDDEN.sub("", text)


_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""What shows nothing although Unicode counts it among letters, marks and signs."""


def is_blank(text: str) -> bool:
    """Whether nothing of the text can be seen: spaces, format characters such as U+200B, fillers."""
    return all(character.isspace() or category(character) == "Cf" or _UNSEEN.match(character) for character in text)


def check_text(text: str) -> None:
    """Raise ValidationError when `text` holds a forbidden character, or is none: of invisible characters alone."""
    if found := forbidden_character(text):
        raise ValidationError(
            "Remove the character %(character)s: control characters and direction overrides are not text.",
            code="forbidden_character",
            params={"character": found},
        )
    if text.strip() and is_blank(text):
        raise ValidationError("Write something that can be read, or leave it empty: this is invisible.", code="blank")


def check_texts(value: object) -> None:
    """`check_text` for every text in a JSON value, keys included."""
    if isinstance(value, str):
        check_text(value)
    elif isinstance(value, dict):
        check_texts([*value.keys(), *value.values()])
    elif isinstance(value, list | tuple):
        for entry in value:
            check_texts(entry)


def fold(text: str) -> str:
    """Runs of white space become one space, ends are trimmed."""
    return " ".join(text.split())


def shortened(text: str, most: int) -> str:
    """The text in one line of at most `most` letters, cut between words, with a mark where it was cut."""
    text = fold(text)
    return text if len(text) <= most else f"{text[: most - 1].rsplit(' ', 1)[0]}…"


def validate_http_url(url: str) -> None:
    """Raise ValidationError unless `url` is a plain http(s) address without user, password or white space."""
    check_text(url)
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise ValidationError("Enter a web address, such as https://example.org/page.", code="invalid") from None
    if parts.scheme.lower() not in {"http", "https"} or not host:
        raise ValidationError("Enter an address that starts with http:// or https://.", code="scheme")
    if parts.username is not None or parts.password is not None or "\\" in url:
        raise ValidationError("Leave user names, passwords and backslashes out of the address.", code="userinfo")
    if re.search(r"\s", url):
        raise ValidationError("Remove the white space from the address.", code="invalid")
    if not re.fullmatch(r"[^\s/?#@<>\"']{1,253}", host):
        raise ValidationError("The host name of the address is not valid.", code="invalid")


def normalise_url(url: str) -> str:
    """The one spelling under which an address is stored: lower-case scheme and host, no default port, no fragment.

    Query strings are kept whole, since some sites tell their pages apart by them. Not-yet-quoted characters are
    percent-encoded. What is no http(s) address comes back unchanged, for validation to refuse.
    """
    if forbidden_character(url):
        return url
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return url
    scheme = parts.scheme.lower()
    if scheme not in {"http", "https"} or not host or parts.username is not None:
        return url
    if ":" in host:
        host = f"[{host}]"
    if port and port != {"http": 80, "https": 443}[scheme]:
        host = f"{host}:{port}"
    try:
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]|")
    except UnicodeEncodeError:
        return url
    return urlunsplit((scheme, host, path, query, ""))
