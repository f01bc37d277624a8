"""The REST base of every recorded noun."""

from factcheck.audit.rest.reason import change_reason
from factcheck.audit.rest.views import RecordedReadOnlyViewSet, RecordedViewSet
from factcheck.base.rest.reference import Reference
from factcheck.base.rest.serializers import RecordedListSerializer, RecordedSerializer

__all__ = [
    "RecordedListSerializer",
    "RecordedReadOnlyViewSet",
    "RecordedSerializer",
    "RecordedViewSet",
    "Reference",
    "change_reason",
]
