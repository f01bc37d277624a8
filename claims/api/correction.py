"""Corrections over REST: what the desk decided before, what it decided instead, and why."""

from __future__ import annotations

from django.db.models import F
from rest_framework import serializers

from claims.choices import Confidence, Likelihood, Severity
from claims.models import Claim, Dispute, Rating, Verdict
from factcheck.api import filters
from factcheck.api.choices import NamedChoiceField
from factcheck.api.reference import Reference
from factcheck.api.shown import PersonField, ShownSerializer
from factcheck.api.viewset import RecordedReadOnlyViewSet


class CorrectedClaimSerializer(ShownSerializer):
    """The claim that was decided again."""

    class Meta:
        model = Claim
        fields = ("id", "text", "language")
        read_only_fields = fields


class DecisionSerializer(ShownSerializer):
    """What a verdict said."""

    likelihood = NamedChoiceField(
        choices=Likelihood.choices, allow_blank=True, read_only=True, help_text="How likely the claim is (ICD 203)."
    )
    confidence = NamedChoiceField(
        choices=Confidence.choices, allow_blank=True, read_only=True, help_text="How well founded that judgement is."
    )

    author = PersonField(help_text="Who drafted it; outside the desk the name alone, or not even that.")
    reviewer = PersonField(help_text="Who reviewed and published it; likewise.")

    class Meta:
        model = Verdict
        fields = (
            *("id", "rating", "summary", "rationale", "likelihood", "confidence", "claim_text"),
            *("author", "reviewer", "published_at"),
        )
        read_only_fields = fields


class PublishedCorrectionSerializer(ShownSerializer):
    """One published verdict that replaced another; its id is that of the new verdict."""

    claim = CorrectedClaimSerializer(read_only=True, help_text="The claim that was decided again.")
    dispute = Reference(
        source="claim.dispute", read_only=True, allow_null=True, help_text="The dispute of the claim, if it has one."
    )
    severity = NamedChoiceField(
        choices=Severity.choices, source="correction_severity", read_only=True, help_text="How grave the correction is."
    )
    reason = serializers.CharField(
        source="correction_reason", read_only=True, help_text="Why the earlier verdict was replaced."
    )
    old = DecisionSerializer(source="supersedes", read_only=True, help_text="The verdict that was replaced.")
    new = DecisionSerializer(source="*", read_only=True, help_text="The verdict that replaced it.")

    class Meta:
        model = Verdict
        fields = ("id", "claim", "dispute", "published_at", "severity", "reason", "old", "new")
        read_only_fields = fields


class CorrectionFilterSet(filters.RecordedFilterSet):
    claim = filters.ReferenceFilter(queryset=Claim.objects.all())
    dispute = filters.ReferenceFilter(field_name="claim__dispute", queryset=Dispute.objects.all(), slug_field="slug")
    severity = filters.ChoiceFilter(choices=Severity, field_name="correction_severity")
    old_rating = filters.ReferenceFilter(
        field_name="supersedes__rating", queryset=Rating.objects.all(), slug_field="code"
    )
    new_rating = filters.ReferenceFilter(field_name="rating", queryset=Rating.objects.all(), slug_field="code")
    published_at, published_after, published_before = filters.moments("published_at")

    class Meta:
        model = Verdict
        fields: tuple[str, ...] = ()


class CorrectionViewSet(RecordedReadOnlyViewSet):
    """Published verdicts that replaced an earlier one, the newest first: both decisions, reason and severity.

    A correction is made with `POST verdicts/{id}/correct/`.
    """

    # A draft has no date of publication, and what may be empty has no place in an order; here all have one.
    queryset = (
        Verdict.objects.corrections()
        .select_related(
            "claim__dispute",
            *(f"{path}{name}" for path in ("", "supersedes__") for name in ("rating", "author", "reviewer")),
        )
        .annotate(published=F("published_at"))
    )
    serializer_class = PublishedCorrectionSerializer
    filterset_class = CorrectionFilterSet
    ordering_fields = {"published_at": "published"}
    default_ordering = "-published_at"
