"""The test database: migrated and filled once, and copied for each worker of pytest-xdist."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Field
from django.utils.functional import cached_property

from factcheck.audit.triggers import kept_models, unguarded
from tests.factories import load_vocabularies
from tests.kept import TEMPLATE, copy, keep, kept

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


@contextmanager
def quick_migrations() -> Iterator[None]:
    """Inside, what a model looked like at a migration is copied for the next, field by field; Django takes each field
    apart and makes it anew, which is half of the time that migrations take."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Field, "clone", copy_of_field)
        yield


def copy_of_field(field: Any) -> Any:
    """As Django copies the fields of an abstract model, without what it worked out before its model was known; the last
    made comes last, as in `Field.clone`."""
    made = deepcopy(field)
    for part in filter(None, (made, made.remote_field)):
        for name in worked_out(type(part)) & vars(part).keys():
            del vars(part)[name]
    if made.auto_created:
        made.creation_counter = Field.auto_creation_counter
        Field.auto_creation_counter -= 1
    else:
        made.creation_counter = Field.creation_counter
        Field.creation_counter += 1
    return made


@cache
def worked_out(kind: type) -> frozenset[str]:
    """The attributes that are worked out once and kept."""
    return frozenset(name for one in kind.__mro__ for name, of in vars(one).items() if isinstance(of, cached_property))


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
    test = connection.settings_dict["TEST"]
    if is_sqlite():
        # A file: in memory threads and processes would not race. Only a power cut could tell OFF from FULL.
        test["NAME"] = str(folder / "test.sqlite3")
        options = connection.settings_dict["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
        place = kept("sqlite")
        if place is not None and place.exists():
            copy(place, folder / "test.sqlite3")
            connect_to(test["NAME"])
            return
    elif is_kept():
        name = f"test_{connection.settings_dict['NAME']}"
        copy_on_server(TEMPLATE, name)
        connect_to(name)
        return
    with quick_migrations():
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    load_vocabularies()
    connection.close()
    if is_sqlite() and place is not None:
        keep(folder / "test.sqlite3", place)
    elif not is_sqlite() and kept("postgres") is not None:
        copy_on_server(connection.settings_dict["NAME"], TEMPLATE)


def is_kept() -> bool:
    """Whether the server came with a migrated database."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE])
        return cursor.fetchone() is not None


def copy_on_server(made: str, name: str) -> None:
    # No server copies a database that somebody is connected to.
    connection.close()
    connection.close_pool()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {made}")


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


ONE_ENGINE = pytest.mark.skipif(not is_sqlite(), reason="Python alone decides this: tried on SQLite")
"""For what takes long and is the same whatever keeps the rows."""


@contextmanager
def past_the_triggers() -> Iterator[None]:
    """Inside, in one transaction, SQL may change what the database keeps: as somebody who means it would do."""
    with transaction.atomic(), unguarded(*kept_models()):
        yield


def empty_tables(operations: Any, statements: list[str]) -> None:
    """What a test with transactions of its own leaves goes past the triggers."""
    with past_the_triggers(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Wait until no other process is in here."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
