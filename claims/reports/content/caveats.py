"""What a reader should know before anything of a report is believed, and whose reply was not asked for.

Each follows from a definition (docs/definitions.md), from what this reader is shown and from nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from claims.logic.verbs import RELAYS
from claims.reports.content.dossier import DisputeDossier, Dossier
from claims.reports.content.rows import AttributionContent, DocumentContent, SourceContent

ONE_DOCUMENT = "All of it rests on one document"
NO_ORIGINAL = "No statement cites its original, only what others report of it."
_OUTLET, _WITNESS = "news_outlet", "witness"


@dataclass(frozen=True, slots=True)
class Caveat:
    """One of them for who reads the data alone: its code, a sentence, and the document on which all of it rests."""

    code: str
    words: str
    document: DocumentContent | None = None


@dataclass(frozen=True, slots=True)
class Caveats:
    """What holds of a report, the gravest first: all of it rests on `work`, no statement cites its original, nobody was
    asked.

    The last is told in words, empty where somebody was: of the claims of the report. About another, be it the
    opposite, or one that this reader does not see, somebody may have been asked.
    """

    work: DocumentContent | None
    no_original: bool
    nobody_asked: str

    def __bool__(self) -> bool:
        return bool(self.work or self.no_original or self.nobody_asked)

    @property
    def told(self) -> tuple[Caveat, ...]:
        """Each that holds, in the order in which a report begins with them."""
        found = (
            Caveat("one_document", _one_document(self.work), self.work) if self.work else None,
            Caveat("no_original", NO_ORIGINAL) if self.no_original else None,
            Caveat("nobody_asked", self.nobody_asked) if self.nobody_asked else None,
        )
        return tuple(filter(None, found))


def _one_document(work: DocumentContent) -> str:
    by = f", by {publisher}" if (publisher := publisher_of(work)) else ""
    return f"{ONE_DOCUMENT}{by}: “{work.title}”."


def publisher_of(work: DocumentContent) -> str:
    """Who published it, where that is told; else empty."""
    return work.publisher.name if work.publisher is not None and not work.publisher.withheld else ""


def caveats_of(dossier: Dossier) -> Caveats:
    """The caveats of what one reader is shown."""
    own = [row for row in _statements(dossier) if not _reports_itself(row)]
    asked = any(claim.inquiries for claim in dossier.claims)
    return Caveats(
        work=_only_work(dossier),
        no_original=bool(own) and all(_at_second_hand(row) for row in own),
        nobody_asked="" if asked else f"The desk asked nobody about {subject(dossier)}.",
    )


def subject(dossier: Dossier) -> str:
    """About what somebody was asked, or was not."""
    return "these claims" if isinstance(dossier, DisputeDossier) else "this claim"


def not_asked(dossier: Dossier) -> tuple[SourceContent, ...]:
    """Who speaks for a claim or against it in their own voice, where neither they nor who speaks with them was asked:
    no news outlet, no unnamed witness, and nobody whose name is withheld."""
    asked = {row.source.id for claim in dossier.claims for row in claim.inquiries}
    found = {
        source.id: source
        for claim in dossier.claims
        for side in claim.sides
        if side.code in {"for", "against"}
        for group in side.groups
        for row in group.attributions
        if row.stance.code != RELAYS and not any(source.id in asked for source in row.speakers)
        for source in row.speakers
        if not source.withheld and source.kind.code not in {_OUTLET, _WITNESS}
    }
    return tuple(found.values())


def _statements(dossier: Dossier) -> Iterator[AttributionContent]:
    for claim in dossier.claims:
        yield from claim.attributions


def _only_work(dossier: Dossier) -> DocumentContent | None:
    """The document that every statement cites and that carries every piece of evidence; None where there is none, or
    nothing is on record."""
    cited = [[row.document] if row.document is not None else [] for row in _statements(dossier)]
    cited += [list(row.documents) for claim in dossier.claims for row in claim.evidence]
    if not cited:
        return None
    shared = set.intersection(*({work.id for work in works} for works in cited))
    return next((work for work in cited[0] if work.id in shared), None)


def _reports_itself(row: AttributionContent) -> bool:
    """Whether it passes on what another says, or is an outlet in a work of its own."""
    return row.stance.code == RELAYS or (row.source.kind.code == _OUTLET and _at_first_hand(row))


def _at_first_hand(row: AttributionContent) -> bool:
    """Whether the work that it cites was published by one who speaks in it."""
    publisher = row.document.publisher if row.document is not None else None
    return publisher is not None and publisher.id in {source.id for source in row.speakers}


def _at_second_hand(row: AttributionContent) -> bool:
    """Whether that work was published by somebody else; where nobody is told, that is not known."""
    publisher = row.document.publisher if row.document is not None else None
    hidden = publisher is None or publisher.withheld or row.source.withheld
    return not hidden and not _at_first_hand(row)
