"""Other publishers' reviews over REST."""

from __future__ import annotations

from django.db.models import QuerySet

from claims.api.child import WITHDRAWN, WithdrawableFilterSet, WithdrawableViewSet
from claims.models import Rating, Review
from factcheck.api import filters
from factcheck.api.shown import BOOKKEEPING, ShownSerializer
from factcheck.audit.access import is_desk
from sources.api.source import sources_by_name


class ReviewSerializer(ShownSerializer):
    class Meta:
        model = Review
        fields = (
            "id",
            "claim",
            "publisher",
            "url",
            "title",
            "rating_text",
            "rating_value",
            "rating_best",
            "rating_worst",
            "rating",
            "reviewed_on",
            "language",
            *WITHDRAWN,
            *BOOKKEEPING,
        )
        read_only_fields = (*WITHDRAWN, *BOOKKEEPING)


class ReviewFilterSet(WithdrawableFilterSet):
    publisher = filters.ReferenceFilter(queryset=sources_by_name, slug_field="slug")
    rating = filters.ReferenceFilter(queryset=Rating.objects.all(), slug_field="code")
    language = filters.LanguageFilter()
    reviewed_on, reviewed_after, reviewed_before = filters.edtf_range("reviewed_on")

    class Meta:
        model = Review
        fields: tuple[str, ...] = ()


class ReviewViewSet(WithdrawableViewSet):
    """What other publishers decided on claims; never our own verdicts."""

    queryset = Review.objects.select_related("claim", "publisher", "rating")
    serializer_class = ReviewSerializer
    filterset_class = ReviewFilterSet
    searchable = True
    ordering_fields = ("reviewed_on", "created_at", "updated_at")

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        # Whoever may not read the title of a withheld publisher must not find it by guessing either.
        if "search" in self.request.query_params and not is_desk(self.request.user):
            queryset = queryset.filter(publisher__withheld=False)
        return super().filter_queryset(queryset)
