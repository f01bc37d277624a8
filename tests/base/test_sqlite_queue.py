"""The line of writers of `factcheck.base.sqlite3`: nobody is refused, every path gives the lock back."""

import fcntl
import gc
import multiprocessing
import os
import queue
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connections
from django.db.transaction import atomic
from django.db.utils import ConnectionHandler

from factcheck.base.sqlite3.lock import FileLock
from factcheck.databases import SQLITE_OPTIONS

WRITERS = 8
TRANSACTIONS = 25

Connect = Callable[..., str]


def add_database(alias: str, path: str, **options: Any) -> str:
    """Make the database known to Django under the alias, for this process."""
    database = {"ENGINE": "factcheck.base.sqlite3", "NAME": path, "OPTIONS": {**SQLITE_OPTIONS, **options}}
    connections.settings[alias] = ConnectionHandler({"default": database}).settings["default"]
    return alias


def forget_database(alias: str) -> None:
    connections[alias].close()
    del connections[alias]
    del connections.settings[alias]


@pytest.fixture(autouse=True)
def unblocked(django_db_blocker: Any) -> Iterator[None]:
    """These tests bring their own databases."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def register(tmp_path: Path) -> str:
    """The path of a database with one table."""
    path = str(tmp_path / "register.sqlite3")
    alias = add_database("setup", path)
    with connections[alias].cursor() as cursor:
        cursor.execute("CREATE TABLE claim (id integer PRIMARY KEY, writer text, seen integer)")
    forget_database(alias)
    return path


@pytest.fixture
def connect(register: str) -> Iterator[Connect]:
    """Gives the alias of a new connection to the register, closed after the test."""
    aliases: list[str] = []

    def connect(**options: Any) -> str:
        aliases.append(add_database(f"register{len(aliases)}", register, **options))
        return aliases[-1]

    yield connect
    for alias in aliases:
        forget_database(alias)


def read_then_write(alias: str, writer: str) -> None:
    with atomic(alias), connections[alias].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM claim")
        seen = cursor.fetchone()[0]
        cursor.execute("INSERT INTO claim (writer, seen) VALUES (%s, %s)", [writer, seen])


def rows(alias: str) -> list[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT id, writer, seen FROM claim ORDER BY id")
        return cursor.fetchall()


def is_locked(register: str) -> bool:
    with Path(f"{register}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def write_many(alias: str, start: Any, errors: Any) -> None:
    """The body of one writer."""
    start.wait()
    try:
        for _ in range(TRANSACTIONS):
            read_then_write(alias, threading.current_thread().name)
    except Exception as error:  # noqa: BLE001 - whatever it is, the test shall name it
        errors.put(repr(error))
    finally:
        connections[alias].close()


def write_many_as_process(register: str, start: Any, errors: Any) -> None:
    write_many(add_database("register", register), start, errors)


def assert_all_written(alias: str) -> None:
    # Each transaction saw all that came before it, and nothing else was written meanwhile.
    assert [row[2] for row in rows(alias)] == list(range(WRITERS * TRANSACTIONS))


@pytest.mark.races
def test_eight_processes_write_and_none_is_refused(register: str, connect: Connect) -> None:
    # A fresh interpreter each: what is tested is the lock between strangers.
    context = multiprocessing.get_context("spawn")
    start, errors = context.Event(), context.SimpleQueue()
    processes = [context.Process(target=write_many_as_process, args=(register, start, errors)) for _ in range(WRITERS)]
    for process in processes:
        process.start()
    start.set()
    for process in processes:
        process.join()

    assert errors.empty(), errors.get()
    assert [process.exitcode for process in processes] == [0] * WRITERS
    assert_all_written(connect())
    errors.close()


@pytest.mark.races
def test_eight_threads_write_and_none_is_refused(connect: Connect) -> None:
    alias, start, errors = connect(), threading.Event(), queue.SimpleQueue[str]()
    threads = [threading.Thread(target=write_many, args=(alias, start, errors)) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    start.set()
    for thread in threads:
        thread.join()

    assert errors.empty(), errors.get()
    assert_all_written(alias)


def test_lock_is_held_inside_a_transaction_only(register: str, connect: Connect) -> None:
    alias = connect()
    with atomic(alias):
        assert is_locked(register)
    assert not is_locked(register)


def test_lock_is_given_back_after_an_exception(register: str, connect: Connect) -> None:
    alias = connect()
    with pytest.raises(ValueError, match="on purpose"), atomic(alias):
        raise ValueError("on purpose")
    assert not is_locked(register)
    read_then_write(alias, "later")
    assert len(rows(alias)) == 1


def test_nested_blocks_keep_the_lock_until_the_outermost_ends(register: str, connect: Connect) -> None:
    alias = connect()
    with atomic(alias):
        read_then_write(alias, "inner")
        with pytest.raises(ValueError, match="on purpose"), atomic(alias):
            raise ValueError("on purpose")
        assert is_locked(register)
    assert not is_locked(register)
    assert len(rows(alias)) == 1


def test_lock_is_given_back_when_the_connection_closes_inside_a_transaction(register: str, connect: Connect) -> None:
    alias = connect()
    with atomic(alias):
        connections[alias].close()
        assert not is_locked(register)
    assert not is_locked(register)


def test_lock_is_given_back_when_the_transaction_cannot_begin(register: str, connect: Connect) -> None:
    stranger = sqlite3.connect(register, isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    alias = connect(timeout=0)
    try:
        with pytest.raises(OperationalError, match="locked"), atomic(alias):
            pass
    finally:
        stranger.close()
    assert not is_locked(register)
    read_then_write(alias, "later")


def test_lock_is_given_back_when_the_commit_fails(register: str, connect: Connect) -> None:
    alias = connect()
    with connections[alias].cursor() as cursor:
        cursor.execute("CREATE TABLE evidence (claim_id integer REFERENCES claim (id) DEFERRABLE INITIALLY DEFERRED)")
    with pytest.raises(IntegrityError), atomic(alias), connections[alias].cursor() as cursor:
        cursor.execute("INSERT INTO evidence VALUES (404)")
    assert not is_locked(register)


def test_lock_is_given_back_when_a_thread_ends_inside_a_transaction(register: str, connect: Connect) -> None:
    alias = connect()

    def begin_and_vanish() -> None:
        connection = connections[alias]
        connection.ensure_connection()
        connection._start_transaction_under_autocommit()
        assert is_locked(register)
        # Not closed: the garbage collector ends it. Python 3.13 asks for the raw connection to be closed.
        connection.connection.close()

    thread = threading.Thread(target=begin_and_vanish)
    thread.start()
    thread.join()
    gc.collect()
    assert not is_locked(register)


def test_waiting_for_the_lock_ends_like_waiting_for_sqlite(connect: Connect) -> None:
    first, second = connect(), connect(timeout=0.05)
    with atomic(first):
        with pytest.raises(OperationalError, match="database is locked"), atomic(second):
            pass
        assert rows(second) == []
    read_then_write(second, "second")


def test_a_waiter_who_gave_up_does_not_take_the_lock(register: str) -> None:
    holder, waiter = FileLock(f"{register}.lock"), FileLock(f"{register}.lock")
    assert holder.acquire(0)
    assert not waiter.acquire(0.01)
    holder.release()
    for thread in threading.enumerate():
        if thread.name == "sqlite-write-lock":
            thread.join()
    assert not waiter.held
    assert not is_locked(register)


def test_a_waiter_gets_the_lock_when_it_is_free(connect: Connect) -> None:
    first, second = connect(), connect()

    def write_second() -> None:
        read_then_write(second, "second")
        connections[second].close()

    thread = threading.Thread(target=write_second)
    with atomic(first), connections[first].cursor() as cursor:
        thread.start()
        cursor.execute("INSERT INTO claim (writer, seen) VALUES ('first', 0)")
    thread.join()
    assert [(row[1], row[2]) for row in rows(first)] == [("first", 0), ("second", 1)]


def test_readers_do_not_wait(connect: Connect) -> None:
    writer, reader = connect(), connect(timeout=0)
    with atomic(writer), connections[writer].cursor() as cursor:
        cursor.execute("INSERT INTO claim (writer, seen) VALUES ('writer', 0)")
        assert rows(reader) == []


def test_a_forked_child_does_not_keep_the_lock_of_a_killed_parent(register: str) -> None:
    program = (
        "import os, sys, time\n"
        "from factcheck.base.sqlite3.lock import FileLock\n"
        "lock = FileLock(sys.argv[1])\n"
        "assert lock.acquire(0)\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    assert not lock.held\n"
        "    print(os.getpid(), flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, f"{register}.lock"], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        assert is_locked(register)
        parent.kill()
        try:
            parent.wait()
            assert not is_locked(register)
        finally:
            os.kill(child, signal.SIGKILL)


def test_a_database_in_memory_needs_no_lock() -> None:
    alias = add_database("memory", ":memory:")
    with atomic(alias), connections[alias].cursor() as cursor:
        cursor.execute("CREATE TABLE claim (id integer)")
    assert connections[alias]._write_lock is None
    connections[alias].connection.close()
    forget_database(alias)


def test_settings_of_the_connection(connect: Connect) -> None:
    with connections[connect()].cursor() as cursor:
        answers = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    full = 2
    assert answers == {"journal_mode": "wal", "synchronous": full, "foreign_keys": 1, "busy_timeout": 20_000}
