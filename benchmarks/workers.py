"""Processes that hold one application each, so that rounds can go from one to the next; `benchmarks.worker` is in
them."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.clock import Spent
from benchmarks.peers import MODULES
from benchmarks.registers import ROOT, Register
from benchmarks.request import Request
from benchmarks.wsgi import PROXY


@dataclass(frozen=True, slots=True)
class Told:
    """What some requests took, on average of these, and the answer to the last."""

    app: float
    database: float
    status: int
    headers: dict[str, str]
    size: int

    @property
    def spent(self) -> Spent:
        return Spent(self.app, self.database)


class Worker:
    """The process of one application, and what can be asked of it."""

    def __init__(self, name: str, register: Register, *, forget: bool = False) -> None:
        self.name = name
        self.number = 0
        self.connection: http.client.HTTPConnection | None = None
        command = [sys.executable, "-m", "benchmarks.worker", MODULES[name], str(register.postmaster)]
        # The lines of its log are written, to where nobody reads them unless it fails.
        self.log = (register.folder / f"{name}.log").open("w")
        pipe = subprocess.PIPE
        environment = {**register.environment, **({"FACTCHECK_REMEMBERED_MB": "0"} if forget else {})}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, stderr=self.log, text=True
        )

    def order(self, name: str, **given: Any) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps([name, given]), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended: see {self.log.name}")
        return json.loads(line)

    def ask(self, request: Request, times: int) -> Told:
        """Ask so many times, in the process or through the server that it runs."""
        return self.ask_all([self.numbered(request) for _ in range(times)])

    def numbered(self, request: Request) -> Request:
        self.number += 1
        return request.numbered(self.number)

    def ask_all(self, requests: list[Request]) -> Told:
        if self.connection is None:
            return Told(**self.order("ask", requests=[asdict(request) for request in requests]))
        prepared = [self.prepared(request) for request in requests]
        # A server closes what nobody used for a while.
        self.connection.close()
        self.connection.connect()
        self.order("begin")
        for request in prepared:
            response = send(self.connection, request)
            body = response.read()
        spent = self.order("end", times=len(requests))
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Told(**spent, status=response.status, headers=headers, size=len(body))

    def prepared(self, request: Request) -> Request:
        """The request as it says who asks, ready to be sent."""
        return Request(**self.order("prepare", request=asdict(request)))

    def count(self, request: Request) -> int:
        """How many statements one such request sends to the database."""
        return int(self.order("count", request=asdict(self.numbered(request))))

    def body(self, request: Request) -> str:
        return str(self.order("body", request=asdict(self.numbered(request))))

    def serve(self) -> None:
        """From now on it is asked over a socket."""
        self.connection = http.client.HTTPConnection("127.0.0.1", self.order("serve"))

    def close(self) -> None:
        assert self.process.stdin is not None
        if self.connection is not None:
            self.connection.close()
        self.process.stdin.close()
        self.process.wait()
        self.log.close()


def send(connection: http.client.HTTPConnection, request: Request) -> http.client.HTTPResponse:
    """The beginning of the answer to a request that is sent over this connection."""
    sent = {**PROXY, **request.headers, **({"content-type": "application/json"} if request.body else {})}
    connection.request(request.method, request.path, request.body.encode() or None, sent)
    return connection.getresponse()


@contextmanager
def workers(
    names: list[str], register: Register, *, served: bool = False, forget: bool = False
) -> Iterator[dict[str, Worker]]:
    """A process for each application, gone afterwards. They remember no answer where they are to `forget`."""
    running = {name: Worker(name, register, forget=forget) for name in names}
    try:
        for worker in running.values() if served else ():
            worker.serve()
        yield running
    finally:
        for worker in running.values():
            worker.close()
