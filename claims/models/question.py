"""A question of a dispute, on which claims compete, and the desk's answer to it."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q

from claims.choices import ClaimStatus, QuestionState
from claims.models.dispute import Dispute, open_disputes
from claims.models.parts import QuestionFound
from factcheck.audit.access import is_desk
from factcheck.base.errors import Frozen
from factcheck.base.fields import LineField, PlainTextField
from factcheck.base.people import Reader
from factcheck.models.recorded import RecordedModel, RecordedQuerySet, Scope


class QuestionQuerySet(RecordedQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """The questions of disputes that `user` may read: outside the desk, only where something is published."""
        questions = self.filter(open_disputes(user, "dispute__"))
        if is_desk(user):
            return questions
        claims: Any = Dispute._meta.get_field("claims").related_model
        published = claims._base_manager.filter(dispute=OuterRef("dispute"), status=ClaimStatus.PUBLISHED)
        return questions.filter(Exists(published))


class Question(RecordedModel):
    """One question of a dispute: its claims compete to answer it."""

    past_by = frozenset({"dispute"})

    step_fields = frozenset(
        {
            *("answer", "answer_author", "answer_reviewer", "answer_published_at"),
            *("answer_draft", "answer_draft_author", "text_draft", "reworded_at"),
        }
    )

    dispute = models.ForeignKey(
        Dispute, models.CASCADE, related_name="questions", help_text="The dispute to which the question belongs."
    )
    order: Any = models.PositiveSmallIntegerField(
        blank=True, help_text="Its place among the questions of the dispute; the next free one when left empty."
    )
    text = LineField(max_length=1_000, help_text="The question as one sentence.")
    exclusive = models.BooleanField(default=False, help_text="Whether at most one of its claims can hold.")
    exhaustive = models.BooleanField(default=False, help_text="Whether one of its claims must hold.")
    answer = PlainTextField(
        max_length=5_000, blank=True, editable=False, help_text="The desk's answer in words: the report's bottom line."
    )
    answer_author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        help_text="Who wrote the answer.",
    )
    answer_reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        help_text="Who published the answer; never its author.",
    )
    answer_published_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the answer was published."
    )
    answer_draft = PlainTextField(
        max_length=5_000,
        blank=True,
        editable=False,
        help_text="An answer that waits for a second person; the published one stands until then.",
    )
    answer_draft_author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        help_text="Who wrote the answer that waits.",
    )

    text_draft = LineField(
        max_length=1_000,
        blank=True,
        editable=False,
        help_text="The new wording of the question that the waiting answer carries, if any; the question takes it on "
        "once that answer is published.",
    )
    reworded_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When two people last gave it another wording; older verdicts on its claims are looked at again.",
    )

    found: QuestionFound | None = None
    """How far it is decided, where that was loaded beside the row."""

    reference_fields: ClassVar[tuple[str, ...]] = ("order",)
    objects = QuestionQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        ordering = ("dispute", "order")
        constraints = (
            models.UniqueConstraint(
                fields=["dispute", "order"],
                name="question_order_once",
                violation_error_message="Another question of the dispute has this place (order).",
            ),
            models.CheckConstraint(
                condition=Q(answer_reviewer=None) | ~Q(answer_reviewer=F("answer_author")),
                name="question_answer_takes_two_people",
                violation_error_message="An answer takes two people: its author cannot publish it.",
            ),
            models.CheckConstraint(
                condition=Q(answer="")
                | Q(answer_author__isnull=False, answer_reviewer__isnull=False, answer_published_at__isnull=False),
                name="question_answer_is_complete",
                violation_error_message="A published answer has an author, a reviewer and a date.",
            ),
            models.CheckConstraint(
                condition=Q(answer_draft="") | Q(answer_draft_author__isnull=False),
                name="question_draft_has_author",
                violation_error_message="An answer that waits has an author.",
            ),
            models.CheckConstraint(
                condition=Q(text_draft="") | ~Q(answer_draft=""),
                name="question_wording_has_answer",
                violation_error_message="A new wording waits with an answer that carries it.",
            ),
        )
        permissions = (
            ("draft_answer", "Can draft the answer to a question"),
            ("publish_answer", "Can publish the answer to a question that somebody else drafted"),
        )
        indexes = (
            models.Index(fields=["reworded_at"], condition=Q(reworded_at__isnull=False), name="question_reworded"),
        )

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        if self.order is None and self.dispute_id is not None:
            last = Question._base_manager.filter(dispute=self.dispute_id).aggregate(last=Max("order"))["last"]
            self.order = (last or 0) + 1

    def guard_change(self, changes: set[str]) -> None:
        if "dispute" in changes:
            raise Frozen("A question stays with its dispute: enter it anew in the other one.", field="dispute")
        # An answer that is published says to which wording: its author and its reviewer have seen that.
        if "text" in changes and "answer_published_at" not in changes and (judged := self.judged_by()):
            raise Frozen(f"{judged} {self.remedy()}", code="judged", field="text")

    def judged_by(self) -> str:
        """Why one person may not give it other words, as a sentence; empty where they may."""
        if self.answer:
            return "The desk's published answer answers these very words."
        if self.answer_draft:
            return "The answer that waits was written to these very words."
        verdicts: Any = Dispute._meta.get_field("claims").related_model._meta.get_field("verdicts").related_model
        verdict = verdicts.objects.current().filter(claim__question=self.pk).order_by("pk").first()
        return f"Verdict {verdict.pk} judges a claim that answers these very words." if verdict is not None else ""

    def remedy(self) -> str:
        """How two people give it other words."""
        return (
            f"Draft an answer to question {self.pk} that carries the new wording (question_text): the question takes "
            "it on when a second person publishes the answer."
        )

    def was_published(self) -> bool:
        # The history knows it too when the published claim has since been given another question.
        claims: Any = Dispute._meta.get_field("claims").related_model
        published = claims.history.filter(question=self.pk, status=ClaimStatus.PUBLISHED)
        return self.pk is not None and (bool(self.answer) or published.exists())

    def as_reference(self, user: Reader) -> dict[str, Any]:
        """The small object that stands for the question where another row refers to it."""
        return self.reference_as(self.text)

    def audit_scope(self) -> Scope:
        return Scope(dispute_id=self.dispute_id)


class StoredState(models.Model):
    """What the published claims of a question come to; derived, and renewed with every change of them.

    `claims.services.question_state` does that.
    """

    question = models.OneToOneField(
        Question,
        models.CASCADE,
        primary_key=True,
        related_name="stored",
        help_text="The question whose state this is.",
    )
    state = models.CharField(
        max_length=12,
        choices=QuestionState,
        default=QuestionState.OPEN,
        help_text="How far the question is decided; whether a settled one is under review is asked when it is read.",
    )
    finding: Any = models.JSONField(
        default=dict, help_text="Why: the ids of the claims that the sentence of the state names."
    )
    settled_on = models.DateField(
        null=True, help_text="The day on which the last of the verdicts that settle it was published; empty otherwise."
    )
    settled_by = models.ManyToManyField(
        "claims.Verdict",
        related_name="settles",
        help_text="The verdicts that settle it: while one of them is stale, it is under review.",
    )

    class Meta:
        indexes = (models.Index(fields=["state"], name="question_state"),)

    def __str__(self) -> str:
        return f"{self.question_id}: {self.get_state_display().lower()}"
