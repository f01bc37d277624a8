"""An article that is about to be read at the desk: whether it is a document already, what it says of itself, the copy
that was brought of it, and its words in paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache

from django.core import signing

from factcheck.base.people import Reader
from factcheck.base.storage import open_file
from factcheck.base.text import normalise_url
from factcheck.models.merged import standing_ones
from factcheck.search.near import find_same_page
from sources.logic.copies import LONGEST_PAGE, decoded, words_of
from sources.logic.metadata import Proposal, article_in, read_page
from sources.models import Document, Snapshot
from sources.models.document import TEXT_OF_A_WORK
from sources.services.snapshot import Staged, record_copy

PAGES = frozenset({"text/html", "application/xhtml+xml"})
PASTED = "Text pasted at the desk"
CARRIED = 24 * 60 * 60
"""Seconds for which a copy that was brought waits for the document that it is of."""
_SALT = "sources.article"
TELLING = 30
"""Letters of a line by which an article is found in the words of its page: shorter ones stand in every menu."""


def find_document(url: str, user: Reader) -> Document | None:
    """The document that leads to the same page, without regard to what tracks a reader; the one with this very address
    before others."""
    rows = Document.objects.visible_to(user)
    exact = rows.filter(url=normalise_url(url)).first() if url else None
    found = [exact] if exact else sorted(find_same_page(rows, url, lambda row: row.url), key=lambda row: row.pk)
    return next(iter(standing_ones(found, rows)), None)


def what_it_says(staged: Staged) -> dict[str, Proposal]:
    """What the page in a copy says of itself; nothing where the copy is no page."""
    return read_page(_page(staged.name, staged.sent_as)) if staged.media_type in PAGES else {}


def carry(staged: Staged, user: Reader, url: str) -> str:
    """A text that stands for a copy until the document at `url` is saved; it is of use to this user alone."""
    return signing.dumps([user.pk, normalise_url(url), asdict(replace(staged, text=""))], salt=_SALT)


def carried(token: str, user: Reader, url: str) -> Staged | None:
    """The copy that `carry` was given; None for a text that it did not make for this user, or made too long ago, and
    for a copy that was fetched from another address."""
    try:
        owner, asked, told = signing.loads(token, salt=_SALT, max_age=CARRIED)
    except signing.BadSignature:
        return None
    staged = Staged(**told)
    if owner != user.pk or (staged.final_url and asked != normalise_url(url)):
        return None
    try:
        with open_file(staged.name) as content:
            words = words_of(content.read(LONGEST_PAGE), staged.media_type, staged.sent_as, longest=TEXT_OF_A_WORK)
    except OSError:
        return None
    return replace(staged, text=words)


@dataclass(frozen=True, slots=True)
class Brought:
    """A copy that somebody brought, and what took it."""

    staged: Staged
    tool: str = ""


def keep_brought(*, actor: Reader, document: Document, copies: Sequence[Brought]) -> list[Snapshot]:
    """The snapshots of the copies that were brought, but for content that is kept of the document already."""
    kept = set(Snapshot.objects.kept().filter(document=document).values_list("digest", flat=True))
    new = {one.staged.digest: one for one in copies if one.staged.digest not in kept}
    return [record_copy(actor=actor, document=document, staged=one.staged, tool=one.tool) for one in new.values()]


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a work for reading, a paragraph each, and where among them the article stands on its page."""

    key: str
    paragraphs: tuple[str, ...]
    first: int
    end: int

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


def readings_of(document: Document) -> list[tuple[str, str]]:
    """What there is to be read of a document, as (key, words): its copies, the newest first, and its own text."""
    copies = Snapshot.objects.filter(document=document, broken_since=None).exclude(text="").order_by("-taken_at", "-pk")
    found = [
        (f"copy-{pk}", f"copy of {taken_at:%d %B %Y, %H:%M}") for pk, taken_at in copies.values_list("pk", "taken_at")
    ]
    return [*found, *([("text", "text in the register")] if document.text else [])]


def read(document: Document, key: str) -> Reading:
    """The words under this key of `readings_of`. Raises Snapshot.DoesNotExist."""
    if key == "text":
        return _reading(key, document.text)
    snapshot = Snapshot.objects.get(document=document, pk=int(key.removeprefix("copy-")))
    alone: tuple[str, ...] = ()
    if snapshot.media_type in PAGES and snapshot.kept_as:
        alone = _article(snapshot.kept_as)
    return _reading(key, snapshot.text, alone)


def _reading(key: str, text: str, alone: Sequence[str] = ()) -> Reading:
    lines = tuple(line for line in text.split("\n") if line.strip())
    known = {_bare(line) for line in alone}
    stands = [_bare(line) in known for line in lines]
    telling = [place for place, line in enumerate(lines) if stands[place] and len(line) >= TELLING]
    if not telling:
        return Reading(key, lines, 0, len(lines))
    first, end = telling[0], telling[-1] + 1
    # Its title and the like are shorter, and stand right above.
    while first and stands[first - 1]:
        first -= 1
    return Reading(key, lines, first, end)


def _bare(line: str) -> str:
    return " ".join(line.split()).removeprefix("- ")


@lru_cache(maxsize=16)
def _article(name: str) -> tuple[str, ...]:
    """The lines of the article in a kept page; a file never changes under its name."""
    return tuple(article_in(_page(name)).split("\n"))


def _page(name: str, sent_as: str = "") -> str:
    try:
        with open_file(name) as content:
            return decoded(content.read(LONGEST_PAGE), sent_as)
    except OSError:
        return ""
