"""Passwords are guessed at the log-in of the admin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from benchmarks.torture.service import Goal, Service
from factcheck.audit.models import AuditEntry


def passwords(service: Service, attempts: int) -> Iterator[Goal]:
    """Wrong passwords from forged addresses, at the log-in of the admin."""
    _status, page, headers = service.ask("GET", "/admin/login/")
    cookies = SimpleCookie()
    for line in headers.get_all("Set-Cookie") or ():
        cookies.load(line)
    found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found is not None
    before = AuditEntry.objects.count()
    statuses = []
    for number in range(attempts):
        form = {"csrfmiddlewaretoken": found[1].decode(), "username": "editor", "password": f"wrong-{number}"}
        status, _body, _headers = service.ask(
            "POST",
            "/admin/login/",
            urlencode(form),
            **{
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items()),
                "Referer": f"http://127.0.0.1:{service.port}/admin/login/",
                "X-Forwarded-For": f"203.0.113.{number + 1}",
            },
        )
        statuses.append(status)
    tried, told = statuses.count(200), AuditEntry.objects.count() - before
    got = f"{tried} tried, {statuses.count(429)} refused, {told} entries in the trail"
    yield f"G8 {attempts} wrong passwords", got, "at most 5 tried, each told", tried <= 5 and told >= attempts
