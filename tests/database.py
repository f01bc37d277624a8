"""The test database: migrated and filled once, and copied for each worker of pytest-xdist."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings
from django.db import connection, transaction

from tests.factories import load_vocabularies

MAKES_THE_DATABASE = (
    "*/migrations/*.py",
    "*/*/migrations/*.py",
    "*/apps.py",
    "*/*/apps.py",
    "factcheck/base/**/*.py",
    "factcheck/search/**/*.py",
    "factcheck/settings.py",
    "claims/services/*.py",
    "fixtures/*.json",
)
"""What the rows and tables of an empty register come from."""
SQLITE_ENGINE = "factcheck.base.sqlite3"


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """In place of pytest-django's: a database with the roles and the rating scale that every installation has.

    To migrate takes seconds, so the worker that comes first does it for all. On a server of one's own the original
    stays behind; the next run replaces it.
    """
    worker = getattr(request.config, "workerinput", {}).get("workerid")
    folder = tmp_path_factory.getbasetemp()
    before = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        if worker:
            copy_database(folder.parent, worker)
        else:
            create_database(folder)
        yield
        connection.creation.destroy_test_db(before, verbosity=0)


@pytest.fixture(scope="module")
def vocabularies(django_db_setup: None, django_db_blocker: Any) -> None:
    """The roles and the rating scale, stored for good where a test with transactions of its own has emptied all tables:
    each test after it would load them for itself."""
    with django_db_blocker.unblock():
        load_vocabularies()


@pytest.fixture(scope="module")
def module_rows(request: pytest.FixtureRequest, vocabularies: None, django_db_blocker: Any) -> Iterator[None]:
    """What a fixture of this scope enters is there for each test of its module, and gone after the last.

    One transaction around the whole module: the tests in it are savepoints. All of them must use it, since what the
    others see would depend on their order, and none may have transactions of its own.
    """
    asked = [set(item.fixturenames) for item in request.session.items if item.path == request.path]
    assert all("module_rows" in names for names in asked if "db" in names), "use it in the whole module, by pytestmark"
    assert not any({"transactional_db", "live_server"} & names for names in asked)
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def create_database(folder: Path) -> None:
    """Create and fill the test database; SQLite keeps its file in `folder`."""
    if is_sqlite():
        # A file: in memory threads and processes would not race. Only a power cut could tell OFF from FULL.
        connection.settings_dict["TEST"]["NAME"] = str(folder / "test.sqlite3")
        options = connection.settings_dict["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
        kept = kept_database()
        if kept is not None and kept.exists():
            shutil.copyfile(kept, folder / "test.sqlite3")
            connect_to(str(folder / "test.sqlite3"))
            return
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    load_vocabularies()
    if is_sqlite() and kept is not None:
        connection.close()
        kept.parent.mkdir(mode=0o700, exist_ok=True)
        # Under its name only when it is whole: several runs may begin at once.
        half = kept.with_suffix(f".{os.getpid()}")
        shutil.copyfile(folder / "test.sqlite3", half)
        half.replace(kept)


def kept_database() -> Path | None:
    """Where a run leaves the migrated database for the next one with the same migrations; nowhere in CI. To migrate
    takes longer than most of what is asked of `make test ARGS=...`."""
    if os.environ.get("CI"):
        return None
    told = hashlib.sha256(django.get_version().encode())
    for path in sorted(path for pattern in MAKES_THE_DATABASE for path in settings.BASE_DIR.glob(pattern)):
        told.update(path.read_bytes())
    return Path(tempfile.gettempdir()) / f"factcheck-tests-{os.getuid()}" / f"{told.hexdigest()[:20]}.sqlite3"


def copy_database(shared: Path, worker: str) -> None:
    """Connect to a copy of the database that the first worker created; `shared` is the folder of the whole run."""
    with one_at_a_time(shared / "database.lock"):
        created = shared / "database.name"
        if created.exists():
            connect_to(created.read_text())
        else:
            create_database(shared)
            created.write_text(connection.settings_dict["NAME"])
        # Neither engine copies a database that somebody is connected to; on SQLite this brings all into the one file.
        connection.close()
        connection.creation.clone_test_db(worker, verbosity=0)
        connect_to(connection.creation.get_test_db_clone_settings(worker)["NAME"])


def connect_to(name: str) -> None:
    """Connect this thread, and those to come, to another database."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def is_sqlite() -> bool:
    return settings.DATABASES["default"]["ENGINE"] == SQLITE_ENGINE


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Wait until no other process is in here."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
