"""The blocks of which a report consists: HTML, Markdown, PDF and DOCX are written from them and add no words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import Literal

from claims.logic.direction import LEFT_MARK, runs_to_the_left, turns

_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile("\r\n?|\x85|\u2028|\u2029")
_COLOUR = re.compile("#[0-9a-fA-F]{6}")
_LINE = 96
_QUOTED = re.compile("(?<=“)([^”]+)(?=”)")
_SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_WEB = re.compile(r"https?://\S+", re.IGNORECASE)

Style = Literal["", "strong", "quiet", "flag", "code", "stance", "mark"]
"""How a run is set: `flag` is a warning, `stance` what somebody did with a claim, `mark` a rating of the matrix."""
ParagraphRole = Literal[
    "", "lead", "event", "state", "caveat", "counts", "banner", "intro", "over", "who", "rating", "correction",
    "summary", "judgement", "chain", "cited", "address", "meta", "none",
]  # fmt: skip
HeadingRole = Literal["", "claim", "part", "question"]
QuoteRole = Literal["verbatim", "translation", "review", "question", "answer"]
TableRole = Literal["claims", "bearings", "numbers", "matrix", "positions"]
ItemsRole = Literal[
    "changes", "relations", "reviews", "inquiries", "sources", "documents"
]  # fmt: skip
CardRole = Literal["verdict", "draft", "earlier", "statement", "relay", "evidence", "entry"]


def clean(text: str) -> str:
    """The text with plain line ends; what neither XML nor a font knows is marked by U+FFFD."""
    if text.isprintable():
        return text
    return _NO_TEXT.sub("\ufffd", _BREAKS.sub("\n", text)).replace("\t", " ")


def web_address(text: str) -> str:
    """The text if it is an address of the web, else none: nothing else can be reached from a report."""
    return text if _WEB.fullmatch(text) else ""


def hexadecimal(colour: str) -> str:
    """The colour if it is written as `#1b5e20`, else none."""
    return colour if _COLOUR.fullmatch(colour) else ""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style and language.

    `lang` is empty in the report's own words. `link` is a web address or "#" with an anchor of this report. `colour` is
    that of the rating whose label the text is. `datetime` is the date that the text says, for programs; `title` what
    the letters of a mark stand for.
    """

    text: str
    style: Style = ""
    lang: str = ""
    link: str = ""
    colour: str = ""
    datetime: str = ""
    title: str = ""
    rtl: bool = field(init=False, default=False)
    """Whether it is read from right to left."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text))
        object.__setattr__(self, "rtl", runs_to_the_left(self.text))
        if self.link and not self.link.startswith("#"):
            object.__setattr__(self, "link", web_address(self.link))


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (the title) to 4, with the words above it that say what it heads.

    `question` heads what a report says first on a question, `claim` all that it says of a claim, `part` a part of that.
    """

    level: int
    runs: Runs
    anchor: str = ""
    over: str = ""
    role: HeadingRole = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`role` is "" or one of lead (the question), event, state, caveat (what to know before anything is believed),
    counts, banner, intro (of a table or picture), over (what stands above a title), who (opens a card), rating,
    correction (of that rating), summary, judgement, chain (back to an origin), cited (a work), address, meta, none
    (says that something is missing)."""

    runs: Runs
    role: ParagraphRole = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's words; `cite` is the address where they stand."""

    text: str
    lang: str = ""
    role: QuoteRole = "verbatim"
    cite: str = ""
    rtl: bool = field(init=False, default=False)
    """Whether it is read from right to left."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text))
        object.__setattr__(self, "rtl", runs_to_the_left(self.text))
        object.__setattr__(self, "cite", web_address(self.cite))

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(paragraphs(self.text))


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a label and what is to be read under it; `facts` makes them."""

    pairs: tuple[tuple[Run, Runs], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table under one heading row, whose first `row_heads` columns head its rows.

    `widths` are the shares of the columns in the width of the page. The last `totals` rows sum up.
    """

    caption: str
    head: tuple[Runs, ...]
    rows: tuple[tuple[Runs, ...], ...]
    widths: tuple[float, ...]
    role: TableRole = "numbers"
    row_heads: int = 0
    totals: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with the words that say the same; `note` is what to know of it, which stands under it."""

    key: str
    title: str
    alt: str
    svg: str
    note: Paragraph | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "alt", clean(self.alt))
        object.__setattr__(self, "svg", clean(self.svg))

    @property
    def size(self) -> tuple[float, float]:
        """Its width and height in pixels."""
        found = _SIZE.search(self.svg)
        return (float(found[1]), float(found[2])) if found else (600.0, 400.0)


