"""Values that no honest client sends: what FAULTS calls odd, for every kind of place they can be put."""

from __future__ import annotations

from typing import Any

from django.db import connection

_seen: set[str] = set()


def share(values: Any, kind: str, turn: int, of: int = 10) -> list[Any]:
    """All of the values for the first place of its kind, `part` of them for every other one.

    So a value meets each kind of place on both engines, and each place meets its share on one of them.
    """
    first = kind not in _seen
    _seen.add(kind)
    return list(values) if first else part(values, turn, of)


def part(values: Any, turn: int, of: int) -> list[Any]:
    """One of every `of` values, beginning with another one each turn: of these every second on SQLite, and the rest on
    PostgreSQL."""
    start = turn % of + (0 if connection.vendor == "sqlite" else of)
    return list(values[start % len(values) :: 2 * of])


HUGE = ("9" * 19, "9" * 20, "9" * 40, "9" * 400, "9223372036854775807", "9223372036854775808", "-9223372036854775809")
NUMBERS = (
    *HUGE,
    "0",
    "-1",
    "1.5",
    "1e999",
    "1e-999999",
    "NaN",
    "inf",
    "0x10",
    "१",
    "+1",
    " 1",
    "1,1",
    "1_000",
    "00001",
)
DATES = (
    "0000",
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "2025-13",
    "2025-02-30",
    "2025-W01",
    "-0001",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2025-07-01T25:00Z",
    "2025-07-01T14:05:00+99:99",
    "99999999999",
    "now",
    "2025-07-01T14:05:00.123456789123456789Z",
)
MOMENTS = (
    "0001-01-01",
    "0001-01-01T00:00Z",
    "0001-01-01T00:00+14:00",
    "0001-12-31T23:59-12:00",
    "0002-01-01",
    "0999-12-31",
    "0999-12-31T23:59Z",
    "9998-12-31T23:59Z",
    "9999-12-31",
    "9999-12-31T23:59+14:00",
    "9999-12-31T23:59-12:00",
    "0999",
    "9999-12",
    "2025-07-01T24:00Z",
    "2025-07-01T23:59:60Z",
)
"""Where a calendar, a zone or a format of dates ends: of years before 1000 strftime writes fewer digits."""
TEXTS = (
    "",
    " ",
    "\t",
    "a" * 300,
    "a" * 5_000,
    "'",
    '"',
    "%",
    "_",
    "\\",
    "';--",
    "(a+)+$",
    "*",
    "()",
    "[",
    "💥",
    "\u202e",
    "\u00a0",
    "\ufeff",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "null",
    "true",
    "../../etc/passwd",
    "x " * 400,
)
PERCENT = (
    "%00",
    "%C0%AF",
    "%ED%A0%80",
    "%FF",
    "%",
    "%zz",
    "%0d%0aX:y",
    "%F0%9F%92%A5",
    "%u0041",
    "%2e%2e%2f",
    "%5B%5D",
    "%252f",
)
"""Written as they stand: what is percent-encoded in an address and is no text."""

JSON: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    2**63 - 1,
    -(2**63),
    10**18,
    1e308,
    "",
    " ",
    "x",
    "a" * 20_000,
    "0",
    "9" * 19,
    "9" * 400,
    "1e999",
    "NaN",
    "0001-01-01",
    "9999-12-31",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "0999-12-31T12:00:00Z",
    "9999-12-31T12:00:00Z",
    "2025-07-01",
    "\u202e",
    "\u0001",
    "\ufffe",
    "javascript:alert(1)",
    "http://[::1",
    "http://user:pw@example.org/",
    "https://example.org:99999/",
    "http://" + "a" * 3_000,
    [],
    {},
    [[]],
    [None],
    [1],
    ["x", "x"],
    ["\ud83d\ude00"],
    [{}],
    {"id": 1},
    {"id": None},
    {"id": {"id": 1}},
    {"ref": "x"},
    {"type": "TextQuoteSelector", "exact": ["x"]},
    {"type": ["TextQuoteSelector"]},
    {"": ""},
    ["x"] * 100,
)
"""Well-formed JSON of the wrong kind for nearly every field."""

NEVER = (
    r'"\ud800"',
    r'"a\u0000b"',
    r'{"type": "TextQuoteSelector", "exact": "\udfff"}',
    r'["\ud800"]',
    r'{"\ud800": 1}',
    "NaN",
    "-Infinity",
    "1e999",
    "9223372036854775808",
    "1" + "0" * 5_000,
    "[" * 40 + "]" * 40,
    '{"id": 1, "id": 2}',
)
"""What no field takes, written as it is sent: it is refused whatever the field, known or not."""

