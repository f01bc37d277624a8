"""Evidence and its bearing on claims over REST."""

from __future__ import annotations

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.child import WITHDRAWN, WithdrawableViewSet
from claims.api.evidence_filters import EvidenceFilterSet, EvidenceLinkFilterSet
from claims.api.premise import PremiseSerializer
from claims.choices import Discount
from claims.models import Evidence, EvidenceDocument, EvidenceLink, Premise
from claims.models.evidence import LINKED, EvidenceQuerySet
from claims.services.children import set_children
from factcheck.api.choices import NamedChoiceField
from factcheck.api.pagination import SignedCursorPagination
from factcheck.api.reference import ENTERED, Reference, reader_in
from factcheck.api.shown import BOOKKEEPING, ShownSerializer
from factcheck.api.viewset import ReadableRows, RecordedViewSet
from factcheck.audit.access import require
from sources.models import Document


class EvidenceSerializer(ShownSerializer):
    documents = Reference(
        queryset=Document.objects.select_related("publisher"),
        many=True,
        required=False,
        help_text="The documents that carry the evidence.",
    )

    class Meta:
        model = Evidence
        put_needs = ("dispute",)
        fields: tuple[str, ...] = (
            "id",
            "kind",
            "title",
            "description",
            "observed_on",
            "credibility",
            "derived_from",
            "independent_because",
            "dispute",
            "documents",
            *BOOKKEEPING,
        )
        read_only_fields: tuple[str, ...] = BOOKKEEPING
        desk_fields = ("dispute",)

    def create_rows(self, validated_data: list[dict[str, Any]]) -> list[Evidence]:
        own = [{name: value for name, value in data.items() if name != "documents"} for data in validated_data]
        rows = super().create_rows(own)
        carriers = [
            EvidenceDocument(evidence=row, document=document)
            for row, data in zip(rows, validated_data, strict=True)
            for document in dict.fromkeys(data.get("documents", ()))
        ]
        EvidenceDocument.objects.bulk_create(carriers, joined=True)
        return rows

    def update(self, instance: Evidence, validated_data: dict[str, Any]) -> Evidence:
        documents = validated_data.pop("documents", None)
        evidence = super().update(instance, validated_data)
        if documents is not None:
            set_children(evidence, EvidenceDocument, "evidence", "document", documents)
            evidence = Evidence.objects.get(pk=evidence.pk)  # without the documents that were prefetched before
        return evidence


class EvidenceViewSet(RecordedViewSet):
    """Records, findings, testimony, images and notable absences, with the documents that carry them."""

    queryset = Evidence.objects.select_related("dispute").prefetch_related("carriers__document__publisher")
    serializer_class = EvidenceSerializer
    filterset_class = EvidenceFilterSet
    searchable = True
    ordering_fields = ("title", "credibility", "observed_on", "created_at", "updated_at")

    def visible(self, rows: ReadableRows) -> EvidenceQuerySet:
        readable = super().visible(rows)
        assert isinstance(readable, EvidenceQuerySet)
        return readable.with_origin_for(self.request.user)


class EvidenceLinkSerializer(ShownSerializer):
    discounted = NamedChoiceField(
        choices=Discount.choices,
        read_only=True,
        allow_blank=True,
        help_text="Why it does not count as evidence although it stands; empty where it counts.",
    )

    class Meta:
        model = EvidenceLink
        fields: tuple[str, ...] = (
            "id",
            "evidence",
            "claim",
            "bearing",
            "strength",
            "note",
            "own_assertion",
            "set_name",
            "discounted",
            *WITHDRAWN,
            *BOOKKEEPING,
        )
        read_only_fields: tuple[str, ...] = ("discounted", *WITHDRAWN, *BOOKKEEPING)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            return super().validate(attrs)
        except ValidationError as error:
            told = cast(dict[str, Any], error.detail)
            if [detail.code for detail in told.get("evidence", ())] == [LINKED]:
                told["evidence"] = [ErrorDetail(f"{told['evidence'][0]}{self._there_is(attrs)}", LINKED)]
            raise

    def _there_is(self, attrs: dict[str, Any]) -> str:
        """Which link there is already; empty where the same request enters it."""
        row = self.candidate(attrs)
        links = EvidenceLink.objects.visible_to(reader_in(self.context)).standing().exclude(pk=row.pk)
        link = links.filter(claim=row.claim_id, evidence=row.evidence_id).first()
        there = link is not None and (EvidenceLink, link.pk) not in self.context.get(ENTERED, {})
        return f" It is evidence link {link.pk}." if link is not None and there else ""


class PremiseOfLinkSerializer(PremiseSerializer):
    class Meta(PremiseSerializer.Meta):
        fields = ("claim", "note")
        read_only_fields = ()


class PremisePage:
    """What the paginator asks of a view: premises have no order but their own."""

    action = "premises"


class EvidenceLinkViewSet(WithdrawableViewSet):
    """The bearing of evidence on claims: one standing link for each pair."""

    queryset = EvidenceLink.objects.select_related("evidence", "claim").with_discount()
    serializer_class = EvidenceLinkSerializer
    filterset_class = EvidenceLinkFilterSet
    ordering_fields = ("created_at", "updated_at")
    action_parameters = WithdrawableViewSet.action_parameters | {"premises": {"cursor", "page_size"}}
    # A premise is a row of its own, whose model asks for the right and the reason.
    unguarded_actions = frozenset({"premises"})

    @extend_schema(methods=["get"], responses=PremiseSerializer(many=True), filters=False)
    @extend_schema(methods=["post"], request=PremiseOfLinkSerializer, responses={201: PremiseSerializer})
    @action(detail=True, methods=["get", "post"])
    def premises(self, request: Request, pk: str) -> Response:
        """The claims on which this bearing depends, such as: the video is genuine; POST enters one."""
        link = self.get_object()
        self.current_object = None
        if request.method == "POST":
            return self._enter_premise(request, link)
        rows = Premise.objects.visible_to(request.user).filter(link=link)
        paginator = SignedCursorPagination()
        paginator.ordering = "-id"
        related = rows.select_related("link__evidence", "link__claim", "claim")
        page = paginator.paginate_queryset(related, request, view=PremisePage())
        context = self.get_serializer_context()
        return paginator.get_paginated_response(PremiseSerializer(page, many=True, context=context).data)

    def _enter_premise(self, request: Request, link: EvidenceLink) -> Response:
        require(request.user, "claims.add_premise", "enter premises")
        if not isinstance(request.data, dict):
            raise ValidationError({"claim": [ErrorDetail("Give an object.", "invalid")]})
        given = {**request.data, "link": link.pk}
        serializer = PremiseSerializer(data=given, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        self.current_object = serializer.save()
        return Response(serializer.data, status=status.HTTP_201_CREATED)