@dataclass(frozen=True, slots=True)
class Card:
    """Blocks that belong together: what the report says of one row. `anchor` is where links find it."""

    role: CardRole
    blocks: tuple[Block, ...]
    anchor: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list, numbered where it is `ordered`."""

    role: ItemsRole
    cards: tuple[Card, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Contents:
    """The headings to which a long report leads from its first page. A format without places to lead to has none."""

    entries: tuple[Heading, ...]


Block = Heading | Paragraph | Quote | Facts | Table | Items | Picture | Card | Contents


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole report: what it is called, what stands on every page of it (`foot`, `address`), its blocks, and at
    the end the imprint."""

    title: str
    lang: str
    kind: str
    newsroom: str
    warning: str
    imprint: Facts
    foot: str
    address: str
    blocks: tuple[Block, ...]

    @property
    def short(self) -> str:
        """The title as it fits on one line."""
        return self.title if len(self.title) <= _LINE else f"{self.title[: _LINE - 1].rstrip()}…"


def runs(*parts: Run | str | None) -> Runs:
    """The parts that have a text; mere text is in the report's own words."""
    made = (Run(part) if isinstance(part, str) else part for part in parts if part)
    return tuple(run for run in made if run.text)


def quoting(sentence: str) -> Runs:
    """A sentence of the report with what it quotes in runs of their own: each is read in its own direction."""
    return runs(*map(Run, _QUOTED.split(sentence))) if not sentence.isascii() else runs(Run(sentence))


def apart(content: Runs) -> Runs:
    """The runs of a sentence, each kept in its place where letters alone are ordered: what stands between two names
    from right to left would be read with them, and the second name first."""
    if len(content) < 2 or not any(turns(run.text) for run in content):
        return content
    marked = ((run, Run(LEFT_MARK)) if turns(run.text) else (run,) for run in content)
    return tuple(chain.from_iterable(marked))


def joined(groups: Iterable[Runs], between: str) -> Runs:
    """The groups one after the other, with the words between them."""
    filled = [group for group in groups if group]
    return tuple(chain.from_iterable(((Run(between),) if place else ()) + group for place, group in enumerate(filled)))


def listed(groups: Sequence[Runs]) -> Runs:
    """`1`, `1 and 2`, `1, 2 and 3`."""
    return joined([joined(groups[:-1], ", "), groups[-1]], " and ")


def plain(content: Runs) -> str:
    """The runs as mere text."""
    return "".join(run.text for run in content)


def facts(*pairs: tuple[str | Run, Runs]) -> tuple[Facts, ...]:
    """One block of the pairs that have a text, or none: to be unpacked among other blocks."""
    kept = tuple((Run(label) if isinstance(label, str) else label, content) for label, content in pairs if content)
    return (Facts(kept),) if kept else ()


def paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a text; its single line breaks stay."""
    for part in re.split(r"\n\s*\n", clean(text)):
        if part.strip():
            yield "\n".join(line.strip() for line in part.strip().split("\n"))


def prose(text: str, role: ParagraphRole = "", lang: str = "") -> tuple[Paragraph, ...]:
    """A text of the register as paragraphs."""
    return tuple(Paragraph((Run(part, lang=lang),), role) for part in paragraphs(text))


def balanced(count: int, most: int) -> list[range]:
    """The places 0 to count - 1 in as few equal groups as hold at most `most` each."""
    groups = -(-count // most)
    bounds = [round(count * place / groups) for place in range(groups + 1)] if groups else []
    return [range(start, end) for start, end in pairwise(bounds)]
