"""What the register survives: `make torture`, or `python -m benchmarks.torture --engine sqlite --only odd`.

The demo is served as an operator serves it, and then mistreated (`benchmarks.torture.goals`): killed while clients
write, sent thousands of odd requests, its passwords guessed, its trail altered, and so on. Each line is
`name: got / wanted`; it ends with 1 if one is not as wanted.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from benchmarks.registers import ENGINES, ROOT


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", action="append", choices=ENGINES, help="may be given again; by default both")
    parser.add_argument("--full", action="store_true", help="as often as the goals say; some minutes an engine")
    parser.add_argument("--only", nargs="+", default=[], metavar="GOAL", help="such as kills, odd, load, full")
    parser.add_argument("--seed", help="of the odd requests, as it was printed")
    options = parser.parse_args(arguments)
    failed = 0
    for engine in options.engine or ENGINES:
        command = [sys.executable, "-m", "tests.engine", engine, "--"]
        command += [sys.executable, "-m", "benchmarks.torture.goals", engine]
        command += ["--full"] if options.full else []
        command += ["--only", *options.only] if options.only else []
        command += ["--seed", options.seed] if options.seed else []
        failed |= subprocess.run(command, cwd=ROOT, check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
