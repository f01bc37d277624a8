"""Odd requests over sockets: each is answered, soon, and in words; and nothing that they left behind breaks what is
asked later.
"""

from __future__ import annotations

import http.client
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client
from knox.models import AuthToken

from benchmarks.torture.questions import Question, odd_questions
from benchmarks.torture.service import Goal, Service, bar, clients
from tests.api.routes import api_routes

SLOWEST = 5
"""Seconds that any answer may take."""
PROBLEM = "application/problem+json"
ROWS = 8
"""So many rows of a page are read one by one."""
EMPTY = {"HEAD", "OPTIONS"}


class Reader:
    """Who asks, on a connection that is kept; what is odd about the answers is counted."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
        self.found: list[str] = []
        self.asked = 0
        self.slowest = 0.0
        self.log_in()

    def log_in(self) -> None:
        user, _made = get_user_model().objects.get_or_create(
            username="torturer", defaults={"is_superuser": True, "is_staff": True}
        )
        get_user_model().objects.filter(pk=user.pk).update(is_superuser=True, is_staff=True, is_active=True)
        user.refresh_from_db()
        self.user = user
        _row, token = AuthToken.objects.create(user=user)
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        cookies = f"{name}={client.cookies[name].value}; {settings.CSRF_COOKIE_NAME}={'a' * 32}"
        self.known = {"nobody": {}, "token": {"authorization": f"Bearer {token}"}, "session": {"cookie": cookies}}

    def ask(self, question: Question) -> tuple[int, bytes, Any]:
        """The answer. Raises OSError or HTTPException where none comes."""
        headers = {"host": f"127.0.0.1:{self.service.port}", **self.known[question.who], **question.headers}
        if question.who == "session":
            headers["referer"] = f"http://127.0.0.1:{self.service.port}/"
        self.connection.putrequest(question.method, question.path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            self.connection.putheader(name, value.encode("latin-1", "replace"))
        if question.body or question.method in {"POST", "PUT", "PATCH"}:
            self.connection.putheader("content-length", str(len(question.body)))
        self.connection.endheaders(question.body or None)
        answer = self.connection.getresponse()
        return answer.status, answer.read(), answer.headers

    def judge(self, question: Question) -> None:
        """Ask, and tell what should not be so."""
        self.asked += 1
        began = time.monotonic()
        what = f"{question.method} {question.path[:120]} {question.body[:60]!r} of {question.who}"
        try:
            status, body, headers = self.ask(question)
        except (OSError, http.client.HTTPException) as fault:
            self.found.append(f"no answer ({fault!r}): {what}")
            self.connection.close()
            return
        took = time.monotonic() - began
        self.slowest = max(self.slowest, took)
        if status >= 500:
            self.found.append(f"{status}: {what}")
        if took > SLOWEST:
            self.found.append(f"{took:.1f} s: {what}")
        if status >= 400 and question.path.startswith("/api/") and question.method not in EMPTY:
            code = json.loads(body).get("code") if headers.get("Content-Type") == PROBLEM else None
            if not code:
                self.found.append(f"{status} without a problem and its code: {what}")
        if status == 401 and question.who != "nobody" and "authorization" not in map(str.lower, question.headers):
            # One of the odd requests ended its sessions.
            self.log_in()

    def read(self, path: str, who: str) -> tuple[bytes, Any]:
        """What stands there now; that it can be read no more is told."""
        self.asked += 1
        status, body, headers = self.ask(Question(who, "GET", path))
        if status in {301, 302} and "/login/" not in headers["Location"]:
            status, body, headers = self.ask(
                Question(who, "GET", urlsplit(headers["Location"])._replace(scheme="", netloc="").geturl())
            )
        if status != 200:
            self.found.append(f"{status}: GET {path}")
        return body, headers


def oddities(service: Service, seed: int, times: int) -> Iterator[Goal]:
    """Odd requests, `times` times all that are made of what is declared, each time with other values."""
    readers = [Reader(service) for _number in range(4)]
    user = readers[0].user
    questions = [question for nth in range(times) for question in odd_questions(seed + nth, user)]

    def work(number: int) -> None:
        for nth, question in enumerate(questions[number :: len(readers)]):
            readers[number].judge(question)
            if number == 0 and nth % 50 == 0:
                bar("odd requests", len(readers) * nth, len(questions))

    with clients(work, len(readers)):
        pass
    bar("odd requests", len(questions), len(questions))
    found = [fault for reader in readers for fault in reader.found]
    tell(found)
    slowest = max(reader.slowest for reader in readers)
    got = f"{len(found)} faults in {len(questions):,} requests, slowest {slowest:.1f} s (seed {seed})"
    yield "G1 odd requests", got, f"0: no 5xx, none dropped, none over {SLOWEST} s, each refusal with a code", not found

    reader = Reader(service)
    walk(reader)
    tell(reader.found)
    yield "G2 all that is read afterwards", f"{len(reader.found)} of {reader.asked:,} broken", "0", not reader.found


def walk(reader: Reader) -> None:
    """Every list of the API to its end with rows of each page, every list of the admin, and forms of its rows."""
    for route in api_routes().values():
        if "get" not in route.actions or route.parameters or route.name in {"token-list", "docs"}:
            continue
        path = route.path() + ("?q=rain" if route.name == "search" else "")
        is_list = bool(route.noun) and route.actions["get"] == "list"
        while path:
            body, _headers = reader.read(path, "token")
            page = json.loads(body) if is_list else {}
            for row in page.get("results", ())[:ROWS]:
                reader.read(f"{route.path()}{row['id']}/", "token")
            path = (page.get("next") or "").partition(f":{reader.service.port}")[2]
    for model in admin.site._registry:
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        reader.read(path, "session")
        for pk in model._default_manager.order_by("-pk").values_list("pk", flat=True)[:ROWS]:
            reader.read(f"{path}{pk}/change/", "session")


def tell(found: list[str]) -> None:
    """Each kind of fault once, with how many there are of it; what was merely slow last."""
    kinds = Counter(fault.partition("?")[0][:100] for fault in found)
    for kind, number in sorted(kinds.most_common(), key=lambda kind: " s: " in kind[0][:8])[:40]:
        example = next(fault for fault in found if fault.startswith(kind))
        sys.stderr.write(f"  {number} x {example[:300]}\n")
