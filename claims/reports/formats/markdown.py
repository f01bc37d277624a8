"""Writes a dossier as Markdown that also reads well as plain text; nothing in a text of the register becomes markup."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from claims.reports.content.dossier import Dossier
from claims.reports.outline.blocks import (
    Block,
    Card,
    Contents,
    Facts,
    Heading,
    Items,
    Paragraph,
    Picture,
    Quote,
    Run,
    Runs,
    Table,
    runs,
)
from claims.reports.outline.report import outline_of

_INLINE = re.compile(r"[\\`*\[\]<>|~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w*(?:;|\Z))|!\Z")
# At the beginning of a line these would open a heading, list, quotation, rule or numbered list.
_OPENER = re.compile(r"^(?:([#+\-=:])|(\d{1,9})([.)]))", re.MULTILINE)
_ADDRESS = re.compile(r"[\\()<>|`]|&(?=#?\w+;)")
_CLOSER = re.compile("#(?=#*$)")
"""At the end of a heading these would belong to its markup."""
_BOLD = {"strong", "flag"}
_CODE = re.compile(r"[\w:.-]+")


def write(dossier: Dossier) -> bytes:
    """The report, its blocks apart by empty lines."""
    outline = outline_of(dossier)
    warning = [Paragraph(runs(outline.warning), "banner")] if outline.warning else []
    parts = (*blocks((*warning, *outline.blocks)), "---", *blocks((outline.imprint,)))
    return ("\n\n".join(parts) + "\n").encode("utf-8", "replace")


def blocks(content: Iterable[Block]) -> Iterator[str]:
    """Each block in order, as lines without an empty one around them."""
    for block in content:
        match block:
            case Heading():
                over = f"{line(block.over)}: " if block.over else ""
                yield _CLOSER.sub(r"\\#", f"{'#' * block.level} {over}{_flat(block.runs)}")
            case Paragraph():
                bold = block.role in {"lead", "banner"}
                yield _started(_inline(tuple(Run(run.text, "strong") for run in block.runs) if bold else block.runs))
            case Quote():
                yield _indented(text("\n\n".join(block.paragraphs)), "> ")
            case Facts():
                yield "\n".join(_fact(label, values) for label, values in block.pairs)
            case Table():
                yield from _table(block)
            case Items():
                yield _items(block)
            case Picture():
                yield f"Picture: {line(block.title)}. {line(block.alt)}"
                yield from blocks((block.note,) if block.note else ())
            case Card():
                yield from blocks(block.blocks)
            case Contents():
                pass  # it has no places to lead to


def _fact(label: Run, values: Runs) -> str:
    return _indented(_started(f"**{line(label.text)}:** {_inline(values)}"), "- ")


def _table(table: Table) -> Iterator[str]:
    if table.caption:
        yield text(table.caption)
    rows = (table.head, *table.rows)
    head, *body = (f"| {' | '.join(map(_flat, row))} |" for row in rows)
    yield "\n".join((head, f"|{'---|' * len(table.head)}", *body))


def _items(block: Items) -> str:
    entries = [list(blocks(card.blocks)) for card in block.cards]
    marks = (f"{place}. " if block.ordered else "- " for place in range(1, len(entries) + 1))
    listed = (_indented("\n\n".join(entry), mark) for entry, mark in zip(entries, marks, strict=True))
    # A list whose entries are single paragraphs needs no empty lines.
    return ("\n\n" if any(len(entry) > 1 for entry in entries) else "\n").join(listed)


def _indented(lines: str, mark: str) -> str:
    """The lines behind a mark, which a list has once and a quotation on each line."""
    further = mark if mark == "> " else " " * len(mark)
    return mark + "\n".join(
        f"{further if place else ''}{part}".rstrip() for place, part in enumerate(lines.split("\n"))
    )


# Text.


def text(value: str) -> str:
    """The value with everything escaped that Markdown or HTML would take for markup."""
    return _started(_escaped(value))


def line(value: str) -> str:
    """The same on one line."""
    return text(" ".join(value.split()))


def _escaped(value: str) -> str:
    return _INLINE.sub(_with_backslash, value)


def _started(value: str) -> str:
    """The lines from the first that is not empty, none of which begins as a list or a heading would."""
    lines = "\n".join(part.strip() for part in value.strip().split("\n"))
    return _OPENER.sub(lambda f: f"\\{f[1]}" if f[1] else f"{f[2]}\\{f[3]}", lines)


def _flat(content: Runs) -> str:
    """The runs on one line, for a heading or a cell."""
    return " ".join(_inline(content).split())


def _inline(content: Runs) -> str:
    written = ""
    for place, run in enumerate(content):
        following = "".join(later.text for later in content[place + 1 :])
        if run.style in _BOLD:
            written += _emphasised(run, written, following)
        # Backticks that follow others would be one longer mark.
        elif run.style == "code" and _CODE.fullmatch(run.text) and not written.endswith("`"):
            written += f"`{run.text}`"
        else:
            written += _linked(run)
    return written


def _emphasised(run: Run, before: str, after: str) -> str:
    """The run in bold, where its neighbours let Markdown see that: beside a letter, asterisks that enclose a mark stay
    asterisks, and so do those that follow others."""
    core = _one_line(run.text.strip())
    start, end = (" " if run.text[:1].isspace() else ""), (" " if run.text[-1:].isspace() else "")
    inner = _linked(Run(core, lang=run.lang, link=run.link))
    before, after = start or before, end or after
    opens = before[-1:] != "*" and (not _is_mark(inner[:1]) or not _is_letter(before[-1:]))
    closes = not _is_mark(inner[-1:]) or not _is_letter(after[:1])
    return f"{start}**{inner}**{end}" if core and opens and closes else _linked(run)


def _is_mark(character: str) -> bool:
    return bool(character) and unicodedata.category(character)[0] in "PS"


def _is_letter(character: str) -> bool:
    return bool(character) and not character.isspace() and not _is_mark(character)


def _linked(run: Run) -> str:
    # A place within the report has no name in Markdown.
    if not run.text.strip() or not run.link.lower().startswith("http"):
        return _escaped(run.text)
    if run.text == run.link and not re.search(r"[<>|]", run.link):
        return f"<{run.link}>"
    address = _ADDRESS.sub(_with_backslash, run.link)
    return f"[{_escaped(_one_line(run.text))}]({address})"


def _one_line(value: str) -> str:
    # An empty line would end the paragraph, and with it what is open in it.
    return re.sub(r"\s*\n\s*", " ", value)


def _with_backslash(found: re.Match[str]) -> str:
    return f"\\{found.group()}"
