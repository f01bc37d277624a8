"""Disputes over REST, alone or entered whole."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import QueryDict
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.serializers import BaseSerializer

from claims.api.claim import ClaimSerializer, without
from claims.api.diff import PastMixin
from claims.api.dispute_filters import DisputeFilterSet
from claims.api.member import MemberField
from claims.api.nested import SECTIONS, enter_sections
from claims.api.nested_description import (
    DOCUMENTS,
    ON_CLAIM,
    SOURCES,
    NestedEvidence,
    NestedRelation,
    described,
    listed,
)
from claims.api.origins import DisputeOriginsField
from claims.api.parts import OF_NEW, PARTS, load_parts
from claims.api.past import dispute_then
from claims.api.prepared import PreparedViewSet, forms_of
from claims.api.question import QuestionSerializer
from claims.choices import QuestionState, Visibility
from claims.logic.question_sentence import dispute_sentence
from claims.models import Claim, Dispute, DisputeMember
from claims.models.parts import DisputeParts
from claims.reports.load.origins import load_origins
from claims.reports.load.questions import load_states_of, states_in
from claims.reports.load.staleness import next_review_days
from claims.services.children import set_children
from claims.services.prepared import DISPUTE, Form
from claims.services.question import ask_first_question
from factcheck.api.choices import NamedChoiceField
from factcheck.api.exportable import ListRequest
from factcheck.api.reference import REPRESENTED
from factcheck.api.shown import BOOKKEEPING, ShownSerializer
from factcheck.audit.models import AuditEntry
from factcheck.audit.models.entry import AuditEntryQuerySet
from factcheck.base.people import Reader
from factcheck.teamwork.teams import teams_with

OF_ITS_QUESTION = ("exclusive", "exhaustive")
"""What a dispute that is created without questions says of its first one."""
WITH_CLAIMS = ("origins", "claims")
"""What of a dispute comes with its claims."""


class DisputeSerializer(ShownSerializer):
    """Contested questions and the claims that compete on them."""

    # `context["with_claims"]` says whether its claims come along, by default yes.
    beside = SECTIONS

    state = NamedChoiceField(
        choices=QuestionState.choices,
        read_only=True,
        help_text="How far it is decided, derived from its questions: settled or under_review where all are, contested "
        "where one is, else open.",
    )
    state_sentence = serializers.SerializerMethodField(
        help_text="The same in numbers: 1 of 2 questions settled, 1 open."
    )
    questions = without(QuestionSerializer, "dispute", within="Dispute")(
        many=True, read_only=True, source="parts.questions", help_text="Its questions, each with its state."
    )
    exclusive = serializers.BooleanField(
        write_only=True,
        required=False,
        help_text="On creation: whether at most one claim can hold on its first question, which is its own.",
    )
    exhaustive = serializers.BooleanField(
        write_only=True,
        required=False,
        help_text="On creation: whether one of the claims must hold on its first question.",
    )
    members = MemberField(
        many=True, required=False, help_text="The user names of those who may see it while it is restricted."
    )
    team = serializers.CharField(
        read_only=True,
        source="parts.team",
        help_text="The team of the desk that looks after it, by its name; for the desk alone, and empty where a past "
        "moment is asked for.",
    )
    claims = without(ClaimSerializer, "dispute", within="Dispute")(
        many=True,
        read_only=True,
        source="parts.claims",
        help_text="The claims that compete on it, with all their parts.",
    )
    origins = DisputeOriginsField(
        source="parts.origins", help_text="How many speak on it and how much is shown, and from how many origins."
    )

    class Meta:
        model = Dispute
        put_needs = ("slug", "visibility")
        fields = (
            *("id", "title", "slug"),
            "question",
            "summary",
            "occurred_on",
            "place",
            "visibility",
            "members",
            "team",
            "state",
            "state_sentence",
            "questions",
            *OF_ITS_QUESTION,
            "origins",
            "claims",
            *BOOKKEEPING,
        )
        read_only_fields = BOOKKEEPING
        parts = WITH_CLAIMS
        desk_fields = ("members", "team")

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        if not self.context.get("with_claims", True):
            del fields["claims"], fields["origins"]
        return fields

    def get_state_sentence(self, dispute: Dispute) -> str:
        return dispute_sentence(states_in(dispute.parts.questions)) if dispute.parts is not None else ""

    def to_representation(self, instance: Dispute) -> dict[str, Any]:
        load_dispute_parts([instance], self.reader(), with_claims="claims" in self.fields, new="new" in self.context)
        return super().to_representation(instance)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        told = [name for name in OF_ITS_QUESTION if name in attrs]
        if told and (self.instance is not None or self.context.get("with_questions", False)):
            message = "This belongs to a question of the dispute: give it there."
            raise serializers.ValidationError(dict.fromkeys(told, message))
        return attrs

    def create(self, validated_data: dict[str, Any]) -> Dispute:
        said = {name: validated_data.pop(name) for name in OF_ITS_QUESTION if name in validated_data}
        dispute = self._with_members(validated_data, super().create)
        if not self.context.get("with_questions", False):
            ask_first_question(dispute, **said)
        return dispute

    def update(self, instance: Dispute, validated_data: dict[str, Any]) -> Dispute:
        return self._with_members(validated_data, lambda data: super(DisputeSerializer, self).update(instance, data))

    def _with_members(self, data: dict[str, Any], write: Callable[[dict[str, Any]], Dispute]) -> Dispute:
        members = data.pop("members", None)
        dispute = write(data)
        if members is not None:
            reader = self.reader()
            if dispute.visibility == Visibility.RESTRICTED and reader not in members:
                members = [*members, reader]  # nobody shuts themselves out
            set_children(dispute, DisputeMember, "dispute", "user", members)
        return dispute


def load_dispute_parts(disputes: list[Dispute], user: Reader, *, with_claims: bool, new: bool = False) -> None:
    """Load beside each its state, members and, if wanted, the claims that `user` may read; a fixed number of
    queries."""
    disputes = [dispute for dispute in disputes if dispute.state is None]
    if not disputes:
        return
    questions = load_states_of(disputes)
    teams = {pk: team.name for pk, team in teams_with("dispute", [dispute.pk for dispute in disputes]).items()}
    for dispute in disputes:
        dispute.parts = DisputeParts(questions=questions[dispute.pk], team=teams.get(dispute.pk, ""))
    prefetch_related_objects(disputes, "members__user")
    if with_claims:
        by_dispute: dict[int | None, list[Claim]] = {dispute.pk: [] for dispute in disputes}
        claims = list(
            Claim.objects.visible_to(user).filter(dispute__in=by_dispute).select_related("question").order_by("id")
        )
        origins = load_origins([claim.pk for claim in claims], user)
        load_parts(claims, user, OF_NEW if new else PARTS, origins=origins)
        for claim in claims:
            by_dispute[claim.dispute_id].append(claim)
        for dispute in disputes:
            shown = by_dispute[dispute.pk]
            counted = origins.on_claims([claim.pk for claim in shown])
            dispute.parts = DisputeParts(shown, counted, questions[dispute.pk], teams.get(dispute.pk, ""))


WholeDispute = described(
    "WholeDispute",
    DisputeSerializer,
    "ref",
    "claims",
    "state",
    "state_sentence",
    "questions",
    "origins",
    sources=SOURCES,
    documents=DOCUMENTS,
    questions=listed(
        described("NestedQuestion", QuestionSerializer, "dispute", "state", "sentence", "matrix"),
        "Its questions; without them its own question is the only one, with them it is none of them.",
    ),
    claims=listed(
        described("NestedClaim", ClaimSerializer, "dispute", *PARTS, **ON_CLAIM), "The claims that compete on it."
    ),
    evidence=listed(NestedEvidence, "What bears on the claims."),
    relations=listed(NestedRelation, "How they bear on each other."),
)


def dispute_forms(disputes: list[Dispute], reader: Reader) -> list[Form]:
    """The forms of these disputes, all of which `reader` may read, as they are kept ready."""
    load_dispute_parts(disputes, reader, with_claims=True)
    context = {"request": ListRequest(reader, QueryDict()), REPRESENTED: {}}
    due = next_review_days([dispute.pk for dispute in disputes])
    return [
        form
        for dispute, data in zip(disputes, DisputeSerializer(disputes, many=True, context=context).data, strict=True)
        for form in forms_of(data, WITH_CLAIMS, dispute.pk, dispute.version, until=due.get(dispute.pk))
    ]


@extend_schema_view(create=extend_schema(request=WholeDispute))
class DisputeViewSet(PastMixin, PreparedViewSet):
    """Contested questions and the claims that compete on them; addressed by id or by slug.

    A dispute can be created whole: `questions`, `sources`, `documents`, `claims` with `attributions`, `evidence` with
    `links`, and `relations` in one request. Without `questions`, or with none in them, its own `question` is its first
    one, and its claims answer it; with them it says what the dispute is about, and is none of them. Its rows refer to
    each other by `{"ref": "name"}`; one error refuses all of it.
    """

    queryset = Dispute.objects.all()
    serializer_class = DisputeSerializer
    filterset_class = DisputeFilterSet
    searchable = True
    ordering_fields = ("title", "slug", "occurred_on", "created_at", "updated_at")
    include_fields = ("claims",)
    prepared_noun = DISPUTE
    prepared_parts = WITH_CLAIMS
    slug_field = "slug"
    lookup_value_regex = r"[\w-]+"

    action_parameters = PreparedViewSet.action_parameters | {"retrieve": {"as_of"}, "diff": {"from", "to"}}

    def row_number(self) -> int | None:
        key = str(self.kwargs[self.lookup_field])
        if key.isdigit():
            return super().row_number()
        return Dispute.objects.filter(slug=key).values_list("pk", flat=True).first()

    def build_forms(self, ids: Collection[int], reader: Reader) -> list[Form]:
        rows = self.queryset.visible_to(reader).filter(pk__in=ids).order_by("pk")
        return dispute_forms(list(rows), reader)

    def row_then(self, pk: int, moment: datetime) -> Dispute:
        return dispute_then(pk, self.request.user, moment)

    def history_of(self, row: Dispute) -> AuditEntryQuerySet:
        return AuditEntry.objects.filter(dispute_id=row.pk)

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        context["with_questions"] = bool(getattr(self, "sections", {}).get("questions"))
        new = {"new": True} if self.action == "create" else {}
        return context | new | ({"with_claims": self.includes("claims")} if self.answers_many else {})

    def load_related(self, rows: list[Dispute]) -> None:
        load_dispute_parts(rows, self.request.user, with_claims=self.includes("claims"))

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        data = kwargs.get("data")
        if self.action == "create" and isinstance(data, dict):
            # The nested sections are created after the dispute they belong to.
            self.sections = {name: data[name] for name in SECTIONS if name in data}
            kwargs["data"] = {name: value for name, value in data.items() if name not in SECTIONS}
        return super().get_serializer(*args, **kwargs)

    def perform_create(self, serializer: BaseSerializer) -> None:
        super().perform_create(serializer)
        if sections := getattr(self, "sections", {}):
            assert isinstance(serializer.instance, Dispute)
            context = {"request": self.request, "parts": ()}
            enter_sections(serializer.instance, sections, context, QuestionSerializer, ClaimSerializer)
