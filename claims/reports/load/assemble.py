"""Puts the rows of one claim together into its part of the dossier."""

from __future__ import annotations

from claims.choices import (
    Bearing,
    ClaimStatus,
    ConflictPoint,
    Credibility,
    EvidenceKind,
    RelationKind,
    Strength,
    VerdictStatus,
)
from claims.logic import wording
from claims.logic.origins import Said, count_pieces, count_voices, families, lineage, side_of
from claims.models import Attribution, Claim, ClaimRelation, EvidenceLink
from claims.reports.content.dossier import ClaimContent, Imprint
from claims.reports.content.rows import (
    AttributionContent,
    ChainLink,
    DocumentContent,
    EvidenceContent,
    EvidenceStep,
    OriginGroup,
    RelationContent,
    Term,
    When,
)
from claims.reports.load.redact import Mask, grade, language, moment, term, when
from claims.reports.load.rows import Rows
from claims.reports.load.staleness import why_stale
from claims.rules.current_verdict import current_verdict
from sources.models import Document


def assemble_claim(number: int, claim: Claim, rows: Rows, mask: Mask, imprint: Imprint) -> ClaimContent:
    """The view of `claim`; `number` is its place in the report."""
    attributions = rows.attributions.get(claim.pk, [])
    said = [Said(row.pk, row.source_id, row.stance) for row in attributions]
    origins = _origins(attributions, said, rows, mask)
    evidence = tuple(_evidence(link, rows, mask) for link in rows.links.get(claim.pk, []))
    voices = count_voices(said, rows.relayed_from)
    pieces = count_pieces(((row.id, row.bearing.code) for row in evidence), rows.derived_from)
    verdicts = rows.verdicts.get(claim.pk, [])
    current = current_verdict(verdicts)
    return ClaimContent(
        id=claim.pk,
        number=number,
        text=claim.text,
        context=claim.context,
        language=language(claim.language),
        status=term(claim.status, ClaimStatus),
        tags=tuple(claim.tags),
        quantity_min=claim.quantity_min,
        quantity_max=claim.quantity_max,
        quantity_unit=claim.quantity_unit,
        check_reason=claim.check_reason if mask.desk else "",
        first_published_at=moment(claim.first_published_at),
        withdrawn_reason=claim.withdrawn_reason if mask.desk else "",
        verdict=mask.verdict(current) if current else None,
        earlier=tuple(
            mask.verdict(row)
            for row in reversed(verdicts)
            if row.status == VerdictStatus.PUBLISHED and row is not current
        ),
        drafts=tuple(mask.verdict(row) for row in verdicts if row.status != VerdictStatus.PUBLISHED),
        origins=origins,
        evidence=evidence,
        relations=tuple(_relation(row, claim, rows, imprint) for row in rows.relations.get(claim.pk, [])),
        reviews=tuple(mask.review(row) for row in rows.reviews.get(claim.pk, [])),
        inquiries=tuple(mask.inquiry(row) for row in rows.inquiries.get(claim.pk, [])),
        voices_for=voices["for"],
        voices_against=voices["against"],
        voices_neither=voices["neither"],
        evidence_for=pieces[Bearing.SUPPORTS],
        evidence_against=pieces[Bearing.REFUTES],
        stale=why_stale(claim, current, rows) if mask.desk else (),
    )


def _origins(attributions: list[Attribution], said: list[Said], rows: Rows, mask: Mask) -> tuple[OriginGroup, ...]:
    standing = {row.pk: row for row in attributions}
    return tuple(
        OriginGroup(
            origin=origin,
            side=side_of(family[0].stance),
            attributions=tuple(_attribution(standing[row.id], standing, rows, mask) for row in family),
        )
        for origin, family in families(said, rows.relayed_from).items()
    )


def _attribution(row: Attribution, standing: dict[int, Attribution], rows: Rows, mask: Mask) -> AttributionContent:
    line = lineage(row.pk, rows.relayed_from)
    row = row.shown_to(mask.user)
    return AttributionContent(
        id=row.pk,
        source=mask.source(row.source),
        stance=Term(row.stance, wording.stance_words(row.stance)),
        said_on=when(row.said_on),
        quote=row.quote,
        quote_language=language(row.quote_language),
        translation=row.translation,
        translator=row.translator,
        capacity=row.capacity,
        on_behalf_of=mask.source_or_none(row.on_behalf_of),
        document=_document(row.document, rows, mask),
        place=wording.place_in_work(row.selector, row.quote),
        anonymous=row.anonymous,
        anonymous_reason=row.anonymous_reason,
        relayed_from=row.relayed_from_id if row.relayed_from_id in standing else None,
        origin=line[-1],
        chain=tuple(_link(pk, standing.get(pk), rows, mask) for pk in line),
        quote_state=_quote_state(row, rows, mask),
    )


def _quote_state(row: Attribution, rows: Rows, mask: Mask) -> Term:
    found = rows.quotes.get(row.pk)
    publisher = row.document.publisher if row.document is not None else None
    # That a work holds these words would tell which work of a withheld source it is.
    if found is None or any(mask.hides(source) for source in (row.source, row.on_behalf_of, publisher)):
        return Term("", "")
    return Term(found.state, wording.QUOTE_STATES.get(found.state, ""))


def _link(pk: int, row: Attribution | None, rows: Rows, mask: Mask) -> ChainLink:
    if row is None:
        return ChainLink(pk, None, "", Term("", ""), When("", ""), None)
    return ChainLink(
        attribution_id=pk,
        source=mask.source(row.source),
        capacity=row.shown_to(mask.user).capacity,
        stance=Term(row.stance, wording.stance_words(row.stance)),
        said_on=when(row.said_on),
        document=_document(row.document, rows, mask),
    )


def _document(row: Document | None, rows: Rows, mask: Mask) -> DocumentContent | None:
    return mask.document(row, rows.snapshots.get(row.pk, [])) if row is not None else None


def _evidence(link: EvidenceLink, rows: Rows, mask: Mask) -> EvidenceContent:
    row = link.evidence
    line = lineage(row.pk, rows.derived_from)
    return EvidenceContent(
        id=row.pk,
        link_id=link.pk,
        bearing=term(link.bearing, Bearing),
        strength=term(link.strength, Strength),
        note=link.note,
        kind=term(row.kind, EvidenceKind),
        title=row.title,
        description=row.description,
        observed_on=when(row.observed_on),
        credibility=grade(row.credibility, Credibility),
        documents=tuple(
            mask.document(document, rows.snapshots.get(document.pk, [])) for document in rows.carriers.get(row.pk, [])
        ),
        origin=line[-1],
        lineage=tuple(EvidenceStep(pk, rows.titles.get(pk, "")) for pk in line),
    )


def _relation(row: ClaimRelation, claim: Claim, rows: Rows, imprint: Imprint) -> RelationContent:
    inverse = row.claim_id != claim.pk
    other = row.claim if inverse else row.other
    verdict = current_verdict(rows.verdicts.get(other.pk, []))
    return RelationContent(
        id=row.pk,
        kind=term(row.kind, RelationKind),
        verb=wording.relation_verb(row.kind, inverse=inverse),
        point=term(row.point, ConflictPoint),
        note=row.note,
        other_id=other.pk,
        other_text=other.text,
        other_language=other.language,
        other_address=imprint.page("claims", other.pk),
        other_rating=verdict.rating.label if verdict else "",
    )
