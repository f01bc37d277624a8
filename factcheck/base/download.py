"""Copies what stands at an address that somebody else chose: from public hosts alone, bounded in time and size."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import BinaryIO

import httpcore
import httpx

from factcheck.base.fetch import FetchError, Resolver, TargetRefused, exchange, resolve

DEADLINE = 30.0
"""Seconds for all steps together."""
MOST_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class TooLong(FetchError):
    """The answer is longer than what was asked to be taken."""


@dataclass(frozen=True, slots=True)
class Download:
    """Where the copy came from in the end, and what the sender calls it."""

    url: str
    content_type: str


def download(
    url: str,
    target: BinaryIO,
    *,
    longest: int,
    agent: str,
    private: bool = False,
    deadline: float = DEADLINE,
    resolver: Resolver = resolve,
) -> Download:
    """Write what `url` answers to `target`, after at most five redirects.

    Each step is resolved and checked like the first one. Raises TargetRefused when one leads to no public host,
    TooLong beyond `longest` bytes, FetchError for everything else, at the latest after `deadline` seconds.
    """
    end = time.monotonic() + deadline
    headers = {"User-Agent": agent}
    for _step in range(MOST_REDIRECTS + 1):
        with exchange("GET", url, headers, end=end, private=private, resolver=resolver) as response:
            found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            if response.status not in REDIRECTS or "location" not in found:
                _take(response, found, target, longest)
                return Download(url, found.get("content-type", ""))
        url = _joined(url, found["location"])
    raise FetchError(f"The address redirects more than {MOST_REDIRECTS} times.")


def _take(response: httpcore.Response, headers: dict[str, str], target: BinaryIO, longest: int) -> None:
    if response.status != 200:
        raise FetchError(f"The server answers with status {response.status} instead of the page.")
    if headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}:
        # A small body may unpack to gigabytes; it was asked to come as it is.
        raise FetchError("The server sends the page packed, which it was asked not to do.")
    too_long = f"What stands there is larger than {longest:,} bytes."
    if (stated := headers.get("content-length", "")).isdecimal() and len(stated) < 19 and int(stated) > longest:
        raise TooLong(too_long)
    taken = 0
    for chunk in response.iter_stream():
        taken += len(chunk)
        if taken > longest:
            raise TooLong(too_long)
        target.write(chunk)


def _joined(url: str, location: str) -> str:
    try:
        return str(httpx.URL(url).join(location).copy_with(fragment=None))
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise TargetRefused("The address redirects to what is no web address.") from error
