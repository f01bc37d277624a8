"""Hands out a list while it is read, whatever its length."""

from __future__ import annotations

from django.http import StreamingHttpResponse
from django.utils.cache import patch_cache_control

from claims.choices import ExportKind
from claims.exports.lists.formats import ListFormat
from claims.exports.lists.listing import Listing
from claims.exports.record import record_stream
from claims.reports.formats.catalogue import disposition


def stream_list(entry: ListFormat, rows: Listing, query: str) -> StreamingHttpResponse:
    """The rows in a format that streams; what a signed-in reader takes out is recorded under `query`.

    The status is said before the first row: a fault on the way breaks the connection, so that nobody takes what came
    until then for the whole.
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
    response = StreamingHttpResponse(stream, content_type=f"{entry.media_type}{entry.charset}")
    response["Content-Disposition"] = disposition(name, inline=False)
    patch_cache_control(response, private=True, no_store=True)
    return response
