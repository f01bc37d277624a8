"""The register behind PgBouncer in transaction mode: `python -m benchmarks.pgbouncer --seconds 20`.

Readers, writers and downloads are at work at once, with more threads than PgBouncer may open connections, on a copy of
a register; afterwards the audit trail and what is kept ready are verified through PgBouncer too. The same is done
straight on the server. It ends with 1 where an answer was not what it should be.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from unittest import mock

import psycopg

from benchmarks import report
from benchmarks.cases import CLAIMS, cases
from benchmarks.environment import find_program
from benchmarks.registers import KEPT, ROOT, Register, copied, kept_register
from benchmarks.request import Request
from benchmarks.standby import owner
from benchmarks.workers import Worker, send, workers

THREADS = 8
POOL = 4
"""Connections to the server, fewer than ask at once."""
READS = (CLAIMS, f"{CLAIMS}?include=evidence,attributions", f"{CLAIMS}?search=vaccine", "/api/v1/sources/", "/")
DOWNLOADS = ("/api/v1/claims/export/ndjson/", "/api/v1/claims/export/csv/")
PROGRAM = find_program("pgbouncer")


@contextmanager
def pgbouncer(register: Register) -> Iterator[str]:
    """The address of PgBouncer in front of the database of this register; it is gone afterwards."""
    assert PROGRAM is not None
    named = psycopg.conninfo.conninfo_to_dict(register.url)
    with tempfile.TemporaryDirectory(prefix="factcheck-pgb-") as folder:
        # It does not run as root, and the user of the server has to be let in.
        Path(folder).chmod(0o777)
        config = Path(folder) / "pgbouncer.ini"
        config.write_text(
            f"[databases]\n* = host={named['host']} user=postgres\n"
            f"[pgbouncer]\npool_mode = transaction\nauth_type = any\nunix_socket_dir = {folder}\nlisten_port = 6432\n"
            f"default_pool_size = {POOL}\nmax_client_conn = 500\nlogfile = {folder}/log\nadmin_users = postgres\n"
            "ignore_startup_parameters = extra_float_digits\n"
        )
        config.chmod(0o644)
        user = ["-u", str(owner())] if owner() else []
        process = subprocess.Popen([PROGRAM, "-q", *user, str(config)])
        try:
            while not (Path(folder) / ".s.PGSQL.6432").exists():
                assert process.poll() is None, (Path(folder) / "log").read_text()
                time.sleep(0.05)
            yield f"postgresql://postgres:@/{named['dbname']}?host={folder}&port=6432"
        finally:
            process.terminate()
            process.wait()


def ask_all(product: Worker, register: Register, seconds: float) -> tuple[Counter[str], list[float], list[str]]:
    """How much of what was answered, how long each read took, and what was answered as it should not be."""
    named = {case.name: case for case in cases(register.claims)}
    case = named["create a claim"]
    one, many = (product.prepared(named[name].request) for name in ("create a claim", "create 100 claims at once"))
    port = product.order("serve", threads=THREADS)
    done: Counter[str] = Counter()
    waits: list[float] = []
    wrong: list[str] = []
    end = time.monotonic() + seconds

    def work(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        nth = 0
        while time.monotonic() < end:
            nth += 1
            kind = "write" if number < 3 else "download" if number == 3 else "read"
            if kind == "write":
                request = case.about(many if nth % 10 == 0 else one, nth * THREADS + number)
                request = request.numbered(1_000_000 * (number + 1) + nth)
            else:
                paths = DOWNLOADS if kind == "download" else READS
                request = Request(paths[(nth + number) % len(paths)])
            before = time.monotonic()
            response = send(connection, request)
            body = response.read()
            if kind == "read":
                waits.append(time.monotonic() - before)
            done[kind] += 1
            if response.status != (201 if kind == "write" else 200):
                wrong.append(f"{request.method} {request.path}: {response.status} {body[:200]!r}")
        connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done, waits, wrong


def verify(register: Register) -> list[str]:
    """The commands that find something wrong afterwards."""
    wrong = []
    for command in ("verify_audit", "prepare_representations", "verify_representations", "check --database default"):
        environment = {**register.environment, "FACTCHECK_LOG_LEVEL": "CRITICAL"}
        given = [sys.executable, "manage.py", *command.split()]
        told = subprocess.run(given, check=False, cwd=ROOT, env=environment, capture_output=True, text=True)
        if told.returncode:
            wrong.append(f"{command}: {told.stdout[-500:]}{told.stderr[-500:]}")
    return wrong


def connections(register: Register) -> int:
    """How many connections the server has to the database of this register, but for the one that asks."""
    with psycopg.connect(register.url) as connection:
        query = "SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database()"
        row = connection.execute(query).fetchone()
        assert row is not None
        return int(row[0])


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--keep", type=Path, default=KEPT, help="where filled registers are kept (%(default)s)")
    options = parser.parse_args(arguments)
    if PROGRAM is None:
        print("pgbouncer is not installed", file=sys.stderr)
        return 1
    print("\n".join(report.head(report.command("pgbouncer", arguments))))
    heads = ["connected", "reads", "writes", "downloads", "median ms of a read", "connections to the server", "wrong"]
    print(report.line(heads))
    print(report.line(["---"] * len(heads)))
    failed = False
    with kept_register("postgres", options.claims, options.keep, trail=True) as kept:
        for through in (False, True):
            with ExitStack() as stack:
                straight = stack.enter_context(copied(kept))
                register = straight
                if through:
                    _limit_role(straight)
                    register = replace(straight, url=stack.enter_context(pgbouncer(straight)))
                    stack.enter_context(mock.patch.dict("os.environ", FACTCHECK_PGBOUNCER="yes"))
                product = stack.enter_context(workers(["product"], register))["product"]
                done, waits, wrong = ask_all(product, register, options.seconds)
                held = connections(straight)
                wrong += verify(register)
            failed |= bool(wrong)
            counts = [str(done[kind]) for kind in ("read", "write", "download")]
            figures = [*counts, f"{1_000 * statistics.median(waits):.0f}", str(held), str(len(wrong))]
            print(report.line(["through PgBouncer" if through else "to the server", *figures]), flush=True)
            for line in wrong[:10]:
                print(line, file=sys.stderr)
    return int(failed)


def _limit_role(register: Register) -> None:
    """What an operator does once: PgBouncer hands no options of a session on."""
    with psycopg.connect(register.url, autocommit=True) as connection:
        name = psycopg.conninfo.conninfo_to_dict(register.url)["dbname"]
        connection.execute(f"ALTER DATABASE \"{name}\" SET statement_timeout = '10s'")


if __name__ == "__main__":
    sys.exit(main())
