"""Writes a dossier as one JSON object: all that a report knows, in codes for programs and in words for people.

Dates and the words of a vocabulary are pairs (`{"text": "2025-07", "words": "July 2025"}`, `{"code": …, "words": …}`),
or null where there is none. Each source and each document stands once, in `sources` and `documents`; elsewhere it is
named by `id`, `label` and `address`. Decimal numbers are text, so that no digit is lost.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson

from claims.logic import wording
from claims.logic.matrix import Cell, Column, Matrix
from claims.reports import SCHEMA_VERSION
from claims.reports.content.caveats import caveats_of
from claims.reports.content.claim import ClaimContent
from claims.reports.content.dated import dated_since
from claims.reports.content.declare import Numbered, derived
from claims.reports.content.dossier import DisputeDossier, Dossier
from claims.reports.content.evidence import EvidenceContent
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
    Term,
    VerdictContent,
    When,
)

_NOUNS: dict[type, str] = {
    AttributionContent: "attributions",
    ClaimContent: "claims",
    DisputeContent: "disputes",
    DocumentContent: "documents",
    EvidenceContent: "evidence",
    InquiryContent: "inquiries",
    QuestionContent: "questions",
    RelationContent: "relations",
    ReviewContent: "reviews",
    SnapshotContent: "snapshots",
    SourceContent: "sources",
    VerdictContent: "verdicts",
}
_SAID: dict[type, tuple[str, ...]] = {
    Cell: ("words", "disagreement_words"),
    Column: ("coverage",),
    Matrix: ("decisive", "sensitivity_sentence", "order_sentence", "echo_sentence"),
}
"""What is derived from the fields of a matrix and said in a report; content classes declare it themselves."""


def write(dossier: Dossier) -> bytes:
    """The object, indented for the eye."""
    return orjson.dumps(as_json(dossier), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def as_json(dossier: Dossier) -> dict[str, Any]:
    """The dossier as plain values."""
    plain = _Plain(dossier)
    imprint = dossier.imprint
    content: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "type": f"{dossier.noun}_report",
        "title": dossier.title,
        "page": dossier.address,
        "query": dossier.query,
        "version": dossier.version,
        **plain.fields_of(imprint),
        "made_at": imprint.moment.isoformat(),
        "made": imprint.made,
        "confidential": dossier.confidential,
        "caveats": plain.value(caveats_of(dossier).told),
        "voices": plain.value(dossier.voices),
        "voices_words": dossier.voices_words,
        "evidence": plain.value(dossier.evidence),
        "evidence_words": dossier.evidence_words,
        "dispute": plain.value(dossier.dispute),
        "claims": plain.value(dossier.claims),
    }
    content.pop("moment")
    if isinstance(dossier, DisputeDossier):
        content |= {
            "questions": plain.value(dossier.questions),
            "matrix_method": wording.MATRIX,
            "timeline": plain.value(dossier.timeline),
            "concerns": plain.value(dossier.concerns),
        }
    return content | {
        "since": plain.value(dossier.since),
        "changes": plain.value(dossier.changes),
        "changes_sentence": dossier.changes_sentence,
        "dated_since": plain.value(dated_since(dossier)),
        "sources": [plain.whole(row) for row in dossier.sources],
        "documents": [plain.whole(row) for row in dossier.documents],
        "method": wording.METHOD,
        "meanings": plain.value(dossier.meanings),
    }


class _Plain:
    """Turns the frozen values of one dossier into plain ones."""

    def __init__(self, dossier: Dossier) -> None:
        self.imprint = dossier.imprint
        self.listed: dict[type, set[int]] = {
            SourceContent: {row.id for row in dossier.sources},
            DocumentContent: {row.id for row in dossier.documents},
        }

    def value(self, value: object) -> Any:
        """Any value; a source or document that is listed becomes a reference."""
        if value is None or isinstance(value, str | bool | int | float):
            return value
        if isinstance(value, Term | When):
            return self.fields_of(value) if value else None
        if isinstance(value, tuple | list | set | frozenset):
            return [self.value(entry) for entry in value]
        if isinstance(value, dict):
            return {str(key): self.value(entry) for key, entry in value.items()}
        if isinstance(value, Decimal):
            return wording.number(value)
        if isinstance(value, datetime):
            return value.isoformat()
        if isinstance(value, SourceContent) and not value.id:  # a body that the reader may not know
            return {"id": None, "label": value.name, "address": ""}
        if isinstance(value, SourceContent | DocumentContent) and value.id in self.listed[type(value)]:
            label = value.name if isinstance(value, SourceContent) else value.title
            return {"id": value.id, "label": label, "address": self.imprint.address(_NOUNS[type(value)], value.id)}
        return self.whole(value)

    def whole(self, row: object) -> dict[str, Any]:
        """A row with all of its fields, its address and what is derived from them."""
        noun = _NOUNS.get(type(row))
        where = {"address": self.imprint.address(noun, row.id)} if noun and isinstance(row, Numbered) else {}
        if isinstance(row, ClaimContent):
            where["page"] = self.imprint.page("claims", row.id)
        elif isinstance(row, DisputeContent):
            where["page"] = self.imprint.page("disputes", row.slug)
        said = {name: self.value(getattr(row, name)) for name in _SAID.get(type(row)) or derived(type(row))}
        return where | self.fields_of(row) | said

    def fields_of(self, row: object) -> dict[str, Any]:
        """The fields of a dataclass, in their order."""
        if not is_dataclass(row):
            raise TypeError(f"There is no JSON for {type(row).__name__}.")
        return {field.name: self.value(getattr(row, field.name)) for field in fields(row)}
