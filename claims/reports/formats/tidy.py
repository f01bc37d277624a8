"""A dossier as tidy tables: one a noun, a row a thing, a column a fact, joined to each other by numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from claims.logic.matrix import Matrix
from claims.reports.content.changes import ChangeContent
from claims.reports.content.claim import ClaimContent, Said
from claims.reports.content.contradiction import Contradiction
from claims.reports.content.dated import DatedContent, dated_since
from claims.reports.content.dossier import DisputeDossier, Dossier
from claims.reports.content.evidence import EvidenceContent, PremiseContent
from claims.reports.content.question import QuestionContent
from claims.reports.content.rows import (
    AttributionContent,
    DisputeContent,
    DocumentContent,
    InquiryContent,
    RelationContent,
    ReviewContent,
    SnapshotContent,
    SourceContent,
    VerdictContent,
)
from claims.reports.formats import matrix, tidy_cells
from claims.reports.formats.tidy_cells import (
    NUMBER,
    Column,
    Row,
    Rows,
    Type,
    cells_of,
    date_columns,
    date_of,
    moment_of,
    row_of,
)


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `refers` says which of its columns hold the `id` of which other table."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Rows
    refers: Mapping[str, str]


_OF_CLAIM = Column("claim_id", "integer", "The claim on which it hangs.")
_DISPUTE = Column("dispute_id", "integer", "The dispute to which it belongs.")
_QUESTION = Column("question_id", "integer", "The question to which the matrix belongs.")
_ADDRESS = Column("address", "string", "Where the row is read by programs.")
_PAGE = Column("page", "string", "Where the row is read by people.")
_HOLDS = Column("holds", "string", "What the desk has marked of the claims on it, in words.")
_DENIES = Column("denies", "boolean", "Whether it denies this claim; if not, it says the other one.")
_CURRENT = Column("is_current", "boolean", "Whether it is the verdict that stands.")


def tables(dossier: Dossier) -> Iterator[Table]:
    """The tables of the dossier; of those without a row only the ones that are always there."""
    return (table for table in _tables(dossier) if table.rows or table.name in tidy_cells.ALWAYS)


def _tables(dossier: Dossier) -> Iterator[Table]:
    address, page, dispute = dossier.imprint.address, dossier.imprint.page, dossier.dispute
    within = {"dispute_id": dispute.id if dispute else None}
    claims = dossier.claims

    def on_claims(name: str, rows: Callable[[ClaimContent], Iterable[Any]], noun: str = "") -> Iterator[Row]:
        for claim in claims:
            for row in rows(claim):
                key = row.link_id if isinstance(row, EvidenceContent) else row.id
                yield {"claim_id": claim.id, "address": address(noun or name, key), **row_of(row)}

    if dispute:
        rows = [{"page": page("disputes", dispute.slug), "address": address("disputes", dispute.id), **row_of(dispute)}]
        yield _table("disputes", "Dispute", DisputeContent, rows, [_ADDRESS, _PAGE])
    if isinstance(dossier, DisputeDossier):
        asked = dossier.questions
        rows = [{**within, "address": address("questions", row.id), **row_of(row), "holds": row.holds} for row in asked]
        yield _table("questions", "Questions", QuestionContent, rows, [_DISPUTE, _ADDRESS], [_HOLDS])
    listed = [
        {**within, "page": page("claims", row.id), "address": address("claims", row.id), **row_of(row), **_decided(row)}
        for row in claims
    ]
    yield _table("claims", "Claims", ClaimContent, listed, [_DISPUTE, _ADDRESS, _PAGE], _DECIDED)
    verdicts = [
        {
            "claim_id": claim.id,
            "is_current": row is claim.verdict,
            "address": address("verdicts", row.id),
            **row_of(row),
        }
        for claim in claims
        for row in (*claim.decided, *claim.drafts)
    ]
    yield _table("verdicts", "Verdicts", VerdictContent, verdicts, [_OF_CLAIM, _CURRENT, _ADDRESS])
    for name, title, content, find in _ON_CLAIMS:
        yield _table(name, title, content, list(on_claims(name.replace("_", "-"), find)), [_OF_CLAIM, _ADDRESS])
    said = [{"claim_id": claim.id, **row_of(row)} for claim in claims for row in claim.said]
    yield _table("said_by", "Said by", Said, said, [_OF_CLAIM])
    contradicted = [
        {"claim_id": claim.id, **row_of(row), "denies": row.denies} for claim in claims for row in claim.contradicted_by
    ]
    yield _table("contradictions", "Contradicted by", Contradiction, contradicted, [_OF_CLAIM], [_DENIES])
    linked = {row.link_id: row for claim in claims for row in claim.evidence}.values()
    yield _table(
        "premises",
        "Premises",
        PremiseContent,
        [{"evidence_link_id": row.link_id, **row_of(premise)} for row in linked for premise in row.premises],
        [Column("evidence_link_id", "integer", "The link whose bearing depends on the claim.")],
    )
    shown = {row.id: row for row in linked}.values()
    pieces = [{**{name: row_of(row).get(name) for name in _PIECE}, "id": row.id} for row in shown]
    own = {column.name: column for column, _get in cells_of(EvidenceContent)}
    columns = (replace(own["id"], meaning=NUMBER), *(own[name] for name in _PIECE if name != "id"))
    yield Table("evidence", "Pieces of evidence", columns, pieces, {"origin_evidence_id": "evidence"})
    yield Table(
        "evidence_documents",
        "Evidence, documents",
        (
            Column("evidence_id", "integer", "The piece of evidence, by its number."),
            Column("document_id", "integer", "A document in which it stands."),
        ),
        [{"evidence_id": row.id, "document_id": work.id} for row in shown for work in row.documents],
        {"evidence_id": "evidence", "document_id": "documents"},
    )
    if isinstance(dossier, DisputeDossier):
        yield from _of_dispute(dossier)
    if dossier.since:
        yield _of_then("changes", "Changes", ChangeContent, dossier.changes)
        yield _of_then("dated_since", "Dated since", DatedContent, dated_since(dossier))
    cited: tuple[tuple[str, type, Sequence[Any]], ...] = (
        ("sources", SourceContent, dossier.sources),
        ("documents", DocumentContent, dossier.documents),
    )
    for name, content, found in cited:
        rows = [{"address": address(name, row.id), **row_of(row)} for row in found]
        yield _table(name, name.capitalize(), content, rows, [_ADDRESS])
    yield _table(
        "snapshots",
        "Kept copies",
        SnapshotContent,
        [{"document_id": work.id, **row_of(row)} for work in dossier.documents for row in work.snapshots],
        [Column("document_id", "integer", "The document of which it is a copy.")],
    )


def _of_then(name: str, title: str, content: type, found: Iterable[ChangeContent | DatedContent]) -> Table:
    rows = [{"claim_id": row.claim, **row_of(row), "sentence": row.sentence} for row in found]
    return _table(name, title, content, rows, [_OF_CLAIM], [Column("sentence", "string", "All of it in words.")])


def _of_dispute(dossier: DisputeDossier) -> Iterator[Table]:
    yield Table(
        "positions",
        "Timeline",
        _POSITIONS,
        [
            {
                "attribution_id": row.id,
                "claim_id": row.claim,
                "voice_id": row.voice.id or None,
                "voice": row.voice.name,
                "stance": row.stance.code,
                **date_of("said_on", row.said_on),
                **date_of("said_by", row.by),
                "departure": row.departure.kind if row.departure else "",
                "departs_from_id": row.departure.refers_to if row.departure else None,
            }
            for row in dossier.timeline.positions
        ],
        {
            "attribution_id": "attributions",
            "claim_id": "claims",
            "voice_id": "sources",
            "departs_from_id": "attributions",
        },
    )
    weighed = [question for question in dossier.questions if question.matrix.rated]
    yield _matrix("matrix_claims", "Matrix, claims", weighed, matrix.claims, matrix.CLAIM_COLUMNS)
    yield _matrix("matrix_cells", "Matrix, cells", weighed, matrix.cells, matrix.CELL_COLUMNS)


def _matrix(
    name: str,
    title: str,
    questions: Sequence[QuestionContent],
    find: Callable[[Matrix], Iterable[Row]],
    names: Sequence[str],
) -> Table:
    rows = [{"question_id": question.id, **row} for question in questions for row in find(question.matrix)]
    columns = (_QUESTION, *(Column(column, _type_of(rows, column), matrix.MEANINGS[column]) for column in names))
    return Table(
        name, title, columns, rows, {"question_id": "questions", "claim_id": "claims", "evidence_id": "evidence"}
    )


_ON_CLAIMS: tuple[tuple[str, str, type, Callable[[ClaimContent], Iterable[Any]]], ...] = (
    ("attributions", "Statements", AttributionContent, lambda claim: claim.attributions),
    ("evidence_links", "Evidence", EvidenceContent, lambda claim: claim.evidence),
    ("relations", "Relations", RelationContent, lambda claim: claim.relations),
    ("reviews", "Reviews", ReviewContent, lambda claim: claim.reviews),
    ("inquiries", "Right of reply", InquiryContent, lambda claim: claim.inquiries),
)
_PIECE = (
    *("id", "title", "kind", "description"),
    *("observed_on", "observed_on_precision", "observed_on_earliest", "observed_on_latest"),
    *("credibility", "origin_evidence_id", "independent_because"),
)
"""What belongs to a piece of evidence, on whatever claims it bears."""
_DECIDED = (
    Column("verdict_id", "integer", "The verdict that stands; empty without one."),
    Column("rating_code", "string", "What that verdict says, as a code."),
    Column("rating", "string", "What that verdict says, in words."),
    Column("rating_number", "integer", "Its rating as a number, where the scale has numbers."),
    Column("likelihood", "string", "How likely the claim is true, by that verdict."),
    Column("confidence", "string", "How sure the desk is."),
    Column("decided_at", "datetime", "When it was published."),
)
_POSITIONS = (
    Column("attribution_id", "integer", "The statement, by its number."),
    Column("claim_id", "integer", "The claim on which it was made."),
    Column(
        "voice_id",
        "integer",
        "Whose voice it is: the topmost body for which its source spoke on that day, or the source.",
    ),
    Column("voice", "string", "The name of that voice."),
    Column("stance", "string", "What it does with the claim."),
    *date_columns("said_on", "When it was said."),
    *date_columns("said_by", "Where that is not known: when it was printed."),
    Column("departure", "string", "How it departs from what the voice said before: contradicts, shifts or revises."),
    Column("departs_from_id", "integer", "The earlier statement from which it departs."),
)
_NOUN_OF = {
    **dict.fromkeys(("claim_id", "other_claim_id"), "claims"),
    "dispute_id": "disputes",
    "question_id": "questions",
    **dict.fromkeys(("source_id", "publisher_id", "on_behalf_of_id"), "sources"),
    "document_id": "documents",
    "evidence_link_id": "evidence_links",
    **dict.fromkeys(("attribution_id", "relayed_from_id", "origin_attribution_id"), "attributions"),
    **dict.fromkeys(("joint_with_id", "taken_back_by_id"), "attributions"),
    **dict.fromkeys(("evidence_id", "origin_evidence_id"), "evidence"),
    **dict.fromkeys(("verdict_id", "supersedes_id"), "verdicts"),
}


def _table(
    name: str, title: str, content: type, rows: Rows, before: Sequence[Column], after: Sequence[Column] = ()
) -> Table:
    own = [column for column, _get in cells_of(content)]
    number = [column for column in own if column.name == "id"]
    columns = (*number, *before, *(column for column in own if column.name != "id"), *after)
    return Table(name, title, columns, rows, _refers(columns))


def _refers(columns: Iterable[Column]) -> dict[str, str]:
    return {column.name: _NOUN_OF[column.name] for column in columns if column.name in _NOUN_OF}


def _decided(claim: ClaimContent) -> Row:
    verdict = claim.verdict
    if verdict is None:
        return {}
    return {
        "verdict_id": verdict.id,
        "rating_code": verdict.rating.code,
        "rating": verdict.rating.label,
        "rating_number": verdict.rating.number,
        "likelihood": verdict.likelihood.code,
        "confidence": verdict.confidence.code,
        "decided_at": moment_of(verdict.published_at),
    }


def _type_of(rows: Rows, name: str) -> Type:
    """What all values of a column of the matrix are."""
    kinds = {type(row[name]) for row in rows if row.get(name) not in (None, "")}
    if kinds == {bool}:
        return "boolean"
    if kinds == {int}:
        return "integer"
    return "number" if kinds and kinds <= {int, float} else "string"
