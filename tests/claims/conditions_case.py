"""Which claims meet conditions on what hangs on them, told slowly, row by row, in plain Python."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from claims.choices import Bearing
from claims.models import Attribution, Claim, EvidenceLink
from factcheck.base.people import Reader
from sources.models import Source


@dataclass(frozen=True)
class Question:
    """One combination; None does not ask."""

    source: int | None = None
    stance: str | None = None
    bearing: str | None = None
    after: str | None = None
    before: str | None = None

    @property
    def query(self) -> str:
        asked = {
            "source": self.source,
            "stance": self.stance,
            "bearing": self.bearing,
            "said_after": self.after,
            "said_before": self.before,
        }
        return "&".join(f"{name}={value}" for name, value in asked.items() if value is not None)


Span = tuple[str | None, str | None]


def all_questions(reader: Reader, spans: Collection[Span], stances: Collection[str]) -> Iterator[Question]:
    """Every source that the reader may ask for, with every verb, every bearing and every span of time."""
    sources = Source.objects.visible_to(reader).named_to(reader).order_by("pk").values_list("pk", flat=True)
    bearings = [None, *Bearing.values]
    for source, stance, bearing, span in itertools.product([None, *sources], [None, *stances], bearings, spans):
        yield Question(source, stance, bearing, *span)


class Reference:
    """All rows of the register that a reader may read, held in lists."""

    def __init__(self, reader: Reader) -> None:
        self.claims = sorted(Claim.objects.visible_to(reader).values_list("pk", flat=True))
        self.said = [row for row in Attribution.objects.all() if row.withdrawn_at is None]
        counting = {row.pk for row in EvidenceLink.objects.with_discount() if row.discount == ""}  # type: ignore[attr-defined]
        known = EvidenceLink.objects.visible_to(reader)
        self.shown = [row for row in known if row.withdrawn_at is None and row.pk in counting]

    def answer(self, asked: Question) -> list[int]:
        """The ids of the claims that meet it."""
        speaks = asked.source or asked.stance or asked.after or asked.before
        said = {row.claim_id for row in self.said if self._fits(row, asked)} if speaks else {*self.claims}
        shown = {row.claim_id for row in self.shown if asked.bearing in (None, row.bearing)}
        return [pk for pk in self.claims if pk in said and (asked.bearing is None or pk in shown)]

    @staticmethod
    def _fits(row: Attribution, asked: Question) -> bool:
        if asked.source not in (None, row.source_id) or asked.stance not in (None, row.stance):
            return False
        if (asked.after or asked.before) and not row.said_on:
            return False
        begins = first_minute(row.said_on) if row.said_on else ""
        if asked.after and begins < first_minute(asked.after):
            return False
        return not asked.before or begins <= last_minute(asked.before)


def first_minute(date: str) -> str:
    """The minute with which it begins."""
    return (date + "0000-01-01T00:00Z"[len(date) :]) if len(date) < 17 else date


def last_minute(date: str) -> str:
    """A text that is greater than every minute of it, and less than every later one."""
    return date.removesuffix("Z") + "~"
