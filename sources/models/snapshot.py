"""Our kept copy of a document."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q

from factcheck.audit.access import is_desk
from factcheck.base.errors import Frozen
from factcheck.base.fields import HttpURLField, LineField, PlainTextField
from factcheck.base.people import Reader
from factcheck.models.recorded import RecordedModel, RecordedQuerySet
from sources.models.document import TEXT_OF_A_WORK, Document

FOLDER = "snapshots"
UNFINISHED = f"{FOLDER}/unfinished"


def kept_name(digest: str) -> str:
    """The name of the file that has this fingerprint."""
    digits = digest.removeprefix("sha256:")
    return f"{FOLDER}/{digits[:2]}/{digits[2:4]}/{digits}"


class SnapshotQuerySet(RecordedQuerySet):
    def kept(self) -> Self:
        """Those whose file the register itself keeps."""
        return self.exclude(file="")

    def broken(self) -> Self:
        """Those whose kept file was last found missing or changed."""
        return self.filter(broken_since__isnull=False)

    def visible_to(self, user: Reader) -> Self:
        """A snapshot is read by whoever may read its document."""
        if is_desk(user):
            return self
        return self.filter(Exists(Document.objects.visible_to(user).filter(pk=OuterRef("document"))))


class Snapshot(RecordedModel):
    """A copy of a document as it was at one moment, kept in an archive; it never changes."""

    past_by = frozenset({"document"})

    masked = frozenset({"final_url", "archive_url"})

    document = models.ForeignKey(
        Document, models.PROTECT, related_name="snapshots", help_text="The document that this is a copy of."
    )
    taken_at = models.DateTimeField(help_text="When the copy was taken.")
    final_url = HttpURLField(blank=True, help_text="The address that was copied, after all redirects.")
    archive_url = HttpURLField(blank=True, help_text="Where a public archive keeps the copy, if one does.")
    file = models.FileField(
        max_length=200,
        blank=True,
        editable=False,
        help_text="The copy itself, where the register keeps it; named by its fingerprint.",
    )
    media_type = models.CharField(
        max_length=100,
        validators=[RegexValidator(r"\A[\w.+-]+/[\w.+-]+\Z", "Enter a media type, such as text/html.")],
        help_text="What the copy is (media type), such as text/html or application/pdf.",
    )
    size = models.PositiveBigIntegerField(help_text="The size of the copy in bytes.")
    digest = models.CharField(
        max_length=71,
        validators=[RegexValidator(r"\Asha256:[0-9a-f]{64}\Z", "Enter sha256: followed by 64 hexadecimal digits.")],
        help_text="The fingerprint of the copy: sha256: and 64 hexadecimal digits.",
    )
    tool = LineField(max_length=200, blank=True, help_text="The program or service that took the copy.")
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who took the copy.",
    )

    text = PlainTextField(
        max_length=TEXT_OF_A_WORK,
        blank=True,
        editable=False,
        help_text="The wording found in the copy, so that quotes can be checked; desk only.",
    )
    broken_since = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="Since when the kept file is missing or no longer has its fingerprint; empty while it is whole.",
    )

    step_fields = frozenset({"broken_since"})

    objects = SnapshotQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        ordering = ("-taken_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(archive_url="") | ~Q(file=""),
                name="snapshot_is_kept_somewhere",
                violation_error_message="Upload the copy (file) or say where an archive keeps it (archive_url).",
            ),
        )
        indexes = (
            models.Index(fields=["-taken_at", "-id"], name="snapshot_taken"),
            models.Index(
                fields=["-broken_since", "-id"], condition=Q(broken_since__isnull=False), name="snapshot_broken"
            ),
        )

    def __str__(self) -> str:
        return f"{self.document} ({self.taken_at:%Y-%m-%d %H:%M})"

    def clean(self) -> None:
        # At its ends the calendar has no room for another zone, in which every report tells the moment.
        if self.taken_at is not None and not 2 <= self.taken_at.year <= 9998:
            raise ValidationError(
                {"taken_at": ValidationError("Give a moment in the years 2 to 9998.", code="invalid_date")}
            )

    @property
    def kept_as(self) -> str:
        """The name of the kept file. Empty for one that is not kept here, or is not named by its fingerprint: no other
        file is ever read for a snapshot."""
        name = str(self.file.name or "")
        return name if name == kept_name(self.digest) else ""

    def shown_to(self, user: Reader) -> Snapshot:
        """The snapshot; outside the desk without its text, and without the addresses that would name a withheld
        publisher."""
        if is_desk(user):
            return self
        publisher = self.document.publisher
        named = publisher is not None and publisher.withheld
        return self.without({"text", *self.masked} if named else {"text"})

    def guard_change(self, changes: set[str]) -> None:
        # A copy of a document that was merged into another one is a copy of that.
        if changes == {"document"} and self.document.merged_into_id is not None:
            return
        # Whether the file is still whole is not part of the copy: it says something about our keeping.
        if changes != {"broken_since"}:
            raise Frozen("A snapshot never changes: add a new one instead.")

    def guard_delete(self) -> None:
        raise Frozen("A snapshot is kept: it shows what the document said when it was used.")
