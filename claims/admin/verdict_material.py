"""What a verdict rests on, line by line, each with what the desk said of it: evidence, statements, rivals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from claims.admin.labels import TONES
from claims.admin.verdict_changes import CONTENT, Since
from claims.choices import QuoteState
from claims.models import Verdict
from claims.reports.content.claim import ClaimContent
from claims.reports.content.evidence import EvidenceContent
from claims.reports.content.rows import AttributionContent
from claims.reports.content.telling import by_telling
from claims.reports.load.beside import Beside, load_beside
from claims.reports.outline.further import further_of_bearing, further_of_piece
from factcheck.admin.links import badge
from factcheck.teamwork.rows import Named
from factcheck.teamwork.shown import Line, at_fields, lines_on

SHOWN = 12
"""Lines of one part; those after them are shown when somebody asks for them, those with a comment always."""
MOST_CELLS = 150
"""A larger matrix stays on the page of its dispute."""

Row = TypeVar("Row")


@dataclass(frozen=True)
class MaterialLine(Generic[Row]):
    """One row with what was said of it; `became` is `new` or `changed` since the last submission, else empty."""

    row: Row
    line: Line
    became: str = ""
    itself: Line | None = None
    """What was said of the piece of evidence itself, not of its bearing on this claim."""
    kin: tuple[str, ...] = ()
    """Other pieces here that go back to the same origin."""
    further: tuple[tuple[str, str], ...] = ()
    check: str = ""
    """Whether its quote stands in the document that is cited for it, as a label."""


@dataclass(frozen=True)
class Part(Generic[Row]):
    """Rows under one heading: the lines that are shown, and how many are not."""

    code: str
    title: str
    words: str
    lines: Sequence[MaterialLine[Row]]
    more: int


@dataclass(frozen=True)
class Material:
    """All that the page shows of what a verdict rests on. `open` counts the comments on it that nobody resolved."""

    beside: Beside
    claim_line: Line
    fields: Mapping[str, Line]
    evidence: Sequence[Part[EvidenceContent]]
    statements: Sequence[Part[AttributionContent]]
    rivals: Sequence[MaterialLine[ClaimContent]]
    open: int

    @property
    def matrix_fits(self) -> bool:
        matrix = self.beside.question.matrix if self.beside.question is not None else None
        return matrix is not None and len(matrix.rows) * len(matrix.columns) <= MOST_CELLS


def load_material(verdict: Verdict, user: Any, since: Since | None, *, whole: frozenset[str]) -> Material:
    """What `verdict` rests on as `user` may know it; of the parts with these codes all lines."""
    beside = load_beside(verdict.claim, user)
    claim = beside.claim
    own: Named = ("verdict", verdict.pk)
    named: list[Named] = [own, *(("claim", rival.id) for rival in beside.rivals)]
    lines = lines_on(user, [*named, *named_on(claim)])
    return Material(
        beside=beside,
        claim_line=lines["claim", claim.id],
        fields=at_fields(lines[own], CONTENT),
        evidence=evidence_parts(claim, lines, whole=whole, since=since),
        statements=statement_parts(claim, lines, whole=whole, since=since),
        rivals=[MaterialLine(rival, lines["claim", rival.id]) for rival in beside.rivals],
        open=sum(line.open for line in lines.values()),
    )


def named_on(claim: ClaimContent) -> list[Named]:
    """The claim and the rows that hang on it, about each of which something may have been said."""
    named: list[Named] = [("claim", claim.id)]
    named += [name for row in claim.evidence for name in (("evidencelink", row.link_id), ("evidence", row.id))]
    return [*named, *(("attribution", row.id) for row in claim.attributions)]


def evidence_parts(
    claim: ClaimContent,
    lines: Mapping[Named, Line],
    *,
    whole: frozenset[str],
    since: Since | None = None,
    within: str = "",
) -> list[Part[EvidenceContent]]:
    """The evidence on the claim by what it bears; `within` stands before the codes where a page has several claims."""
    changed = since.became if since is not None else {}
    origins: dict[int, list[EvidenceContent]] = defaultdict(list)
    for row in claim.evidence:
        if not row.discounted:
            origins[row.origin].append(row)

    def line_of(row: EvidenceContent) -> MaterialLine[EvidenceContent]:
        kin = () if row.discounted else tuple(one.title for one in origins[row.origin] if one.id != row.id)
        became = changed.get(("evidence-link", row.link_id)) or changed.get(("evidence", row.id), "")
        further = (*further_of_bearing(row), *further_of_piece(row))
        itself = lines["evidence", row.id]
        return MaterialLine(row, lines["evidencelink", row.link_id], became, itself, kin, further)

    words = {"supports": claim.evidence_for_words, "refutes": claim.evidence_against_words}
    parts = [(code, title, words.get(code, ""), rows) for code, title, rows in claim.bearings]
    if claim.discounted:
        parts.append(("discounted", "Does not count", claim.discounted_words, claim.discounted))
    return [
        _part(f"{within}{code}", title, told, map(line_of, by_telling(rows)), whole)
        for code, title, told, rows in parts
    ]


def statement_parts(
    claim: ClaimContent,
    lines: Mapping[Named, Line],
    *,
    whole: frozenset[str],
    since: Since | None = None,
    within: str = "",
) -> list[Part[AttributionContent]]:
    """What was said for the claim and against it; `within` as for the evidence."""
    changed = since.became if since is not None else {}

    def line_of(row: AttributionContent) -> MaterialLine[AttributionContent]:
        became = changed.get(("attribution", row.id), "")
        return MaterialLine(row, lines["attribution", row.id], became, check=_check_of(row))

    return [
        _part(
            f"{within}{side.code}",
            side.title,
            side.words,
            [line_of(row) for group in side.groups for row in group.attributions],
            whole,
        )
        for side in claim.sides
    ]


def _check_of(row: AttributionContent) -> str:
    if not row.quote_state:
        return ""
    label = QuoteState(row.quote_state.code).label.split(":")[0].lower()
    return badge(f"Quote {label}", "bad" if row.quote_warnings else TONES[row.quote_state.code])


def _part(code: str, title: str, words: str, lines: Iterable[MaterialLine[Row]], whole: frozenset[str]) -> Part[Row]:
    lines = list(lines)
    shown = [
        line for place, line in enumerate(lines) if place < SHOWN or code in whole or line.line.threads or line.became
    ]
    return Part(code, title, words, shown, len(lines) - len(shown))
