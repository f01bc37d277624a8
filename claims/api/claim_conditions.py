"""Conditions on what hangs on a claim: those about the same kind of rows are met by one and the same row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from claims.api.attribution_filters import AttributionFilterSet
from claims.api.evidence_filters import EvidenceFilterSet, EvidenceLinkFilterSet
from claims.api.verdict_filters import VerdictFilterSet
from claims.models import Attribution, Claim, EvidenceLink, Verdict
from factcheck.api.filters import About, RecordedFilterSet, StrictFilterSet
from factcheck.api.kind import Kind
from factcheck.base.people import Reader
from factcheck.models.choosing import referred_to

ATTRIBUTION, EVIDENCE, VERDICT = "attribution", "evidence", "current verdict"


def borrowed(filters: type[StrictFilterSet], about: str, path: str = "") -> Callable[[str], Any]:
    """The filters of another list by name, as conditions about its rows."""

    def filter_called(name: str) -> Kind:
        return filters.base_filters[name].on(about, path)

    return filter_called


_said = borrowed(AttributionFilterSet, ATTRIBUTION)
_shown = borrowed(EvidenceLinkFilterSet, EVIDENCE)
_piece = borrowed(EvidenceFilterSet, EVIDENCE, "evidence")
_decided = borrowed(VerdictFilterSet, VERDICT)


class ClaimConditions(RecordedFilterSet):
    """By what is said on a claim, what counts as evidence for or against it, and its current verdict."""

    related: ClassVar[Mapping[str, type[Model]]] = {
        ATTRIBUTION: Attribution,
        EVIDENCE: EvidenceLink,
        VERDICT: Verdict,
    }

    source, country, on_behalf_of, stance = _said("source"), _said("country"), _said("on_behalf_of"), _said("stance")
    document, anonymous, relayed, joint = _said("document"), _said("anonymous"), _said("relayed"), _said("joint")
    quoted, quote_state, quote_warning = _said("quoted"), _said("quote_state"), _said("quote_warning")
    said_on, said_after, said_before = _said("said_on"), _said("said_after"), _said("said_before")
    evidence, bearing, strength = _shown("evidence"), _shown("bearing"), _shown("strength")
    evidence_kind, credibility = _piece("kind"), _piece("credibility")
    rating, leaning, scale = _decided("rating"), _decided("leaning"), _decided("scale")
    likelihood, confidence, severity = _decided("likelihood"), _decided("confidence"), _decided("severity")
    decided_at, decided_after, decided_before = (_decided(f"published_{when}") for when in ("at", "after", "before"))
    review_by, review_by_after, review_by_before = (_decided(f"review_by{when}") for when in ("", "_after", "_before"))


def meeting(claims: QuerySet[Any], about: Mapping[About, list[Q]], reader: Reader) -> QuerySet[Any]:
    """Those of the claims, which `reader` may read, that meet the conditions: each entry with one row that meets all
    of its conditions, or with none that does, if it is about what is absent."""
    rows: dict[str, QuerySet[Any]] = {
        ATTRIBUTION: Attribution.objects.standing(),
        # Of whose evidence they may know: that may belong to a restricted dispute.
        EVIDENCE: EvidenceLink.objects.counting().known_to(reader),
        VERDICT: Verdict.objects.current(),
    }
    for (name, absent), conditions in about.items():
        beside = rows[name].filter(*conditions)
        lacking = ~Exists(beside.filter(claim=OuterRef("pk")))
        claims = claims.filter(lacking if absent else referred_to(Claim, beside, "claim"))
    return claims
