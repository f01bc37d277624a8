"""The serializers and addresses of plain Django REST framework."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import path
from rest_framework import generics, serializers

from benchmarks.peers import models, shown

BOOK = ("version", "created_at", "updated_at")
STANDING = ("withdrawn_at", "withdrawn_reason", *BOOK)


class Told(serializers.Field[Any, Any, Any, Any]):
    """What a function makes of the whole row."""

    def __init__(self, tell: Any) -> None:
        super().__init__(source="*", read_only=True)
        self.tell = tell

    def to_representation(self, value: Any) -> Any:
        return self.tell(value)


def ref(name: str, tell: Any) -> Told:
    return Told(lambda row: tell(getattr(row, name)))


def nothing(value: Any) -> Told:
    """A field that nobody outside the desk is told."""
    return Told(lambda _row: value)


class PartSerializer(serializers.ModelSerializer):
    withdrawn_reason = nothing("")


class AttributionSerializer(PartSerializer):
    source: Any = ref("source", shown.source)
    on_behalf_of = Told(lambda row: None if row.source.withheld else shown.source(row.on_behalf_of))
    document = ref("document", shown.document)
    translator = Told(lambda row: "" if shown.hides(row) else row.translator)
    capacity = Told(lambda row: "" if shown.hides(row) else row.capacity)
    selector = Told(lambda row: None if shown.hides(row) else row.selector)
    anonymous_reason = Told(lambda row: "" if shown.hides(row) else row.anonymous_reason)
    relayed_from, joint_with = nothing(None), nothing(None)
    quote_check = Told(shown.quote_check)
    earlier_wording = serializers.BooleanField()

    class Meta:
        model = models.Attribution
        fields = (
            *("id", "source", "stance", "said_on", "quote", "quote_language", "translation", "translator", "capacity"),
            *("on_behalf_of", "document", "selector", "relayed_from", "joint_with", "anonymous", "anonymous_reason"),
            *("quote_check", "earlier_wording", *STANDING),
        )


class EvidenceSerializer(serializers.ModelSerializer):
    derived_from = Told(shown.origin)
    documents = Told(lambda row: [shown.document(carrier.document) for carrier in row.carriers.all()])

    class Meta:
        model = models.Evidence
        fields = (
            *("id", "kind", "title", "description", "observed_on", "credibility", "derived_from"),
            *("independent_because", "documents", *BOOK),
        )


class LinkSerializer(PartSerializer):
    evidence = EvidenceSerializer()

    class Meta:
        model = models.EvidenceLink
        fields = ("id", "evidence", "bearing", "strength", "note", "own_assertion", "set_name", *STANDING)


class RelationSerializer(PartSerializer):
    claim, other = ref("claim", shown.claim), ref("other", shown.claim)

    class Meta:
        model = models.Relation
        fields = ("id", "claim", "other", "kind", "point", "note", *STANDING)


class ConfirmationSerializer(serializers.ModelSerializer):
    reviewer = nothing(shown.DESK)

    class Meta:
        model = models.Confirmation
        fields = ("id", "reviewer", "reason", "created_at")


class VerdictSerializer(serializers.ModelSerializer):
    rating = ref("rating", shown.rating)
    author, reviewer = nothing(shown.DESK), nothing(shown.DESK)
    review_note, submitted_at = nothing(""), nothing(None)
    supersedes = Told(shown.earlier)
    confirmations = ConfirmationSerializer(many=True)

    class Meta:
        model = models.Verdict
        fields = (
            *("id", "rating", "summary", "rationale", "likelihood", "confidence", "claim_text", "review_by", "status"),
            *("author", "reviewer", "review_note", "submitted_at", "published_at", "supersedes", "correction_reason"),
            *("correction_severity", "confirmations", *BOOK),
        )


class ReviewSerializer(PartSerializer):
    publisher = ref("publisher", shown.source)
    url = Told(lambda row: "" if row.publisher.withheld else row.url)
    title = Told(lambda row: "" if row.publisher.withheld else row.title)
    rating = ref("rating", shown.rating)

    class Meta:
        model = models.Review
        fields = (
            *("id", "publisher", "url", "title", "rating_text", "rating_value", "rating_best", "rating_worst"),
            *("rating", "reviewed_on", "language", *STANDING),
        )


class InquirySerializer(PartSerializer):
    source: Any = ref("source", shown.source)
    channel = nothing("")

    class Meta:
        model = models.Inquiry
        fields = (
            *("id", "source", "asked_on", "due_on", "channel", "question", "outcome", "answer", "answered_on"),
            *STANDING,
        )


class LightSerializer(serializers.ModelSerializer):
    dispute, question = ref("dispute", shown.dispute), ref("question", shown.question)
    check_reason, withdrawn_reason = nothing(""), nothing("")
    external_id, merged_into = nothing(None), nothing(None)

    class Meta:
        model = models.Claim
        fields: tuple[str, ...] = (
            *("id", "dispute", "question", "text", "context", "language", "tags", "quantity_min", "quantity_max"),
            *(
                "quantity_unit",
                "check_reason",
                "external_id",
                "merged_into",
                "status",
                "first_published_at",
                "reworded_at",
                "withdrawn_reason",
                *BOOK,
            ),
        )


class ClaimSerializer(LightSerializer):
    attributions = AttributionSerializer(many=True)
    evidence = LinkSerializer(many=True, source="evidence_links")
    relations = Told(lambda row: RelationSerializer(shown.relations(row), many=True).data)
    verdict = Told(lambda row: VerdictSerializer(found).data if (found := shown.current(row)) else None)
    reviews = ReviewSerializer(many=True)
    inquiries = InquirySerializer(many=True)

    class Meta(LightSerializer.Meta):
        fields = (
            *LightSerializer.Meta.fields,
            *("attributions", "evidence", "relations", "verdict", "reviews", "inquiries"),
        )


class ListView(generics.ListAPIView):
    serializer_class = ClaimSerializer

    def get_queryset(self) -> QuerySet[models.Claim]:
        return models.claims(parts=True)


class LightView(generics.ListAPIView):
    serializer_class = LightSerializer

    def get_queryset(self) -> QuerySet[models.Claim]:
        return models.claims(parts=False)


class DetailView(generics.RetrieveAPIView):
    serializer_class = ClaimSerializer

    def get_queryset(self) -> QuerySet[models.Claim]:
        return models.claims(parts=True)


urlpatterns = [
    path("list/", ListView.as_view()),
    path("light/", LightView.as_view()),
    path("detail/<int:pk>/", DetailView.as_view()),
]
