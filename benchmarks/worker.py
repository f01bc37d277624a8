"""One application in a process of its own, asked through its own interface and without a network.

`python -m benchmarks.worker product` reads requests as lines of JSON and answers each with what it took; `Worker` is
the side that asks. All applications are held by processes like this one, so that rounds can go from one to the next.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.clock import Clock, Spent
from benchmarks.registers import ROOT, Register
from benchmarks.request import Answer, Request

APPLICATIONS = {"product": "benchmarks.product", "floor": "benchmarks.peers.floor"}
"""The module that has each: `start()` gives the function that answers a request, `count` the one that counts its
queries."""


@dataclass(frozen=True, slots=True)
class Told:
    """What some requests took, on average of these."""

    status: int
    headers: dict[str, str]
    size: int
    times: int
    app: float
    database: float

    @property
    def spent(self) -> Spent:
        return Spent(self.app, self.database)


class Worker:
    """The side that asks."""

    def __init__(self, application: str, register: Register) -> None:
        self.application = application
        command = [sys.executable, "-m", "benchmarks.worker", application, str(register.postmaster)]
        # Its lines of the log are written, to where nobody reads them.
        self.log = (register.folder / f"{application}.log").open("w")
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=register.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )

    def _ask(self, question: dict[str, Any]) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps(question), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.application} ended: see {self.log.name}")
        return json.loads(line)

    def measure(self, request: Request, times: int) -> Told:
        return Told(**self._ask({"times": times, **asdict(request)}))

    def queries(self, request: Request) -> int:
        """How many statements one such request sends to the database."""
        return int(self._ask({"times": 0, **asdict(request)}))

    def body(self, request: Request) -> str:
        return str(self._ask({"times": -1, **asdict(request)}))

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()
        self.log.close()


@contextmanager
def workers(names: list[str], register: Register) -> Iterator[dict[str, Worker]]:
    """A process for each application, gone afterwards."""
    running = {name: Worker(name, register) for name in names}
    try:
        yield running
    finally:
        for worker in running.values():
            worker.close()


# --- the side that answers ---


def answer_all(answer: Callable[[Request], Answer], count: Callable[[], Any], clock: Clock) -> None:
    number = 0
    for line in sys.stdin:
        question = json.loads(line)
        times = question.pop("times")
        asked = []
        for _ in range(max(times, 1)):
            number += 1
            numbered = {name: question[name].replace("{number}", str(number)) for name in ("path", "body")}
            asked.append(Request(**{**question, **numbered}))
        if times == 0:
            with count() as counted:
                answer(asked[0])
            told: Any = len(counted)
        elif times < 0:
            told = answer(asked[0])[2].decode()
        else:
            clock.find_children()
            before = clock.read()
            for request in asked:
                status, headers, body = answer(request)
            spent = clock.spent(before, times)
            told = asdict(Told(status, headers, len(body), times, spent.app, spent.database))
        print(json.dumps(told), flush=True)


def main() -> None:
    name, postmaster = sys.argv[1:]
    module = importlib.import_module(APPLICATIONS[name])
    answer_all(module.start(), module.count, Clock(int(postmaster)))


if __name__ == "__main__":
    main()
