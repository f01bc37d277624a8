"""The one list of report formats, and the one way to write a report."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from urllib.parse import quote

from claims.reports.content.dossier import Dossier


@dataclass(frozen=True, slots=True)
class Format:
    """One form in which a dossier leaves the register."""

    name: str
    label: str
    media_type: str
    suffix: str
    description: str
    module: str
    """Where it is written: imported with the first report, since the libraries of some formats take their time."""
    inline: bool = False
    charset: str = "; charset=utf-8"
    bundled: bool = False
    """Whether a bundle holds the report in this form too."""
    slow: bool = False
    """Whether writing it takes a second rather than a moment."""
    layout: int = 1
    """Raise it when the writer changes, so that nobody keeps a report in the old form."""

    def file_name(self, dossier: Dossier) -> str:
        return f"{dossier.stem}.{self.suffix}"

    @property
    def writer(self) -> ModuleType:
        return import_module(f"claims.reports.formats.{self.module}")

    def write(self, dossier: Dossier) -> bytes:
        """The report as a file."""
        return bytes(self.writer.write(dossier))

    def lacks(self, dossier: Dossier) -> str:
        """What the report cannot show in this form, as a sentence; empty where it shows all."""
        found = getattr(self.writer, "lacks", None)
        return str(found(dossier)) if found is not None else ""

    @property
    def form(self) -> str:
        """The name of this form, which changes with its layout."""
        return f"{self.name}{self.layout}"


FORMATS = {
    entry.name: entry
    for entry in (
        Format(
            "html",
            "HTML",
            "text/html",
            "html",
            "One self-contained page to read, print or pass on.",
            "html",
            inline=True,
            bundled=True,
            layout=8,
        ),
        Format(
            "pdf",
            "PDF",
            "application/pdf",
            "pdf",
            "Pages to hand over or file: tagged for screen readers (PDF/UA), numbered, with all fonts inside.",
            "pdf",
            charset="",
            bundled=True,
            slow=True,
            layout=7,
        ),
        Format(
            "docx",
            "Word (DOCX)",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "docx",
            "The same text to work on with in a word processor, with real headings, tables and languages.",
            "docx",
            charset="",
            slow=True,
            layout=8,
        ),
        Format(
            "markdown",
            "Markdown",
            "text/markdown",
            "md",
            "The same text for editors and wikis.",
            "markdown",
            layout=7,
        ),
        Format(
            "csv",
            "CSV",
            "text/csv",
            "csv",
            "One row for each thing, for spreadsheets: UTF-8 with a byte order mark, cells safe against formulas.",
            "csv",
            layout=2,
        ),
        Format(
            "package",
            "Data package (ZIP)",
            "application/zip",
            "zip",
            "Tidy tables as CSV, one a noun, with a description of every column (Frictionless Data Package).",
            "package",
            charset="",
        ),
        Format(
            "xlsx",
            "Excel (XLSX)",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx",
            "The claims side by side, then a tidy sheet for each noun, with real dates, numbers and links.",
            "workbook",
            charset="",
            layout=3,
        ),
        Format(
            "json",
            "JSON",
            "application/json",
            "json",
            "All that the report knows as one object for programs, in codes and in words.",
            "json",
            charset="",
            bundled=True,
        ),
        Format(
            "claimreview",
            "ClaimReview (JSON-LD)",
            "application/ld+json",
            "jsonld",
            "schema.org ClaimReview of the published verdicts: one object for a claim, an array for a dispute.",
            "claimreview",
            charset="",
            bundled=True,
        ),
        Format(
            "csl",
            "Citation (CSL-JSON)",
            "application/vnd.citationstyles.csl+json",
            "csl.json",
            "How the report is cited, for Zotero and its like.",
            "csl",
            charset="",
        ),
        Format(
            "bibtex",
            "Citation (BibTeX)",
            "application/x-bibtex",
            "bib",
            "How the report is cited, for LaTeX and reference managers.",
            "bibtex",
        ),
    )
}


def disposition(name: str, *, inline: bool) -> str:
    """The value of Content-Disposition (RFC 6266): an ASCII name for all, the real one for who understands it."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in name)
    kind = "inline" if inline else "attachment"
    exact = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f'{kind}; filename="{plain}"{exact}'
