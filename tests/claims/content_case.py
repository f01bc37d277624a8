"""Rows of a report made without a register: each with what a test is about, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from types import MappingProxyType
from typing import Any

from claims.logic.matrix import Hypothesis, Matrix, Piece, Vote
from claims.logic.matrix_scores import matrix_of
from claims.logic.origins import Tally
from claims.logic.voices import Statement, Voices
from claims.reports.content.claim import ClaimContent, OriginGroup
from claims.reports.content.dossier import ClaimDossier, DisputeDossier, Imprint
from claims.reports.content.evidence import EvidenceContent, EvidenceStep
from claims.reports.content.position import Position
from claims.reports.content.question import QuestionContent
from claims.reports.content.rows import (
    NEVER,
    NO_TERM,
    AttributionContent,
    ChainLink,
    DisputeContent,
    DocumentContent,
    RatingContent,
    SourceContent,
    Term,
    VerdictContent,
    When,
)
from claims.reports.content.timeline import Timeline
from claims.reports.load.timeline import retractions_of

IMPRINT = Imprint("The Desk", "https://desk.example.org", datetime(2025, 7, 5, 12, tzinfo=UTC), desk=False)
HOSTILE = "<script>alert(1)</script> | **bold** [x](javascript:alert(1)) \"'&amp;"
ARABIC = "قال المتحدث إن الوفاة طبيعية"
CHINESE = "調查委員會表示死因正在調查之中"
ODD_TEXTS = [HOSTILE, ARABIC, CHINESE, "=1+1", "# heading", "a\u202eb", "x" * 400, "😀 grins", "", " "]

_ids = count(1000)


def moment(text: str) -> When:
    """A day as the register tells it: `2025-07-03`, at noon."""
    if not text:
        return NEVER
    at = datetime.fromisoformat(f"{text}T12:00:00+00:00")
    return When(at.isoformat(), f"{at.day} {at:%B %Y}, 12:00 UTC")


def with_retractions(rows: Iterable[Position], bodies: Mapping[int, int] = MappingProxyType({})) -> list[Position]:
    """Each with what takes it back, as the register counts that; `bodies` are those for whom statements were made."""
    rows = list(rows)
    said = Voices(
        Statement(row.id, row.claim, row.source.id, row.stance.code, row.said_on.text, on_behalf_of=bodies.get(row.id))
        for row in rows
    )
    return [replace(row, taken_back=retractions_of(row.id, said)) for row in rows]


def rating(label: str = "Refuted", number: int | None = 1, **more: Any) -> RatingContent:
    code = label.lower().replace(" ", "_")
    row = RatingContent(len(code), code, label, "refuted", number, "#b71c1c", f"What {label} means.", "Scale")
    return replace(row, **more)


def verdict(label: str = "Refuted", on: str = "2025-07-03", supersedes: int | None = None, **more: Any) -> Any:
    row = VerdictContent(
        id=next(_ids),
        status=Term("published", "published"),
        rating=rating(label),
        summary="In short.",
        rationale="At length.",
        likelihood=NO_TERM,
        confidence=NO_TERM,
        published_at=moment(on),
        author="",
        reviewer="",
        supersedes=supersedes,
        correction_reason="",
        correction_severity=NO_TERM,
    )
    return replace(row, **more)


def source(name: str = "A Wire", kind: str = "organization", **more: Any) -> SourceContent:
    row = SourceContent(next(_ids), name, Term(kind, kind), withheld=False, reliability=NO_TERM, country=NO_TERM)
    return replace(row, **more)


def document(title: str = "Two dead", url: str = "https://paper.example.org/1", on: str = "", **more: Any) -> Any:
    row = DocumentContent(
        next(_ids), Term("article", "article"), title, url, None, "", When(on, on), NO_TERM, NEVER, ()
    )
    return replace(row, **more)


def statement(stance: str = "asserts", on: str = "", who: SourceContent | None = None, **more: Any) -> Any:
    pk = next(_ids)
    who = who or source()
    row = AttributionContent(
        id=pk,
        source=who,
        stance=Term(stance, stance),
        said_on=When(on, on),
        quote="",
        quote_language=NO_TERM,
        translation="",
        translator="",
        capacity="",
        on_behalf_of=None,
        document=None,
        place="",
        anonymous=False,
        anonymous_reason="",
        relayed_from=None,
        joint_with=None,
        joint_sources=(),
        taken_back_by=None,
        taken_back_on=NEVER,
        origin=pk,
        chain=(ChainLink(pk, who, "", Term(stance, stance), When(on, on), None),),
    )
    return replace(row, **more)


def group(side: str, *rows: AttributionContent) -> OriginGroup:
    return OriginGroup(rows[0].id, side, rows)


def evidence(bearing: str = "supports", strength: str = "strong", title: str = "Autopsy", **more: Any) -> Any:
    pk = next(_ids)
    row = EvidenceContent(
        id=pk,
        link_id=pk,
        bearing=Term(bearing, bearing),
        strength=Term(strength, strength),
        note="",
        title=title,
        kind=Term("document", "document"),
        description="",
        observed_on=NEVER,
        credibility=NO_TERM,
        documents=(),
        origin=pk,
        lineage=(EvidenceStep(pk, title),),
    )
    return replace(row, **more)


def claim(number: int = 1, text: str = "", **more: Any) -> ClaimContent:
    """A published claim. What its evidence counts follows from its rows, each an origin of its own."""
    rows = more.get("evidence", ())
    pieces = {code: sum(row.bearing.code == code for row in rows) for code in ("supports", "refutes")}
    row = ClaimContent(
        id=number,
        number=number,
        text=text or f"Claim {number} holds.",
        question="What caused them?",
        question_id=3,
        context="",
        language=Term("en", "English"),
        status=Term("published", "published"),
        tags=(),
        quantity_min=None,
        quantity_max=None,
        quantity_unit="",
        check_reason="",
        external_id="",
        first_published_at=NEVER,
        withdrawn_reason="",
        verdict=None,
        earlier=(),
        drafts=(),
        origins=(),
        evidence=(),
        relations=(),
        reviews=(),
        inquiries=(),
        voices_for=Tally(),
        voices_against=Tally(),
        voices_neither=Tally(),
        evidence_for=Tally(pieces["supports"], 0, pieces["supports"]),
        evidence_against=Tally(pieces["refutes"], 0, pieces["refutes"]),
    )
    return replace(row, **more)


def corrected(number: int, *labels: str, days: tuple[str, ...] = (), **more: Any) -> ClaimContent:
    """A claim with a chain of verdicts, one label after the other, each in place of the one before."""
    made: list[VerdictContent] = []
    for place, label in enumerate(labels):
        on = days[place] if days else f"2025-07-{place + 1:02}"
        made.append(verdict(label, on, made[-1].id if made else None))
    *earlier, last = made
    return claim(number, verdict=last, earlier=tuple(reversed(earlier)), **more)


def dispute(**more: Any) -> DisputeContent:
    row = DisputeContent(
        id=5,
        slug="deaths",
        title="Deaths in custody",
        question="What caused them?",
        summary="",
        occurred_on=NEVER,
        place="",
        visibility=Term("public", "public"),
        state=Term("open", "open"),
        state_sentence="The question is open.",
    )
    return replace(row, **more)


def question(**more: Any) -> QuestionContent:
    row = QuestionContent(
        id=3,
        order=1,
        text="What caused them?",
        exclusive=False,
        exhaustive=False,
        answer="",
        answer_author="",
        answer_reviewer="",
        answer_published_at=NEVER,
        overtaken_on=NEVER,
        answer_draft="",
        answer_draft_author="",
        text_draft="",
        state=Term("open", "open"),
        sentence="No verdict has been published.",
    )
    return replace(row, **more)


def report(*claims: ClaimContent, **more: Any) -> DisputeDossier:
    """The dossier of a dispute with these claims, which answer its one question, whose `matrix` may be given."""
    matrix = more.pop("matrix", Matrix())
    ids = [claim.id for claim in claims] or sorted(column.claim for column in matrix.columns)
    asked = question(matrix=matrix, claims=tuple(ids))
    given = {"questions": (asked,), "timeline": Timeline(), "concerns": (), "dispute": dispute(), "imprint": IMPRINT}
    rest = {"sources": (), "documents": (), "voices": Tally(), "evidence": Tally()}
    return DisputeDossier(**{**given, **rest, **more}, claims=claims)


def report_on(row: ClaimContent, **more: Any) -> ClaimDossier:
    """The dossier of one claim."""
    rest = {"dispute": None, "sources": (), "documents": (), "voices": Tally(), "evidence": Tally()}
    return ClaimDossier(**{"imprint": IMPRINT, **rest, **more}, claims=(row,))


def matrix(*rows: str, titles: tuple[str, ...] = (), grades: tuple[str, ...] = (), named: bool = True) -> Matrix:
    """A matrix from one line for each piece of evidence, its cells apart by spaces, the votes in a cell by commas.

    "-" is a cell that nobody rated: matrix("VI,I C -", "N - VC").
    """
    cells = [[[] if cell == "-" else cell.split(",") for cell in row.split()] for row in rows]
    claims = range(1, 1 + max((len(row) for row in cells), default=0))
    return matrix_of(
        [Hypothesis(number, number, f"Claim {number} holds.") for number in claims],
        [
            Piece(place, titles[place] if titles else f"Piece {place + 1}", *(grades[place] if grades else "F6"))
            for place in range(len(cells))
        ],
        {
            (place, number): [Vote(code, f"analyst {who}") for who, code in enumerate(row[number - 1], start=1)]
            for place, row in enumerate(cells)
            for number in claims
        },
        name_analysts=named,
        analysts=max((len(cell) for row in cells for cell in row), default=0),
    )
