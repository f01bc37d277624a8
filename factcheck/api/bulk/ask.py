"""Taking on a request about many rows, to be done by a worker."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from knox.models import AuthToken
from rest_framework.request import Request

from factcheck.api.bulk.pieces import TooManyTogether, pieces_of
from factcheck.api.bulk.work import enqueue
from factcheck.api.preference import MAX_ROWS
from factcheck.api.problem import Problem
from factcheck.audit.context import current
from factcheck.audit.models.bulk import OPEN, BulkJob, BulkPiece
from factcheck.base.errors import Conflict

MOST_OPEN = 10
"""Jobs of one person that are not done."""


def ask_for_job(request: Request, reason: str) -> BulkJob:
    """The job that does this request, whose body is an array.

    Raises Problem for too many rows, Conflict where too many jobs of the caller are not done.
    """
    rows: Any = request.data
    user = request.user
    assert user.is_authenticated, "permissions were asked"
    if not 1 <= len(rows) <= MAX_ROWS:
        raise Problem(400, "bulk_size", f"Send 1 to {MAX_ROWS:,} rows at once to be answered later.")
    try:
        pieces = pieces_of(rows)
    except TooManyTogether as error:
        raise Problem(400, "bulk_size", str(error)) from error
    auth = request.auth
    with transaction.atomic():
        if BulkJob.objects.filter(made_by=user, status__in=OPEN).count() >= MOST_OPEN:
            raise Conflict(f"{MOST_OPEN} of your jobs are not done yet. Wait for them.", code="too_many_jobs")
        job = BulkJob.objects.create(
            made_by=user,
            token=auth.pk if isinstance(auth, AuthToken) else "",
            method=request.method or "",
            path=request.path_info,
            reason=reason,
            request_id=current().request_id,
            rows=len(rows),
        )
        BulkPiece.objects.bulk_create(BulkPiece(job=job, first=piece[0][0], rows=piece) for piece in pieces)
        enqueue(job)
    return job
