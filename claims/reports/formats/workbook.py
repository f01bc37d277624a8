"""Writes a dossier as a workbook: the claims side by side, then a tidy sheet for each noun."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst

from claims.logic import wording
from claims.reports import SCHEMA_VERSION
from claims.reports.content.caveats import caveats_of
from claims.reports.content.claim import ClaimContent
from claims.reports.content.dossier import DisputeDossier, Dossier
from claims.reports.formats import tidy_cells
from claims.reports.formats.tidy import Table, tables
from claims.reports.formats.xlsx import Sheet, write_workbook

LINKS = frozenset({"address", "page", "url", "archive_url", "website", "other_page"})
"""The columns whose cells lead somewhere."""
ALWAYS = frozenset({"Said by", "Contradicted by"})
"""The lines that stand there even where they are empty on all claims."""
DIGITS = 15
"""So many digits of a number a spreadsheet keeps."""


def write(dossier: Dossier) -> bytes:
    """The workbook; columns in which a sheet holds nothing are left out, but those that questions are asked of."""
    target = io.BytesIO()
    sheets = (summary(dossier), *map(_sheet, tables(dossier)))
    write_workbook(target, sheets, about(dossier), moment=dossier.imprint.moment)
    return target.getvalue()


def summary(dossier: Dossier) -> Sheet:
    """A column for each claim, a line for each thing by which they are compared."""
    heads = {f"Claim {claim.id}": _compared(claim, dossier) for claim in dossier.claims}
    lines = next(iter(heads.values()), {})
    rows = [{"": name, **{head: said[name] for head, said in heads.items()}} for name in lines]
    rows = [row for row in rows if row[""] in ALWAYS or any(row[head] for head in heads)]
    first = [{"": name, next(iter(heads), "Dispute"): said} for name, said in _asked(dossier)]
    return Sheet("Summary", ["", *(heads or ["Dispute"])], [*first, *rows], links=frozenset(heads), wrapped=True)


def _asked(dossier: Dossier) -> Iterator[tuple[str, str]]:
    if isinstance(dossier, DisputeDossier):
        yield "Dispute", dossier.title
        yield "State", dossier.dispute.state_sentence
        for question in dossier.questions:
            yield "Question", question.text
            state, why = capfirst(question.state.words), question.sentence
            yield "Its state", why if why.startswith(state) else f"{state}. {why}"
            if question.answer:
                yield "Answer of the desk", question.answer
    yield from (("Mind", row.words) for row in caveats_of(dossier).told)


def _compared(claim: ClaimContent, dossier: Dossier) -> Mapping[str, str]:
    verdict = claim.verdict
    return {
        "Claim": claim.text,
        "Answers": claim.question,
        "Verdict": verdict.rating.label if verdict else "No verdict yet",
        "In a sentence": verdict.summary if verdict else "",
        "Likelihood": verdict.likelihood.words if verdict else "",
        "Confidence": verdict.confidence.words if verdict else "",
        "Published": verdict.published_at.words if verdict else "",
        "Corrected": _corrected(claim),
        "Number stated": claim.quantity,
        "Said by": "; ".join(claim.said_by),
        "Contradicted by": "; ".join(claim.contradicted_words),
        "Statements for it": claim.for_words,
        "Statements against it": claim.against_words,
        "Evidence for it": wording.pieces(claim.evidence_for),
        "Evidence against it": wording.pieces(claim.evidence_against),
        "Page": dossier.imprint.page("claims", claim.id),
    }


def _corrected(claim: ClaimContent) -> str:
    """What the verdict that stands corrects: `Retraction from “Contested” to “Refuted”. The photograph was older.`"""
    newest = next((row for row in claim.corrections if row.new is claim.verdict), None)
    if newest is None:
        return ""
    return f"{newest.new.correction_severity.words.capitalize()} {newest.words}. {newest.new.correction_reason}"


def _sheet(table: Table) -> Sheet:
    rows = [{name: _as_number(value) for name, value in row.items()} for row in table.rows]
    used = {name for row in rows for name, value in row.items() if value not in ("", None)}
    if table.name in tidy_cells.ALWAYS:
        # What is joined and reckoned with is there also where nobody filled it in, and a sheet without rows has heads.
        used |= {column.name for column in table.columns if not rows or column.type != "string"}
    columns = [column for column in table.columns if column.name in used]
    return Sheet(
        table.title,
        [column.name for column in columns],
        rows,
        {column.name: column.meaning for column in columns},
        links=LINKS,
    )


def _as_number(value: Any) -> Any:
    """A decimal as the number that a spreadsheet has for it, as long as no digit is lost."""
    if isinstance(value, Decimal) and len(value.as_tuple().digits) <= DIGITS:
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def about(dossier: Dossier) -> dict[str, str]:
    """What the sheet "About" says of the report."""
    said = {
        "Report": dossier.title,
        "Newsroom": dossier.imprint.newsroom,
        "From": dossier.query,
        "Made on": dossier.imprint.made,
        "Version": dossier.version,
        "Schema version": str(SCHEMA_VERSION),
        "Since": dossier.changes_sentence,
        "Warning": dossier.confidential,
    }
    return {name: value for name, value in said.items() if value}
