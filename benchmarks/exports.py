"""Exports of a small and of a large list of claims: the peak memory of a process that makes one, as a ratio."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection
from tqdm import tqdm

from benchmarks.lists import fill  # sets the service up
from claims.exports.lists.formats import LIST_FORMATS
from claims.exports.lists.listing import get_listing

SMALL = 1_000
FORMATS = ("csv", "ndjson", "jsonld", "xlsx")


def export(name: str, claims: int, target: Path) -> dict[str, float]:
    """Write the first claims to a file as the public reads them, and tell what that took of this process."""
    start = time.perf_counter()
    rows = get_listing("/api/v1/claims/?status=published", AnonymousUser(), ids=range(1, claims + 1))
    entry = LIST_FORMATS[name]
    first = 0.0
    if entry.write is None:
        assert entry.write_file is not None
        entry.write_file(rows, target, lambda _done: None)
    else:
        with target.open("wb") as file:
            for piece in entry.write(rows):
                first = first or time.perf_counter() - start
                file.write(piece)
    return {
        "rows": rows.counter.done,
        "seconds": time.perf_counter() - start,
        "first": first,
        "size": target.stat().st_size,
        "peak": peak(),
    }


def peak() -> float:
    """The most memory that this process ever had, in megabytes. `getrusage` would also tell that of its parent."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def in_a_process(name: str, claims: int) -> dict[str, float]:
    """The same in a process of its own, since the peak of a process never falls."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.exports", "--make", name, str(claims), f"{folder}/rows"]
        answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    told: dict[str, float] = json.loads(answer.splitlines()[-1])
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=FORMATS)
    parser.add_argument("--make", nargs=3, metavar=("FORMAT", "CLAIMS", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.make:
        name, claims, target = options.make
        print(json.dumps(export(name, int(claims), Path(target))))
        return
    call_command("migrate", verbosity=0)
    fill(options.claims)
    print(f"{connection.vendor}, {options.claims:,} claims, of which nine in ten are published")
    print(f"{'':8}{'rows':>8}{'MB':>7}{'seconds':>9}{'rows/s':>8}{'first byte':>12}{'peak MB':>9}{'ratio':>7}")
    for name in tqdm(options.formats, disable=None, leave=False):
        unit = 0.0
        for claims in (SMALL, options.claims):
            told = in_a_process(name, claims)
            unit = unit or told["peak"]
            tqdm.write(
                f"{name:8}{told['rows']:>8,.0f}{told['size'] / 1e6:>7.1f}{told['seconds']:>9.1f}"
                f"{told['rows'] / told['seconds']:>8,.0f}{told['first']:>12.2f}{told['peak']:>9.0f}"
                f"{told['peak'] / unit:>7.2f}"
            )


if __name__ == "__main__":
    main()
