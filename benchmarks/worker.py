"""One application in a process of its own: the side that answers; `benchmarks.workers` is the one that asks.

`python -m benchmarks.worker product 0` reads orders as lines of JSON and answers each with one. An application is asked
through its own interface, or served on this machine where the one that asks wants that.
"""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import asdict
from typing import Any

from benchmarks.clock import Clock
from benchmarks.request import Answer, Application, Request


class Answering:
    """Answers the orders, each a method of its name."""

    def __init__(self, application: Application, clock: Clock) -> None:
        self.application = application
        self.clock = clock
        self.before = (0.0, 0.0)

    def ask(self, requests: list[dict[str, Any]]) -> dict[str, Any]:
        """Answer the requests; what they took on average, and the last answer."""
        asked = [self.application.prepare(Request(**request)) for request in requests]
        self.begin()
        for request in asked:
            answer = self.application.answer(request)
        return {**self.end(len(asked)), **told(answer)}

    def begin(self) -> None:
        self.clock.find_children()
        self.before = self.clock.read()

    def end(self, times: int) -> dict[str, Any]:
        return asdict(self.clock.spent(self.before, times))

    def count(self, request: dict[str, Any]) -> int:
        """How many statements one such request sends to the database."""
        asked = self.application.prepare(Request(**request))
        with self.application.count() as counted:
            self.application.answer(asked)
        return len(counted)

    def body(self, request: dict[str, Any]) -> str:
        return self.application.answer(self.application.prepare(Request(**request)))[2].decode()

    def prepare(self, request: dict[str, Any]) -> dict[str, Any]:
        return asdict(self.application.prepare(Request(**request)))

    def serve(self) -> int:
        return self.application.serve()


def told(answer: Answer) -> dict[str, Any]:
    status, headers, body = answer
    return {"status": status, "headers": headers, "size": len(body)}


def main() -> None:
    module, postmaster = sys.argv[1:]
    answering = Answering(importlib.import_module(module).start(), Clock(int(postmaster)))
    for line in sys.stdin:
        order, given = json.loads(line)
        print(json.dumps(getattr(answering, order)(**given)), flush=True)


if __name__ == "__main__":
    main()