BODIES = (
    b"",
    b"null",
    b"1",
    b'"x"',
    b"[",
    b"{",
    b"{}",
    b"[]",
    b"[[]]",
    b"[null]",
    b"[1, 2]",
    b'[{}, {"text": 1}]',
    b"\xff\xfe",
    b"\xef\xbb\xbf{}",
    b"{'a': 1}",
    b'{"a": 1, "a": 2}',
    b'{"a": NaN}',
    b'{"a": -Infinity}',
    b'{"a": 1e999}',
    b'{"a": 1' + b"0" * 5_000 + b"}",
    b'{"text": "\\ud800"}',
    b'{"\\ud800": 1}',
    b'{"text": "\\u0000"}',
    b'{"text": "\x00"}',
    b'{"a": ' + b"[" * 40 + b"]" * 40 + b"}",
    b"[" * 900 + b"]" * 900,
    b"[" * 100_000,
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    b'{"text": "' + b"a" * 1_100_000 + b'"}',
    b"[" + b"{}," * 600 + b"{}]",
    b'{"change_reason": {"a": 1}}',
    b'{"change_reason": "\\u202e"}',
    b'{"members": [[]], "claims": {"a": 1}}',
    b'{"sources": [{"ref": [1]}], "claims": [[[]]], "relations": 7, "title": "x", "question": "x"}',
)

CONTENT_TYPES = (
    "",
    "*/*",
    "application/*",
    "text/plain",
    "application/json; charset=utf-16",
    "application/json; charset=bz2_codec",
    "application/json; charset=nonsense",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=" + "x" * 300,
    "application/merge-patch+json",
    "application/json;" + ";" * 500,
    "a" * 2_000,
    "\u00e9/\u00e9",
)
FORMS = (
    (b"{}", "application/json"),
    (b'{"zq": 1}', "application/json"),
    (b"zq=1&change_reason=x", "application/x-www-form-urlencoded"),
    (b'--B\r\nContent-Disposition: form-data; name="zq"\r\n\r\n1\r\n--B--\r\n', "multipart/form-data; boundary=B"),
    (b"--B--\r\n", "multipart/form-data; boundary=B"),
    (b"zq=1", "multipart/form-data"),
    (b"zq", "text/plain"),
    (b"zq", "application/octet-stream"),
    (b"zq", ""),
    (b"", "application/json"),
    (b"", "multipart/form-data; boundary=B"),
    (b"", ""),
)
"""A body and what it is said to be: every form in which a client sends something, or nothing."""
KEYS = ("", "a-key-of-mine")
"""Without the header Idempotency-Key, and with it."""

ACCEPTS = (
    "",
    "*",
    "*/*",
    "text/html",
    "application/xml",
    "application/json; q=0",
    "application/json; indent=100000",
    "application/json; charset=utf-16",
    ",".join(["a/b"] * 2_000),
    "application/json;" * 300,
    "\u00e9",
)
METHODS = (
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "PUT",
    "PATCH",
    "DELETE",
    "POST",
    "HEAD",
    "get",
    "GETX",
    "A" * 100,
)
HEADERS = (
    ("If-None-Match", "garbage"),
    ("If-None-Match", '"' + "x" * 5_000 + '"'),
    ("If-None-Match", "*"),
    ("If-Match", "garbage"),
    ("If-Match", '"99999999999999999999-0123456789abcdef"'),
    ("If-Match", '"' + "9" * 18 + '"'),
    ("If-Match", "\u00e9"),
    ("Idempotency-Key", ""),
    ("Idempotency-Key", "x" * 300),
    ("Idempotency-Key", "\u00e9"),
    ("X-Change-Reason", "%FF%FE"),
    ("X-Change-Reason", "x" * 3_000),
    ("X-Change-Reason", "%E2%80%AE"),
    ("X-Request-Id", "\u00e9" * 300),
    ("Authorization", "Bearer"),
    ("Authorization", "Bearer " + "x" * 5_000),
    ("Authorization", "Bearer a b"),
    ("Authorization", "Basic AAAA"),
    ("Authorization", "Basic \u00e9"),
    ("Authorization", "Nonsense x"),
    ("Cookie", 'sessionid="\\000aaaaaaaa"'),
    ("Cookie", "sessionid=" + "x" * 5_000),
    ("Accept-Language", "x" * 5_000),
    ("Range", "bytes=0-99999999999999999999"),
    ("X-Forwarded-For", "a" * 1_000),
    ("Host", "evil example"),
    ("Content-Length", "-1"),
)
CURSORS = ("x", "e30", "cD0x", "cD0tMQ==", "a" * 500, "a:b:c", ":::", "eyJwIjoxfQ:1:x", "💥")
