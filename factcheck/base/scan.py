"""What files from outside are shown to before they are kept: clamd, the scanner of ClamAV, where the operator names it.

The scanner is sent the bytes (its command INSTREAM), so that it may run as another user or on another machine.
"""

from __future__ import annotations

import re
import socket
import struct
from contextlib import suppress
from typing import BinaryIO

from factcheck.base.errors import Busy

CHUNK = 1 << 16
"""Bytes that are sent at once."""
PATIENCE = 60.0
"""Seconds after which a scanner that says nothing has failed."""
FOUND = re.compile(r"stream: (.+) FOUND")


class ScannerFailed(Busy):
    """The scanner does not answer, or could not look at the file."""

    code = "scanner_failed"


def find_harm(content: BinaryIO, address: str, *, patience: float = PATIENCE) -> str:
    """The name of what the scanner finds in the content, which is read from where it stands; empty where it finds
    nothing. `address` is the path of a socket, or a host and its port. Raises ScannerFailed."""
    try:
        with _connected(address, patience) as connection:
            # It hangs up in the middle of what is too large, and says so before.
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(b"zINSTREAM\0")
                while chunk := content.read(CHUNK):
                    connection.sendall(struct.pack("!L", len(chunk)) + chunk)
                connection.sendall(struct.pack("!L", 0))
            answer = _answer(connection)
    except OSError as error:
        raise _failed("does not answer") from error
    if not answer:
        raise _failed("does not answer")
    if answer == "stream: OK":
        return ""
    if (found := FOUND.fullmatch(answer)) is not None:
        return found[1]
    raise _failed("could not look at this file, which may be larger than it takes (StreamMaxLength)")


def is_answering(address: str, *, patience: float = 2.0) -> bool:
    """Whether the scanner says that it is there."""
    try:
        with _connected(address, patience) as connection:
            connection.sendall(b"zPING\0")
            return _answer(connection) == "PONG"
    except OSError:
        return False


def _answer(connection: socket.socket) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) < CHUNK and (more := connection.recv(CHUNK)):
        answer += more
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _connected(address: str, patience: float) -> socket.socket:
    host, _colon, port = address.rpartition(":")
    if host:
        return socket.create_connection((host.strip("[]"), int(port)), timeout=patience)
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(patience)
        connection.connect(address)
    except BaseException:
        connection.close()
        raise
    return connection


def _failed(why: str) -> ScannerFailed:
    return ScannerFailed(f"The scanner of files {why}: nothing was kept. Try again, or tell whoever runs the register.")
