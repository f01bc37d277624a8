"""Writes a dossier as one HTML page: as a file that needs nothing else, or as a page of the site."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from claims.logic.wording import BALANCE, HISTORY, MATRIX, METHOD, analysts
from claims.reports.content.dossier import DisputeDossier, Dossier
from claims.reports.pictures.all import drawings_of
from claims.reports.pictures.balance import weights
from claims.reports.pictures.history import steps_of

FRAME = "claims/report/file.html"
"""What a report stands in as a file; a page of the site brings a frame of its own."""
_STYLE = Path(__file__).resolve().parents[2] / "static" / "claims" / "report.css"


def write(dossier: Dossier) -> bytes:
    """The report as a file: its style is inside, and its own policy forbids it to fetch anything."""
    style = _style()
    # No escaping: this is our own style sheet, the same for every report.
    context = {"frame": FRAME, "style": mark_safe(style), "policy": policy()}  # noqa: S308
    return _render(dossier, context).encode()


def page(dossier: Dossier, context: Mapping[str, Any]) -> str:
    """The report as a page of the site: `context` brings the frame of the site and what that wants to know."""
    return _render(dossier, context)


def policy() -> str:
    """The content security policy under which a report file shows: its own style, and nothing else at all."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'"


def _render(dossier: Dossier, context: Mapping[str, Any]) -> str:
    words: dict[str, Any] = {
        "method": METHOD,
        "matrix_method": MATRIX,
        "balance_method": BALANCE,
        "history_method": HISTORY,
        "pictures": drawings_of(dossier),
        "balance": [(claim, weights(claim)) for claim in dossier.claims],
        "history": steps_of(dossier.claims),
    }
    if isinstance(dossier, DisputeDossier):
        words["matrix_analysts"] = analysts(dossier.matrix.analysts)
    return render_to_string(f"claims/report/{dossier.noun}.html", {"dossier": dossier, **words, **context})


@cache
def _style() -> str:
    return _STYLE.read_text(encoding="utf-8").strip()
