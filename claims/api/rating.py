"""The verdict vocabulary over REST."""

from __future__ import annotations

from claims.choices import Leaning
from claims.models import Rating, RatingScale
from factcheck.api import filters
from factcheck.api.shown import BOOKKEEPING, ShownSerializer
from factcheck.api.viewset import RecordedViewSet


class RatingSerializer(ShownSerializer):
    class Meta:
        model = Rating
        fields: tuple[str, ...] = (
            "id",
            "scale",
            "code",
            "label",
            "order",
            "leaning",
            "claimreview_value",
            "colour",
            "meaning",
            *BOOKKEEPING,
        )
        read_only_fields = BOOKKEEPING


class RatingInScaleSerializer(RatingSerializer):
    class Meta(RatingSerializer.Meta):
        fields = tuple(name for name in RatingSerializer.Meta.fields if name not in {"scale", *BOOKKEEPING})


class RatingScaleSerializer(ShownSerializer):
    ratings = RatingInScaleSerializer(many=True, read_only=True, help_text="The words of the scale, the truest first.")

    class Meta:
        model = RatingScale
        fields = ("id", "code", "name", "description", "ratings", *BOOKKEEPING)
        read_only_fields = BOOKKEEPING


class RatingFilterSet(filters.RecordedFilterSet):
    scale = filters.ReferenceFilter(queryset=RatingScale.objects.all(), slug_field="code")
    code = filters.TextFilter()
    leaning = filters.ChoiceFilter(choices=Leaning)

    class Meta:
        model = Rating
        fields: tuple[str, ...] = ()


class RatingScaleFilterSet(filters.RecordedFilterSet):
    code = filters.TextFilter()

    class Meta:
        model = RatingScale
        fields: tuple[str, ...] = ()


class RatingScaleViewSet(RecordedViewSet):
    """The sets of ratings from which verdicts choose."""

    queryset = RatingScale.objects.prefetch_related("ratings")
    serializer_class = RatingScaleSerializer
    filterset_class = RatingScaleFilterSet
    ordering_fields = ("code", "name", "created_at", "updated_at")


class RatingViewSet(RecordedViewSet):
    """The words of the scales, with their meaning."""

    queryset = Rating.objects.select_related("scale")
    serializer_class = RatingSerializer
    filterset_class = RatingFilterSet
    ordering_fields = ("order", "code", "label", "created_at", "updated_at")
