"""Reads a form with a file, for the few actions that take one: bounded while it comes in, whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any, BinaryIO, cast

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, QueryDict
from rest_framework.exceptions import ErrorDetail, UnsupportedMediaType, ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from factcheck.api.refusals import Problem
from factcheck.base.files import Readable
from factcheck.base.http.uploads import TemporaryFiles

TAIL = 512
MULTIPART = "multipart/form-data"


class UploadParser(MultiPartParser):
    """`multipart/form-data`; which fields and files it may hold, is the action's to say."""

    media_type = MULTIPART

    def parse(
        self, stream: Readable, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        if (media_type or "").partition(";")[0].strip().lower() != MULTIPART:
            raise UnsupportedMediaType(str(media_type), detail=f"Send {MULTIPART}.")
        return super().parse(cast(IO[bytes], stream), media_type, parser_context)


class BoundedUploads(TemporaryFiles):
    """Stops the reading of a body as soon as its files are larger than allowed, and knows which it has opened."""

    def __init__(self, request: HttpRequest, longest: int) -> None:
        super().__init__(request)
        self.longest, self.taken = longest, 0
        self.opened: list[Any] = []

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.opened.append(self.file)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.taken += len(raw_data)
        if self.taken > self.longest:
            raise RequestDataTooBig
        super().receive_data_chunk(raw_data, start)


class Ending:
    """A stream that remembers the end of what was read: a form that was cut off has another one."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream, self.end = stream, b""

    def read(self, *args: Any) -> bytes:
        return self._seen(self.stream.read(*args))

    def readline(self, *args: Any) -> bytes:
        return self._seen(self.stream.readline(*args))

    def close(self) -> None:
        """Django closes the stream when it reads a body whole, such as one that is no form."""
        self.stream.close()

    def _seen(self, chunk: bytes) -> bytes:
        if chunk:
            self.end = (self.end + chunk[-TAIL:])[-TAIL:]
        return chunk


def expect_upload(request: HttpRequest, longest: int) -> None:
    """Bound the form that this request brings, whoever reads it first: the look for a session's token does, before
    any view."""
    request.upload_handlers = [BoundedUploads(request, longest)]
    # Read like the stream that it stands before; Django asks for no more.
    request._stream = cast(BinaryIO, Ending(request._stream))


def close_upload(request: HttpRequest) -> None:
    """Close the files that came in; of a form that was refused half-way nobody else does."""
    for handler in request.upload_handlers:
        for file in getattr(handler, "opened", ()):
            file.close()


def read_upload(request: Request, known: set[str], file: str) -> tuple[dict[str, str], Any]:
    """The fields of a form and its one file. Raises a 400 that names what is unknown, double, missing or cut off."""
    # A request without a body brings no form, whatever type it says it has.
    form, files = request.data if isinstance(request.data, QueryDict) else QueryDict(), request.FILES
    boundary = _boundary(request)
    ending = getattr(request._request, "_stream", None)
    if isinstance(ending, Ending) and f"--{boundary}--".encode() not in ending.end:
        raise Problem(400, "parse_error", "The form was cut off: its last boundary is missing.")
    errors: dict[str, list[ErrorDetail]] = {}
    for name in form:
        given = form.getlist(name)
        if name not in known | {file}:
            message = f"Unknown field. Known here: {', '.join(sorted(known | {file}))}."
            errors[_shown(name)] = [ErrorDetail(message, "unknown_field")]
        elif len(given) > 1:
            errors[name] = [ErrorDetail("Give this once.", "repeated")]
        elif (name in files) != (name == file):
            wanted = "Send this as a file." if name == file else "Send this as a plain field, not as a file."
            errors[name] = [ErrorDetail(wanted, "invalid")]
    if file not in form:
        errors[file] = [ErrorDetail("Choose the file of the copy.", "required")]
    if errors:
        raise ValidationError(errors)
    return {name: str(form[name]) for name in form if name != file}, files[file]


def _boundary(request: Request) -> str:
    return str((request._request.content_params or {}).get("boundary", ""))


def _shown(name: str) -> str:
    return name.encode("ascii", "backslashreplace").decode()[:100] if not name.isprintable() else name[:100]
