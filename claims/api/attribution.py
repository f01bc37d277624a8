"""Attributions over REST."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.api.child import WITHDRAWN, WithdrawableFilterSet, WithdrawableViewSet
from claims.choices import Stance
from claims.models import Attribution
from claims.models.attribution import validate_selector
from factcheck.audit.rest.shown import BOOKKEEPING, ShownSerializer
from factcheck.base.rest import filters
from sources.models import Document, Source


@extend_schema_field({"type": ["object", "null"]})
class SelectorField(serializers.JSONField):
    """A place in a work."""


class AttributionSerializer(ShownSerializer):
    selector = SelectorField(
        # Here, since the model's own check passes over what is empty: "" and {} would be stored as they are.
        validators=[validate_selector],
        required=False,
        allow_null=True,
        help_text="The place in that work, such as {'type': 'TextQuoteSelector', 'exact': '...'}.",
    )

    class Meta:
        model = Attribution
        fields = (
            "id",
            "claim",
            "source",
            "stance",
            "said_on",
            "quote",
            "quote_language",
            "translation",
            "translator",
            "capacity",
            "on_behalf_of",
            "document",
            "selector",
            "relayed_from",
            "anonymous",
            "anonymous_reason",
            *WITHDRAWN,
            *BOOKKEEPING,
        )
        read_only_fields = (*WITHDRAWN, *BOOKKEEPING)


def sources_by_name(request):
    """The sources that the caller may look for by name."""
    return Source.objects.visible_to(request.user).named_to(request.user)


class AttributionFilterSet(WithdrawableFilterSet):
    source = filters.ReferenceFilter(queryset=sources_by_name, slug_field="slug")
    on_behalf_of = filters.ReferenceFilter(queryset=sources_by_name, slug_field="slug")
    document = filters.ReferenceFilter(queryset=Document.objects.all())
    stance = filters.ChoicesFilter(choices=Stance)
    said_after, said_before = filters.edtf_range("said_on")
    anonymous = filters.BooleanFilter()
    relayed = filters.BooleanFilter(field_name="relayed_from", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Attribution
        fields: tuple[str, ...] = ()


class AttributionViewSet(WithdrawableViewSet):
    """Who said, denied or passed on a claim: when, in whose words, in what role, for whom, printed where."""

    queryset = Attribution.objects.select_related(
        "claim", "source", "on_behalf_of", "document__publisher", "relayed_from__source"
    )
    serializer_class = AttributionSerializer
    filterset_class = AttributionFilterSet
    search_fields = ("quote", "translation")
    ordering_fields = ("said_on", "created_at", "updated_at")
