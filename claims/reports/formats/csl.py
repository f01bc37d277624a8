"""Writes how a report is cited: as CSL-JSON, which Zotero and its like read, and as a line for people."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
from django.utils import timezone

from claims.reports.content.dossier import ClaimDossier, Dossier
from factcheck.base.edtf import day_in_words
from factcheck.base.text import fold


def write(dossier: Dossier) -> bytes:
    """An array with one item, as https://citeproc-js.readthedocs.io describes it."""
    return orjson.dumps([csl_item(dossier)], option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def csl_item(dossier: Dossier) -> dict[str, Any]:
    """The report as a web page: `issued` on the day of the newest verdict in it, `version` that of its content.

    Without a published verdict nothing says on which day it was issued.
    """
    imprint = dossier.imprint
    issued = _issued(dossier)
    return {
        "id": f"{dossier.stem}-{dossier.version}",
        "type": "webpage",
        "title": _title(dossier),
        "author": [{"literal": imprint.newsroom}],
        "container-title": f"Register of {imprint.newsroom}",
        **({"issued": _parts(issued)} if issued else {}),
        "accessed": _parts(_read_on(dossier)),
        "version": dossier.version,
        "URL": dossier.query,
        "language": "en",
    }


def cited(dossier: Dossier) -> str:
    """The line for people: `Example Desk, “Was it an accident?”, 4 July 2025. https://… (version …, read on …).`"""
    issued = _issued(dossier)
    day = f", {day_in_words(issued)}" if issued else ""
    read = f"version {dossier.version}, read on {day_in_words(_read_on(dossier))}"
    title = _title(dossier) if isinstance(dossier, ClaimDossier) else f"“{_title(dossier)}”"
    return f"{dossier.imprint.newsroom}, {title}{day}. {dossier.query} ({read})."


def _title(dossier: Dossier) -> str:
    """The title of a dispute; of a claim that it is one, and what the desk decided: the words are not the desk's."""
    text = fold(dossier.title)
    if not isinstance(dossier, ClaimDossier):
        return text
    verdict = dossier.claim.verdict
    return f"On the claim “{text}”: {verdict.rating.label if verdict else 'no verdict yet'}"


def _issued(dossier: Dossier) -> date | None:
    published = [claim.verdict.published_at.text[:10] for claim in dossier.claims if claim.verdict]
    days = [date.fromisoformat(text) for text in published if text]
    return max(days, default=None)


def _read_on(dossier: Dossier) -> date:
    return timezone.localdate(dossier.imprint.moment)


def _parts(day: date) -> dict[str, Any]:
    return {"date-parts": [[day.year, day.month, day.day]]}
