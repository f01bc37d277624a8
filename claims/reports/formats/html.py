"""Writes a dossier as one HTML page: as a file that needs nothing else, or as a page of the site."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from claims.reports.content.dossier import Dossier
from claims.reports.formats.html_blocks import body
from claims.reports.outline.report import outline_of

FRAME = "claims/report/file.html"
"""What a report stands in as a file; a page of the site brings a frame of its own."""
_STYLE = Path(__file__).resolve().parents[2] / "static" / "claims" / "report.css"


def write(dossier: Dossier) -> bytes:
    """The report as a file: its style is inside, and its own policy forbids it to fetch anything."""
    style = _style()
    # No escaping: this is our own style sheet, the same for every report.
    context = {"frame": FRAME, "style": mark_safe(style), "policy": policy()}  # noqa: S308
    return page(dossier, context).encode()


def page(dossier: Dossier, context: Mapping[str, object]) -> str:
    """The report as a page of the site: `context` brings the frame of the site and what that wants to know."""
    outline = outline_of(dossier)
    report = {
        "dossier": dossier,
        "kind": outline.kind,
        "warning": outline.warning,
        "report": body(outline.blocks),
        "imprint": body((outline.imprint,)),
    }
    return render_to_string("claims/report/base.html", {**report, **context})


def policy() -> str:
    """The content security policy under which a report file shows: its own style, and nothing else at all."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'"


@cache
def _style() -> str:
    return _STYLE.read_text(encoding="utf-8").strip()
