"""Exports made by workers, from the database and from Redis: `python -m benchmarks.jobs --exports 20 --workers 2`.

So many exports are asked for over the API, and workers (`manage.py work`) make them; the first of them is killed in the
middle of its work, and others begin. Told is how long it took until all were done but the one that was being made, and
that one too. It fails where an export is lost.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from unittest import mock

from benchmarks import report
from benchmarks.environment import find_program
from benchmarks.registers import KEPT, ROOT, Register, copied, kept_register
from benchmarks.request import Request
from benchmarks.workers import Worker, workers

PROGRAM = find_program("redis-server")
EXPORTS = "/api/v1/exports/"
PATIENCE = 600.0


@contextmanager
def redis() -> Iterator[str]:
    """The address of a Redis of our own without a network port, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="factcheck-redis-") as folder:
        place = f"{folder}/socket"
        command = [str(PROGRAM), "--port", "0", "--unixsocket", place, "--save", "", "--dir", folder]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            while not Path(place).exists():
                assert process.poll() is None
                time.sleep(0.05)
            yield f"unix://{place}"
        finally:
            process.terminate()
            process.wait()


def start_worker(register: Register) -> subprocess.Popen[bytes]:
    command = [sys.executable, "manage.py", "work", "--verbosity", "0"]
    environment = {**register.environment, "FACTCHECK_LOG_LEVEL": "ERROR"}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)


def statuses(product: Worker) -> list[dict[str, str]]:
    return list(json.loads(product.body(Request(f"{EXPORTS}?page_size=100", reader="desk")))["results"])


def ask(product: Worker, exports: int) -> float:
    """Ask for so many; milliseconds of CPU for each."""
    spent = 0.0
    for number in range(exports):
        body = json.dumps({"kind": "list", "query": f"/api/v1/claims/?said_after=19{number:02}", "format": "ndjson"})
        answer = product.ask_all([Request(EXPORTS, "POST", body=body, reader="desk")])
        assert answer.status in {201, 202}, answer
        spent += answer.app + answer.database
    return spent / exports


def run(register: Register, exports: int, number: int) -> list[str]:
    with ExitStack() as stack:
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, check=True, cwd=ROOT, env={**register.environment, "FACTCHECK_LOG_LEVEL": "CRITICAL"})
        product = stack.enter_context(workers(["product"], register))["product"]
        cost = ask(product, exports)
        began = time.monotonic()
        first = start_worker(register)
        try:
            while not any(one["status"] == "running" for one in statuses(product)):
                assert time.monotonic() - began < PATIENCE, "no worker begins"
                time.sleep(0.02)
        finally:
            first.kill()
            first.wait()
        killed_at, most = time.monotonic(), 0.0
        running = [start_worker(register) for _ in range(number)]
        try:
            while waiting := [one for one in statuses(product) if one["status"] in {"queued", "running"}]:
                assert time.monotonic() - began < PATIENCE, waiting
                if len(waiting) > 1:
                    most = time.monotonic() - killed_at
                time.sleep(0.2)
            again = time.monotonic() - killed_at
        finally:
            for process in running:
                process.terminate()
                process.wait()
        told = statuses(product)
    done = [one for one in told if one["status"] == "done"]
    assert len(done) == exports, told
    return [f"{cost:.1f}", f"{exports}", f"{most:.1f}", f"{again:.0f}"]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--exports", type=int, default=10)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, default=KEPT, help="where filled registers are kept (%(default)s)")
    options = parser.parse_args(arguments)
    queues: list[tuple[str, bool]] = [("the database", False)]
    if PROGRAM is None or find_spec("django_tasks_rq") is None:
        print("No Redis: redis-server or the package django-tasks-rq is not installed.", file=sys.stderr)
    else:
        queues.append(("Redis", True))
    print("\n".join(report.head(report.command("jobs", arguments))))
    heads = ["jobs wait in", "CPU ms to ask for one", "made", "s until all but the stopped one", "s until that"]
    print(report.line(heads))
    print(report.line(["---"] * len(heads)))
    with kept_register("postgres", options.claims, options.keep, trail=True) as kept:
        for name, elsewhere in queues:
            with ExitStack() as stack:
                register = stack.enter_context(copied(kept))
                if elsewhere:
                    address = stack.enter_context(redis())
                    stack.enter_context(mock.patch.dict("os.environ", FACTCHECK_REDIS_URL=address))
                print(report.line([name, *run(register, options.exports, options.workers)]), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
