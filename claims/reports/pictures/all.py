"""The pictures of a report: drawn for its page, and as SVG files that need nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from django.template.loader import render_to_string

from claims.reports.content.dossier import DisputeDossier, Dossier
from claims.reports.content.question import QuestionContent
from claims.reports.pictures import balance, history, matrix, timeline

Drawing: TypeAlias = balance.Picture | history.Picture | matrix.Picture | timeline.Picture


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture as a file; `alt` says in words what it shows."""

    key: str
    title: str
    alt: str
    svg: bytes


_TITLES = {
    "matrix": "How the evidence fits the claims",
    "balance": "Evidence for and against",
    "timeline": "Positions over time",
    "history": "Verdicts over time",
}
"""The pictures in the order of the report, each with its title."""


def drawings_of(dossier: Dossier, most: int = matrix.MOST) -> dict[str, Drawing]:
    """What is drawn of this report, by its key: only what there is something to draw of; of a matrix at most so many
    pieces of evidence."""
    found: dict[str, Drawing] = {}
    several = isinstance(dossier, DisputeDossier)
    if isinstance(dossier, DisputeDossier):
        for question in dossier.questions:
            # What does not count is told in the table alone.
            if any(column.rated for column in question.matrix.columns):
                found[matrix_key(question)] = matrix.picture_of(question.matrix.in_order(question.claims), most)
        if dossier.timeline.positions:
            found["timeline"] = timeline.picture_of(dossier.timeline)
    if any(weight.tally.total for claim in dossier.claims for weight in balance.weights(claim)):
        found["balance"] = balance.picture_of(dossier.claims_in_order, named=several)
    # What was all decided at one moment makes no history.
    if len({step.verdict.published_at.text for step in history.steps_of(dossier.claims)}) > 1:
        found["history"] = history.picture_of(dossier.claims_in_order)
    return {key: found[key] for kind in _TITLES for key in found if kind_of(key) == kind}


def matrix_key(question: QuestionContent) -> str:
    """The key of the picture of the matrix of this question, such as `matrix-7`."""
    return f"matrix-{question.id}"


def kind_of(key: str) -> str:
    """What sort of picture has this key."""
    return key.partition("-")[0]


def pictures_of(
    dossier: Dossier, most: int = matrix.MOST, shown: Callable[[str, Drawing], bool] = lambda _key, _drawing: True
) -> tuple[Picture, ...]:
    """Every picture of the report that is `shown`, as a file, in the order of the report."""
    return tuple(
        Picture(key, _TITLES[kind_of(key)], drawing.description, svg_of(key, drawing))
        for key, drawing in drawings_of(dossier, most).items()
        if shown(key, drawing)
    )


def svg_of(key: str, drawing: Drawing) -> bytes:
    """The drawing as an SVG file: its colours and letters are its own, and it refers to nothing outside."""
    page = render_to_string(f"claims/report/_{kind_of(key)}_picture.html", {"picture": drawing, "key": key})
    return page.strip().encode()
