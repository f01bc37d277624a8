"""What of a claim comes along with it, loaded for one reader."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Prefetch, prefetch_related_objects

from claims.api.attribution import AttributionViewSet
from claims.api.inquiry import InquiryViewSet
from claims.api.relation import RelationViewSet
from claims.api.review import ReviewViewSet
from claims.api.verdict import VerdictViewSet
from claims.logic.pieces import Kinship
from claims.logic.voices import Voices
from claims.models import Claim, Evidence, EvidenceLink
from claims.models.parts import ClaimParts
from claims.reports.load.origins import OriginRows, load_origins
from claims.reports.load.speakers import load_speakers
from claims.reports.load.staleness import load_stale
from factcheck.base.people import Reader
from factcheck.models.queryset import RecordedQuerySet

PARTS = (
    *("attributions", "evidence", "relations", "verdict", "reviews", "inquiries", "origins"),
    *("contradicted_by", "taken_back", "stale"),
)

OF_NEW = tuple(name for name in PARTS if name not in {"verdict", "reviews", "inquiries", "stale"})
"""What can hang on claims that were entered by this request: the others come to a claim that is there."""


def load_parts(
    claims: list[Claim], user: Reader, parts: Iterable[str] = PARTS, *, origins: OriginRows | None = None
) -> None:
    """Load beside each claim what `user` may read of its parts: the same number of queries for any number of claims.

    `origins` is what is said and shown on these claims, where that is known already.
    """
    parts = set(parts)

    def prefetch(lookup: str, queryset: RecordedQuerySet) -> Prefetch:
        return Prefetch(lookup, queryset.visible_to(user))

    lookups = []
    if "attributions" in parts:
        lookups.append(prefetch("attributions", AttributionViewSet.queryset.by_said_on()))
    if "evidence" in parts:
        evidence = Evidence.objects.with_origin_for(user).prefetch_related("carriers__document__publisher")
        links = EvidenceLink.objects.with_discount().prefetch_related(Prefetch("evidence", evidence))
        lookups.append(prefetch("evidence_links", links))
    if "relations" in parts:
        lookups.append(prefetch("relations", RelationViewSet.queryset))
        lookups.append(prefetch("relations_to", RelationViewSet.queryset))
    if parts & {"verdict", "stale"}:
        # Only the published one, for the desk too: drafts are listed under verdicts.
        lookups.append(Prefetch("verdicts", VerdictViewSet.queryset.current()))
    if "reviews" in parts:
        lookups.append(prefetch("reviews", ReviewViewSet.queryset))
    if "inquiries" in parts:
        lookups.append(prefetch("inquiries", InquiryViewSet.queryset))
    prefetch_related_objects(claims, *lookups)
    if origins is None and "origins" in parts:
        origins = load_origins([claim.pk for claim in claims], user)
    spoken = parts & {"contradicted_by", "taken_back"}
    speakers = load_speakers([claim.pk for claim in claims], user, heard=True) if spoken else None
    decided = {claim.pk: next(iter(claim.verdicts.all()), None) for claim in claims if parts & {"verdict", "stale"}}
    stale = load_stale([row for row in decided.values() if row is not None], user) if "stale" in parts else {}
    for claim in claims:
        # From here on `all()` of a prefetched relation gives what this reader may see, not all there is.
        claim.parts = ClaimParts(
            attributions=list(claim.attributions.all()) if "attributions" in parts else (),
            evidence=list(claim.evidence_links.all()) if "evidence" in parts else (),
            relations=[*claim.relations.all(), *claim.relations_to.all()] if "relations" in parts else (),
            verdict=decided.get(claim.pk),
            reviews=list(claim.reviews.all()) if "reviews" in parts else (),
            inquiries=list(claim.inquiries.all()) if "inquiries" in parts else (),
            origins=origins.on_claim(claim.pk) if origins is not None else None,
            contradicted_by=list(speakers.contradicting(claim.pk)) if speakers is not None else (),
            taken_back=list(speakers.taken_back(claim.pk)) if speakers is not None else (),
            stale=stale.get(claim.pk, ()),
        )


def parts_of_new(claim: Claim, user: Reader) -> ClaimParts:
    """The parts of a claim that was entered in this transaction: nothing hangs on it yet, but what `user` may read of
    its rivals."""
    origins = OriginRows(Voices(), {}, Kinship()).on_claim(claim.pk)
    if claim.question is None or not claim.question.exclusive:
        # Rivals are told by a relation, and it has none, or by such a question.
        return ClaimParts(origins=origins)
    speakers = load_speakers([claim.pk], user, heard=True)
    return ClaimParts(origins=origins, contradicted_by=list(speakers.contradicting(claim.pk)))
