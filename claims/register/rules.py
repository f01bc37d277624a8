"""What services see to when the desk works, asked of rows that come from a file instead.

What one row must be by itself its fields, its `clean` and the constraints say; here is what needs a second row, or
what only the steps of the desk would keep true. The guard rails of publication are not asked again: what a verdict was
published on may since have been withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterator

from claims.choices import VerdictStatus
from claims.models import Confirmation, Verdict
from claims.models.claim import Withdrawable
from factcheck.models.recorded import RecordedModel
from sources.models import Snapshot
from sources.models.snapshot import kept_name

Violation = tuple[str, str]
"""A field and what is wrong with it."""


def violations(row: RecordedModel) -> Iterator[Violation]:
    """The rules that a new row breaks, by field; what it refers to must be joined to it."""
    for field in row._meta.concrete_fields:
        # Django checks the choices of those fields only that a form may change.
        if field.choices and not field.editable and getattr(row, field.attname) not in dict(field.flatchoices):
            yield field.name, f"Choose one of: {', '.join(map(str, dict(field.flatchoices)))}."
    # Only forms ask for it: a dispute or source without one is given one when it is saved, which these rows are not.
    if getattr(row, "slug", None) == "":
        yield "slug", "Give the short name: addresses are made of it."
    if isinstance(row, Withdrawable) and (row.withdrawn_at is None) != (not row.withdrawn_reason.strip()):
        yield "withdrawn_reason", "What was withdrawn has a moment and a reason, and nothing else has."
    if isinstance(row, Verdict):
        yield from _violations_of_verdict(row)
    if isinstance(row, Confirmation):
        yield from _violations_of_confirmation(row)
    if isinstance(row, Snapshot) and row.file and row.file.name != kept_name(row.digest):
        yield "file", "A kept copy is named by its fingerprint (digest)."


def _violations_of_verdict(verdict: Verdict) -> Iterator[Violation]:
    published = verdict.status == VerdictStatus.PUBLISHED
    if not published and verdict.published_at is not None:
        yield "published_at", "Only a published verdict has the moment of its publication."
    if published and verdict.claim.first_published_at is None:
        yield "claim", "A published verdict is on a claim that was published."
    earlier = verdict.supersedes
    if earlier is None:
        return
    if earlier.claim_id != verdict.claim_id:
        yield "supersedes", "A correction replaces a verdict on the same claim."
    if earlier.status != VerdictStatus.PUBLISHED:
        yield "supersedes", "A correction replaces a published verdict."


def _violations_of_confirmation(confirmation: Confirmation) -> Iterator[Violation]:
    verdict = confirmation.verdict
    if verdict.status != VerdictStatus.PUBLISHED:
        yield "verdict", "Only a published verdict can be confirmed."
    if verdict.author_id == confirmation.reviewer_id:
        yield "reviewer", "A verdict takes two people: its author cannot confirm it."
