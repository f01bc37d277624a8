"""Copies are kept whole and durable, named by their fingerprint, and looked at again."""

from __future__ import annotations

import hashlib
import io
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from factcheck.audit.models import AuditEntry
from factcheck.base.download import Download, TooLong
from factcheck.base.errors import Frozen, RuleViolation
from factcheck.base.fetch import TargetRefused
from sources.models import Snapshot
from sources.models.snapshot import FOLDER, UNFINISHED
from sources.services import fetch_copy, keep_copy, stage_copy, verify_copies
from sources.services import snapshot as service
from sources.services.snapshot import TooLarge
from sources.services.verification import orphans
from tests import factories as f

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

PAGE = b"<!doctype html><title>News</title><p>It <b>was</b> so.</p><p>He said&nbsp;no.<script>var x='secret'</script>"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def keep(content: bytes = PAGE, media_type: str = "text/html", **fields: Any) -> Snapshot:
    fields.setdefault("document", f.make_document())
    return keep_copy(actor=None, content=io.BytesIO(content), media_type=media_type, **fields)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_copy_is_kept_under_its_fingerprint(ann, folder):
    snapshot = keep_copy(actor=ann, document=f.make_document(), content=io.BytesIO(PAGE), media_type="text/html")
    digits = hashlib.sha256(PAGE).hexdigest()
    snapshot.refresh_from_db()
    assert snapshot.digest == f"sha256:{digits}"
    assert snapshot.size == len(PAGE)
    assert snapshot.file.name == f"{FOLDER}/{digits[:2]}/{digits[2:4]}/{digits}"
    assert snapshot.taken_by == ann
    assert Path(snapshot.file.path).read_bytes() == PAGE
    assert stat.S_IMODE(Path(snapshot.file.path).stat().st_mode) == 0o400
    assert snapshot.text == "News\nIt was so.\nHe said no."
    assert files(folder) == [Path(snapshot.file.path)]


def test_the_same_content_twice_is_one_file_and_two_snapshots(folder):
    first, second = keep(), keep()
    assert first.pk != second.pk
    assert files(folder) == [Path(first.file.path)] == [Path(second.file.path)]


def test_a_copy_that_is_kept_again_heals_the_broken_file():
    first = keep()
    Path(first.file.path).chmod(0o644)
    Path(first.file.path).write_bytes(b"x" * first.size)
    keep()
    assert Path(first.file.path).read_bytes() == PAGE


def test_more_than_the_limit_is_refused_and_leaves_nothing(settings, folder):
    settings.FACTCHECK_SNAPSHOT_MAX_BYTES = 10
    with pytest.raises(TooLarge):
        keep(b"x" * 11)
    assert files(folder) == []
    assert keep(b"x" * 10).size == 10


def test_nothing_is_no_copy(folder):
    with pytest.raises(RuleViolation):
        keep(b"")
    assert files(folder) == []


def test_a_crash_between_file_and_row_leaves_an_orphan_that_is_named(folder, monkeypatch, capsys):
    def crash(**fields: Any) -> None:
        raise RuntimeError("The power went.")

    monkeypatch.setattr(service, "record_copy", crash)
    with pytest.raises(RuntimeError):
        keep()
    assert not Snapshot.objects.exists()
    [left] = orphans()
    assert [folder / left] == files(folder)
    call_command("verify_snapshots")
    assert left in capsys.readouterr().err


def test_a_crash_while_the_file_is_written_leaves_nothing(folder):
    class Breaking:
        def __init__(self) -> None:
            self.left = 2

        def read(self, size: int = -1) -> bytes:
            self.left -= 1
            if self.left < 0:
                raise OSError("The cable was pulled.")
            return b"x"

    with pytest.raises(OSError, match="cable"):
        stage_copy(Breaking())
    assert files(folder) == []


def test_a_file_that_was_never_finished_is_named(folder):
    keep()
    left = folder / UNFINISHED / "tmp123"
    left.write_bytes(b"half")
    assert [folder / name for name in orphans()] == [left]


