"""Time stamps on the head of the trail, by an authority that answers over HTTP: the program openssl with keys of its
own."""

from __future__ import annotations

import io
import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.core.management import CommandError, call_command
from django.db.models import QuerySet
from django.test import Client

from factcheck.audit.models import AuditEntry, HeadStamp
from factcheck.audit.stamps import holds, stamp_daily, stamp_head
from factcheck.base.errors import Busy, Frozen
from tests.factories import make_source

pytest.importorskip("rfc3161_client", reason="the extra stamps is not installed")
pytestmark = [
    pytest.mark.usefixtures("register"),
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl plays the authority"),
]
CONFIGURATION = """
[tsa]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
ess_cert_id_alg = sha256
"""


class Authority:
    """Answers what openssl answers, or what `spoil` makes of it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.asked = folder, 0
        self.status = 200
        self.last = b""
        self.replay = False

    def answer(self, query: bytes) -> bytes:
        self.asked += 1
        if self.replay:
            return self.last
        (self.folder / "query").write_bytes(query)
        command = ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-section", "tsa", "-queryfile", "query"]
        command += ["-signer", "tsa.pem", "-inkey", "tsa.key", "-out", "answer"]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True)
        self.last = (self.folder / "answer").read_bytes()
        return self.last


def certificate(folder: Path, name: str, signer: tuple[Any, Any] | None = None) -> tuple[Any, Any]:
    """A key and a certificate by this signer, or a root; both are written to files."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(tz=UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer[1].subject if signer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=signer is None, path_length=None), critical=True)
    )
    if signer:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    made = builder.sign(signer[0] if signer else key, hashes.SHA256())
    (folder / f"{name}.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / f"{name}.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return key, made


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("authority")
    root = certificate(folder, "root")
    certificate(folder, "tsa", root)
    certificate(folder, "stranger")
    (folder / "tsa.cnf").write_text(CONFIGURATION)
    (folder / "serial").write_text("01")
    return folder


@pytest.fixture
def authority(keys: Path, settings: Any) -> Iterator[Authority]:
    found = Authority(keys)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/timestamp-query"
            body = found.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(found.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.FACTCHECK_TIMESTAMP_URL = f"http://127.0.0.1:{server.server_port}/tsr"
    settings.FACTCHECK_TIMESTAMP_ROOTS = keys / "root.pem"
    yield found
    server.shutdown()
    server.server_close()


def verify() -> str:
    said = io.StringIO()
    call_command("verify_audit", stdout=said, stderr=said)
    return said.getvalue()


def test_the_head_is_stamped_once_and_outsiders_verify_it_with_openssl(authority: Authority, tmp_path: Path) -> None:
    make_source()
    said = io.StringIO()
    call_command("stamp_head", stdout=said)
    last = AuditEntry.objects.order_by("-id")[0]
    assert said.getvalue().startswith(f"head {last.id}:{last.hash} was there at {datetime.now(tz=UTC):%Y-%m-%d}")
    call_command("stamp_head", stdout=said)
    assert authority.asked == 1

    (tmp_path / "stamp.txt").write_bytes(Client().get("/trail/stamp.txt").content)
    answer = Client().get("/trail/stamp.tsr")
    assert answer["Content-Type"] == "application/timestamp-reply"
    (tmp_path / "stamp.tsr").write_bytes(answer.content)
    command = ["openssl", "ts", "-verify", "-in", "stamp.tsr", "-data", "stamp.txt", "-CAfile"]
    done = subprocess.run(
        [*command, str(authority.folder / "root.pem")], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "Verification: OK" in done.stdout + done.stderr
    assert "entries hold." in verify()


def test_a_trail_that_was_rewritten_does_not_hold_against_its_stamps(authority: Authority) -> None:
    make_source()
    stamp = stamp_head()
    assert stamp is not None
    make_source()
    assert "entries hold." in verify()
    QuerySet(HeadStamp).update(hash="0" * 64)
    with pytest.raises(CommandError, match="2 breaks"):
        verify()


def test_what_is_no_stamp_of_this_head_is_refused_and_not_kept(authority: Authority, settings: Any) -> None:
    make_source()
    first = stamp_head()
    make_source()
    authority.replay = True
    with pytest.raises(Busy, match="no time stamp that holds"):
        stamp_head()
    authority.last = b"<html>"
    with pytest.raises(Busy, match="no time stamp that holds"):
        stamp_head()
    authority.status = 503
    with pytest.raises(Busy, match="answered 503"):
        stamp_head()
    authority.replay, authority.status = False, 200
    settings.FACTCHECK_TIMESTAMP_ROOTS = authority.folder / "stranger.pem"
    with pytest.raises(Busy, match="no time stamp that holds"):
        stamp_head()
    assert first is not None
    assert not holds(first)
    settings.FACTCHECK_TIMESTAMP_URL = "http://127.0.0.1:9/"
    with pytest.raises(Busy, match="was asked for a time stamp"):
        stamp_head()
    assert list(HeadStamp.objects.all()) == [first]


def test_roots_that_cannot_be_read_are_no_fault_of_a_stamp(authority: Authority, settings: Any) -> None:
    make_source()
    stamp_head()
    for place in (authority.folder / "gone.pem", authority.folder / "tsa.cnf"):
        settings.FACTCHECK_TIMESTAMP_ROOTS = place
        with pytest.raises(CommandError, match="FACTCHECK_TIMESTAMP_ROOTS cannot be read"):
            verify()
        make_source()
        with pytest.raises(Busy, match="FACTCHECK_TIMESTAMP_ROOTS cannot be read"):
            stamp_head()
    assert authority.asked == 1


def test_the_worker_asks_once_a_day(authority: Authority, settings: Any) -> None:
    make_source()
    stamp_daily()
    make_source()
    stamp_daily()
    assert authority.asked == 1
    QuerySet(HeadStamp).update(at=datetime.now(tz=UTC) - timedelta(days=1))
    stamp_daily()
    assert authority.asked == 2
    settings.FACTCHECK_TIMESTAMP_URL = ""
    make_source()
    QuerySet(HeadStamp).update(at=datetime.now(tz=UTC) - timedelta(days=1))
    stamp_daily()
    assert authority.asked == 2


def test_stamps_stay_as_they_are_and_none_is_shown_where_none_is(authority: Authority, settings: Any) -> None:
    assert Client().get("/trail/stamp.txt").status_code == Client().get("/trail/stamp.tsr").status_code == 404
    make_source()
    stamp_head()
    with pytest.raises(Frozen):
        HeadStamp.objects.update(hash="0" * 64)
    with pytest.raises(Frozen):
        HeadStamp.objects.all().delete()
    settings.FACTCHECK_TIMESTAMP_URL = ""
    make_source()
    with pytest.raises(CommandError, match="set FACTCHECK_TIMESTAMP_URL"):
        call_command("stamp_head")
