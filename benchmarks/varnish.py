"""The register behind Varnish: `python -m benchmarks.varnish --changes 200`.

Readers ask for pages, details and lists through Varnish without a pause, while rows of every kind are changed by the
API at random. As soon as a change is answered, the same addresses are asked of Varnish and of the register itself: all
answers have to be the same. Told are how many were not, how many of the readers' requests Varnish answered alone, and
what an answer costs both in CPU time. It ends with 1 where an answer was older than a change.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks import report
from benchmarks.cases import CLAIMS
from benchmarks.environment import find_program
from benchmarks.registers import ENGINES, KEPT, ROOT, Register, copied, kept_register
from benchmarks.request import Request
from benchmarks.workers import Worker, send, workers

PROGRAM = find_program("varnishd")
THREADS = 6
READERS = 3
NOUNS = {"claims": "context", "sources": "interests", "documents": "title", "evidence": "title", "disputes": "summary"}
"""What is changed, and which of its columns."""
CHECKED = 6
"""So many addresses are compared after each change."""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def varnish(port: int, folder: Path) -> Iterator[Any]:
    """Varnish with the file that operators get; its address is known before it runs, and what is behind it after."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(behind: int) -> int:
        file = folder / "register.vcl"
        file.write_text((ROOT / "docs" / "varnish.vcl").read_text().replace('"8000"', f'"{behind}"'))
        # Without its jail, which another user than root could not build.
        command = [str(PROGRAM), "-F", "-j", "none", "-n", str(folder / "work"), "-f", str(file)]
        listening = ["-a", f"127.0.0.1:{port}", "-s", "malloc,256m", "-p", "thread_pools=1"]
        with (folder / "log").open("w") as log:
            processes.append(subprocess.Popen([*command, *listening], stdout=log, stderr=log))
        end = time.monotonic() + 30
        while socket.socket().connect_ex(("127.0.0.1", port)):
            assert processes[0].poll() is None, (folder / "log").read_text()
            assert time.monotonic() < end, (folder / "log").read_text()
            time.sleep(0.1)
        return processes[0].pid

    try:
        yield start
    finally:
        for process in processes:
            process.terminate()
            process.wait()


