"""Which of its verdicts a claim has now: one table for the rule over rows and for the condition of the database."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import QuerySet

from claims.models import Verdict
from claims.rules.current_verdict import current_verdict
from tests import factories as make

# Each verdict as its status and the place of the one that it supersedes; then the place of the current one.
TABLE: list[tuple[str, list[tuple[str, int | None]], int | None]] = [
    ("none at all", [], None),
    ("a draft", [("draft", None)], None),
    ("in review", [("in_review", None)], None),
    ("the only one", [("published", None)], 0),
    ("published beside a draft", [("draft", None), ("published", None)], 1),
    ("a draft of a correction changes nothing", [("published", None), ("draft", 0)], 0),
    ("a correction in review changes nothing", [("published", None), ("in_review", 0)], 0),
    ("a correction takes its place", [("published", None), ("published", 0)], 1),
    ("a correction of a correction", [("published", None), ("published", 0), ("published", 1)], 2),
    ("corrected twice, and a third time drafted", [("published", None), ("published", 0), ("draft", 1)], 1),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("verdicts", "current"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_rule_and_condition_name_the_same_verdict(
    verdicts: list[tuple[str, int | None]], current: int | None, register: None, rob: Any, reviewer: Any
) -> None:
    claim = make.make_claim(published=True)
    rows: list[Verdict] = []
    for status, earlier in verdicts:
        row = Verdict(claim=claim, rating=make.rating("supported"), status=status, author=rob, rationale="x")
        if status == "published":
            row.reviewer, row.published_at = reviewer, claim.first_published_at
        if earlier is not None:
            row.supersedes, row.correction_reason, row.correction_severity = rows[earlier], "x", "update"
        # Without rules and history: only reading is tested here.
        QuerySet.bulk_create(QuerySet(Verdict), [row])
        rows.append(row)
    wanted = rows[current] if current is not None else None
    assert current_verdict(rows) == wanted
    assert current_verdict(list(reversed(rows))) == wanted
    assert Verdict.objects.current().first() == wanted
    assert set(Verdict.objects.not_current()) == {row for row in rows if row != wanted}
