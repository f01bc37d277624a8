"""The record of what was taken out of the register."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.choices import ExportKind, ExportStatus
from factcheck.base.fields import LineField, PlainTextField
from factcheck.base.people import Reader

FOLDER = "exports"
SEES_ALL = "claims.view_every_export"


class ExportQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """One's own; all for who may see what others took out, since a query alone tells what they looked at."""
        if user is None or not user.is_authenticated or not user.is_active:
            return self.none()
        return self if user.has_perm(SEES_ALL) else self.filter(made_by=user)

    def last_report(self, address: str) -> datetime | None:
        """The moment of the last report of the present that anybody took out of the dispute or claim at `address`."""
        reports = self.filter(kind__in=[ExportKind.REPORT, ExportKind.BUNDLE], query=address)
        whole = reports.filter(status__in=[ExportStatus.DONE, ExportStatus.DELETED], as_of=None).order_by("-id")
        return whole.values_list("started_at", flat=True).first()

    def kept(self) -> Self:
        """Those whose file is still there to be fetched."""
        return self.filter(status=ExportStatus.DONE, expires_at__gt=timezone.now()).exclude(file="")


class Export(models.Model):
    """One thing taken out of the register: by whom, when, from which query, and the fingerprint of what came out."""

    kind = models.CharField(max_length=10, choices=ExportKind, help_text="What was taken out.")
    query = PlainTextField(
        max_length=10_000,
        help_text="The address of what was exported, with its filters, as the API or the admin has it.",
    )
    format = models.CharField(max_length=20, help_text="The name of the format, as the catalogue has it.")
    status = models.CharField(
        max_length=10, choices=ExportStatus, default=ExportStatus.QUEUED, help_text="How far it is."
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who took it out; empty for the system itself.",
    )
    maker = LineField(max_length=200, help_text="The name of who took it out, as it was then.")
    desk = models.BooleanField(
        default=False,
        help_text="Whether it was made with the eyes of the desk, and may hold what the public never sees.",
    )
    as_of = models.DateTimeField(
        null=True, blank=True, help_text="The past moment that it shows; empty for the present."
    )
    since = models.DateTimeField(
        null=True,
        blank=True,
        help_text="The moment from which it tells what changed; empty when it tells nothing of it.",
    )
    requested_at = models.DateTimeField(default=timezone.now, help_text="When it was asked for.")
    started_at = models.DateTimeField(null=True, blank=True, help_text="When its making began.")
    seen_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When its maker last told how far it is; long ago, it was stopped and starts anew.",
    )
    finished_at = models.DateTimeField(null=True, blank=True, help_text="When it was done, failed or cancelled.")
    expires_at = models.DateTimeField(
        null=True, blank=True, help_text="Until when its file is kept; empty where none was kept."
    )
    done = models.PositiveBigIntegerField(default=0, help_text="How many rows are written so far.")
    total = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="How many rows there are; empty if not known."
    )
    rows = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="How many rows came out; empty until it is done."
    )
    size = models.PositiveBigIntegerField(null=True, blank=True, help_text="The size of what came out in bytes.")
    digest = models.CharField(
        max_length=71, blank=True, help_text="The fingerprint of what came out: sha256: and 64 hexadecimal digits."
    )
    schema_version = models.PositiveSmallIntegerField(help_text="The version of the form of rows and reports.")
    content_version = models.CharField(
        max_length=16, blank=True, help_text="The version of a report: equal for two that say the same."
    )
    head_entry = models.BigIntegerField(
        default=0, help_text="The last entry of the audit trail when it was made, to be held against the trail later."
    )
    head_hash = models.CharField(max_length=64, blank=True, help_text="The hash of that entry.")
    file_name = LineField(max_length=200, blank=True, help_text="The name under which it is handed out.")
    file = models.FileField(
        max_length=200, blank=True, editable=False, help_text="What came out, where it is kept to be fetched."
    )
    lacks = LineField(
        max_length=400,
        blank=True,
        db_default="",
        help_text="What of the report its form cannot show, such as letters for which there is no font.",
    )
    problem = PlainTextField(max_length=2_000, blank=True, help_text="Why it failed, and what to do.")

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        permissions = (("view_every_export", "Can see what others have exported"),)
        indexes = (
            models.Index(fields=["made_by", "-id"], name="export_of_maker"),
            models.Index(fields=["digest"], name="export_digest"),
            # Of these alone: the address of a list with its filters may be longer than an index takes.
            models.Index(fields=["query", "-id"], condition=Q(kind__in=["report", "bundle"]), name="export_of_subject"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(status="done") | Q(digest__startswith="sha256:", rows__isnull=False, size__isnull=False),
                name="done_export_has_fingerprint",
                violation_error_message="Give rows, size and fingerprint of an export that is done.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display().split(':')[0]} as {self.format}: {self.query}"[:200]

    def can_be_fetched(self, now: datetime | None = None) -> bool:
        """Whether its file is kept and has not expired."""
        return bool(self.file and self.expires_at and self.expires_at > (now or timezone.now()))
