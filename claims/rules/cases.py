"""Asks the register for what the rules on single rows look at: verdicts, statements, dates and identifiers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.utils import timezone

from claims.choices import ClaimStatus, Stance
from claims.logic.chains import Spoken, can_mean
from claims.logic.pieces import Kinship, Shown
from claims.models import Attribution, Dispute, Evidence, EvidenceDocument, EvidenceLink, Inquiry, Review, Verdict
from claims.models.attribution import AttributionQuerySet
from claims.models.spoken_for import TOLD_BODY
from claims.rules.decision import UNKNOWN_RELIABILITY, Decision, Piece
from claims.rules.identity import Identified
from claims.rules.network_rows import batches
from claims.rules.registry import Row
from claims.rules.statement import Dated, Statement
from factcheck.models.recorded import RecordedModel
from sources.models import Affiliation, Document, Source

DATED: dict[type[RecordedModel], tuple[str, ...]] = {
    Dispute: ("occurred_on",),
    Document: ("published_on", "retracted_on"),
    Attribution: ("said_on",),
    Evidence: ("observed_on",),
    Review: ("reviewed_on",),
    Inquiry: ("asked_on", "due_on", "answered_on"),
    Verdict: ("review_by",),
    Source: ("part_of_since",),
    Affiliation: ("since", "until"),
}
"""The dates that somebody enters, by the nouns that have them."""
ASKED = ~Q(said_on="") | Q(stance=Stance.RETRACTS)
"""Which statements the rules on statements are asked of: those that have a date, and all that take something back."""


def dates_of(row: RecordedModel) -> dict[str, str]:
    """The dates of the row by their field, as text; empty where there is none."""
    return {name: str(getattr(row, name) or "") for name in DATED[type(row)]}


def decision_of(verdict: Verdict) -> Decision:
    """The verdict with what stands on its claim."""
    decision = _decision(verdict, load_pieces([verdict.claim_id]).get(verdict.claim_id, []))
    return replace(decision, review_by=verdict.review_by, today=timezone.localdate())


def load_decisions(claims: Iterable[int]) -> Iterator[Decision]:
    """The current verdicts on those of the claims that are published."""
    for batch in batches(claims):
        current = Verdict.objects.current().filter(claim__in=batch, claim__status=ClaimStatus.PUBLISHED)
        verdicts = list(current.select_related("rating").order_by("claim_id"))
        pieces = load_pieces([verdict.claim_id for verdict in verdicts])
        for verdict in verdicts:
            yield _decision(verdict, pieces.get(verdict.claim_id, []))


def _decision(verdict: Verdict, pieces: Collection[Piece]) -> Decision:
    rating = verdict.rating
    return Decision(
        claim=verdict.claim_id,
        label=rating.label,
        leaning=rating.leaning,
        value=rating.claimreview_value,
        likelihood=verdict.likelihood,
        rationale=verdict.rationale,
        pieces=tuple(pieces),
    )


def load_pieces(claims: Collection[int]) -> dict[int, list[Piece]]:
    """The evidence that stands on each of these claims."""
    links = EvidenceLink.objects.standing().filter(claim__in=claims).order_by("pk").with_discount()
    columns = ("claim_id", "evidence_id", "bearing", "set_name", "evidence__credibility", "discount")
    rows = list(links.values_list(*columns))
    evidence = {row[1] for row in rows}
    documents: dict[int, list[tuple[bool, str]]] = defaultdict(list)
    carried_by: dict[int, list[int]] = defaultdict(list)
    carriers = (
        EvidenceDocument.objects.filter(evidence__in=evidence)
        .order_by("pk")
        .values_list("evidence_id", "document__retracted_on", "document__publisher__reliability")
    )
    for pk, retracted_on, reliability in carriers:
        documents[pk].append((bool(retracted_on), reliability or UNKNOWN_RELIABILITY))
    joining = EvidenceDocument.objects.joining().filter(evidence__in=evidence).order_by("pk")
    for pk, document in joining.values_list("evidence_id", "document_id"):
        carried_by[pk].append(document)
    kinship = Kinship(_parents(evidence), carried_by)
    shown: dict[int, list[Shown]] = defaultdict(list)
    for claim, pk, bearing, set_name, *_rest in rows:
        shown[claim].append(Shown(pk, bearing, claim, set_name))
    origins = {claim: kinship.origins_of(pieces) for claim, pieces in shown.items()}
    found: dict[int, list[Piece]] = defaultdict(list)
    for claim, pk, bearing, _set_name, credibility, discount in rows:
        carried = documents[pk]
        found[claim].append(
            Piece(
                id=pk,
                bearing=bearing,
                origin=origins[claim][pk],
                reliability=min((grade for _retracted, grade in carried), default=UNKNOWN_RELIABILITY),
                credibility=credibility,
                retracted=bool(carried) and all(retracted for retracted, _grade in carried),
                discount=discount,
            )
        )
    return found


def _parents(evidence: Collection[int]) -> dict[int, int | None]:
    """Each piece and all that it derives from, with what it derives from itself; a query for each step."""
    parents: dict[int, int | None] = {}
    frontier = set(evidence)
    while frontier:
        found = dict(Evidence._base_manager.filter(pk__in=frontier).values_list("pk", "derived_from_id"))
        parents |= found
        frontier = {pk for pk in found.values() if pk is not None} - parents.keys()
    return parents


def load_statements(attributions: Iterable[int]) -> Iterator[Statement]:
    """Those of the attributions that stand, with the dates that bound them."""
    for batch in batches(attributions):
        rows = list(
            Attribution.objects.standing()
            .filter(pk__in=batch)
            .order_by("pk")
            .select_related("claim__dispute", "document", "relayed_from")
            .only(
                *("stance", "said_on", "withdrawn_at", "claim__dispute__occurred_on"),
                *("document__published_on", "relayed_from__said_on"),
            )
        )
        own = _can_be_meant({row.pk: row.claim_id for row in rows if row.stance == Stance.RETRACTS})
        for row in rows:
            origin, document, dispute = row.relayed_from, row.document, row.claim.dispute
            yield Statement(
                id=row.pk,
                stance=row.stance,
                said_on=row.said_on,
                occurred_on=dispute.occurred_on if dispute is not None else "",
                published_on=document.published_on if document is not None else "",
                document=document.pk if document is not None else 0,
                origin=(origin.pk, origin.said_on) if origin is not None else None,
                own=tuple(own.get(row.pk, ())),
            )


def _can_be_meant(retractions: Mapping[int, int]) -> dict[int, list[tuple[int, str]]]:
    """What each of these retractions, given with its claim, can take back if the dates allow it."""
    if not retractions:
        return {}
    rows = Attribution.objects.standing().filter(claim__in=set(retractions.values())).order_by("pk")
    said: dict[int, list[Spoken]] = defaultdict(list)
    for pk, claim, source, stance, said_on, body in rows.values_list(
        "pk", "claim", "source", "stance", "said_on", TOLD_BODY
    ):
        said[claim].append(Spoken(pk, source, stance, said_on, on_behalf_of=body))
    backs = {row.id: row for spoken in said.values() for row in spoken if row.id in retractions}
    return {
        pk: [(row.id, row.said_on) for row in said[retractions[pk]] if can_mean(back._replace(said_on=""), row)]
        for pk, back in backs.items()
    }


def load_reworded(attributions: AttributionQuerySet) -> Iterator[Statement]:
    """Those of the attributions that count and are older than the wording of their claim."""
    rows = attributions.counting().of_earlier_wording().order_by("pk").values_list("pk", "stance", "claim_id")
    return (Statement(pk, stance, reworded=claim) for pk, stance, claim in rows)


def load_dated(model: type[RecordedModel], pks: Iterable[int]) -> Iterator[Dated]:
    """The dates of these rows, as they stand now."""
    now = timezone.now()
    for batch in batches(pks):
        rows: Any = model._base_manager.filter(pk__in=batch).order_by("pk")
        for row in rows.only("pk", *DATED[model]):
            yield Dated(Row(str(model._meta.model_name), row.pk), now, dates_of(row))


def load_identified(identifiers: Iterable[str]) -> Iterator[Identified]:
    """The sources that have each of these identifiers."""
    for batch in batches(identifiers):
        found: dict[str, list[int]] = defaultdict(list)
        rows = Source._base_manager.filter(wikidata_id__in=batch).order_by("pk").values_list("wikidata_id", "pk")
        for identifier, pk in rows:
            found[identifier].append(pk)
        for identifier, pks in found.items():
            yield Identified(identifier, tuple(pks))
