"""By which numbers a report refers to what it lists once: claims, evidence (E1), documents ([1]) and sources (S1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from claims.reports.content.claim import numbered
from claims.reports.content.dossier import Dossier
from claims.reports.content.evidence import EvidenceContent
from claims.reports.content.rows import DocumentContent, SourceContent
from claims.reports.content.telling import shown_evidence
from claims.reports.outline.blocks import Run, Runs, joined, runs

WITHHELD = "name withheld from the public"


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of one report. `bearings` has the evidence that it shows on each claim, `shown` the pieces of it;
    `desk` says whether it is told which names are withheld."""

    evidence: Mapping[int, int]
    bearings: Mapping[int, tuple[EvidenceContent, ...]]
    shown: frozenset[int]
    works: Mapping[int, int]
    sources: Mapping[int, int]
    desk: bool
    lists: str = ""
    """Where the list of all claims is."""

    @classmethod
    def of(cls, dossier: Dossier) -> Numbers:
        bearings = {claim.id: shown_evidence(claim, dossier) for claim in dossier.claims}
        return cls(
            evidence=numbered(dossier.claims),
            bearings=bearings,
            shown=frozenset(row.id for rows in bearings.values() for row in rows),
            works={row.id: number for number, row in enumerate(dossier.documents, start=1)},
            sources={row.id: number for number, row in enumerate(dossier.sources, start=1)},
            desk=dossier.imprint.desk,
            lists=dossier.imprint.pages("claims"),
        )

    def topics(self, tags: Iterable[str]) -> Runs:
        """Each topic, with a link to the claims that are filed under it."""
        return joined([runs(Run(tag, link=f"{self.lists}?{urlencode({'tag': tag})}")) for tag in tags], ", ")

    def piece(self, pk: int) -> Run:
        """`E3`, with a link to where it stands."""
        return Run(f"E{self.evidence[pk]}", "strong", link=f"#evidence-{pk}" if pk in self.shown else "")

    def work(self, row: DocumentContent, place: str = "") -> Runs:
        """`[2]`, `[2], page 12`; in words where it is not listed."""
        number = self.works.get(row.id)
        named = Run(f"[{number}]", link=f"#document-{row.id}", title=row.title) if number else Run(row.title)
        retracted = Run(f" retracted {row.retracted_on}", "flag") if row.retracted_on.text else None
        return runs(named, Run(f", {place}") if place else None, retracted)

    def source(self, row: SourceContent) -> Runs:
        """`The Ministry S4`, for the desk with the remark that the name is withheld."""
        number = self.sources.get(row.id)
        return runs(
            Run(row.name, "strong"),
            Run("\u00a0", "quiet") if number else None,
            Run(f"S{number}", "quiet", link=f"#source-{row.id}") if number else None,
            Run(f" {WITHHELD}", "flag") if row.withheld and self.desk else None,
        )


def claim_link(pk: int, text: str = "", *, capital: bool = False) -> Run:
    """`claim 12`, with a link to where it stands in this report."""
    return Run(f"{'C' if capital else 'c'}laim {pk}", link=f"#claim-{pk}", title=text)
