"""Hands out a list while it is read, whatever its length."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from itertools import islice

from django.http import StreamingHttpResponse
from django.utils.cache import patch_cache_control

from claims.choices import ExportKind
from claims.exports.lists.formats import ListFormat
from claims.exports.lists.listing import Listing
from claims.exports.record import record_stream
from claims.reports.formats.catalogue import disposition
from factcheck.base.errors import Busy

AT_ONCE = 4
"""How many lists one process hands out at the same time: half of the threads of the shipped server, so that those who
read slowly leave the other half to everybody else."""
_places = threading.BoundedSemaphore(AT_ONCE)


class Download:
    """A stream that has begun and holds a place until it is closed. Raises Busy where no place is free."""

    def __init__(self, stream: Generator[bytes]) -> None:
        self.stream = stream
        self.holds_place = _places.acquire(blocking=False)
        if not self.holds_place:
            raise Busy(
                f"{AT_ONCE} lists are being handed out already. Try again in a moment, or ask for an export, which is "
                "made when its turn comes."
            )
        try:
            # What breaks before the first piece is still answered as a refusal.
            self.begun = list(islice(stream, 1))
        except BaseException:
            self._leave()
            raise

    def __iter__(self) -> Iterator[bytes]:
        yield from self.begun
        yield from self.stream

    def close(self) -> None:
        """Called with the response, however that ends."""
        self.stream.close()
        self._leave()

    def __del__(self) -> None:
        # Of a response that nobody closed.
        self._leave()

    def _leave(self) -> None:
        if self.holds_place:
            self.holds_place = False
            _places.release()


def stream_list(entry: ListFormat, rows: Listing, query: str, *, empty: bool = False) -> StreamingHttpResponse:
    """The rows as `entry` of LIST_FORMATS writes them; what a signed-in reader takes out is recorded under `query`.

    The status is said before the second piece: a fault on the way breaks the connection, so that nobody takes what came
    until then for the whole. An `empty` one has the headers alone. Raises Busy when too many are being handed out.
    """
    assert entry.write is not None, "this format is made by a job"
    name = f"{rows.stem}.{entry.suffix}"
    stream = record_stream(
        entry.write(rows),
        user=rows.reader,
        kind=ExportKind.LIST,
        query=query,
        format=entry.name,
        counter=rows.counter,
        file_name=name,
    )
    content = () if empty else Download(stream)
    response = StreamingHttpResponse(content, content_type=f"{entry.media_type}{entry.charset}")
    response["Content-Disposition"] = disposition(name, inline=False)
    # Written anew for whoever asks; the file of an export comes in parts.
    response["Accept-Ranges"] = "none"
    patch_cache_control(response, private=True, no_store=True)
    return response
