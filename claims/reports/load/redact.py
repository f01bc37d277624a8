"""Turns rows into what one reader may know of them: the one place where names are withheld from reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.contrib.auth.models import User
from django.utils import timezone

from claims.choices import Likelihood
from claims.logic.staleness import is_met
from claims.models import Confirmation, Inquiry, Rating, Review, Verdict
from claims.reports.content.declare import NEVER, Term
from claims.reports.content.rows import (
    AffiliationContent,
    DocumentContent,
    InquiryContent,
    RatingContent,
    ReviewContent,
    SnapshotContent,
    SourceContent,
    VerdictContent,
)
from claims.reports.load.fields import content_of, term, when
from factcheck.audit.access import is_desk, name_shown_to, names_desk_to
from factcheck.base.people import Reader
from sources.models import Affiliation, Document, Snapshot, Source


@dataclass(frozen=True, slots=True)
class Redaction:
    """What one reader may know: every row is taken as the model's own `shown_to` shows it to them.

    Made anew for each dossier: it remembers what it has shown, since one source or document is cited many times.
    """

    reader: Reader
    desk: bool
    sources: dict[int, SourceContent] = field(default_factory=dict)
    documents: dict[int, DocumentContent] = field(default_factory=dict)

    @classmethod
    def of(cls, reader: Reader) -> Redaction:
        return cls(reader=reader, desk=is_desk(reader))

    def hides(self, source: Source | None) -> bool:
        """Whether nothing may tell who this source is."""
        return source is not None and source.withheld and not self.desk

    def source(self, row: Source) -> SourceContent:
        """The source with its name, or as an outsider may know it."""
        if row.pk not in self.sources:
            self.sources[row.pk] = self._source(row)
        return self.sources[row.pk]

    def _source(self, row: Source) -> SourceContent:
        shown = row.shown_to(self.reader)
        parent = shown.part_of
        return content_of(
            SourceContent,
            shown,
            id=row.pk,
            part_of=parent.name if parent is not None and not self.hides(parent) else "",
            part_of_since=when(shown.part_of_since) if parent is not None and not self.hides(parent) else NEVER,
            wikidata=shown.wikidata_id,
        )

    def affiliations(self, rows: Iterable[Affiliation]) -> tuple[AffiliationContent, ...]:
        """What a source was before, without bodies whose name is withheld."""
        shown = (row.shown_to(self.reader) for row in rows)
        return tuple(
            content_of(AffiliationContent, row, part_of=row.part_of.name if row.part_of is not None else "")
            for row in shown
        )

    def source_or_none(self, row: Source | None) -> SourceContent | None:
        return self.source(row) if row is not None else None

    def body(self, row: Source | None) -> SourceContent | None:
        """For whom a statement was made. One that the reader may not know has no id (0): it would tie to each other all
        who speak for it, and to what it says itself."""
        found = self.source_or_none(row)
        return replace(found, id=0) if found is not None and self.hides(row) else found

    def document(self, row: Document, snapshots: Sequence[Snapshot]) -> DocumentContent:
        """The document with these copies of it, without what would name a withheld publisher."""
        if row.pk not in self.documents:
            self.documents[row.pk] = self._document(row, snapshots)
        return self.documents[row.pk]

    def _document(self, row: Document, snapshots: Sequence[Snapshot]) -> DocumentContent:
        return content_of(
            DocumentContent,
            row.shown_to(self.reader),
            id=row.pk,
            publisher=self.source_or_none(row.publisher),
            # An archived address holds the address that was copied, and so names its publisher.
            snapshots=()
            if self.hides(row.publisher)
            else tuple(content_of(SnapshotContent, copy) for copy in snapshots),
        )

    def verdict(self, row: Verdict, says: str, confirmations: Iterable[Confirmation] = ()) -> VerdictContent:
        """The verdict on a claim that now `says` this. The day by which it is to be looked at again is told until one
        of these `confirmations` of it meets that day."""
        days = [timezone.localtime(one.created_at) for one in confirmations]
        met = row.review_by is not None and any(is_met(row.review_by, day) for day in days)
        return content_of(
            VerdictContent,
            row,
            rating=_rating(row.rating),
            likelihood=_likelihood(row),
            author=self.person(row.author),
            reviewer=self.person(row.reviewer),
            supersedes=row.supersedes_id,
            claim_text=row.claim_text if row.claim_text != says else "",
            **({"review_by": NEVER} if met else {}),
        )

    def person(self, person: User | None) -> str:
        """Somebody of the desk; empty where this reader is not told who that is."""
        return name_shown_to(self.reader, person) if person is not None and names_desk_to(self.reader) else ""

    def review(self, row: Review) -> ReviewContent:
        hidden = {"url": "", "title": ""} if self.hides(row.publisher) else {}
        return content_of(
            ReviewContent,
            row,
            publisher=self.source(row.publisher),
            nearest_rating=row.rating.label if row.rating else "",
            **hidden,
        )

    def inquiry(self, row: Inquiry) -> InquiryContent:
        return content_of(InquiryContent, row, source=self.source(row.source), channel=row.channel if self.desk else "")


def _rating(row: Rating) -> RatingContent:
    return content_of(RatingContent, row, leaning=row.leaning, number=row.claimreview_value, scale=row.scale.name)


def _likelihood(row: Verdict) -> Term:
    """With a dash between the numbers of its range, and no line break before the per cent sign."""
    found = term(row.likelihood, Likelihood)
    return Term(found.code, found.words.replace("-", "–").replace(" %", "\u00a0%"))
