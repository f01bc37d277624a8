"""The questions of disputes over REST, with the steps of the desk's answer."""

from __future__ import annotations

from datetime import datetime

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.child import NoteSerializer, checked
from claims.choices import QuestionState
from claims.models import Dispute, Question
from claims.reports.load.questions import load_states
from claims.rules.question_state import question_in
from claims.services import draft_answer, publish_answer, return_answer
from factcheck.api import filters
from factcheck.api.shown import BOOKKEEPING, PersonField, ShownSerializer
from factcheck.api.viewset import RecordedViewSet
from factcheck.base.http.address import public_url

STEPS = (
    "answer",
    "answer_author",
    "answer_reviewer",
    "answer_published_at",
    "answer_draft",
    "answer_draft_author",
    "text_draft",
    "reworded_at",
)


class QuestionSerializer(ShownSerializer):
    """A question with how far it is decided, which is the same whoever reads it."""

    order = serializers.IntegerField(
        min_value=0,
        max_value=32_767,
        required=False,
        help_text="Its place among the questions of the dispute; the next free one when it is not given.",
    )
    state = serializers.SerializerMethodField(
        help_text="How far it is decided, derived from its published claims: open, contested, settled or under_review."
    )
    sentence = serializers.SerializerMethodField(help_text="Why it is in this state, with the claims by name.")
    overtaken_on = serializers.SerializerMethodField(
        help_text="When what stands on it first changed after its answer: a claim or a verdict was published, or a "
        "claim withdrawn. Null where nothing has, or there is no answer."
    )
    matrix = serializers.SerializerMethodField(help_text="Where the matrix of its claims is read.")
    answer_author = PersonField(help_text="Who wrote the answer.")
    answer_reviewer = PersonField(help_text="Who published the answer; never its author.")
    answer_draft_author = PersonField(help_text="Who wrote the answer that waits.")

    class Meta:
        model = Question
        fields = (
            "id",
            "dispute",
            "order",
            "text",
            "exclusive",
            "exhaustive",
            "state",
            "sentence",
            "overtaken_on",
            "matrix",
            *STEPS,
            *BOOKKEEPING,
        )
        read_only_fields = (*STEPS, *BOOKKEEPING)
        desk_fields = ("answer_draft", "answer_draft_author", "text_draft")
        use_instead = {"answer": "Call draft-answer and publish-answer: the answer is not set directly."}

    def get_state(self, question: Question) -> str:
        load_states([question])
        return question.found.state if question.found is not None else ""

    def get_sentence(self, question: Question) -> str:
        load_states([question])
        return question.found.sentence if question.found is not None else ""

    def get_overtaken_on(self, question: Question) -> datetime | None:
        load_states([question])
        return question.found.overtaken_on if question.found is not None else None

    def get_matrix(self, question: Question) -> str:
        return public_url(f"/api/v1/questions/{question.pk}/matrix/")


class AnswerSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=5_000, help_text="The answer in words.")
    question_text = serializers.CharField(
        max_length=1_000,
        required=False,
        allow_blank=True,
        help_text="The new wording of the question, if it gets one; it takes it on when the answer is published.",
    )


class QuestionFilterSet(filters.RecordedFilterSet):
    dispute = filters.ReferenceFilter(queryset=Dispute.objects.all(), slug_field="slug")
    state = filters.ChoiceFilter(choices=QuestionState, where=filters.any_of(question_in))
    exclusive = filters.BooleanFilter()
    exhaustive = filters.BooleanFilter()
    answered = filters.PresenceFilter(field_name="answer")

    class Meta:
        model = Question
        fields: tuple[str, ...] = ()


class QuestionViewSet(RecordedViewSet):
    """What disputes ask, each with how far it is decided and the desk's answer in words.

    An answer takes two people: one drafts it, another one publishes it. Until then the published one stands. Once a
    claim of it is decided, or it is answered, its words change only with an answer that carries the new ones.
    """

    queryset = Question.objects.select_related("dispute", "answer_author", "answer_reviewer", "answer_draft_author")
    serializer_class = QuestionSerializer
    filterset_class = QuestionFilterSet
    searchable = True
    ordering_fields = ("order", "created_at", "updated_at")
    action_permissions = RecordedViewSet.action_permissions | {
        "draft": "claims.draft_answer",
        "publish": "claims.publish_answer",
        "send_back": "claims.draft_answer",
    }
    unguarded_actions = frozenset({"draft", "publish", "send_back"})

    def load_related(self, rows: list[Question]) -> None:
        load_states(rows)

    @extend_schema(request=AnswerSerializer)
    @action(detail=True, methods=["post"], url_path="draft-answer", url_name="draft-answer")
    def draft(self, request: Request, pk: str) -> Response:
        """The text waits as the answer for a second person."""
        given = checked(AnswerSerializer, request)
        return self.answer(draft_answer(actor=request.user, question=self.get_object(), **given))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="publish-answer", url_name="publish-answer")
    def publish(self, request: Request, pk: str) -> Response:
        """The answer that waits is public."""
        return self.answer(publish_answer(actor=request.user, question=self.get_object()))

    @extend_schema(request=NoteSerializer)
    @action(detail=True, methods=["post"], url_path="return-answer", url_name="return-answer")
    def send_back(self, request: Request, pk: str) -> Response:
        """No answer waits any more; the note says why."""
        note = checked(NoteSerializer, request)["note"]
        return self.answer(return_answer(actor=request.user, question=self.get_object(), note=note))
