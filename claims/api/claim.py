"""Claims over REST, and the one representation of a claim that every door to programs hands out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar, cast

from django.http import QueryDict
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.attribution import AttributionSerializer
from claims.api.child import NoteSerializer, WithdrawableViewSet, checked
from claims.api.claim_filters import ClaimFilterSet
from claims.api.diff import PastMixin
from claims.api.evidence import EvidenceLinkSerializer, EvidenceSerializer
from claims.api.external_id import ByExternalIdMixin
from claims.api.inquiry import InquirySerializer
from claims.api.nested import ALONE
from claims.api.nested_description import DOCUMENTS, ON_CLAIM, SOURCES, described
from claims.api.origins import ClaimOriginsField
from claims.api.parts import PARTS, load_parts
from claims.api.past import claim_then
from claims.api.prepared import PreparedViewSet, forms_of
from claims.api.relation import RelationSerializer
from claims.api.review import ReviewSerializer
from claims.api.stale import StaleField
from claims.api.verdict import VerdictSerializer
from claims.api.voices import ContradictedByField, TakenBackField
from claims.models import Claim, Dispute, Question
from claims.services import publish_claim, return_claim, submit_claim, withdraw_claim
from claims.services.prepared import CLAIM, Form
from claims.services.question import only_question
from factcheck.api.exportable import ListRequest
from factcheck.api.preference import wants_little
from factcheck.api.reference import REPRESENTED
from factcheck.api.shown import BOOKKEEPING, ShownSerializer
from factcheck.api.viewset import RecordedViewSet
from factcheck.audit.access import is_desk
from factcheck.audit.models import AuditEntry
from factcheck.audit.models.entry import AuditEntryQuerySet
from factcheck.base.people import Reader
from sources.api.merging import MergingViewSet

STEPS = ("status", "first_published_at", "reworded_at", "withdrawn_reason", "merged_into")


def without(serializer_class: type[ShownSerializer], *names: str, within: str = "Claim") -> type[ShownSerializer]:
    """The serializer for rows shown inside another one, without what that one already says."""
    meta = serializer_class.Meta
    fields = tuple(name for name in meta.fields if name not in names)
    nested_meta = type("Meta", (meta,), {"fields": fields, "read_only_fields": fields})
    body = {"Meta": nested_meta, "__module__": __name__, "__doc__": serializer_class.__doc__}
    return type(f"{within}{serializer_class.__name__}", (serializer_class,), body)


class LinkedEvidenceSerializer(EvidenceSerializer):
    class Meta(EvidenceSerializer.Meta):
        fields = tuple(name for name in EvidenceSerializer.Meta.fields if name != "dispute")
        read_only_fields = fields


class ClaimEvidenceSerializer(EvidenceLinkSerializer):
    class Meta(EvidenceLinkSerializer.Meta):
        fields = tuple(name for name in EvidenceLinkSerializer.Meta.fields if name != "claim")
        read_only_fields = fields

    evidence = LinkedEvidenceSerializer(read_only=True, help_text="The evidence, with the documents that carry it.")


class ClaimSerializer(ShownSerializer):
    """A checkable statement, with who said it, what bears on it and what the desk decided."""

    # `context["parts"]` says which of what hangs on it comes along, by default all.
    beside = tuple(ALONE)

    tags = serializers.ListField(
        child=serializers.CharField(max_length=300),
        max_length=50,
        required=False,
        help_text="Topics under which the claim is filed.",
    )
    quantity_min = serializers.DecimalField(
        20, 4, normalize_output=True, allow_null=True, required=False, help_text="The least number that it states."
    )
    quantity_max = serializers.DecimalField(
        20, 4, normalize_output=True, allow_null=True, required=False, help_text="The greatest number that it states."
    )
    attributions = without(AttributionSerializer, "claim")(
        many=True, read_only=True, source="parts.attributions", help_text="Who said, denied or passed it on."
    )
    evidence = ClaimEvidenceSerializer(
        many=True, read_only=True, source="parts.evidence", help_text="What bears on it, and how."
    )
    relations = RelationSerializer(
        many=True,
        read_only=True,
        source="parts.relations",
        help_text="How it bears on other claims, in both directions.",
    )
    verdict = without(VerdictSerializer, "claim", "stale")(
        read_only=True, source="parts.verdict", allow_null=True, help_text="The current published verdict, or null."
    )
    reviews = without(ReviewSerializer, "claim")(
        many=True, read_only=True, source="parts.reviews", help_text="What other publishers decided."
    )
    inquiries = without(InquirySerializer, "claim")(
        many=True, read_only=True, source="parts.inquiries", help_text="Who was asked about it, and what came of it."
    )
    origins = ClaimOriginsField(
        source="parts.origins", help_text="How many speak and how much is shown, and from how many origins."
    )
    contradicted_by = ContradictedByField(
        source="parts.contradicted_by",
        help_text="Who denies it, and who says a rival that it cannot be true with, each with that rival.",
    )
    taken_back = TakenBackField(
        source="parts.taken_back", help_text="What was said on it and taken back by its source; it counts no more."
    )
    stale = StaleField(
        source="parts.stale", help_text="Why its verdict needs a new look, if it does; for the desk alone."
    )

    class Meta:
        model = Claim
        put_needs = ("dispute", "question")
        fields = (
            "id",
            "dispute",
            "question",
            "text",
            "context",
            "language",
            "tags",
            "quantity_min",
            "quantity_max",
            "quantity_unit",
            "check_reason",
            "external_id",
            *STEPS,
            *PARTS,
            *BOOKKEEPING,
        )
        read_only_fields = (*STEPS, *BOOKKEEPING)
        parts = PARTS
        extra_kwargs: ClassVar[dict[str, Any]] = {"external_id": {"allow_blank": False}}
        desk_fields = ("check_reason", "external_id", "withdrawn_reason", "merged_into")
        use_instead = {
            "status": "Call submit, return, publish or withdraw: the status is not set directly.",
            "merged_into": "Call merge: a claim is not led to another one directly.",
        }

    def get_fields(self) -> dict[str, Any]:
        # Each request makes its own copies of what is declared: not of what it does not show.
        left_out = self.left_out
        self._declared_fields = {name: field for name, field in self._declared_fields.items() if name not in left_out}
        return super().get_fields()

    def get_field_names(self, declared_fields: Any, info: Any) -> list[str]:
        left_out = self.left_out
        return [name for name in super().get_field_names(declared_fields, info) if name not in left_out]

    @property
    def left_out(self) -> set[str]:
        """The parts that do not come along."""
        return set(PARTS) - set(self.context.get("parts", PARTS))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        # Of whom nobody says which question it answers, a claim answers the only one of its dispute. With null it is
        # a circumstance.
        if "question" not in attrs and "dispute" in attrs:
            moved = self.instance is None or attrs["dispute"] != cast(Claim, self.instance).dispute
            attrs |= {"question": self.only_question(attrs["dispute"])} if moved else {}
        return super().validate(attrs)

    def only_question(self, dispute: Dispute | None) -> Question | None:
        """The only question of the dispute, which is asked for once for all claims of a request."""
        known: dict[Dispute | None, Question | None] = cast(Any, self.context).setdefault("only_questions", {})
        if dispute not in known:
            known[dispute] = only_question(dispute)
        return known[dispute]

    def to_representation(self, instance: Claim) -> dict[str, Any]:
        wanted = self.context.get("parts", PARTS)
        if wanted and instance.parts is None:
            load_parts([instance], self.reader(), wanted)
        return super().to_representation(instance)


def claim_forms(claims: list[Claim], reader: Reader) -> list[Form]:
    """The forms of these claims, all of which `reader` may read, as they are kept ready."""
    load_parts(claims, reader)
    context = {"request": ListRequest(reader, QueryDict()), REPRESENTED: {}}
    forms = []
    for claim, data in zip(claims, ClaimSerializer(claims, many=True, context=context).data, strict=True):
        verdict = claim.parts.verdict if claim.parts is not None else None
        due = verdict.review_by if verdict is not None and is_desk(reader) else None
        forms += forms_of(data, PARTS, claim.pk, claim.version, until=due)
    return forms


NewClaim = described("NewClaim", ClaimSerializer, *PARTS, sources=SOURCES, documents=DOCUMENTS, **ON_CLAIM)


@extend_schema_view(
    create=extend_schema(request=NewClaim),
    by_external_id=extend_schema(request=NewClaim, responses={200: ClaimSerializer, 201: ClaimSerializer}),
)
class ClaimViewSet(ByExternalIdMixin, PastMixin, MergingViewSet, WithdrawableViewSet, PreparedViewSet):
    """Checkable statements, each with who said it, what bears on it and what the desk decided.

    A single claim carries all its parts; in lists they come with `?include=attributions,evidence,relations,verdict,
    reviews,inquiries,origins,contradicted_by,taken_back,stale`.

    A claim can be entered with what hangs on it: `attributions`, `evidence`, each the bearing of known evidence or of
    new, and `relations`, and with new `sources` and `documents`. Its rows refer to each other by `{"ref": "name"}`; one
    error refuses all of it.
    """

    queryset = Claim.objects.select_related("dispute", "question", "merged_into")
    serializer_class = ClaimSerializer
    filterset_class = ClaimFilterSet
    searchable = True
    ordering_fields = ("created_at", "updated_at")
    crossed_fields = ("language", "status")
    include_fields = PARTS
    prepared_noun = CLAIM
    prepared_parts = PARTS
    action_permissions = WithdrawableViewSet.action_permissions | {
        "by_external_id": "claims.add_claim",
        "submit": "claims.change_claim",
        "send_back": "claims.publish_claim",
        "publish": "claims.publish_claim",
    }

    action_parameters = RecordedViewSet.action_parameters | {"retrieve": {"as_of"}, "diff": {"from", "to"}}

    def build_forms(self, ids: Collection[int], reader: Reader) -> list[Form]:
        rows = list(self.queryset.visible_to(reader).filter(pk__in=ids).order_by("pk"))
        return claim_forms(rows, reader)

    def row_then(self, pk: int, moment: datetime) -> Claim:
        return claim_then(pk, self.request.user, moment)

    def history_of(self, row: Claim) -> AuditEntryQuerySet:
        readable = AuditEntry.objects.visible_to(self.request.user, Dispute.objects.open_to(self.request.user))
        return readable.filter(claim_id=row.pk)

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        if wants_little(self.request):
            return context | {"parts": ()}
        return context | ({"parts": tuple(self.included)} if self.answers_many else {})

    def load_related(self, rows: list[Claim]) -> None:
        if rows and self.included:
            load_parts(rows, self.request.user, self.included)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """The claim waits for review."""
        return self.answer(submit_claim(actor=request.user, claim=self.get_object()))

    @extend_schema(request=NoteSerializer)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def send_back(self, request: Request, pk: str) -> Response:
        """The claim is a draft again; the note says what to do."""
        note = checked(NoteSerializer, request)["note"]
        return self.answer(return_claim(actor=request.user, claim=self.get_object(), note=note))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Everybody who may see its dispute reads the claim."""
        return self.answer(publish_claim(actor=request.user, claim=self.get_object()))

    def take_back(self, row: Claim, body: dict[str, Any]) -> Claim:
        return withdraw_claim(actor=self.request.user, claim=row, reason=body["reason"])
