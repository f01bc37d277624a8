"""The register's own commands where the database is missing, empty or silent: a sentence, never a traceback."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands, load_command_class
from django.db import IntegrityError, connection, connections
from django.db.utils import load_backend

from claims.exports.bundle import KIND, MANIFEST
from claims.exports.verify import sign_manifest
from factcheck.base.command import RegisterCommand

APPS = ("factcheck.audit", "sources", "claims")
OURS = {name: app for name, app in get_commands().items() if app in APPS}
ARGUMENTS = {
    "create_token": ["ann"],
    "erase_history": ["source", "1", "--reason", "x", "--by", "ann"],
    "export_list": ["/api/v1/claims/"],
    "export_register": ["-"],
    "export_report": ["dispute", "1"],
    "import_claims": [__file__],
    "verify_export": [__file__],
    "work": ["--once"],
}
"""What a command cannot be called without."""
LITE, POSTGRES = {"ENGINE": "factcheck.base.sqlite3"}, {"ENGINE": "django.db.backends.postgresql"}
WITHOUT: dict[str, dict[str, Any]] = {
    "no tables": {**LITE, "NAME": "register.sqlite3"},
    "no folder": {**LITE, "NAME": "gone/register.sqlite3"},
    "no file of SQLite": {**LITE, "NAME": "text"},
    "no server": {**POSTGRES, "NAME": "register", "HOST": "127.0.0.1", "PORT": "1"},
}
if connection.vendor == "postgresql":
    there = connection.settings_dict["OPTIONS"]
    WITHOUT = {"no tables": {"OPTIONS": {**there, "pool": False, "options": "-c search_path=nowhere"}}}
DJANGOS = {"settings", "pythonpath", "verbosity"}
ODD = ("", "caf\udce9", "\udcff/x", "9" * 20, "9" * 400, "-1", "x\ny", "\u202e", "x" * 5_000, "//[", "0001-01-01")
"""Also bytes that are no UTF-8, as a shell hands them over."""
if connection.vendor == "sqlite":
    # It asks no other engine than PostgreSQL.
    del OURS["partition_history"]
# The demo makes the tables itself.
CASES = [(database, name) for database in WITHOUT for name in OURS if (database, name) != ("no tables", "demo")]


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: Any) -> Iterator[str]:
    """A database that cannot be asked, in the place of the test database; why it cannot."""
    (tmp_path / "text").write_text("No database. " * 100)
    stands = connections["default"]
    values = {**stands.settings_dict, "OPTIONS": {}, **WITHOUT[request.param]}
    if values["ENGINE"] == LITE["ENGINE"]:
        values["NAME"] = str(tmp_path / values["NAME"])
    connections["default"] = load_backend(values["ENGINE"]).DatabaseWrapper(values)
    try:
        with django_db_blocker.unblock():
            yield request.param
    finally:
        connections["default"].close()
        connections["default"] = stands


@pytest.mark.parametrize(("database", "name"), CASES, indirect=["database"])
def test_a_command_without_database_ends_with_a_sentence(
    name: str, database: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, settings: Any
) -> None:
    settings.FACTCHECK_DATA_DIR = tmp_path
    with pytest.raises(SystemExit) as ended:
        run(name, *ARGUMENTS.get(name, []))
    assert ended.value.code == (3 if name == "verify_export" else 1)
    told = capsys.readouterr().err
    assert "database" in told
    assert ("manage.py migrate" in told) is (database == "no tables")


def run(name: str, *arguments: str) -> None:
    """As manage.py does it, without the system checks: those ask no database."""
    load_command_class(OURS[name], name).run_from_argv(["manage.py", name, *arguments, "--skip-checks"])


def places(name: str) -> Iterator[tuple[str, list[str]]]:
    """Each argument of a command that takes a value, and the command line in which `%s` stands in its place."""
    parser = load_command_class(OURS[name], name).create_parser("manage.py", name)
    given = ARGUMENTS.get(name, [])
    own = [action for action in parser._actions if action.nargs is None and action.dest not in DJANGOS]
    for number, action in enumerate(action for action in own if not action.option_strings):
        yield action.dest, [*given[:number], "%s", *given[number + 1 :]]
    for action in own:
        if action.option_strings:
            yield action.dest, [*given, f"{action.option_strings[-1]}=%s"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", OURS)
def test_an_odd_argument_is_taken_or_refused(
    name: str, administrator: Any, capsys: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    # A command closes the connection at its end, and with it the transaction of this test.
    monkeypatch.setattr(connections, "close_all", lambda: None)
    for place, line in places(name):
        for value in ODD:
            with suppress(SystemExit):
                run(name, *(part.replace("%s", value) for part in line))
            assert "".join(capsys.readouterr()), (name, place, value)


def test_what_a_terminal_cannot_show_is_told_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    class Command(RegisterCommand):
        def handle(self, *args: Any, **options: Any) -> None:
            self.stdout.write("“Əliyev” caf\udce9")

    shown = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(shown, encoding="ascii", write_through=True))
    Command().run_from_argv(["manage.py", "x", "--skip-checks"])
    assert shown.getvalue() == rb"\u201c\u018fliyev\u201d caf\udce9" + b"\n"


def test_a_fault_of_a_query_keeps_its_traceback() -> None:
    class Command(RegisterCommand):
        def handle(self, *args: Any, **options: Any) -> None:
            raise IntegrityError("UNIQUE constraint failed")

    with pytest.raises(IntegrityError):
        Command().run_from_argv(["manage.py", "x", "--skip-checks"])


def bundle(path: Path, body: bytes, *, key: str | None = None) -> str:
    """A bundle with one file in it, as a register with this secret key signs it; where it is."""
    digest = hashlib.sha256(b"As it was.").hexdigest()
    told = {"kind": KIND, "files": [{"name": "report.txt", "size": len(body), "sha256": digest}]}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("report.txt", body)
        archive.writestr(MANIFEST, json.dumps({**told, "signature": sign_manifest(told, key)}))
    return str(path)


@pytest.mark.parametrize("database", ["no tables"], indirect=True)
@pytest.mark.parametrize(
    ("body", "key", "code", "words"),
    [
        (b"As it was.", None, 3, ["1 of 1 files", "signed by this register", "not known"]),
        (b"As it lie.", None, 1, ["0 of 1 files", "report.txt: was changed", "could not be verified: 1 fault"]),
        (b"As it was.", "another", 1, ["1 of 1 files", "with another secret key", "could not be verified: 1 fault"]),
    ],
    ids=["whole", "changed", "another key"],
)
def test_a_bundle_is_compared_with_its_manifest_where_the_record_cannot_be_asked(
    database: str, body: bytes, key: str, code: int, words: list[str], capsys: Any, tmp_path: Path
) -> None:
    with pytest.raises(SystemExit) as ended:
        run("verify_export", bundle(tmp_path / "bundle.zip", body, key=key))
    assert ended.value.code == code
    told = "".join(capsys.readouterr())
    assert [word for word in ["The record of exports could not be asked", *words] if word not in told] == []
