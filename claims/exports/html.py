"""Writes a dossier as one HTML page: as a file that needs nothing else, or as a page of the site."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from claims.logic.dossier import DisputeDossier, Dossier
from claims.logic.timeline_picture import picture_of
from claims.logic.wording import MATRIX, METHOD, analysts

_STYLE = Path(__file__).resolve().parent.parent / "static" / "claims" / "report.css"


def write(dossier: Dossier) -> bytes:
    """The report as a file: its style is inside, and its own policy forbids it to fetch anything."""
    style = _style()
    # No escaping: this is our own style sheet, the same for every report.
    context = {"style": mark_safe(style), "policy": policy()}  # noqa: S308
    return _render(dossier, context).encode()


def page(dossier: Dossier, downloads: Any = ()) -> str:
    """The report as a page of the site, with its style sheet linked and a list of (label, address) to take away."""
    return _render(dossier, {"downloads": downloads})


def policy() -> str:
    """The content security policy under which a report file shows: its own style, and nothing else at all."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'"


def _render(dossier: Dossier, context: dict[str, Any]) -> str:
    words: dict[str, Any] = {"method": METHOD, "matrix_method": MATRIX}
    if isinstance(dossier, DisputeDossier):
        words |= {"matrix_analysts": analysts(dossier.matrix.analysts), "picture": picture_of(dossier.timeline)}
    return render_to_string(f"claims/report/{dossier.noun}.html", {"dossier": dossier, **words, **context})


@cache
def _style() -> str:
    return _STYLE.read_text(encoding="utf-8").strip()