@pytest.mark.parametrize(
    ("content", "given", "found"),
    [
        (b"%PDF-1.7 ...", "text/html", "application/pdf"),
        (b"<html><body>x", "application/pdf", "text/html"),
        (b"\x00\x01\x02", "text/html", "application/octet-stream"),
        (b"plain words", "", "text/plain"),
        (b"plain words", "image/png", "text/plain"),
        (b"a,b\n1,2", "text/csv; charset=utf-8", "text/csv"),
        (b"PK\x03\x04...", "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
        (b"PK\x03\x04...", "text/html", "application/zip"),
        (b"words", "not a type\r\nX: y", "text/plain"),
        (b"\x89PNG\r\n\x1a\n", "", "image/png"),
    ],
)
def test_the_bytes_say_what_a_copy_is(content, given, found):
    assert keep(content, given).media_type == found


@pytest.mark.parametrize(
    ("content", "given", "text"),
    [
        ("Grüße".encode("latin-1"), "text/plain; charset=iso-8859-1", "Grüße"),
        ("Grüße".encode(), "text/plain", "Grüße"),
        ("“Grüße”".encode("cp1252"), "text/plain", "“Grüße”"),
        ("\ufeffGrüße".encode("utf-16-le"), "text/plain", "Grüße"),
        (b"<html><meta charset=windows-1251>" + "Привет".encode("cp1251"), "text/html", "Привет"),
        (b"a\x01b\xe2\x80\xaec", "text/plain; charset=utf-8", "abc"),
        (
            b"<html><!-- hidden --><style>p{}</style>a<br>b &lt;i&gt; <svg><text>no</text></svg>",
            "text/html",
            "a\nb <i>",
        ),
        (b"words", "text/plain; charset=no-such-thing", "words"),
        (b"%PDF-1.7 words", "application/pdf", ""),
    ],
)
def test_the_words_of_a_copy_are_kept_as_clean_text(content, given, text):
    assert keep(content, given).text == text


def test_the_words_of_a_copy_have_a_limit():
    snapshot = keep(b"word " * 200_000, "text/plain")
    assert 499_000 < len(snapshot.text) <= 500_000


def test_a_kept_copy_never_changes():
    snapshot = keep()
    snapshot.tool = "another"
    with pytest.raises(Frozen):
        snapshot.save()
    snapshot.refresh_from_db()
    snapshot.broken_since = snapshot.taken_at
    with pytest.raises(Frozen):
        snapshot.save()


def test_the_trail_verifies_with_kept_copies():
    keep()
    call_command("verify_audit", verbosity=0)


# --- looked at again ---


def test_a_broken_copy_is_recorded_and_so_is_one_that_is_whole_again(capsys):
    snapshot, whole = keep(), keep(b"other words")
    Path(snapshot.file.path).chmod(0o644)
    Path(snapshot.file.path).write_bytes(b"X" + PAGE[1:])
    with pytest.raises(CommandError, match="1 of 2 copies"):
        call_command("verify_snapshots")
    assert "another fingerprint" in capsys.readouterr().err
    assert list(Snapshot.objects.broken()) == [snapshot]
    since = Snapshot.objects.get(pk=snapshot.pk).broken_since
    with pytest.raises(CommandError):
        call_command("verify_snapshots")
    # It is broken since it was found so first.
    assert Snapshot.objects.get(pk=snapshot.pk).broken_since == since
    Path(snapshot.file.path).write_bytes(PAGE)
    call_command("verify_snapshots")
    assert "1 copies are whole again." in capsys.readouterr().out
    assert not Snapshot.objects.broken().exists()
    acts = AuditEntry.objects.of(snapshot).order_by("id").values_list("action", flat=True)
    assert list(acts) == ["snapshot.created", "snapshot.found_broken", "snapshot.found_whole"]
    assert AuditEntry.objects.of(whole).count() == 1


def test_what_is_wrong_with_a_file_is_said():
    missing, short = keep(b"one"), keep(b"two words")
    Path(missing.file.path).unlink()
    Path(short.file.path).chmod(0o644)
    os.truncate(short.file.path, 3)
    problems = {found.snapshot.pk: found.problem for found in verify_copies()}
    assert problems == {missing.pk: "it is missing", short.pk: "it has 3 bytes instead of 9"}


def test_a_published_copy_that_breaks_is_recorded_too():
    document = f.make_document()
    f.make_attribution(f.make_claim(published=True), document=document)
    staged = stage_copy(io.BytesIO(PAGE))
    snapshot = f.added(
        Snapshot(
            document=document,
            taken_at="2025-07-01T12:00Z",
            file=staged.name,
            digest=staged.digest,
            size=staged.size,
            media_type="text/html",
        )
    )
    Path(snapshot.file.path).unlink()
    assert [found.changed for found in verify_copies()] == [True]
    assert AuditEntry.objects.of(snapshot).first().reason == "The kept file no longer verifies."


def test_only_the_copies_of_one_document_are_looked_at_when_asked():
    one, other = keep(), keep()
    Path(one.file.path).unlink()
    assert [found.snapshot for found in verify_copies(other.document)] == [other]
    with pytest.raises(CommandError, match="no document"):
        call_command("verify_snapshots", document=10**6)


def test_no_other_file_of_the_machine_is_read():
    staged = stage_copy(io.BytesIO(PAGE))
    snapshot = f.make_snapshot(
        file="../../etc/passwd", digest=staged.digest, size=staged.size, archive_url="https://a.example.org/1"
    )
    assert snapshot.kept_as == ""
    assert [found.problem for found in verify_copies()] == ["its name is not that of its fingerprint"]


# --- fetched ---


@pytest.fixture
def web(monkeypatch, settings) -> dict[str, Any]:
    settings.FACTCHECK_FETCH = True
    seen: dict[str, Any] = {}

    def download(url: str, target: Any, **how: Any) -> Download:
        seen["url"], seen["locked"] = url, connection.in_atomic_block
        if "error" in seen:
            raise seen["error"]
        target.write(PAGE)
        return Download("https://example.org/moved", "text/html; charset=utf-8")

    monkeypatch.setattr("factcheck.base.download.download", download)
    return seen


def test_a_document_is_fetched_by_its_address(ann, web):
    document = f.make_document(url="https://example.org/news")
    snapshot = fetch_copy(actor=ann, document=document)
    assert web["url"] == "https://example.org/news"
    assert snapshot.final_url == "https://example.org/moved"
    assert snapshot.digest == f"sha256:{hashlib.sha256(PAGE).hexdigest()}"
    assert snapshot.taken_by == ann
    fetch_copy(actor=ann, document=document, url="https://example.org/other")
    assert web["url"] == "https://example.org/other"


@pytest.mark.django_db(transaction=True)
def test_no_transaction_waits_for_a_server(web):
    fetch_copy(actor=None, document=f.make_document(url="https://example.org/slow"))
    assert web["locked"] is False


@pytest.mark.parametrize("error", [TargetRefused("Not public."), TooLong("Too large.")])
def test_what_goes_wrong_is_said_of_the_address(web, folder, error):
    web["error"] = error
    with pytest.raises(RuleViolation) as refused:
        fetch_copy(actor=None, document=f.make_document(url="https://example.org/x"))
    assert (refused.value.field, refused.value.message) == ("url", str(error))
    assert files(folder) == []


def test_nothing_is_fetched_without_an_address(web):
    with pytest.raises(RuleViolation, match="document has none"):
        fetch_copy(actor=None, document=f.make_document())


def test_nothing_is_fetched_where_it_is_switched_off():
    with pytest.raises(RuleViolation, match="switched off") as refused:
        fetch_copy(actor=None, document=f.make_document(url="https://example.org/x"))
    assert refused.value.field == "url"
