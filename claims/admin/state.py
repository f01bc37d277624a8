"""The state of the service on one page, for administrators."""

from __future__ import annotations

import platform
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import django
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.timesince import timesince
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims.services.service_state import CALLS, ServiceState, load_state
from factcheck.base.scan import is_answering

ADMINISTERS = "auth.view_user"
OLD_BACKUP = timedelta(hours=36)
"""One was left out, where there is one every night."""
SILENT = timedelta(minutes=2)
"""A worker tells every quarter of a minute that it lives."""
LONG = timedelta(minutes=15)
"""Nothing should wait for longer."""
NAMED = 5
"""So many tables are named."""


@dataclass(frozen=True)
class Fact:
    """One line of the page. `wrong` says what is to be done; empty where all is well."""

    word: str
    value: str
    wrong: str = ""
    at: datetime | None = None
    """The moment of which the value tells, if it does."""


@dataclass(frozen=True)
class Part:
    """Facts that belong together."""

    code: str
    title: str
    facts: Sequence[Fact]


@never_cache
@require_safe
def state_view(request: HttpRequest) -> HttpResponse:
    """How the service is doing. Raises PermissionDenied for who does not manage accounts."""
    if not request.user.has_perm(ADMINISTERS):
        raise PermissionDenied
    parts = parts_of(load_state())
    wrong = sum(bool(fact.wrong) for part in parts for fact in part.facts)
    context = {**admin.site.each_context(request), "title": "State of the service", "parts": parts, "wrong": wrong}
    request.current_app = admin.site.name
    return TemplateResponse(request, "admin/claims/state.html", context)


def parts_of(state: ServiceState) -> list[Part]:
    """What the page says."""
    return [
        Part("data", "Data", [_disk(state), _head(state), _backup(state), _guards(state), _statistics(state)]),
        Part("work", "Work", [_worker(state), *_queue(state), _deliveries(state), *_scanner()]),
        Part("versions", "Versions", _versions()),
    ]


def _disk(state: ServiceState) -> Fact:
    space = state.space
    value = f"{filesizeformat(space.free)} of {filesizeformat(space.total)} are free ({space.percent:.0f} %)"
    full = "Make room: soon nothing can be written, and /readyz says so already." if state.nearly_full else ""
    return Fact("Disk of the data folder", value, full)


def _head(state: ServiceState) -> Fact:
    if state.head is None:
        return Fact("Audit trail", "empty")
    number, digest, at = state.head
    return Fact("Audit trail", f"entry {number:,}, {digest[:16]}…, {_ago(at)}", at=at)


def _backup(state: ServiceState) -> Fact:
    if state.backup is None:
        return Fact("Last backup", "none is known", "Run manage.py backup every night, with this data folder.")
    old = "Find out why none was written since." if timezone.now() - state.backup > OLD_BACKUP else ""
    size = state.backup_of.get("bytes")
    told = f", {filesizeformat(size)}" if isinstance(size, int) else ""
    return Fact("Last backup", f"{_ago(state.backup)}{told}", old, state.backup)


def _guards(state: ServiceState) -> Fact:
    wrong = f"Run manage.py migrate; these lack theirs: {_named(state.unguarded)}." if state.unguarded else ""
    return Fact("Triggers against changed history", "missing" if wrong else "in place", wrong)


def _statistics(state: ServiceState) -> Fact:
    command = "ANALYZE" if connection.vendor == "postgresql" else "manage.py work --once"
    wrong = f"Lists may be slow: run {command}. Tables: {_named(state.stale)}." if state.stale else ""
    return Fact("Statistics of the database", "out of date" if wrong else "up to date", wrong)


def _worker(state: ServiceState) -> Fact:
    if state.worker is None:
        return Fact("Worker", "none was seen", "Start manage.py work with this data folder.")
    silent = "Start manage.py work again, or look why it hangs." if timezone.now() - state.worker > SILENT else ""
    return Fact("Worker", f"seen {_ago(state.worker)}", silent, state.worker)


def _queue(state: ServiceState) -> list[Fact]:
    oldest = state.oldest
    late = oldest is not None and timezone.now() - oldest > LONG
    exports, jobs = state.exports.count, state.jobs.count
    return [
        Fact("Waiting", f"{exports:,} export{_s(exports)}, {jobs:,} job{_s(jobs)} of many rows"),
        Fact(
            "The oldest of them",
            f"asked for {_ago(oldest)}" if oldest else "nothing waits",
            "Start more workers, or look why none takes it up." if late else "",
            oldest,
        ),
    ]


def _deliveries(state: ServiceState) -> Fact:
    failed, lost = state.calls_failed, state.calls_given_up
    value = f"of the last {CALLS:,}, {failed:,} failed and will be tried again, {lost:,} were given up"
    return Fact("Deliveries to webhooks", value, "Look at the webhooks with failed calls." if failed or lost else "")


def _scanner() -> list[Fact]:
    """Nothing where there is none."""
    if not settings.FACTCHECK_CLAMD:
        return []
    answers = is_answering(settings.FACTCHECK_CLAMD)
    wrong = "" if answers else "Start clamd, or look at FACTCHECK_CLAMD: until then no copy is kept."
    return [Fact("Scanner of files", "answers" if answers else "does not answer", wrong)]


def _versions() -> list[Fact]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        database = cursor.fetchone()[0]
    return [
        Fact("Register", _release()),
        Fact("Database", f"{connection.display_name} {database}"),
        Fact("Django", django.get_version()),
        Fact("Python", platform.python_version()),
    ]


@cache
def _release() -> str:
    try:
        with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
            return str(tomllib.load(file)["project"]["version"])
    except OSError:
        return "unknown"


def _ago(moment: datetime) -> str:
    if timezone.now() - moment < timedelta(minutes=1):
        return "just now"
    return f"{timesince(moment, depth=1)} ago"


def _named(tables: Sequence[str]) -> str:
    more = len(tables) - NAMED
    return ", ".join(tables[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _s(count: int) -> str:
    return "" if count == 1 else "s"
