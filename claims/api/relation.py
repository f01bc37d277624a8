"""Relations between claims over REST."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from claims.api.child import WITHDRAWN, WithdrawableFilterSet, WithdrawableViewSet
from claims.choices import ConflictPoint, RelationKind
from claims.models import Claim, ClaimRelation
from factcheck.api import filters
from factcheck.api.shown import BOOKKEEPING, ShownSerializer


class RelationSerializer(ShownSerializer):
    class Meta:
        model = ClaimRelation
        fields = ("id", "claim", "other", "kind", "point", "note", *WITHDRAWN, *BOOKKEEPING)
        read_only_fields = (*WITHDRAWN, *BOOKKEEPING)


def on_either_side(_asked: Any, claims: tuple[Any, ...]) -> Q:
    """The condition that a relation is of or to one of these claims."""
    return Q(claim__in=claims) | Q(other__in=claims)


class RelationFilterSet(WithdrawableFilterSet):
    kind = filters.ChoiceFilter(choices=RelationKind)
    point = filters.ChoiceFilter(choices=ConflictPoint)
    touching = filters.ReferenceFilter(queryset=Claim.objects.all(), where=on_either_side)

    class Meta:
        model = ClaimRelation
        fields: tuple[str, ...] = ()


class RelationViewSet(WithdrawableViewSet):
    """How claims bear on each other: contradictions, exclusions, refinements, repetitions."""

    queryset = ClaimRelation.objects.select_related("claim", "other")
    serializer_class = RelationSerializer
    filterset_class = RelationFilterSet
    ordering_fields = ("created_at", "updated_at")
