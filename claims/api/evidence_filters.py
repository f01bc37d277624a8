"""What evidence and its bearing on claims can be filtered by over REST."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from claims.api.child import WithdrawableFilterSet
from claims.choices import Bearing, Credibility, EvidenceKind, Strength
from claims.models import Dispute, Evidence, EvidenceDocument, EvidenceLink
from claims.models.evidence import EvidenceLinkQuerySet, EvidenceQuerySet
from factcheck.api import filters
from factcheck.api.filters import About
from sources.models import Document

LINK, OF_LINKS = "link", ("claim", "bearing", "strength")


def carried_by(_asked: Any, documents: tuple[Any, ...]) -> Q:
    """The condition that one of these documents carries the evidence."""
    return Q(pk__in=EvidenceDocument.objects.filter(document__in=documents).values("evidence"))


class EvidenceLinkFilterSet(WithdrawableFilterSet):
    evidence = filters.ReferenceFilter(queryset=Evidence.objects.all())
    bearing = filters.ChoiceFilter(choices=Bearing)
    strength = filters.ChoiceFilter(choices=Strength)
    own_assertion = filters.BooleanFilter()
    counts = filters.BooleanFilter(method="by_counting")

    class Meta:
        model = EvidenceLink
        fields: tuple[str, ...] = ()

    def by_counting(self, queryset: EvidenceLinkQuerySet, name: str, value: bool) -> EvidenceLinkQuerySet:
        counting = Exists(EvidenceLink.objects.counting().filter(pk=OuterRef("pk")))
        return queryset.filter(counting if value else ~counting)


class EvidenceFilterSet(filters.RecordedFilterSet):
    related: ClassVar[Mapping[str, type[Model]]] = {LINK: EvidenceLink}

    kind = filters.ChoiceFilter(choices=EvidenceKind)
    credibility = filters.ChoiceFilter(choices=Credibility)
    dispute = filters.ReferenceFilter(queryset=Dispute.objects.all(), slug_field="slug")
    document = filters.ReferenceFilter(queryset=Document.objects.all(), where=carried_by)
    derived_from = filters.ReferenceFilter(queryset=Evidence.objects.all())
    claim, bearing, strength = (EvidenceLinkFilterSet.base_filters[name].on(LINK) for name in OF_LINKS)
    linked = filters.BooleanFilter(method="by_links")
    observed_on, observed_after, observed_before = filters.edtf_range("observed_on")

    class Meta:
        model = Evidence
        fields: tuple[str, ...] = ()

    def filter_about(self, rows: QuerySet[Any], about: Mapping[About, list[Q]]) -> QuerySet[Any]:
        links = EvidenceLink.objects.visible_to(self.request.user)
        for (_links, absent), conditions in about.items():
            # Of a claim all links are few, and are looked up first.
            found = Q(pk__in=links.filter(*conditions).values("evidence"))
            rows = rows.filter(~found if absent else found)
        return rows

    def by_links(self, queryset: EvidenceQuerySet, name: str, value: bool) -> EvidenceQuerySet:
        linked = Exists(EvidenceLink.objects.standing().filter(evidence=OuterRef("pk")))
        return queryset.filter(linked if value else ~linked)
