"""What everybody is shown of a row where another row refers to it, and of withheld sources, for peers with models."""

from __future__ import annotations

from typing import Any

from benchmarks.peers import models

WITHHELD, WITHHELD_WORK = "Source withheld", "Work of a withheld source"
DESK = {"id": None, "label": "Desk"}


def source(row: models.Source | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {"id": row.pk, "label": WITHHELD if row.withheld else row.name, "slug": "" if row.withheld else row.slug}


def document(row: models.Document | None) -> dict[str, Any] | None:
    if row is None:
        return None
    hidden = row.publisher is not None and row.publisher.withheld
    return {"id": row.pk, "label": WITHHELD_WORK if hidden else row.title, "url": "" if hidden else row.url}


def dispute(row: models.Dispute | None) -> dict[str, Any] | None:
    return None if row is None else {"id": row.pk, "label": row.title, "slug": row.slug}


def question(row: models.Question | None) -> dict[str, Any] | None:
    return None if row is None else {"id": row.pk, "label": row.text, "order": row.order}


def claim(row: models.Claim) -> dict[str, Any]:
    return {"id": row.pk, "label": row.label}


def rating(row: models.Rating | None) -> dict[str, Any] | None:
    return None if row is None else {"id": row.pk, "label": row.label, "code": row.code, "leaning": row.leaning}


def origin(row: models.Evidence) -> dict[str, Any] | None:
    if row.derived_from is None or not getattr(row, "origin_readable", False):
        return None
    return {"id": row.derived_from.pk, "label": row.derived_from.title}


def earlier(row: models.Verdict) -> dict[str, Any] | None:
    if row.supersedes is None:
        return None
    return {"id": row.supersedes.pk, "label": f"{row.supersedes.rating.label}: {row.claim.label}"[:300]}


def hides(row: models.Attribution) -> bool:
    """Whether a withheld source speaks here or is spoken for."""
    return row.source.withheld or (row.on_behalf_of is not None and row.on_behalf_of.withheld)


def quote_check(row: models.Attribution) -> dict[str, Any] | None:
    check = getattr(row, "quote_check", None)
    publisher = row.document.publisher if row.document is not None else None
    if check is None or hides(row) or (publisher is not None and publisher.withheld):
        return None
    return {"state": check.state, "place": None, "omitted": check.omitted, "warnings": check.warnings}


def current(row: models.Claim) -> models.Verdict | None:
    return next(iter(row.verdicts.all()), None)


def relations(row: models.Claim) -> list[models.Relation]:
    return [*row.relations.all(), *row.relations_to.all()]
