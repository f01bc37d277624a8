"""Writes how a report is cited as BibTeX, for LaTeX and reference managers."""

from __future__ import annotations

from claims.reports.content.dossier import Dossier
from claims.reports.formats.csl import csl_item

_ESCAPED = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "&%$#_"},
}


def write(dossier: Dossier) -> bytes:
    """One entry `@misc`, which old BibTeX and BibLaTeX both know, in UTF-8."""
    item = csl_item(dossier)
    issued, accessed = (item.get(name, {}).get("date-parts", [[]])[0] for name in ("issued", "accessed"))
    read = "-".join(f"{part:02}" for part in accessed)
    fields = {
        # Braces within: a name of several words is one author, and a title keeps its capital letters.
        "author": f"{{{_escape(item['author'][0]['literal'])}}}",
        "title": f"{{{_escape(item['title'])}}}",
        "year": str(issued[0]) if issued else "",
        "date": "-".join(f"{part:02}" for part in issued),
        "howpublished": f"\\url{{{item['URL']}}}",
        "url": item["URL"],
        "urldate": read,
        "note": f"Version {item['version']}, read on {read}",
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{item['id']},\n{lines}}}\n".encode()


def _escape(text: str) -> str:
    return "".join(_ESCAPED.get(character, character) for character in text)
