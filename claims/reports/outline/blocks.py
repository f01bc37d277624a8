"""The blocks of which a report consists, whatever it is written in: the PDF and the DOCX report are made from them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise

_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile("\r\n?|\x85|\u2028|\u2029")
_COLOUR = re.compile("#[0-9a-fA-F]{6}")
_LINE = 96
_WEB = re.compile(r"https?://\S+", re.IGNORECASE)


def clean(text: str) -> str:
    """The text with plain line ends; what neither XML nor a font knows is marked by U+FFFD."""
    return _NO_TEXT.sub("\ufffd", _BREAKS.sub("\n", text)).replace("\t", " ")


def hexadecimal(colour: str) -> str:
    """The colour if it is written as `#1b5e20`, else none."""
    return colour if _COLOUR.fullmatch(colour) else ""


def runs_to_the_left(text: str) -> bool:
    """Whether the text is read from right to left: its first letter with a direction decides, as in HTML (dir=auto)."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style and language.

    `style` is "" or one of strong, quiet, flag (a warning), code. `lang` is empty in the report's own words. `link` is
    a web address or "#" with an anchor of this report. `colour` is that of the rating whose label the text is.
    """

    text: str
    style: str = ""
    lang: str = ""
    link: str = ""
    colour: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text))
        # Whatever a row holds, nothing but the web and the report itself can be reached from here.
        if not (self.link.startswith("#") or _WEB.fullmatch(self.link)):
            object.__setattr__(self, "link", "")

    @property
    def rtl(self) -> bool:
        return runs_to_the_left(self.text)


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (the title) to 4, with the words above it that say what it heads; `note` follows it."""

    level: int
    runs: Runs
    anchor: str = ""
    over: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`role` is "" or one of lead (the question), event, state, banner, intro (of a table or picture), who (opens a
    card), rating, summary, meta, none (says that something is missing)."""

    runs: Runs
    role: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's words; `role` is verbatim, translation or words."""

    text: str
    lang: str = ""
    role: str = "verbatim"

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text))

    @property
    def rtl(self) -> bool:
        return runs_to_the_left(self.text)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(paragraphs(self.text))


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a label and what is to be said under it."""

    pairs: tuple[tuple[str, Runs], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table under one heading row, whose first column heads its rows where `row_heads` is set.

    `widths` are the shares of the columns in the width of the page. `strips` colours the heading of each column.
    The last `totals` rows sum up.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Runs, ...], ...]
    widths: tuple[float, ...]
    row_heads: bool = False
    strips: tuple[str, ...] = ()
    totals: int = 0


@dataclass(frozen=True, slots=True)
class Items:
    """A list, numbered where it is `ordered`."""

    entries: tuple[tuple[Block, ...], ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with the words that say the same."""

    key: str
    title: str
    alt: str
    svg: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "alt", clean(self.alt))
        object.__setattr__(self, "svg", clean(self.svg))


@dataclass(frozen=True, slots=True)
class Card:
    """Blocks that belong together: a verdict, draft or earlier verdict, a statement or relay, a piece of evidence."""

    role: str
    blocks: tuple[Block, ...]
    colour: str = ""


Block = Heading | Paragraph | Quote | Facts | Table | Items | Picture | Card


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole report: what it is called, what stands on every page of it, and its blocks."""

    title: str
    lang: str
    kind: str
    newsroom: str
    warning: str
    imprint: tuple[tuple[str, Runs], ...]
    foot: str
    address: str
    blocks: tuple[Block, ...]

    @property
    def short(self) -> str:
        """The title as it fits on one line."""
        return self.title if len(self.title) <= _LINE else f"{self.title[: _LINE - 1].rstrip()}…"

    @property
    def opening(self) -> tuple[Block, ...]:
        """What stands before the first section, and so on the first page above the imprint."""
        sections = (place for place, block in enumerate(self.blocks) if isinstance(block, Heading) and block.level > 1)
        return self.blocks[: next(sections, len(self.blocks))]

    @property
    def contents(self) -> bool:
        """Whether it is long enough for a table of contents: a report on several claims is."""
        return sum(isinstance(block, Heading) and bool(block.over) for block in self.blocks) > 1


def runs(*parts: Run | str | None) -> Runs:
    """The parts that say something, plain text in the report's own words."""
    made = (Run(part) if isinstance(part, str) else part for part in parts if part)
    return tuple(run for run in made if run.text)


def joined(groups: Iterable[Runs], between: str) -> Runs:
    """The groups one after the other, with the words between them."""
    said = [group for group in groups if group]
    return tuple(chain.from_iterable(((Run(between),) if place else ()) + group for place, group in enumerate(said)))


def plain(content: Runs) -> str:
    """The runs as mere text."""
    return "".join(run.text for run in content)


def paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a text; its single line breaks stay."""
    for part in re.split(r"\n[ \t]*\n", clean(text)):
        if part.strip():
            yield "\n".join(line.strip() for line in part.strip().split("\n"))


def prose(text: str, role: str = "", lang: str = "") -> tuple[Paragraph, ...]:
    """A text of the register as paragraphs."""
    return tuple(Paragraph((Run(part, lang=lang),), role) for part in paragraphs(text))


def balanced(count: int, most: int) -> list[range]:
    """The places 0 to count - 1 in as few equal groups as hold at most `most` each."""
    groups = -(-count // most)
    bounds = [round(count * place / groups) for place in range(groups + 1)] if groups else []
    return [range(start, end) for start, end in pairwise(bounds)]
