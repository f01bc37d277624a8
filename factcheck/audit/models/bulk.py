"""Many rows that a worker enters or changes, piece by piece, and what became of each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from factcheck.base.people import Reader

KEPT_FOR = timedelta(days=7)
"""How long it is told what became of the rows."""


class BulkStatus(models.TextChoices):
    QUEUED = "queued", "Queued: waits for a worker, or for its next turn"
    RUNNING = "running", "Running: a worker is at it"
    DONE = "done", "Done: each row was stored or refused"
    FAILED = "failed", "Failed: it was given up; rows without a result were not stored"
    CANCELLED = "cancelled", "Cancelled: it was called off; rows without a result were not stored"


OPEN = (BulkStatus.QUEUED, BulkStatus.RUNNING)
"""What is neither done nor given up."""


class BulkJobQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """One's own."""
        return self.filter(made_by=user) if user is not None and user.is_authenticated else self.none()

    def expired(self) -> Self:
        """Those of which is told no more: what they say of refused rows may have to be taken down."""
        return self.exclude(status__in=OPEN).filter(finished_at__lt=timezone.now() - KEPT_FOR)


class BulkJob(models.Model):
    """One request about many rows that is done by a worker: whose, with which rights, and how far it is."""

    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", help_text="Who sent the request."
    )
    token = models.CharField(
        max_length=128, blank=True, help_text="The digest of the token it came with; empty for a log-in at the desk."
    )
    method = models.CharField(max_length=10, help_text="The method of the request: POST or PATCH.")
    path = models.CharField(max_length=500, help_text="The address to which the rows were sent.")
    reason = models.TextField(blank=True, help_text="The reason for the changes that came with the request.")
    request_id = models.CharField(max_length=64, blank=True, help_text="The id of the request, as the trail has it.")
    status = models.CharField(max_length=10, choices=BulkStatus, default=BulkStatus.QUEUED, help_text="How far it is.")
    rows = models.PositiveIntegerField(help_text="How many rows were sent.")
    stored = models.PositiveIntegerField(default=0, help_text="How many of them are entered or changed.")
    refused = models.PositiveIntegerField(default=0, help_text="How many of them were refused.")
    turn = models.PositiveIntegerField(default=0, help_text="How often a worker has taken it up.")
    stopped = models.PositiveSmallIntegerField(default=0, help_text="How often its worker was stopped.")
    requested_at = models.DateTimeField(default=timezone.now, help_text="When it was asked for.")
    seen_at = models.DateTimeField(default=timezone.now, help_text="When its worker last told how far it is.")
    finished_at = models.DateTimeField(null=True, blank=True, help_text="When it was done, given up or called off.")
    problem = models.TextField(blank=True, help_text="Why it was given up, and what to do.")

    objects = BulkJobQuerySet.as_manager()

    class Meta:
        verbose_name = "bulk job"
        verbose_name_plural = "bulk jobs"
        indexes = (models.Index(fields=["made_by", "-id"], name="bulk_job_of_maker"),)

    def __str__(self) -> str:
        return f"{self.method} of {self.rows} rows to {self.path}"

    def is_mine(self) -> models.QuerySet[Any]:
        """This job, if it is still that of the worker who took it up in this turn."""
        return BulkJob.objects.filter(pk=self.pk, status=BulkStatus.RUNNING, turn=self.turn)


class BulkPiece(models.Model):
    """Rows of a job that are stored or refused together; once that is known, what became of each instead of them."""

    job = models.ForeignKey(BulkJob, models.CASCADE, related_name="pieces", help_text="The job to which it belongs.")
    first = models.PositiveIntegerField(help_text="The place in the request of the first of its rows.")
    rows = models.JSONField(help_text="The rows, each with its place and that of the first one with which it goes.")
    again = models.BooleanField(default=False, help_text="Whether some of its rows were refused once already.")
    results = models.JSONField(null=True, blank=True, help_text="What became of each row; empty until that is known.")

    class Meta:
        verbose_name = "piece of a bulk job"
        verbose_name_plural = "pieces of bulk jobs"
        constraints = (
            models.UniqueConstraint(
                fields=["job", "first"],
                name="audit_bulk_piece_once",
                violation_error_message="Each row of a job stands in one piece.",
            ),
        )

    def __str__(self) -> str:
        return f"Rows from {self.first} of job {self.job_id}"
