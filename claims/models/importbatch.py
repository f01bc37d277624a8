"""Where a set of rows came from."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from factcheck.audit.access import is_desk
from factcheck.base.errors import Frozen
from factcheck.base.fields import LineField
from factcheck.base.people import Reader
from factcheck.base.text import check_texts
from factcheck.models.recorded import RecordedModel, RecordedQuerySet


class ImportBatchQuerySet(RecordedQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Where rows came from is the desk's to know."""
        return self if is_desk(user) else self.none()


class ImportBatch(RecordedModel):
    """One set of rows brought in at once: from which file or address, by whom, with what outcome."""

    origin = LineField(max_length=2_000, help_text="The file or address that the rows came from.")
    digest = models.CharField(
        max_length=71,
        validators=[RegexValidator(r"\Asha256:[0-9a-f]{64}\Z", "Enter sha256: followed by 64 hexadecimal digits.")],
        help_text="The fingerprint of what was read: sha256: and 64 hexadecimal digits.",
    )
    format = models.CharField(max_length=40, help_text="The format of what was read.")
    counts = models.JSONField(default=dict, blank=True, help_text="How many rows of each noun were created.")
    problems = models.JSONField(default=list, blank=True, help_text="What could not be taken over, and why.")
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who brought it in.",
    )

    objects = ImportBatchQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        ordering = ("-id",)
        verbose_name = "import"

    def __str__(self) -> str:
        return f"{self.origin} ({self.created_at:%Y-%m-%d %H:%M})" if self.created_at else self.origin

    def clean(self) -> None:
        # They quote what was read, and that may hold anything.
        for name in ("format", "counts", "problems"):
            try:
                check_texts(getattr(self, name))
            except ValidationError as error:
                raise ValidationError({name: error}) from None

    def guard_change(self, changes: set[str]) -> None:
        raise Frozen("The record of an import never changes.")

    def guard_delete(self) -> None:
        raise Frozen("The record of an import is kept.")
