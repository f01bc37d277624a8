"""Runs every rule over a large register: the time as a ratio to a plain read of its claims, and the memory it takes."""

from __future__ import annotations

import argparse
import io
import re
import subprocess
import sys
import time
from pathlib import Path

from django.core.management import CommandError, call_command
from django.db import connection

from benchmarks.lists import fill
from claims.models import Claim


def peak() -> int:
    """The most memory that this process has held, in MB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) // 1024 if found else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--check", action="store_true", help="only check what is there")
    options = parser.parse_args()
    if not options.check:
        call_command("migrate", verbosity=0)
        fill(options.claims)
        # In a process of its own: to fill the register takes more memory than to check it.
        subprocess.run([sys.executable, "-m", "benchmarks.rules", "--check"], check=True)
        return
    started = time.perf_counter()
    read = sum(1 for _claim in Claim.objects.order_by("pk").iterator(chunk_size=500))
    plain = time.perf_counter() - started
    before = peak()
    started = time.perf_counter()
    try:
        call_command("check_register", "--json", stdout=io.StringIO())
    except CommandError as error:
        print(error)
    taken = time.perf_counter() - started
    print(f"{connection.vendor}, {read:,} claims: {taken:.0f} s, {taken / plain:.1f} times a plain read of the claims")
    print(f"peak memory {before} MB before and {peak()} MB after")


if __name__ == "__main__":
    main()
