"""Puts the rows of one claim together into its part of the dossier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from claims.choices import (
    Bearing,
    PremiseFate,
    VerdictStatus,
)
from claims.logic import verbs, wording
from claims.logic.origins import count_pieces, lineage
from claims.logic.verbs import EARLIER_WORDING
from claims.logic.voices import FALLEN
from claims.models import Attribution, Claim, ClaimRelation, EvidenceLink, Premise
from claims.reports.content.claim import OriginGroup, Said
from claims.reports.content.contradiction import Contradiction
from claims.reports.content.dossier import ClaimContent, Imprint
from claims.reports.content.evidence import EvidenceContent, EvidenceStep, PremiseContent
from claims.reports.content.rows import (
    NEVER,
    AttributionContent,
    ChainLink,
    DocumentContent,
    RelationContent,
    Term,
    When,
)
from claims.reports.load.fields import columns_of, content_of, term, when
from claims.reports.load.redact import Redaction
from claims.reports.load.rows import Rows
from claims.reports.load.staleness import why_stale
from claims.reports.load.stance import did, passes_on
from claims.rules.current_verdict import current_verdict
from factcheck.base.ancestry import furthest
from sources.models import Document


def assemble_claim(
    claim: Claim, rows: Rows, redaction: Redaction, imprint: Imprint, beside: Collection[int] = ()
) -> ClaimContent:
    """The view of `claim`; `beside` are the claims of the same report, if there are several."""
    origins = _origins(claim.pk, rows, redaction)
    origin_of = rows.kinship.origins_of(rows.shown([claim.pk]))
    evidence = tuple(_evidence(link, rows, redaction, origin_of) for link in rows.links.get(claim.pk, []))
    voices = rows.speakers.voices.count(claim.pk)
    pieces = count_pieces(rows.shown([claim.pk]), rows.kinship)
    verdicts = rows.verdicts.get(claim.pk, [])
    current = current_verdict(verdicts)
    return content_of(
        ClaimContent,
        claim,
        number=claim.pk,
        question=claim.question.text if claim.question is not None else "",
        question_id=claim.question_id,
        check_reason=claim.check_reason if redaction.desk else "",
        external_id=(claim.external_id or "") if redaction.desk else "",
        withdrawn_reason=claim.withdrawn_reason if redaction.desk else "",
        verdict=redaction.verdict(current, claim.text, rows.confirmations.get(current.pk, ())) if current else None,
        earlier=tuple(
            redaction.verdict(row, claim.text, rows.confirmations.get(row.pk, ()))
            for row in reversed(verdicts)
            if row.status == VerdictStatus.PUBLISHED and row is not current
        ),
        drafts=tuple(redaction.verdict(row, claim.text) for row in verdicts if row.status != VerdictStatus.PUBLISHED),
        origins=origins,
        evidence=evidence,
        relations=tuple(_relation(row, claim, rows, imprint) for row in rows.relations.get(claim.pk, [])),
        reviews=tuple(redaction.review(row) for row in rows.reviews.get(claim.pk, [])),
        inquiries=tuple(redaction.inquiry(row) for row in rows.inquiries.get(claim.pk, [])),
        voices_for=voices["for"],
        voices_against=voices["against"],
        voices_neither=voices["neither"],
        voices_against_repeats=rows.speakers.count_repeats(claim.pk),
        voices_for_rivals=rows.speakers.count_rivals(claim.pk),
        evidence_for=pieces[Bearing.SUPPORTS],
        evidence_against=pieces[Bearing.REFUTES],
        said=_said(claim.pk, rows, redaction),
        contradicted_by=_contradicted_by(claim.pk, rows, redaction, imprint, beside),
        stale=why_stale(claim, current, rows) if redaction.desk else (),
    )


def _origins(claim: int, rows: Rows, redaction: Redaction) -> tuple[OriginGroup, ...]:
    standing = {row.pk: row for row in rows.attributions.get(claim, [])}
    joint = _joint(standing.values())
    return tuple(
        OriginGroup(
            origin=group.origin,
            side=group.side,
            attributions=tuple(
                _attribution(standing[pk], group.side, standing, joint.get(pk, []), rows, redaction)
                for pk in group.statements
            ),
        )
        for group in rows.speakers.voices.groups(claim)
    )


def _joint(standing: Collection[Attribution]) -> dict[int, list[Attribution]]:
    """The statements that are one act with each of these, where there are any; a row that is gone joins the others."""
    acts: dict[int, list[Attribution]] = defaultdict(list)
    first = {row.pk: row.joint_with_id for row in standing}
    for row in standing:
        acts[furthest(row.pk, first)].append(row)
    return {row.pk: [other for other in act if other is not row] for act in acts.values() for row in act}


def _said(claim: int, rows: Rows, redaction: Redaction) -> tuple[Said, ...]:
    """Each source with what it did to say so, unless it asserted the claim as it stands, in a work that stands."""
    speakers, found = rows.speakers, defaultdict[tuple[int, str], dict[str, int]](dict)
    for row, way in speakers.ways(claim, "for"):
        end = speakers.voices.passes_on(row.id)
        plain = row.stance == verbs.ASSERTS
        did = "" if plain else verbs.in_words(row.stance, end.stance if end is not None else "")
        told = ", ".join(filter(None, (did, EARLIER_WORDING if row.earlier_wording else "", *way.remarks)))
        body = redaction.source(way.body).name if way.body is not None else ""
        found[row.source, body].setdefault(told, row.id)
    return tuple(
        Said(
            name=shown.name,
            how="" if "" in told else " and ".join(told),
            body=body,
            source_id=shown.id,
            attribution=next(iter(told.values())),
        )
        for (source, body), told in found.items()
        for shown in [redaction.source(speakers.sources[source])]
    )


def _contradicted_by(
    claim: int, rows: Rows, redaction: Redaction, imprint: Imprint, beside: Collection[int]
) -> tuple[Contradiction, ...]:
    told = []
    for row in rows.speakers.contradicting(claim):
        other = row.other.pk if row.other is not None else None
        did = verbs.in_words(row.stance, row.passed_on, earlier=row.earlier_wording)
        told.append(
            Contradiction(
                attribution=row.attribution,
                source=redaction.source(row.source),
                stance=Term(row.stance, verbs.remarked(did, row.remarks)),
                said_on=when(row.said_on),
                passed_on=row.passed_on,
                earlier_wording=row.earlier_wording,
                claim=other,
                number=other if other in beside and other is not None else 0,
                text=row.text,
                language=row.other.language if row.other is not None else "",
                address=imprint.page("claims", other),
                body=redaction.source(row.body).name if row.body is not None else "",
                remarks=row.remarks,
            )
        )
    return tuple(told)


def _attribution(
    row: Attribution,
    side: str,
    standing: Mapping[int, Attribution],
    joint: Collection[Attribution],
    rows: Rows,
    redaction: Redaction,
) -> AttributionContent:
    voices = rows.speakers.voices
    line = lineage(row.pk, voices.passed_on)
    back = voices.retracted.get(row.pk)
    row = row.shown_to(redaction.reader)
    return content_of(
        AttributionContent,
        row,
        source=redaction.source(row.source),
        stance=did(row.pk, row.stance, rows.speakers, redaction),
        passes_on=passes_on(row.pk, voices),
        earlier_wording=voices.rows[row.pk].earlier_wording,
        fallen=side == FALLEN,
        side=side,
        on_behalf_of=redaction.body(row.on_behalf_of),
        document=_document(row.document, rows, redaction),
        place=wording.place_in_work(row.selector, row.quote),
        relayed_from=row.relayed_from_id if row.relayed_from_id in standing else None,
        joint_with=row.joint_with_id if row.joint_with_id in standing else None,
        joint_sources=tuple(redaction.source(other.source).name for other in joint),
        taken_back_by=back.id if back is not None else None,
        taken_back_on=when(back.said_on) if back is not None else NEVER,
        origin=voices.origin(row.pk),
        chain=tuple(_link(pk, standing.get(pk), rows, redaction) for pk in line),
        **_quote(row, rows, redaction),
    )


def _quote(row: Attribution, rows: Rows, redaction: Redaction) -> dict[str, object]:
    """Whether the quote stands in the cited document, and what it leaves out of that."""
    found = rows.quotes.get(row.pk)
    publisher = row.document.publisher if row.document is not None else None
    # That a work holds these words would tell which work of a withheld source it is.
    if found is None or any(redaction.hides(source) for source in (row.source, row.on_behalf_of, publisher)):
        return {}
    warnings = wording.quote_warnings(found.warnings)
    return {
        "quote_state": Term(found.state, wording.quote_words(found.state, warnings)),
        "quote_omits": found.omitted_for(redaction.reader),
        "quote_warnings": warnings,
    }


def _link(pk: int, row: Attribution | None, rows: Rows, redaction: Redaction) -> ChainLink:
    if row is None:
        return ChainLink(pk, None, "", Term("", ""), When("", ""), None)
    return ChainLink(
        attribution_id=pk,
        source=redaction.source(row.source),
        capacity=row.shown_to(redaction.reader).capacity,
        stance=did(pk, row.stance, rows.speakers, redaction),
        said_on=when(row.said_on),
        document=_document(row.document, rows, redaction),
    )


def _document(row: Document | None, rows: Rows, redaction: Redaction) -> DocumentContent | None:
    return redaction.document(row, rows.snapshots.get(row.pk, [])) if row is not None else None


def _evidence(link: EvidenceLink, rows: Rows, redaction: Redaction, origin_of: Mapping[int, int]) -> EvidenceContent:
    row = link.evidence
    line = lineage(row.pk, rows.kinship.derived_from)
    premises = tuple(_premise(premise) for premise in rows.premises.get(link.pk, []))
    return content_of(
        EvidenceContent,
        row,
        link_id=link.pk,
        **columns_of(EvidenceContent, link, part="link"),
        documents=tuple(
            redaction.document(document, rows.snapshots.get(document.pk, []))
            for document in rows.carriers.get(row.pk, [])
        ),
        discounted=_discounted(link, premises),
        premises=premises,
        origin=origin_of.get(row.pk, line[-1]),
        lineage=tuple(EvidenceStep(pk, rows.titles.get(pk, "")) for pk in line),
    )


def _premise(row: Premise) -> PremiseContent:
    return content_of(PremiseContent, row, claim_id=row.claim_id, text=row.claim.text, fate=term(row.fate, PremiseFate))


def _discounted(link: EvidenceLink, premises: Sequence[PremiseContent]) -> Term:
    """Why it does not count; what it depends on is named as far as the reader may know of it."""
    failing = [(premise.text, premise.fate.code) for premise in premises if premise.fate]
    return Term(link.discounted, wording.discounted(link.discounted, failing))


def _relation(row: ClaimRelation, claim: Claim, rows: Rows, imprint: Imprint) -> RelationContent:
    inverse = row.claim_id != claim.pk
    other = row.claim if inverse else row.other
    verdict = current_verdict(rows.verdicts.get(other.pk, []))
    return content_of(
        RelationContent,
        row,
        verb=wording.relation_verb(row.kind, inverse=inverse),
        other_id=other.pk,
        other_text=other.text,
        other_language=other.language,
        other_address=imprint.page("claims", other.pk),
        other_rating=verdict.rating.label if verdict else "",
    )
