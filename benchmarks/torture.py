"""What the register survives: `make torture`, or `python -m benchmarks.torture --engine sqlite`.

The demo is served as an operator serves it, and then mistreated (`benchmarks.mistreat`): the server is killed while
clients write, keys are sent eight times at once, passwords are guessed from forged addresses, SQL is sent past the
models, the trail is altered past the triggers, and backups are taken while others write. Each line is
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
    parser.add_argument("--port", type=int, default=8911)
    options = parser.parse_args(arguments)
    failed = 0
    for engine in options.engine or ENGINES:
        command = [
            sys.executable,
            "-m",
            "tests.engine",
            engine,
            "--",
            sys.executable,
            "-m",
            "benchmarks.mistreat",
            engine,
        ]
        command += [f"--port={options.port}", *(["--full"] if options.full else [])]
        failed |= subprocess.run(command, cwd=ROOT, check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
