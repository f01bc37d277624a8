"""Hands out a kept copy to the desk: as a file to be saved, never as a page of ours."""

from __future__ import annotations

import mimetypes
from typing import TypeVar

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags

from factcheck.base.errors import Absent
from factcheck.base.storage import open_file
from sources.models import Snapshot
from sources.services.custody import record_reading

POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


def copy_response(request: HttpRequest, snapshot: Snapshot) -> HttpResponse | FileResponse:
    """The kept file, streamed; a 304 for who has it. Raises Absent, in words, when there is none to be had.

    That it was handed out, and to whom, is in the trail before its first byte is.

    It is somebody else's work and may hold scripts: it is not shown, not guessed at and not run, and the media type
    that its sender gave it is not repeated.
    """
    etag = f'"{snapshot.digest}"'
    if not snapshot.file:
        raise Absent("The register keeps no file of this copy itself; see where an archive keeps it (archive_url).")
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return guarded(HttpResponseNotModified(), etag)
    try:
        # Closed by the response.
        content = open_file(snapshot.kept_as) if snapshot.kept_as else None
    except OSError:
        content = None
    if content is None:
        raise Absent("The kept file of this copy is missing. Tell who runs the register: a backup may have it.")
    if request.method == "GET":
        try:
            record_reading(actor=request.user, snapshots=[snapshot])
        except BaseException:
            content.close()
            raise
    name = f"snapshot-{snapshot.pk}{mimetypes.guess_extension(snapshot.media_type) or '.bin'}"
    response = FileResponse(content, as_attachment=True, filename=name, content_type="application/octet-stream")
    return guarded(response, etag)


Answer = TypeVar("Answer", bound=HttpResponseBase)


def guarded(response: Answer, etag: str) -> Answer:
    """The response as something to be saved: not shown, not guessed at, not run, and kept by nobody in between."""
    response["ETag"] = etag
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, private=True, no_cache=True)
    return response
