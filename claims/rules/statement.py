"""What the dates of statements, works and events must not say at once; on plain values.

One thing is certainly earlier than another only when its span has ended before the other begins: what is missing or
overlaps is never earlier (`docs/definitions.md`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from claims.choices import Stance
from claims.logic.verbs import side_of
from claims.rules.registry import REFUSE, WARN, Broken, Row, Rule
from factcheck.base import edtf
from factcheck.base.edtf import certainly_earlier

NO_RECORD = frozenset({Stance.OPINES, Stance.JOKES})
"""The verbs of what is said before anything has happened: a forecast, a joke."""
SOMEWHERE_ELSE = timedelta(hours=14)
"""The day begins as many hours before that of UTC in the easternmost zone."""
TO_COME = frozenset({"occurred_on", "due_on", "review_by", "part_of_since", "since", "until"})
"""The dates that may lie ahead: what is announced, or asked for by a day."""
FAR = {"due_on": 100, "review_by": 100, "until": 100}
"""So many years ahead a date may lie at most; one year, where none are given."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One standing attribution with the dates that bound it.

    `occurred_on` is when the event of its dispute took place, `published_on` when the cited work came out, `origin` the
    statement that it passes on, as its id and date, `own` likewise what a retraction can take back, whatever its date;
    `reworded` its claim where that got its present wording since the statement was last entered or changed, else 0.
    """

    id: int
    stance: str
    said_on: str = ""
    occurred_on: str = ""
    published_on: str = ""
    document: int = 0
    origin: tuple[int, str] | None = None
    own: tuple[tuple[int, str], ...] = ()
    reworded: int = 0

    @property
    def row(self) -> Row:
        return Row("attribution", self.id)


@dataclass(frozen=True, slots=True)
class Dated:
    """The dates of one row by their field, and the moment at which they are looked at."""

    row: Row
    now: datetime
    dates: Mapping[str, str] = field(default_factory=dict)


def said_before_event(statement: Statement) -> Iterator[Broken]:
    if statement.stance not in NO_RECORD and certainly_earlier(statement.said_on, statement.occurred_on):
        when = f" was made {_on(statement.said_on)}, before the event of {_day(statement.occurred_on)}."
        yield Broken((statement.row,), (statement.row, when))


def said_after_printing(statement: Statement) -> Iterator[Broken]:
    # A retraction cites the work that it takes back.
    if statement.stance != Stance.RETRACTS and certainly_earlier(statement.published_on, statement.said_on):
        document = Row("document", statement.document)
        when = f" was made {_on(statement.said_on)}, after the work that prints it came out, "
        yield Broken((statement.row, document), (statement.row, when, document, f", {_day(statement.published_on)}."))


def relay_before_origin(statement: Statement) -> Iterator[Broken]:
    if statement.origin is not None and certainly_earlier(statement.said_on, statement.origin[1]):
        origin = Row("attribution", statement.origin[0])
        when = f" passes on, {_on(statement.said_on)}, what was said later, {_on(statement.origin[1])}: "
        yield Broken((statement.row, origin), (statement.row, when, origin, "."))


def retraction_before_statement(statement: Statement) -> Iterator[Broken]:
    """A retraction that is earlier than every statement that it could take back."""
    dated = statement.stance == Stance.RETRACTS and statement.said_on and statement.own
    if dated and all(certainly_earlier(statement.said_on, said_on) for _id, said_on in statement.own):
        first = min(statement.own, key=lambda one: (one[1], one[0]))
        row = Row("attribution", first[0])
        when = f" takes back, {_on(statement.said_on)}, what was said later, {_on(first[1])}: "
        yield Broken((statement.row, row), (statement.row, when, row, "."))


def retraction_of_nothing(statement: Statement) -> Iterator[Broken]:
    if statement.stance == Stance.RETRACTS and not statement.own:
        said = (
            " takes nothing back: no other statement of its source or of the body for which it speaks is on this claim."
        )
        yield Broken((statement.row,), (statement.row, said))


def older_than_wording(statement: Statement) -> Iterator[Broken]:
    if statement.reworded and side_of(statement.stance) != "neither" and statement.stance != Stance.RELAYS:
        claim = Row("claim", statement.reworded)
        words = (statement.row, " was last entered or changed before ", claim, " got its present wording.")
        yield Broken((statement.row, claim), words)


def in_another_era(dated: Dated) -> Iterator[Broken]:
    for name, text in dated.dates.items():
        if text and _is_far(name, text, dated.now):
            said = f" is dated {text}, which lies in the future."
            yield Broken((dated.row,), (dated.row, said), field=name)


def in_the_future(dated: Dated) -> Iterator[Broken]:
    for name, text in dated.dates.items():
        # What the other rule says already is not said twice.
        if not text or name in TO_COME or _is_far(name, text, dated.now):
            continue
        day = edtf.span(text)
        if day is not None and day[0] > dated.now + SOMEWHERE_ELSE:
            yield Broken((dated.row,), (dated.row, f" is dated {_day(text)}, which has not come."), field=name)


def _is_far(name: str, text: str, now: datetime) -> bool:
    return int(text[:4]) > now.year + FAR.get(name, 1)


def retracted_before_published(dated: Dated) -> Iterator[Broken]:
    published, retracted = dated.dates.get("published_on", ""), dated.dates.get("retracted_on", "")
    if certainly_earlier(retracted, published):
        said = f" was retracted {_on(retracted)}, before it came out {_on(published)}."
        yield Broken((dated.row,), (dated.row, said))


def _day(text: str) -> str:
    return edtf.in_words(text)


def _on(text: str) -> str:
    return edtf.on_in_words(text)


STATEMENT = ("attribution",)
STATEMENT_RULES = (
    Rule(
        "said_before_event",
        WARN,
        "Nobody speaks of an event before it took place.",
        "Correct one of the two dates, or choose the verb of a forecast.",
        said_before_event,
        field="said_on",
        about=STATEMENT,
    ),
    Rule(
        "said_after_printing",
        WARN,
        "Nothing is printed before it was said.",
        "Correct one of the two dates, or cite the work in which it was printed; of a page that was changed later give "
        "the day of the change.",
        said_after_printing,
        field="said_on",
        about=STATEMENT,
    ),
    Rule(
        "relay_before_origin",
        REFUSE,
        "Nobody passes on what was not said yet.",
        "Correct one of the two dates, or the statement that is passed on.",
        relay_before_origin,
        field="said_on",
        about=STATEMENT,
    ),
    Rule(
        "retraction_before_statement",
        WARN,
        "Nobody takes back what they had not said yet.",
        "Correct one of the two dates, or enter the earlier statement that was taken back.",
        retraction_before_statement,
        field="said_on",
        about=STATEMENT,
    ),
    Rule(
        "retraction_of_nothing",
        WARN,
        "What is taken back was said.",
        "Enter the statement that was taken back, or for whom this one was made (on_behalf_of).",
        retraction_of_nothing,
        field="stance",
        about=STATEMENT,
    ),
)
WORDING_RULES = (
    Rule(
        "older_than_wording",
        WARN,
        "What was said of an earlier wording is not put into words that nobody has held against it.",
        "Read the quote again: where it carries the present wording, save the statement unchanged with a reason; where "
        "it does not, change its verb or withdraw it.",
        older_than_wording,
        about=STATEMENT,
        highest=WARN,
    ),
)
DATE_RULES = (
    Rule(
        "date_in_another_era",
        REFUSE,
        "Years are counted as in the common era.",
        "Correct the date; where it was given in another era, give the year of the common era: 2568 of the Buddhist "
        "calendar is 2025.",
        in_another_era,
        about=(),
    ),
    Rule(
        "date_in_future",
        REFUSE,
        "Nothing was said, published, retracted, observed, reviewed, asked or answered on a day that has not come.",
        "Correct the date.",
        in_the_future,
        about=(),
    ),
)
DOCUMENT_RULES = (
    *DATE_RULES,
    Rule(
        "retracted_before_published",
        REFUSE,
        "No work is retracted before it was published.",
        "Correct one of the two dates.",
        retracted_before_published,
        field="retracted_on",
        about=("document",),
    ),
)
