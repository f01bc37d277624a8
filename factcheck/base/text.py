"""What text and addresses may contain, in every door."""

from __future__ import annotations

import re
from unicodedata import category, name
from urllib.parse import quote, urlsplit, urlunsplit

from django.core.exceptions import ValidationError

_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_NONE = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
"""What Unicode promises never to make a character."""
_FORBIDDEN = re.compile(f"[{_CONTROLS}{_NONE}\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def forbidden_character(text: str) -> str | None:
    """The first character that no text of the register may hold, as `U+XXXX`, or None.

    Refused are control characters other than tab and line ends (a terminal takes U+009B for the begin of a command),
    lone surrogates (they cannot be encoded and break every later read), non-characters, and bidirectional overrides
    (they make text read as other text).
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
    if meant := _look_alike(host):
        raise ValidationError(
            "The host name is written in letters that look like others. If you mean it, write %(meant)s.",
            code="look_alike",
            params={"meant": meant},
        )


_LIKE_LATIN = frozenset("асԁеһіјӏорԛѕԝхуъьҽпгѵѡαγηικνορτυωϲϳ")
"""Small letters of Cyrillic and Greek that readers take for Latin ones."""


def _look_alike(host: str) -> str:
    """How a host is written that pretends to be another, in ASCII; empty for all others.

    Such is a name that mixes Latin letters with those of Cyrillic or Greek, and one wholly of letters that look like
    Latin ones under an ending that is Latin, as browsers have it.
    """
    if host.isascii():
        return ""
    labels = host.lower().split(".")
    for label in labels:
        scripts = {name(letter, "").split(" ")[0] for letter in label if letter.isalpha()}
        mixed = "LATIN" in scripts and scripts & {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}
        if mixed or (
            labels[-1].isascii()
            and {letter for letter in label if letter.isalpha()} <= _LIKE_LATIN
            and not label.isascii()
        ):
            try:
                return host.encode("idna").decode()
            except UnicodeError:
                return "another address"
    return ""


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
