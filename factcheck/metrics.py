"""`/metrics`: what a monitor such as Prometheus asks every process of the service for, in the text format 0.0.4.

A dozen numbers, of which most are read from the database when they are asked for: a library would keep its own copies.
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Iterable, Iterator
from itertools import accumulate

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims.services.service_state import ServiceState, load_state
from factcheck.base.http.measures import BOUNDS, of_this_process
from factcheck.base.http.problem import refuse
from factcheck.base.http.request_log import client_address
from factcheck.base.room import free_space

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Sample = tuple[str, float]
"""The labels of a number, such as `{status="2xx"}`, or nothing, and the number."""


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The numbers; 404 where FACTCHECK_METRICS is off, 401 for who may not read them."""
    if not settings.FACTCHECK_METRICS:
        raise Http404
    if not may_read(request):
        detail = "Send FACTCHECK_METRICS_TOKEN as a bearer token; where none is set, only this machine is answered."
        return refuse(request, 401, "not_authenticated", detail, headers={"WWW-Authenticate": "Bearer"})
    try:
        state = load_state()
    except (DatabaseError, InterfaceError):
        state = None
    lines = [line for name, kind, says, samples in families(state) for line in written(name, kind, says, samples)]
    return HttpResponse("\n".join([*lines, ""]), content_type=CONTENT_TYPE)


def may_read(request: HttpRequest) -> bool:
    """With a token, who has it; without one, who asks from this machine."""
    token = settings.FACTCHECK_METRICS_TOKEN
    if token:
        given = request.META.get("HTTP_AUTHORIZATION", "")
        return secrets.compare_digest(given.encode(), f"Bearer {token}".encode())
    try:
        return ipaddress.ip_address(client_address(request)).is_loopback
    except ValueError:
        return False


def families(state: ServiceState | None) -> Iterator[tuple[str, str, str, Iterable[Sample]]]:
    """Each number with its name, its kind and its meaning."""
    counted = of_this_process
    with counted.lock:
        answers, within, seconds = dict(counted.answers), list(counted.within), counted.seconds
    yield (
        *("requests_total", "counter", "Requests that this process answered, by class of status."),
        [(f'{{status="{status}"}}', count) for status, count in sorted(answers.items())],
    )
    sums = list(accumulate(within))
    bounds = [*map(str, BOUNDS), "+Inf"]
    yield (
        *("request_seconds", "histogram", "How long the answers of this process took."),
        [
            *((f'_bucket{{le="{bound}"}}', count) for bound, count in zip(bounds, sums, strict=True)),
            ("_sum", seconds),
            ("_count", sums[-1]),
        ],
    )
    space = free_space()
    yield "disk_free_bytes", "gauge", "What is free on the disk of the data folder.", [("", space.free)]
    yield "disk_size_bytes", "gauge", "How large the disk of the data folder is.", [("", space.total)]
    yield "database_up", "gauge", "Whether the database answers.", [("", state is not None)]
    if state is not None:
        yield from _of_register(state)


def _of_register(state: ServiceState) -> Iterator[tuple[str, str, str, Iterable[Sample]]]:
    if state.head is not None:
        number, _digest, at = state.head
        yield "chain_head", "gauge", "The number of the last entry of the audit trail.", [("", number)]
        yield "chain_head_time_seconds", "gauge", "When it was written.", [("", at.timestamp())]
    if state.backup is not None:
        yield "backup_time_seconds", "gauge", "When the last backup was written.", [("", state.backup.timestamp())]
    if state.worker is not None:
        yield "worker_time_seconds", "gauge", "When a worker last said that it lives.", [("", state.worker.timestamp())]
    yield (
        *("waiting", "gauge", "What waits for a worker."),
        [('{what="exports"}', state.exports.count), ('{what="jobs"}', state.jobs.count)],
    )
    if state.oldest is not None:
        yield "waiting_since_seconds", "gauge", "When the oldest of it was asked for.", [("", state.oldest.timestamp())]
    yield (
        *("webhook_calls", "gauge", "Of the last deliveries to webhooks, those that failed or were given up."),
        [('{status="failed"}', state.calls_failed), ('{status="given_up"}', state.calls_given_up)],
    )
    yield "unguarded_tables", "gauge", "Tables that lack a trigger against changes.", [("", len(state.unguarded))]
    yield "stale_statistics", "gauge", "Tables of which the database knows too little.", [("", len(state.stale))]


def written(name: str, kind: str, says: str, samples: Iterable[Sample]) -> Iterator[str]:
    """The lines of one number."""
    yield f"# HELP factcheck_{name} {says}"
    yield f"# TYPE factcheck_{name} {kind}"
    for labels, value in samples:
        yield f"factcheck_{name}{labels} {float(value):.15g}"
