"""Verdicts and their steps over REST."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.child import NoteSerializer, ReasonSerializer, checked
from claims.api.confirmation import ConfirmationSerializer
from claims.api.stale import VerdictStaleField
from claims.api.verdict_filters import VerdictFilterSet
from claims.choices import Confidence, Likelihood, Severity
from claims.models import Rating, Verdict
from claims.services import (
    confirm_verdict,
    correct_verdict,
    draft_verdict,
    publish_verdict,
    return_verdict,
    submit_verdict,
)
from factcheck.api.choices import NamedChoiceField
from factcheck.api.reference import Reference
from factcheck.api.shown import BOOKKEEPING, PersonField, ShownSerializer
from factcheck.api.viewset import RecordedViewSet
from factcheck.base.errors import RuleViolation

STEPS = (
    "status",
    "author",
    "reviewer",
    "review_note",
    "submitted_at",
    "published_at",
    "supersedes",
    "correction_reason",
    "correction_severity",
)


class VerdictConfirmationSerializer(ConfirmationSerializer):
    class Meta(ConfirmationSerializer.Meta):
        fields = ("id", "reviewer", "reason", "created_at")
        read_only_fields = fields


class VerdictSerializer(ShownSerializer):
    """What the desk decided on a claim: drafted by one person, published by another."""

    # `context["stale"]` says whether what makes it stale comes along, by default yes.

    author = PersonField(help_text="Who drafted it.")
    reviewer = PersonField(help_text="Who published it; never its author.")
    correction_severity = NamedChoiceField(
        choices=Severity.choices,
        allow_blank=True,
        read_only=True,
        help_text="How grave the correction is, if it is one.",
    )

    confirmations = VerdictConfirmationSerializer(
        many=True, read_only=True, help_text="Who confirmed it after something that it rests on had changed."
    )
    stale = VerdictStaleField(help_text="Why it needs a new look, if it does; for the desk alone.")

    class Meta:
        model = Verdict
        fields = (
            "id",
            "claim",
            "rating",
            "summary",
            "rationale",
            "likelihood",
            "confidence",
            "claim_text",
            "review_by",
            *STEPS,
            "confirmations",
            "stale",
            *BOOKKEEPING,
        )
        read_only_fields = (*STEPS, *BOOKKEEPING)
        parts = ("stale",)
        desk_fields = ("review_note", "submitted_at")
        use_instead = {"status": "Call submit, return or publish: the status is not set directly."}

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        if not self.context.get("stale", True):
            fields.pop("stale", None)
        return fields

    def candidate(self, attrs: dict[str, Any]) -> Verdict:
        row = super().candidate(attrs)
        if row.author_id is None:
            row.author = self.reader()
        return row

    def create(self, validated_data: dict[str, Any]) -> Verdict:
        return draft_verdict(actor=self.reader(), **validated_data)

    def update(self, instance: Verdict, validated_data: dict[str, Any]) -> Verdict:
        if "claim" in validated_data and validated_data["claim"] != instance.claim:
            raise RuleViolation("A verdict stays with its claim: draft another one there.", code="fixed", field="claim")
        return super().update(instance, validated_data)


class CorrectionSerializer(serializers.Serializer):
    """What the correction changes; what is left out is taken over from the published verdict."""

    reason = serializers.CharField(max_length=2_000, help_text="Why the published verdict is replaced.")
    severity = NamedChoiceField(choices=Severity.choices, help_text="How grave the correction is.")
    rating = Reference(queryset=Rating.objects.all(), required=False, help_text="The new rating.")
    summary = serializers.CharField(max_length=1_000, required=False, help_text="The new summary.")
    rationale = serializers.CharField(max_length=50_000, required=False, help_text="The new rationale.")
    likelihood = NamedChoiceField(
        choices=Likelihood.choices, required=False, allow_blank=True, help_text="The new likelihood."
    )
    confidence = NamedChoiceField(
        choices=Confidence.choices, required=False, allow_blank=True, help_text="The new confidence."
    )
    claim_text = serializers.CharField(
        max_length=10_000,
        required=False,
        allow_blank=True,
        help_text="The new wording of the claim, if it gets one; the claim takes it on with the publication.",
    )
    review_by = serializers.DateField(
        required=False, allow_null=True, help_text="The day from which it has to be looked at again; not taken over."
    )


class VerdictViewSet(RecordedViewSet):
    """Decisions on claims: drafted by one person, published by another, frozen from then on.

    A draft is submitted by its author, returned with a note or published by somebody else. A published verdict never
    changes; `correct` drafts a new one that supersedes it once it is published.
    """

    queryset = Verdict.objects.select_related(
        "claim", "rating", "author", "reviewer", "supersedes__rating", "supersedes__claim"
    ).prefetch_related("confirmations__reviewer")
    serializer_class = VerdictSerializer
    filterset_class = VerdictFilterSet
    searchable = True
    ordering_fields = ("created_at", "updated_at")
    crossed_fields = ("status",)
    action_permissions = RecordedViewSet.action_permissions | {
        "submit": "claims.change_verdict",
        "send_back": "claims.publish_verdict",
        "correct": "claims.add_verdict",
        "confirm": "claims.publish_verdict",
    }
    unguarded_actions = frozenset({"correct", "confirm"})

    def get_serializer_context(self) -> dict[str, Any]:
        return dict(super().get_serializer_context()) | ({"stale": False} if self.answers_many else {})

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """The draft waits for a second person."""
        return self.answer(submit_verdict(actor=request.user, verdict=self.get_object()))

    @extend_schema(request=NoteSerializer)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def send_back(self, request: Request, pk: str) -> Response:
        """The verdict is its author's draft again, with the reviewer's note."""
        note = checked(NoteSerializer, request)["note"]
        return self.answer(return_verdict(actor=request.user, verdict=self.get_object(), note=note))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """The verdict is public and frozen; its claim is published with it, if it was not."""
        return self.answer(publish_verdict(actor=request.user, verdict=self.get_object()))

    @extend_schema(request=CorrectionSerializer, responses={201: VerdictSerializer})
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: str) -> Response:
        """A new draft that will supersede this published verdict."""
        body = checked(CorrectionSerializer, request)
        return self.answer(
            correct_verdict(actor=request.user, verdict=self.get_object(), **body), status=status.HTTP_201_CREATED
        )

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """The stale verdict still holds, for this reason; not by its author."""
        row = self.get_object()
        confirm_verdict(actor=request.user, verdict=row, reason=checked(ReasonSerializer, request)["reason"])
        return self.answer(self.get_queryset().get(pk=row.pk))
