"""Attributions over REST."""

from __future__ import annotations

from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.relations import PKOnlyObject

from claims.api.attribution_filters import AttributionFilterSet
from claims.api.child import WITHDRAWN, WithdrawableViewSet
from claims.logic.verbs import OLDER
from claims.logic.wording import QUOTE_WARNINGS
from claims.models import Attribution, QuoteCheck
from claims.models.attribution import validate_selector
from factcheck.api.choices import NamedChoiceField
from factcheck.api.reference import Reference, reader_in
from factcheck.api.shown import BOOKKEEPING, ShownSerializer
from factcheck.audit.access import is_desk
from sources.models import Source


@extend_schema_field({"type": "object", "title": "Selector", "additionalProperties": True})
class SelectorField(serializers.JSONField):
    """A place in a work."""


class CautionSerializer(serializers.Serializer):
    """What a reader has to know of a quote."""

    code = NamedChoiceField(
        choices=sorted(QUOTE_WARNINGS), help_text="What it is, such as “negation”: in what the quote leaves out."
    )
    found = serializers.CharField(help_text="The words for which it is given.")


class QuoteCheckSerializer(serializers.ModelSerializer):
    """What a look for the quote in the cited document found."""

    place = SelectorField(
        read_only=True,
        allow_null=True,
        help_text="Where the words stand in it, with those before and after; for the desk.",
    )

    omitted = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="What the quote leaves out between its parts, as it stands there; long ones are cut.",
    )
    warnings = CautionSerializer(many=True, read_only=True, help_text="What a reader has to know of it.")

    class Meta:
        model = QuoteCheck
        fields = ("state", "place", "omitted", "warnings")
        read_only_fields = fields

    def to_representation(self, instance: QuoteCheck) -> dict[str, Any]:
        user = reader_in(self.context)
        # The place is cut from the text of the work, which is the desk's alone.
        hidden = {} if is_desk(user) else {"place": None}
        return {**super().to_representation(instance), "omitted": [*instance.omitted_for(user)], **hidden}


class BodyReference(Reference):
    """For whom a statement was made. Outside the desk a body that is withheld has no id here, which would tie to each
    other all who speak for it, and to what it says itself."""

    may_lack_id = True
    described_as = "PrincipalReference"

    def to_representation(self, value: models.Model | PKOnlyObject) -> Any:
        told = super().to_representation(value)
        hidden = isinstance(value, Source) and value.withheld and not is_desk(reader_in(self.context))
        return {**told, "id": None} if hidden else told


class AttributionSerializer(ShownSerializer):
    on_behalf_of = BodyReference(
        queryset=Source.objects.all(),
        required=False,
        allow_null=True,
        help_text="The source for which it spoke, if not for itself.",
    )
    quote_check = QuoteCheckSerializer(
        read_only=True,
        allow_null=True,
        help_text="Whether the quote stands in the cited document, looked up with every change; null without a quote, "
        "and outside the desk where a source is withheld.",
    )
    earlier_wording = serializers.BooleanField(
        read_only=True,
        help_text="Whether it was last entered or changed before the claim got its present wording: it says nothing of "
        "that.",
    )
    selector = SelectorField(
        # Here, since the model's own check passes over what is empty: "" and {} would be stored as they are.
        validators=[validate_selector],
        required=False,
        allow_null=True,
        help_text="The place in that work, such as {'type': 'TextQuoteSelector', 'exact': '...'}.",
    )

    class Meta:
        model = Attribution
        put_needs = ("anonymous",)
        not_offered = {"stance": OLDER}
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
            "joint_with",
            "anonymous",
            "anonymous_reason",
            "quote_check",
            "earlier_wording",
            *WITHDRAWN,
            *BOOKKEEPING,
        )
        read_only_fields = ("quote_check", "earlier_wording", *WITHDRAWN, *BOOKKEEPING)

    def to_representation(self, instance: Attribution) -> dict[str, Any]:
        result = super().to_representation(instance)
        if result.get("quote_check") is not None and not self.for_desk:
            result["quote_check"] = None if names_withheld(instance) else result["quote_check"]
        return result


def names_withheld(row: Attribution) -> bool:
    """Whether a withheld source speaks here, is spoken for, or published the work."""
    publisher = row.document.publisher if row.document is not None else None
    return any(source is not None and source.withheld for source in (row.source, row.on_behalf_of, publisher))


class AttributionViewSet(WithdrawableViewSet):
    """Who said, denied or passed on a claim: when, in whose words, in what role, for whom, printed where."""

    queryset = Attribution.objects.select_related(
        "claim",
        "source",
        "on_behalf_of",
        "document__publisher",
        "relayed_from__source",
        "joint_with__source",
        "quote_check",
    )
    serializer_class = AttributionSerializer
    filterset_class = AttributionFilterSet
    searchable = True
    ordering_fields = ("said_on", "created_at", "updated_at")
    crossed_fields = ("stance",)
