"""The claims on which the bearing of evidence depends, over REST."""

from __future__ import annotations

from claims.api.child import WITHDRAWN, WithdrawableFilterSet, WithdrawableViewSet
from claims.models import Claim, Dispute, EvidenceLink, Premise
from factcheck.api import filters
from factcheck.api.shown import BOOKKEEPING, ShownSerializer


class PremiseSerializer(ShownSerializer):
    class Meta:
        model = Premise
        fields: tuple[str, ...] = ("id", "link", "claim", "note", *WITHDRAWN, *BOOKKEEPING)
        read_only_fields: tuple[str, ...] = (*WITHDRAWN, *BOOKKEEPING)


class PremiseFilterSet(WithdrawableFilterSet):
    link = filters.ReferenceFilter(queryset=EvidenceLink.objects.all())
    about = filters.ReferenceFilter(field_name="link__claim", queryset=Claim.objects.all())
    dispute = filters.ReferenceFilter(
        field_name="link__claim__dispute", queryset=Dispute.objects.all(), slug_field="slug"
    )

    class Meta:
        model = Premise
        fields: tuple[str, ...] = ()


class PremiseViewSet(WithdrawableViewSet):
    """The claims on which the bearing of evidence depends, such as: the video is genuine.

    Those of one link are also at `evidence-links/{id}/premises/`. Once such a claim is refuted or withdrawn, the link
    does not count. Evidence that undercuts other evidence (the witness was not there) bears on the premise.
    """

    queryset = Premise.objects.select_related("link__evidence", "link__claim", "claim")
    serializer_class = PremiseSerializer
    filterset_class = PremiseFilterSet
    ordering_fields = ("created_at", "updated_at")
