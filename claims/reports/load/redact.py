"""Turns rows into what one reader may know of them: the one place where names are withheld from reports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.db.models import Choices
from django.utils import timezone

from claims.choices import Confidence, Likelihood, Outcome, Severity, VerdictStatus
from claims.logic import wording
from claims.models import Inquiry, Rating, Review, Verdict
from claims.reports.content.rows import (
    DocumentContent,
    InquiryContent,
    RatingContent,
    ReviewContent,
    SnapshotContent,
    SourceContent,
    Term,
    VerdictContent,
    When,
)
from factcheck.audit.access import is_desk
from factcheck.base.edtf import in_words
from factcheck.base.places import country_name, language_name
from factcheck.base.text import validate_http_url
from sources.choices import DocumentKind, Reliability, SourceKind
from sources.models import Document, Snapshot, Source

_UNSAFE = re.compile(r"[\s<>\"'`\\^{|}]")


def term(code: Any, choices: type[Choices]) -> Term:
    """The code with its words: `Asserts: says that it is so` becomes `asserts`."""
    if code in (None, ""):
        return Term("", "")
    label = dict(choices.choices).get(code, code)
    return Term(str(code), str(label).split(":")[0].lower())


def grade(code: Any, choices: type[Choices]) -> Term:
    """A grade of the Admiralty code with its words first: `probably true (2)`."""
    label, _colon, words = str(dict(choices.choices).get(code, code)).partition(": ")
    return Term(str(code), f"{words} ({label})" if words else label)


def when(text: str) -> When:
    """A date with precision; what is no such date comes back as it is written."""
    try:
        return When(text, in_words(text))
    except ValueError:
        return When(text, text)


def moment(at: datetime | None) -> When:
    """A moment, in the time zone of the register."""
    if at is None:
        return When("", "")
    at = timezone.localtime(at)
    return When(at.isoformat(timespec="seconds"), wording.moment(at))


def day(on: date | None) -> When:
    return when(on.isoformat() if on else "")


def language(tag: str) -> Term:
    return Term(tag, language_name(tag) if tag else "")


def web_address(url: str) -> str:
    """The address, if it is one that may become a link; empty for any other scheme, however it came into the row."""
    cleaned = _UNSAFE.sub(lambda found: quote(found.group()), url.strip()) if url else ""
    try:
        validate_http_url(cleaned)
    except ValidationError:
        return ""
    return cleaned


@dataclass(frozen=True, slots=True)
class Mask:
    """The eyes of one reader: every row is taken as the model's own `shown_to` shows it to them."""

    user: Any
    desk: bool

    @classmethod
    def of(cls, user: Any) -> Mask:
        return cls(user=user, desk=is_desk(user))

    def hides(self, source: Source | None) -> bool:
        return source is not None and source.withheld and not self.desk

    def source(self, row: Source) -> SourceContent:
        shown = row.shown_to(self.user)
        parent = shown.part_of
        return SourceContent(
            id=row.pk,
            name=shown.name,
            kind=term(shown.kind, SourceKind),
            withheld=shown.withheld,
            reliability=grade(shown.reliability, Reliability),
            country=Term(shown.country, country_name(shown.country)),
            description=shown.description,
            part_of=parent.name if parent is not None and not self.hides(parent) else "",
            website=web_address(shown.website),
            wikidata=shown.wikidata_id,
            reliability_note=shown.reliability_note,
            interests=shown.interests,
            slug=shown.slug,
        )

    def source_or_none(self, row: Source | None) -> SourceContent | None:
        return self.source(row) if row is not None else None

    def document(self, row: Document, snapshots: Sequence[Snapshot]) -> DocumentContent:
        shown = row.shown_to(self.user)
        return DocumentContent(
            id=row.pk,
            kind=term(shown.kind, DocumentKind),
            title=shown.title,
            url=web_address(shown.url),
            publisher=self.source_or_none(row.publisher),
            authors=shown.authors,
            published_on=when(shown.published_on),
            language=language(shown.language),
            retracted_on=when(shown.retracted_on),
            # An archived address holds the address that was copied, and so names its publisher.
            snapshots=() if self.hides(row.publisher) else tuple(_snapshot(copy) for copy in snapshots),
        )

    def verdict(self, row: Verdict) -> VerdictContent:
        return VerdictContent(
            id=row.pk,
            status=term(row.status, VerdictStatus),
            rating=rating(row.rating),
            summary=row.summary,
            rationale=row.rationale,
            likelihood=_likelihood(row.likelihood),
            confidence=term(row.confidence, Confidence),
            published_at=moment(row.published_at),
            author=_person(row.author) if self.desk else "",
            reviewer=_person(row.reviewer) if self.desk else "",
            supersedes=row.supersedes_id,
            correction_reason=row.correction_reason,
            correction_severity=term(row.correction_severity, Severity),
        )

    def review(self, row: Review) -> ReviewContent:
        hidden = self.hides(row.publisher)
        return ReviewContent(
            id=row.pk,
            publisher=self.source(row.publisher),
            url="" if hidden else web_address(row.url),
            title="" if hidden else row.title,
            rating_text=row.rating_text,
            rating_value=row.rating_value,
            rating_best=row.rating_best,
            rating_worst=row.rating_worst,
            nearest_rating=row.rating.label if row.rating else "",
            reviewed_on=when(row.reviewed_on),
            language=language(row.language),
        )

    def inquiry(self, row: Inquiry) -> InquiryContent:
        return InquiryContent(
            id=row.pk,
            source=self.source(row.source),
            asked_on=day(row.asked_on),
            due_on=day(row.due_on),
            channel=row.channel if self.desk else "",
            question=row.question,
            outcome=term(row.outcome, Outcome),
            answer=row.answer,
            answered_on=day(row.answered_on),
        )


def rating(row: Rating) -> RatingContent:
    return RatingContent(
        id=row.pk,
        code=row.code,
        label=row.label,
        leaning=row.leaning,
        number=row.claimreview_value,
        colour=row.colour,
        meaning=row.meaning,
        scale=row.scale.name,
    )


def _likelihood(code: str) -> Term:
    words = term(code, Likelihood).words
    return Term(code, words.replace("-", "–").replace(" %", "\u00a0%"))


def _snapshot(row: Snapshot) -> SnapshotContent:
    return SnapshotContent(row.pk, moment(row.taken_at), web_address(row.archive_url), row.digest)


def _person(user: Any) -> str:
    return (user.get_full_name() or user.get_username()) if user is not None else ""
