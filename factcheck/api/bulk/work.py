"""The worker's side: the pieces of a job, each sent through the view that would have answered the request."""

from __future__ import annotations

import io
import json
import logging
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.db.models import F
from django.http import HttpResponse
from django.urls import resolve
from django.utils import timezone
from django_tasks import task
from django_tasks_db import DatabaseBackend
from knox.models import AuthToken

from factcheck.accounts.factor import open_tokens
from factcheck.api.authentication import owner_of
from factcheck.api.bulk.pieces import Placed, regrouped
from factcheck.api.bulk.results import is_about_all, refusals_of, stored_rows
from factcheck.api.reason import HEADER
from factcheck.api.renderers import to_json
from factcheck.audit.context import acting
from factcheck.audit.models.bulk import BulkJob, BulkPiece, BulkStatus
from factcheck.base.errors import Forbidden

logger = logging.getLogger(__name__)

TURN = 5.0
"""Seconds after which other jobs have their turn."""
STALLED_AFTER = timedelta(minutes=2)
"""How long a job may show no progress before it is taken up anew: a piece takes about a second."""
MOST_STOPS = 3
NOT_VALID = "The token with which this was asked for is not valid any more, or its owner's account is closed."
BROKE = "The register failed at the rows from {first} on, and stored none of this piece. Tell who runs it."
STOPPED = f"The work on it was stopped {MOST_STOPS} times. Send the rows that have no result again, in smaller jobs."


class Superseded(Exception):
    """Another worker has this job now, or it was called off."""


def enqueue(job: BulkJob) -> None:
    """Have a worker take it up, in this transaction where jobs wait in the database, else after it."""
    if isinstance(run_bulk.get_backend(), DatabaseBackend):
        run_bulk.enqueue(job.pk)
    else:
        transaction.on_commit(lambda: run_bulk.enqueue(job.pk), robust=True)


@task()
def run_bulk(job_id: int) -> None:
    """Do the pieces of a job for some seconds, and queue it again for the rest. Does nothing where another worker is at
    it. Tasks that wait in the database name this function by its path: it cannot be renamed without a migration."""
    waiting = BulkJob.objects.filter(pk=job_id, status=BulkStatus.QUEUED)
    if not waiting.update(status=BulkStatus.RUNNING, turn=F("turn") + 1, seen_at=timezone.now()):
        return
    job, began = BulkJob.objects.select_related("made_by").get(pk=job_id), time.monotonic()
    try:
        while (piece := job.pieces.filter(results__isnull=True).order_by("first").first()) is not None:
            if time.monotonic() - began > TURN:
                with transaction.atomic():
                    told(job, status=BulkStatus.QUEUED)
                    enqueue(job)
                return
            do_piece(job, piece)
        told(job, status=BulkStatus.DONE, finished_at=timezone.now())
    except Superseded:
        logger.info("job %s was called off, or given to another worker", job_id)
    except Forbidden as error:
        give_up(job, str(error))
    except Exception as error:
        logger.warning("job %s failed", job_id, exc_info=error)
        give_up(job, BROKE.format(first=piece.first if piece else 0))


def do_piece(job: BulkJob, piece: BulkPiece) -> None:
    """Store the rows of a piece, with what became of them, in one transaction; or find which of them is refused."""
    rows: list[Placed] = [(place, first, row) for place, first, row in piece.rows]
    user, token = caller_of(job)
    with transaction.atomic():
        told(job)
        status, answer = send(job, user, token, [row for _place, _first, row in rows])
        if status < 400:
            close(job, piece, stored_rows(rows, status, answer))
            return
    with transaction.atomic():
        told(job)
        groups, refused = regrouped(rows), refusals_of(rows, status, answer)
        if len(groups) == 1 or is_about_all(status, refused):
            close(job, piece, [refused[place] for place, _first, _row in rows])
            return
        # Rows that are named were refused; whether the others are good shows when they come without them, and which
        # of these are not, when each comes alone.
        bad = [group for group in groups if any(refused[place]["named"] for place, _first, _row in group)]
        good = [group for group in groups if group not in bad]
        known = [row for group in bad for row in group]
        piece.delete()
        if known:
            close(job, BulkPiece(job=job, first=known[0][0]), [refused[place] for place, _first, _row in known])
        left = [[row for group in good for row in group]] if known and not piece.again else good
        BulkPiece.objects.bulk_create(
            BulkPiece(job=job, first=some[0][0], rows=some, again=True) for some in left if some
        )


def close(job: BulkJob, piece: BulkPiece, results: list[dict[str, Any]]) -> None:
    """Keep what became of these rows, and no longer what they were."""
    refused = sum("code" in result for result in results)
    piece.rows = []
    piece.results = [{name: value for name, value in result.items() if name != "named"} for result in results]
    piece.save()
    told(job, stored=F("stored") + len(results) - refused, refused=F("refused") + refused)


def told(job: BulkJob, **values: Any) -> None:
    """Write down how far the job is. Raises Superseded where it is not this worker's any more."""
    if not job.is_mine().update(seen_at=timezone.now(), **values):
        raise Superseded


def give_up(job: BulkJob, problem: str) -> None:
    job.is_mine().update(status=BulkStatus.FAILED, finished_at=timezone.now(), problem=problem)


def caller_of(job: BulkJob) -> tuple[Any, AuthToken | None]:
    """Who asked, with the rights that they and their token have now. Raises Forbidden."""
    if not job.token:
        if not job.made_by.is_active:
            raise Forbidden(NOT_VALID)
        return job.made_by, None
    token = open_tokens(AuthToken.objects.select_related("user", "grant")).filter(pk=job.token).first()
    if token is None or not token.user.is_active or (token.expiry is not None and token.expiry <= timezone.now()):
        raise Forbidden(NOT_VALID)
    return owner_of(token), token


def send(job: BulkJob, user: Any, token: AuthToken | None, rows: Sequence[Any]) -> tuple[int, Any]:
    """What the register answers to a request with these rows alone: its status, and its body."""
    body = to_json(rows)
    request: Any = WSGIRequest(
        {
            "REQUEST_METHOD": job.method,
            "PATH_INFO": job.path,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            f"HTTP_{HEADER.upper().replace('-', '_')}": job.reason,
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
        }
    )
    # As the framework's own client for tests says who asks: no token is at hand, only its digest.
    request._force_auth_user, request._force_auth_token = user, token
    match = resolve(job.path)
    with acting(actor=user, reason="", request_id=job.request_id):
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    data = getattr(response, "data", None)
    return response.status_code, json.loads(response.content or b"null") if data is None else data


def recover_stalled_jobs() -> int:
    """Queue again what was stopped, give up what was stopped too often, and forget what ended long ago; how many were
    queued."""
    now, again = timezone.now(), 0
    BulkJob.objects.expired().delete()
    for job in BulkJob.objects.filter(
        status__in=(BulkStatus.RUNNING, BulkStatus.QUEUED), seen_at__lt=now - STALLED_AFTER
    ):
        mine = BulkJob.objects.filter(pk=job.pk, status=job.status, seen_at=job.seen_at)
        was_stopped = job.status == BulkStatus.RUNNING
        if was_stopped and job.stopped + 1 >= MOST_STOPS:
            mine.update(status=BulkStatus.FAILED, finished_at=now, problem=STOPPED)
            continue
        with transaction.atomic():
            # One that still waits is then queued twice: whoever comes second finds nothing to do.
            if mine.update(status=BulkStatus.QUEUED, seen_at=now, stopped=job.stopped + was_stopped):
                enqueue(job)
                again += 1
    return again
