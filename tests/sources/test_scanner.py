"""Files from outside are shown to a scanner before they are kept, where the operator has one."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer, ThreadingUnixStreamServer
from threading import Thread
from typing import Any

import pytest

from claims.admin.state import _scanner
from factcheck.base.scan import ScannerFailed, find_harm, is_answering
from sources.models import Snapshot
from tests.sources.test_snapshot_api import page, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

HARMFUL = b"MZ that harms"
LONGEST = 1_000_000


class Scanner(StreamRequestHandler):
    """Answers as clamd does, which finds harm in what begins with a certain word."""

    def handle(self) -> None:
        if self._word() == b"zPING":
            self.wfile.write(b"PONG\0")
            return
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        if len(content) > LONGEST:
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
        elif content.startswith(HARMFUL):
            self.wfile.write(b"stream: Made.Up-1 FOUND\0")
        else:
            self.wfile.write(b"stream: OK\0")

    def _word(self) -> bytes:
        found = b""
        while not found.endswith(b"\0"):
            found += self.rfile.read(1)
        return found[:-1]


@pytest.fixture(params=["socket", "port"])
def scanner(request: Any, tmp_path: Path, settings: Any) -> Iterator[str]:
    """Where it is to be found."""
    at = str(tmp_path / "clamd")
    server: Any = (
        ThreadingUnixStreamServer(at, Scanner)
        if request.param == "socket"
        else ThreadingTCPServer(("127.0.0.1", 0), Scanner)
    )
    with server:
        Thread(target=server.serve_forever, daemon=True).start()
        settings.FACTCHECK_CLAMD = at if request.param == "socket" else f"127.0.0.1:{server.server_address[1]}"
        settings.MEDIA_ROOT = tmp_path / "media"
        yield settings.FACTCHECK_CLAMD
        server.shutdown()


def upload(api: Any, who: Any, content: bytes) -> Any:
    client = api(who)
    client.raise_request_exception = False
    return send(client, file=page(content))


def kept(settings: Any) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_what_harms_is_not_kept(scanner: str, api: Any, ann: Any, settings: Any) -> None:
    refused = upload(api, ann, HARMFUL + b"." * 200_000)
    assert (refused.status_code, refused.json()["code"]) == (400, "harmful")
    (error,) = refused.json()["errors"]
    assert (error["field"], "“Made.Up-1”" in error["detail"]) == ("file", True)
    assert not Snapshot.objects.exists()
    assert kept(settings) == []
    assert upload(api, ann, b"Nothing in here. " * 20_000).status_code == 201
    assert len(kept(settings)) == 1


def test_a_file_that_nobody_could_look_at_is_not_kept(scanner: str, api: Any, ann: Any, settings: Any) -> None:
    refused = upload(api, ann, b"." * (LONGEST + 1))
    assert (refused.status_code, refused.json()["code"], refused["Retry-After"]) == (503, "scanner_failed", "30")
    settings.FACTCHECK_CLAMD = "127.0.0.1:1"
    refused = upload(api, ann, b"Nothing in here.")
    assert (refused.status_code, refused.json()["code"]) == (503, "scanner_failed")
    assert kept(settings) == []


def test_the_state_of_the_service_tells_whether_it_answers(scanner: str, settings: Any) -> None:
    assert is_answering(scanner)
    assert [fact.wrong for fact in _scanner()] == [""]
    settings.FACTCHECK_CLAMD = "/nowhere/clamd.ctl"
    assert ["FACTCHECK_CLAMD" in fact.wrong for fact in _scanner()] == [True]
    settings.FACTCHECK_CLAMD = ""
    assert _scanner() == []


def test_a_scanner_that_hangs_up_has_failed(tmp_path: Path) -> None:
    class Silent(StreamRequestHandler):
        def handle(self) -> None:
            self.rfile.read(1)

    with ThreadingUnixStreamServer(str(tmp_path / "clamd"), Silent) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(ScannerFailed):
            find_harm(io.BytesIO(b"." * 5_000_000), str(tmp_path / "clamd"))
        server.shutdown()
