"""A queue of the front page: the first rows of one kind of work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from claims.models import Attribution, Inquiry, Verdict
from factcheck.admin.links import admin_url

SHOWN = 8


@dataclass(frozen=True)
class Row:
    url: str
    text: str
    says: Any


@dataclass(frozen=True)
class Queue:
    """The first rows of one kind of work; `more` leads to the list of all."""

    title: str
    rows: list[Row]
    empty: str
    more: str = ""
    tone: str = "info"
    count: str = ""
    mine: bool = False
    """Whether it waits for the person who looks; others wait for anybody."""


def queue_of(
    title: str,
    rows: QuerySet,
    says: Callable[[Any], Any],
    empty: str,
    more: str,
    tone: str = "info",
    *,
    mine: bool = False,
) -> Queue:
    """The queue of these rows; `says` tells what stands below each, `more` leads to the list of all."""
    # One more than is shown tells whether there are more, without a count.
    found = list(rows[: SHOWN + 1])
    shown = [_row(row, says) for row in found[:SHOWN]]
    many = len(found) > SHOWN
    count = f"more than {SHOWN}" if many else str(len(found)) if found else ""
    return Queue(title, shown, empty, more if many else "", tone, count, mine)


def _row(row: Model, says: Callable[[Any], Any]) -> Row:
    text = str(row.claim) if isinstance(row, Verdict | Inquiry | Attribution) else str(row)
    return Row(admin_url(row), text, says(row))
