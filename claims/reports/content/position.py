"""One statement as a position over time, and how it departs from an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from claims.logic.verbs import EARLIER_WORDING
from claims.reports.content.rows import SourceContent, Term, When
from factcheck.base import edtf

REVISES = "revises"


@dataclass(frozen=True, slots=True)
class Departure:
    """Where a voice departs from what it said before, or revises its number.

    `kind` is "contradicts" (the two cannot both stand), "shifts" (from a clear position to an open one, or back) or
    "revises" (a number that rises with its date, which is no departure); `refers_to` is the id of the earlier
    attribution.
    """

    kind: str
    refers_to: int
    words: str
    leaves_open: bool = False
    """Whether it only leaves open what it held before, or takes a position that it had left open."""

    @property
    def revises(self) -> bool:
        """Whether it only revises its number."""
        return self.kind == REVISES

    @property
    def departs(self) -> bool:
        """Whether it departs from the earlier position."""
        return not (self.revises or self.leaves_open)


class Retraction(NamedTuple):
    """What takes a statement back: its id and its own date, empty where it has none."""

    id: int
    said_on: str


class Relay(NamedTuple):
    """Who passed a statement on, and whether only of an earlier wording of the claim."""

    source: SourceContent
    earlier_wording: bool

    @property
    def words(self) -> str:
        """`The Mail`, `The Mail (of an earlier wording)`."""
        return f"{self.source.name} ({EARLIER_WORDING})" if self.earlier_wording else self.source.name


@dataclass(frozen=True, slots=True)
class Position:
    """One statement of a voice on one claim; `relays` are those who passed it on."""

    id: int
    voice: SourceContent
    source: SourceContent
    claim: int
    number: int
    text: str
    language: str
    stance: Term
    said_on: When
    by: When
    """Where the statement has no date of its own: the date of the document that printed it."""
    capacity: str
    quote: str
    quote_language: str
    translation: str
    document: str
    relays: tuple[Relay, ...]
    departure: Departure | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    unit: str = ""
    """The quantity that the claim states, if it states one."""
    earlier_wording: bool = False
    """Whether it was made of an earlier wording of the claim, as its `stance` says."""
    taken_back: tuple[Retraction, ...] = ()
    """What takes it back, whoever's voice that has."""
    of_hidden_body: bool = False
    """Whether it was made for a body that is withheld from the reader: then it is nobody's position, and only a
    retraction by its own source bears on it."""

    @property
    def compared(self) -> bool:
        """Whether it is held against what else its voice said. Not where it was made of an earlier wording, which
        nobody has held against the words that stand."""
        return not self.earlier_wording and not self.of_hidden_body

    @property
    def when(self) -> str:
        """`3 July 2025`, `by 3 July 2025`, `date not known`."""
        return self.said_on.words or (f"by {self.by.words}" if self.by else "date not known")

    @property
    def span(self) -> tuple[datetime | None, datetime | None]:
        """The moments between which it was said; None where a bound is not known."""
        start, end = self.bounds
        return start if self.said_on else None, end

    @property
    def bounds(self) -> tuple[datetime | None, datetime | None]:
        """Where its date begins and ends; without a date of its own, that of the printing."""
        try:
            return edtf.parse(self.said_on.text or self.by.text)
        except ValueError:  # no date, or one that was written past the checks
            return None, None
