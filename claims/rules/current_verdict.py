"""Which of its verdicts a claim has now.

`Verdict.objects.current()` says the same to the database; it stands in the model's own file, since other conditions
there rest on it. One table of examples tests both (`tests/claims/test_current_verdict.py`).
"""

from __future__ import annotations

from collections.abc import Iterable

from claims.choices import VerdictStatus
from claims.models import Verdict


def current_verdict(verdicts: Iterable[Verdict]) -> Verdict | None:
    """The published verdict among all those of one claim that no published one supersedes."""
    published = [row for row in verdicts if row.status == VerdictStatus.PUBLISHED]
    superseded = {row.supersedes_id for row in published}
    return next((row for row in published if row.pk not in superseded), None)
