"""One published or recorded work."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from factcheck.audit.access import is_desk
from factcheck.base.fields import EdtfDateField, HttpURLField, LineField, PlainTextField
from factcheck.base.people import Reader
from factcheck.base.places import validate_language
from factcheck.models.merged import Mergeable
from factcheck.models.recorded import RecordedQuerySet
from sources.choices import DocumentKind
from sources.models.source import Source
from sources.visibility import cited

TEXT_OF_A_WORK = 500_000
WITHHELD_WORK = "Work of a withheld source"


class DocumentQuerySet(RecordedQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """The desk reads all documents, everybody else those that something they may read refers to."""
        return self if is_desk(user) else self.filter(cited("document", user))


class Document(Mergeable):
    """One published or recorded work: an article, an official statement, an autopsy report, a video, a dataset."""

    masked = frozenset({"title", "url", "authors"})

    kind = models.CharField(max_length=20, choices=DocumentKind, help_text="What sort of work it is.")
    title = LineField(max_length=1_000, help_text="The title as published, or a plain description where there is none.")
    url = HttpURLField(blank=True, help_text="Where it was published; an address is entered once.")
    publisher = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        help_text="The source that published or issued it.",
    )
    authors = LineField(max_length=1_000, blank=True, help_text="Who wrote or made it, as named there.")
    published_on = EdtfDateField(
        blank=True, help_text="When it was published, as exactly as known: 2025, 2025-07, 2025-07-03."
    )
    language = models.CharField(
        max_length=35, blank=True, validators=[validate_language], help_text="Its language (BCP 47), such as en."
    )
    text = PlainTextField(
        max_length=TEXT_OF_A_WORK,
        blank=True,
        help_text="The wording of the work or of the passages used, so that quotes can be checked; desk only.",
    )
    retracted_on = EdtfDateField(
        blank=True, help_text="When the publisher took it back, if it did; what rests on it then needs a new look."
    )

    named_by: ClassVar[str] = "title"
    reference_fields: ClassVar[tuple[str, ...]] = ("url",)
    objects = DocumentQuerySet.as_manager()

    class Meta(Mergeable.Meta):
        ordering = ("-id",)
        indexes = (
            models.Index(fields=["language", "-id"], name="document_language"),
            models.Index(fields=["kind", "-id"], name="document_kind"),
            models.Index(fields=["retracted_on"], name="document_retracted"),
            models.Index(fields=["updated_at", "id"], name="document_updated"),
            models.Index(fields=["created_at", "id"], name="document_created"),
            models.Index(fields=["published_on", "id"], name="document_published"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["url"],
                condition=~Q(url=""),
                name="document_url_once",
                violation_error_message="A document with this address (url) is already in the register.",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def shown_to(self, user: Reader) -> Document:
        """The document; outside the desk without its text, and without what names a withheld publisher."""
        if is_desk(user):
            return self
        masked = self.without({"text"})
        if self.publisher is not None and self.publisher.withheld:
            masked = masked.without(self.masked)
            masked.title = WITHHELD_WORK
        return masked

    def as_reference(self, user: Reader) -> dict[str, Any]:
        """The small object that stands for the document where another row refers to it."""
        shown = self.shown_to(user)
        return shown.reference_as(shown.title)