class Door:
    """One connection, to Varnish or to the register."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            response = send(self.connection, Request(path))
        except http.client.RemoteDisconnected:
            # Varnish keeps a connection for five seconds on which nobody asks.
            self.connection.close()
            response = send(self.connection, Request(path))
        return response.status, response.read()


def paths_of(origin: Door) -> list[str]:
    """What is read: the home page, lists, details of every noun, pages and a timeline."""
    found = ["/", "/disputes/", "/sources/", "/verdicts/", CLAIMS, f"{CLAIMS}?include=evidence,verdict"]
    found += [f"{CLAIMS}?search=vaccine", "/api/v1/disputes/", "/sitemap.xml", "/api/v1/"]
    for noun in NOUNS:
        rows = json.loads(origin.get(f"/api/v1/{noun}/")[1])["results"][:25]
        found += [f"/api/v1/{noun}/{row['id']}/" for row in rows]
        found += [f"/{noun}/{row['id']}/" for row in rows if noun == "claims"]
    return found


def cpu_of(pid: int) -> float:
    """Seconds of CPU of a process and those that it has started."""
    ticks = os.sysconf("SC_CLK_TCK")
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if pid in {int(stat.parent.name), int(fields[1])}:
            total += (int(fields[11]) + int(fields[12])) / ticks
    return total


def normal(body: bytes) -> bytes:
    """Without what two answers differ in that say the same: the number of the request in a problem, and on a page the
    moment at which it was made and the last entry of the trail by then."""
    return _OF_THE_MAKING.sub(b"", body)


_OF_THE_MAKING = re.compile(
    rb'"request_id":"[0-9a-f]+"|\b[0-9a-f]{64}\b|\b[Ee]ntry [0-9,]+|\b[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?'
)


def difference(mine: bytes, theirs: bytes) -> str:
    """Where they begin to differ, and what stands there."""
    one, other = (normal(body).decode(errors="replace") for body in (mine, theirs))
    place = next((nth for nth, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    begin = max(place - 40, 0)
    return f"{one[begin : place + 80]!r} instead of {other[begin : place + 80]!r}"


def run(product: Worker, port: int, behind: int, options: argparse.Namespace) -> tuple[Counter[str], list[str]]:
    turn = random.Random(options.seed)
    desk = product.prepared(Request(CLAIMS, reader="desk")).headers
    origin, cache, writer = Door(behind), Door(port), Door(behind)
    paths = paths_of(origin)
    counted: Counter[str] = Counter()
    stale: list[str] = []
    done = threading.Event()

    def read(number: int) -> None:
        door, own = Door(port), random.Random(number)
        while not done.is_set():
            status, _body = door.get(own.choice(paths))
            counted["reads"] += 1
            counted["refused"] += status >= 500

    threads = [threading.Thread(target=read, args=(number,)) for number in range(READERS)]
    for thread in threads:
        thread.start()
    for nth in range(options.changes):
        noun = turn.choice(list(NOUNS))
        row = turn.choice([path for path in paths if path.startswith(f"/api/v1/{noun}/") and path[-2].isdigit()])
        headers = {**desk, "if-match": "*", "x-change-reason": "Measured."}
        body = json.dumps({NOUNS[noun]: f"Words {nth}"})
        answer = send(writer.connection, Request(row, "PATCH", headers, body))
        told = answer.read()
        counted["changes" if answer.status == 200 else f"refused {answer.status} {told[:80]!r}"] += 1
        for path in {row, CLAIMS, "/", *turn.sample(paths, CHECKED)}:
            counted["compared"] += 1
            mine, theirs = cache.get(path), origin.get(path)
            if (mine[0], normal(mine[1])) != (theirs[0], normal(theirs[1])):
                stale.append(f"change {nth} of {row}: {path}: {difference(mine[1], theirs[1])}")
    done.set()
    for thread in threads:
        thread.join()
    return counted, stale


def costs(product: Worker, port: int, pid: int) -> tuple[float, float]:
    """Milliseconds of CPU of Varnish and of the register for an answer that Varnish has kept."""
    door, times = Door(port), 3_000
    door.get(CLAIMS)
    product.order("begin")
    before = cpu_of(pid)
    for _ in range(times):
        door.get(CLAIMS)
    spent = product.order("end", times=times)
    return 1_000 * (cpu_of(pid) - before) / times, spent["app"]


def hits(folder: Path) -> tuple[int, int]:
    """How many requests Varnish answered alone, and how many it had to ask for."""
    told = subprocess.run(["varnishstat", "-n", str(folder / "work"), "-j"], capture_output=True, text=True, check=True)
    counters = json.loads(told.stdout)["counters"]
    return counters["MAIN.cache_hit"]["value"], counters["MAIN.backend_req"]["value"]


def measure(register: Register, options: argparse.Namespace) -> list[str]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="factcheck-varnish-")))
        port = free_port()
        start = stack.enter_context(varnish(port, folder))
        urls = {"FACTCHECK_CACHE_URLS": f"http://127.0.0.1:{port}"}
        stack.enter_context(mock.patch.dict("os.environ", urls))
        product = stack.enter_context(workers(["product"], register))["product"]
        behind = int(product.order("serve", threads=THREADS))
        pid = start(behind)
        counted, stale = run(product, port, behind, options)
        alone, asked = hits(folder)
        own, left = costs(product, port, pid)
        straight = product.ask(Request(CLAIMS), 50)
    for line in stale[:20]:
        print(line, file=sys.stderr)
    refused = sum(count for name, count in counted.items() if name.startswith("refused"))
    if refused:
        print(counted, file=sys.stderr)
    figures = [counted["changes"], counted["reads"], alone, asked, counted["compared"], len(stale), refused]
    return [
        *(f"{figure:,}" for figure in figures),
        f"{own:.2f} + {left:.2f}",
        f"{straight.app + straight.database:.2f}",
    ]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--engine", action="append", choices=ENGINES, help="may be given again; by default PostgreSQL")
    parser.add_argument("--changes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=KEPT, help="where filled registers are kept (%(default)s)")
    options = parser.parse_args(arguments)
    if PROGRAM is None:
        print("varnishd is not installed (Debian: varnish, varnish-modules)", file=sys.stderr)
        return 1
    print("\n".join(report.head(report.command("varnish", arguments))))
    heads = ["database", "changes", "reads", "answered by Varnish alone", "asked of the register", "compared", "older"]
    heads += ["refused", "CPU ms of a kept list: Varnish + register", "without Varnish"]
    print(report.line(heads))
    print(report.line(["---"] * len(heads)))
    wrong = False
    for engine in options.engine or ["postgres"]:
        with kept_register(engine, options.claims, options.keep, trail=True) as kept, copied(kept) as register:
            told = measure(register, options)
        wrong |= told[5] != "0" or told[6] != "0"
        print(report.line([report.ENGINE_NAMES[engine], *told]), flush=True)
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
