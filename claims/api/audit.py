"""The audit trail over REST: a list to search, and a feed to follow."""

from __future__ import annotations

from claims.models import Dispute
from factcheck.api import filters
from factcheck.api.entry import AuditEntrySerializer
from factcheck.api.viewset import RecordedReadOnlyViewSet
from factcheck.audit.models import AuditEntry
from factcheck.audit.models.entry import AuditEntryQuerySet


class AuditEntryFilterSet(filters.StrictFilterSet):
    after = filters.NumberFilter(field_name="id", lookup_expr="gt")
    action = filters.TextFilter()
    object_type = filters.TextFilter()
    object_id = filters.TextFilter()
    actor = filters.TextFilter(field_name="actor_name")
    dispute = filters.ReferenceFilter(field_name="dispute_id", queryset=Dispute.objects.all(), slug_field="slug")
    claim = filters.IdFilter(field_name="claim_id")
    at, at_after, at_before = filters.moments("at")

    class Meta:
        model = AuditEntry
        fields: tuple[str, ...] = ()


class AuditEntryViewSet(RecordedReadOnlyViewSet):
    """Who did what to what, when and why; for the desk.

    To follow the register, ask for `?after=<last id you have>`: entries then come oldest first, in the order in which
    they were committed, without gap or repetition.
    """

    queryset = AuditEntry.objects.all()
    serializer_class = AuditEntrySerializer
    filterset_class = AuditEntryFilterSet
    exportable = False
    action_permissions = {"list": "sources.desk", "retrieve": "sources.desk"}

    @property
    def default_ordering(self) -> str:
        request = getattr(self, "request", None)
        return "id" if request is not None and "after" in request.query_params else "-id"

    def visible(self, rows: object) -> AuditEntryQuerySet:
        assert isinstance(rows, AuditEntryQuerySet)
        return rows.visible_to(self.request.user, Dispute.objects.open_to(self.request.user))
