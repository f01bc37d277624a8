"""Where large uploads wait while their form is read."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.core.files.uploadhandler import TemporaryFileUploadHandler


class TemporaryFiles(TemporaryFileUploadHandler):
    """Removes a file at once that could not be written: Django leaves that to Python, and Python keeps the file as long
    as the exception."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        try:
            return super().receive_data_chunk(raw_data, start)
        except OSError:
            self._remove()
            raise

    def file_complete(self, file_size: int) -> Any:
        try:
            return super().file_complete(file_size)
        except OSError:
            self._remove()
            raise

    def _remove(self) -> None:
        # Closing writes what waits in the buffer, for which there is no room either.
        with suppress(OSError):
            self.file.close()
